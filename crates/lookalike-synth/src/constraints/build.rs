//! From constraints and a table to the way in which it is written.

use lookalike_table::constraints::{Amount, Amounts, Comparand, Operand, Rule, Rules};
use lookalike_table::{Kind, Table};

use super::form::{Form, Side, saturated};
use super::plan::{Bound, Numbered, Offset, Plan, Step};

/// Who gives a column its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// The column itself.
    Own,
    /// A group of columns that are learned as one.
    Joint(usize),
    /// An equation.
    Computed(usize),
    /// An increment.
    Multiple(usize),
}

/// `low <= high` between two columns.
#[derive(Debug, Clone, Copy)]
struct Edge {
    low: usize,
    high: usize,
    strict: bool,
}

/// Constraints cannot be met together by construction.
pub(super) struct Clash;

/// What a number is written as the difference to, and which columns its rule is about.
type Shift = (Side, Vec<(usize, bool)>);

/// A plan in which columns of the inner table have no numbers yet, and joint columns no cells.
pub(super) struct Draft<'a> {
    pub(super) rules: &'a Rules,
    pub(super) table: &'a Table,
    owners: Vec<Owner>,
    groups: Vec<Vec<usize>>,
    imposed: Vec<Vec<usize>>,
    blanks: Vec<Vec<usize>>,
    together: Vec<Vec<usize>>,
    rising: Vec<usize>,
    pub(super) distinct: Vec<(usize, Vec<usize>)>,
    pub(super) keyed: Vec<Numbered>,
    made_up: &'a [bool],
    edges: Vec<Edge>,
    lows: Vec<Vec<(Amount, bool)>>,
    highs: Vec<Vec<(Amount, bool)>>,
    offsets: Vec<Option<Shift>>,
    forms: Vec<Form>,
}

/// Takes constraints in as long as they can be met together by construction; the others are left over.
/// `made_up` are columns of stand-ins that do not repeat.
pub(super) fn plan(
    rules: &Rules,
    table: &Table,
    condition_on: &[usize],
    made_up: &[bool],
) -> (Plan, Vec<usize>) {
    // What leaves least choice comes first; an order can be met in the most ways, and comes last.
    let rank = |rule: &Rule| match rule {
        Rule::Combinations(_) | Rule::OneHot(_) => 0,
        Rule::Equation { .. } => 1,
        Rule::Monotone { .. } => 2,
        Rule::Increments { .. } => 3,
        Rule::AllOrNone(_) => 4,
        Rule::When { .. } => 5,
        Rule::Order { .. } => 6,
        _ => 7,
    };
    let mut order: Vec<usize> = (0..rules.rules.len()).collect();
    order.sort_by_key(|&index| rank(&rules.rules[index]));
    let (mut taken, mut left) = (Vec::new(), Vec::new());
    let empty = Draft::new(rules, table, &[], condition_on, made_up).and_then(Draft::finish);
    let mut best = empty.unwrap_or_else(|_| unreachable!("nothing clashes with nothing"));
    for index in order {
        taken.push(index);
        if let Ok(plan) = Draft::new(rules, table, &taken, condition_on, made_up).and_then(Draft::finish) {
            best = plan;
        } else {
            taken.pop();
            left.push(index);
        }
    }
    left.sort_unstable();
    (best, left)
}

impl<'a> Draft<'a> {
    fn new(
        rules: &'a Rules,
        table: &'a Table,
        taken: &[usize],
        condition_on: &[usize],
        made_up: &'a [bool],
    ) -> Result<Draft<'a>, Clash> {
        let n = table.n_columns();
        let columns = table.columns().iter().zip(&table.schema().columns);
        let mut draft = Draft {
            rules,
            table,
            owners: vec![Owner::Own; n],
            groups: Vec::new(),
            imposed: vec![Vec::new(); n],
            blanks: vec![Vec::new(); n],
            together: Vec::new(),
            rising: Vec::new(),
            distinct: Vec::new(),
            keyed: Vec::new(),
            made_up,
            edges: Vec::new(),
            lows: vec![Vec::new(); n],
            highs: vec![Vec::new(); n],
            offsets: vec![None; n],
            forms: columns.map(|(column, schema)| Form::of(column, schema)).collect(),
        };
        for &index in taken {
            draft.take(index)?;
        }
        draft.share_blanks();
        draft.share_imposed()?;
        draft.orient(condition_on)?;
        draft.check_numbered()?;
        Ok(draft)
    }

    fn take(&mut self, index: usize) -> Result<(), Clash> {
        match &self.rules.rules[index] {
            Rule::Combinations(columns) | Rule::OneHot(columns) => {
                // Groups that share a column become one.
                let mut group = columns.clone();
                for &column in columns {
                    match self.owners[column] {
                        Owner::Own => {}
                        Owner::Joint(other) => {
                            for member in std::mem::take(&mut self.groups[other]) {
                                if !group.contains(&member) {
                                    group.push(member);
                                }
                            }
                        }
                        _ => return Err(Clash),
                    }
                }
                group.sort_unstable();
                for &column in &group {
                    self.owners[column] = Owner::Joint(self.groups.len());
                }
                self.groups.push(group);
            }
            Rule::Equation { column, .. } => self.own(*column, Owner::Computed(index))?,
            Rule::Increments { column, .. } => self.own(*column, Owner::Multiple(index))?,
            Rule::Monotone { column, .. } => {
                if self.owners[*column] != Owner::Own || self.rising.iter().any(|&other| {
                    matches!(&self.rules.rules[other], Rule::Monotone { column: own, .. } if own == column)
                }) {
                    return Err(Clash);
                }
                self.rising.push(index);
            }
            Rule::Unique(columns) => self.distinct.push((index, columns.clone())),
            Rule::AllOrNone(columns) => {
                let mut group = columns.clone();
                self.together.retain(|other| {
                    let shared = other.iter().any(|column| columns.contains(column));
                    if shared {
                        group.extend(other.iter().filter(|column| !columns.contains(column)));
                    }
                    !shared
                });
                group.sort_unstable();
                group.dedup();
                self.together.push(group);
            }
            Rule::When { tests, then } => {
                if tests.iter().any(|test| test.column == then.column) {
                    return Err(Clash);
                }
                if then.is == Comparand::Missing {
                    self.blanks[then.column].push(index);
                } else {
                    if self.owners[then.column] != Owner::Own {
                        return Err(Clash);
                    }
                    self.imposed[then.column].push(index);
                }
            }
            Rule::Order { operands, strict } => self.order(operands, strict)?,
            _ => return Err(Clash),
        }
        Ok(())
    }

    fn own(&mut self, column: usize, owner: Owner) -> Result<(), Clash> {
        if self.owners[column] != Owner::Own {
            return Err(Clash);
        }
        self.owners[column] = owner;
        Ok(())
    }

    fn order(&mut self, operands: &[Operand], strict: &[bool]) -> Result<(), Clash> {
        for (first, low) in operands.iter().enumerate() {
            let mut strictly = false;
            for (place, high) in operands.iter().enumerate().skip(first + 1) {
                strictly |= strict[place - 1];
                match (*low, *high) {
                    (Operand::Column(low), Operand::Column(high)) => {
                        self.edges.push(Edge { low, high, strict: strictly });
                        // What lies between may be missing: then the next one counts.
                        if self.table.column(high).missing_count() == 0
                            && self.blanks[high].is_empty()
                            && !self.together.iter().any(|group| group.contains(&high))
                        {
                            break;
                        }
                    }
                    (Operand::Constant(amount), Operand::Column(column)) => {
                        self.lows[column].push((amount, strictly));
                    }
                    (Operand::Column(column), Operand::Constant(amount)) => {
                        self.highs[column].push((amount, strictly));
                    }
                    _ => {}
                }
            }
            // Computed values are where they are.
            if let Operand::Column(column) = *low {
                let bounded = !self.lows[column].is_empty() || !self.highs[column].is_empty();
                if bounded && (matches!(self.owners[column], Owner::Computed(_)) || self.rises(column)) {
                    return Err(Clash);
                }
            }
        }
        Ok(())
    }

    fn rises(&self, column: usize) -> bool {
        self.rising.iter().any(
            |&index| matches!(&self.rules.rules[index], Rule::Monotone { column: own, .. } if *own == column),
        )
    }

    /// What makes one column of a group missing makes all of them.
    fn share_blanks(&mut self) {
        for group in &self.together {
            let mut all: Vec<usize> = group.iter().flat_map(|&column| self.blanks[column].clone()).collect();
            all.sort_unstable();
            all.dedup();
            for &column in group {
                self.blanks[column].clone_from(&all);
            }
        }
    }

    /// What gives one column of a group a value gives all of them one. That is drawn from a margin, column by column.
    fn share_imposed(&mut self) -> Result<(), Clash> {
        for group in &self.together {
            let mut all: Vec<usize> = group.iter().flat_map(|&column| self.imposed[column].clone()).collect();
            all.sort_unstable();
            all.dedup();
            // An order within the group would be lost.
            let tied = |rule: &Rule| match rule {
                Rule::Order { operands, .. } => operands
                    .iter()
                    .any(|operand| matches!(operand, Operand::Column(column) if group.contains(column))),
                _ => false,
            };
            if !all.is_empty() && self.rules.rules.iter().any(tied) {
                return Err(Clash);
            }
            for &column in group {
                self.imposed[column].clone_from(&all);
            }
        }
        let kinds = &self.table.schema().columns;
        let drawable = |column: usize| {
            self.owners[column] == Owner::Own && !matches!(kinds[column].kind, Kind::Id(_) | Kind::Text)
        };
        if (0..self.imposed.len()).any(|column| !self.imposed[column].is_empty() && !drawable(column)) {
            return Err(Clash);
        }
        Ok(())
    }

    /// True for a column whose value is settled otherwise than by an order.
    fn is_fixed(&self, column: usize) -> bool {
        self.owners[column] != Owner::Own || !self.imposed[column].is_empty() || self.rises(column)
    }

    /// Decides of which other columns each column of an order is a distance.
    fn orient(&mut self, condition_on: &[usize]) -> Result<(), Clash> {
        let n = self.owners.len();
        let mut component: Vec<usize> = (0..n).collect();
        for edge in &self.edges {
            let (a, b) = (component[edge.low], component[edge.high]);
            for own in &mut component {
                if *own == b {
                    *own = a;
                }
            }
        }
        for root in 0..n {
            let members: Vec<usize> = (0..n).filter(|&column| component[column] == root).collect();
            if members.len() < 2 {
                continue;
            }
            let fixed: Vec<usize> = members.iter().copied().filter(|&column| self.is_fixed(column)).collect();
            let anchor = match fixed.as_slice() {
                [] => members.iter().copied().find(|column| condition_on.contains(column)),
                [one] => Some(*one),
                _ => return Err(Clash),
            };
            let rising = self.sorted(&members)?;
            let mut known: Vec<usize> = anchor.into_iter().collect();
            // From the anchor down, then all others from below.
            let below: Vec<usize> = anchor.map_or_else(Vec::new, |anchor| self.below(anchor));
            for &column in rising.iter().rev().filter(|column| below.contains(column)) {
                let highs = self.edges.iter().filter(|edge| edge.low == column && known.contains(&edge.high));
                let references = merged(highs.map(|edge| (edge.high, edge.strict)));
                self.offsets[column] = Some((Side::Below, references));
                known.push(column);
            }
            for &column in rising.iter().filter(|column| !below.contains(column)) {
                if Some(column) == anchor {
                    continue;
                }
                let lows = self.edges.iter().filter(|edge| edge.high == column && known.contains(&edge.low));
                let references = merged(lows.map(|edge| (edge.low, edge.strict)));
                if !references.is_empty() {
                    self.offsets[column] = Some((Side::Above, references));
                }
                known.push(column);
            }
        }
        Ok(())
    }

    /// The columns from low to high.
    fn sorted(&self, members: &[usize]) -> Result<Vec<usize>, Clash> {
        let mut order: Vec<usize> = Vec::new();
        while order.len() < members.len() {
            let next = members.iter().copied().find(|column| {
                !order.contains(column)
                    && self.edges.iter().all(|edge| edge.high != *column || order.contains(&edge.low))
            });
            order.push(next.ok_or(Clash)?);
        }
        Ok(order)
    }

    fn below(&self, column: usize) -> Vec<usize> {
        let mut found = vec![column];
        let mut next = 0;
        while next < found.len() {
            let high = found[next];
            for edge in self.edges.iter().filter(|edge| edge.high == high) {
                if !found.contains(&edge.low) {
                    found.push(edge.low);
                }
            }
            next += 1;
        }
        found.remove(0);
        found
    }

    /// Values that go by a row's number are those of a column that nothing else changes.
    fn check_numbered(&mut self) -> Result<(), Clash> {
        for &index in &self.rising {
            let Rule::Monotone { column, .. } = &self.rules.rules[index] else { continue };
            if self.offsets[*column].is_some() || !self.imposed[*column].is_empty() {
                return Err(Clash);
            }
        }
        self.tell_apart()
    }

    /// True for a column that only the method settles.
    pub(super) fn is_free(&self, column: usize) -> bool {
        self.owners[column] == Owner::Own
            && self.offsets[column].is_none()
            && self.imposed[column].is_empty()
            && !self.rises(column)
    }

    /// True for a column of stand-ins of which none repeats.
    pub(super) fn is_made_up(&self, column: usize) -> bool {
        self.made_up.get(column).copied().unwrap_or(false)
    }

    /// True when one of the columns rises strictly in all rows.
    pub(super) fn rises_strictly(&self, columns: &[usize]) -> bool {
        self.rising.iter().any(|&rising| {
            matches!(
                &self.rules.rules[rising],
                Rule::Monotone { column, strict: true, within, .. } if columns.contains(column) && within.is_empty()
            )
        })
    }

    /// The limit of a column on the side away from what it is a distance of, on its own form.
    fn limit(&self, column: usize, side: Side) -> Option<Bound> {
        let form = self.forms[column];
        let (own, other) = match side {
            Side::Above => (&self.highs[column], Side::Below),
            Side::Below => (&self.lows[column], Side::Above),
        };
        let mut limits: Vec<Bound> =
            own.iter().map(|&(amount, strict)| bound(form, amount, strict, other)).collect();
        for edge in &self.edges {
            let (near, far) = match side {
                Side::Above => (edge.low, edge.high),
                Side::Below => (edge.high, edge.low),
            };
            // Only what is itself a distance on this side can be pushed.
            let pushed = self.offsets[far].as_ref().is_some_and(|(own, _)| *own == side);
            if near == column
                && pushed
                && let Some(limit) = self.limit(far, side)
            {
                limits.push(bound(form, amount_of(self.forms[far], limit), edge.strict, other));
            }
        }
        limits.into_iter().reduce(|a, b| tighter(a, b, side))
    }

    fn offset(&self, column: usize, side: Side, references: &[(usize, bool)]) -> Result<Offset, Clash> {
        let form = self.forms[column];
        let starts = match side {
            Side::Above => &self.lows[column],
            Side::Below => &self.highs[column],
        };
        let other = if side == Side::Above { Side::Below } else { Side::Above };
        let start = starts
            .iter()
            .map(|&(amount, strict)| bound(form, amount, strict, side))
            .reduce(|a, b| tighter(a, b, other));
        let limit = self.limit(column, side);
        // What is computed, or goes on for ever, may already be beyond the limit.
        if limit.is_some() {
            let loose =
                |column: usize| matches!(self.owners[column], Owner::Computed(_)) || self.rises(column);
            if references.iter().any(|&(reference, _)| loose(reference)) {
                return Err(Clash);
            }
        }
        Ok(Offset {
            column,
            from: 0,
            alone: None,
            side,
            references: references.to_vec(),
            start,
            limit,
            share: false,
            form,
        })
    }

    /// The steps in an order in which everything is known before it is used.
    fn finish(self) -> Result<Plan, Clash> {
        let n = self.owners.len();
        let mut node: Vec<usize> = (0..n).collect();
        let mut join = |columns: &[usize]| {
            for &column in &columns[1..] {
                let (a, b) = (node[columns[0]], node[column]);
                for own in &mut node {
                    if *own == b {
                        *own = a;
                    }
                }
            }
        };
        for group in self.groups.iter().filter(|group| !group.is_empty()) {
            join(group);
        }
        for group in &self.together {
            join(group);
        }
        let tests = |constraints: &[usize]| -> Vec<usize> {
            constraints
                .iter()
                .flat_map(|&index| match &self.rules.rules[index] {
                    Rule::When { tests, .. } => tests.iter().map(|test| test.column).collect(),
                    _ => Vec::new(),
                })
                .collect()
        };
        let value_needs = |column: usize| -> Vec<usize> {
            let mut needs = Vec::new();
            if let Owner::Computed(index) = self.owners[column]
                && let Rule::Equation { expression, .. } = &self.rules.rules[index]
            {
                needs.extend_from_slice(expression.columns());
            }
            if let Some((_, references)) = &self.offsets[column] {
                needs.extend(references.iter().map(|(reference, _)| *reference));
            }
            needs
        };
        let (mut steps, mut done) = (Vec::new(), vec![false; n]);
        while done.iter().any(|done| !done) {
            let mut progressed = false;
            for root in 0..n {
                if node[root] != root || done[root] {
                    continue;
                }
                let members: Vec<usize> = (0..n).filter(|&column| node[column] == root).collect();
                let ready = members.iter().all(|&column| {
                    let mut needs = value_needs(column);
                    needs.extend(tests(&self.imposed[column]));
                    needs.extend(tests(&self.blanks[column]));
                    needs.iter().all(|need| done[*need] || members.contains(need))
                });
                // Rules within a group would ask for its cells before they are settled.
                let inner_tests = members.iter().any(|&column| {
                    let mut asked = tests(&self.imposed[column]);
                    asked.extend(tests(&self.blanks[column]));
                    asked.iter().any(|asked| members.contains(asked))
                });
                if inner_tests {
                    return Err(Clash);
                }
                if !ready {
                    continue;
                }
                progressed = true;
                self.steps_of(&members, &value_needs, &mut steps)?;
                for column in members {
                    done[column] = true;
                }
            }
            if !progressed {
                return Err(Clash);
            }
        }
        let numbered = self
            .rising
            .iter()
            .filter_map(|&constraint| match &self.rules.rules[constraint] {
                Rule::Monotone { column, falling, strict, .. } => Some(Numbered::Rising {
                    constraint,
                    column: *column,
                    from: 0,
                    falling: *falling,
                    strict: *strict,
                    form: self.forms[*column],
                }),
                _ => None,
            })
            .chain(self.distinct.iter().map(|(constraint, columns)| Numbered::Distinct {
                constraint: *constraint,
                columns: columns.clone(),
                from: Vec::new(),
            }))
            .chain(self.keyed.iter().cloned())
            .collect();
        let mut plan = Plan { n_inner: 0, numbered, steps, residual: Vec::new() };
        number(&mut plan, n);
        Ok(plan)
    }

    /// The steps of columns that are settled together: values, what rules make of them, and what is missing.
    fn steps_of(
        &self,
        members: &[usize],
        value_needs: &dyn Fn(usize) -> Vec<usize>,
        steps: &mut Vec<Step>,
    ) -> Result<(), Clash> {
        let mut valued: Vec<usize> = Vec::new();
        while valued.len() < members.len() {
            let next = members.iter().copied().find(|&column| {
                !valued.contains(&column)
                    && value_needs(column).iter().all(|need| !members.contains(need) || valued.contains(need))
            });
            let column = next.ok_or(Clash)?;
            valued.push(column);
            let form = self.forms[column];
            match (self.owners[column], &self.offsets[column]) {
                (Owner::Joint(group), _) => {
                    // The group's first column stands for all.
                    if self.groups[group].first() == Some(&column) {
                        steps.push(Step::Joint {
                            columns: self.groups[group].clone(),
                            from: 0,
                            cells: Vec::new(),
                        });
                    }
                }
                (Owner::Computed(constraint), _) => {
                    // What is learned alone says by itself where it is.
                    let (open, alone) = self.beyond(column, constraint);
                    let present = (open && !alone).then_some(0);
                    steps.push(Step::Computed {
                        column,
                        constraint,
                        present,
                        alone: alone.then_some(0),
                        form,
                    });
                }
                (Owner::Multiple(constraint), _) => {
                    steps.push(Step::Multiple { column, from: 0, constraint, form });
                }
                (Owner::Own, Some((side, references))) => {
                    steps.push(Step::Offset(self.measured(self.offset(column, *side, references)?)));
                }
                (Owner::Own, None) => steps.push(Step::Keep { column, from: 0 }),
            }
        }
        // First what is missing together, then what rules do about it: they do the same to all columns of a group.
        for group in self.together.iter().filter(|group| members.contains(&group[0])) {
            steps.push(Step::Together { columns: group.clone() });
        }
        for &column in members.iter().filter(|&&column| !self.imposed[column].is_empty()) {
            steps.push(Step::Imposed { column, from: 0, constraints: self.imposed[column].clone() });
        }
        for &column in members.iter().filter(|&&column| !self.blanks[column].is_empty()) {
            steps.push(Step::Blank { column, constraints: self.blanks[column].clone() });
        }
        Ok(())
    }

    /// Whether the table has rows in which a computed column is missing and could be computed, and ones in which it is there
    /// and could not.
    fn beyond(&self, column: usize, constraint: usize) -> (bool, bool) {
        let Rule::Equation { expression, .. } = &self.rules.rules[constraint] else { return (false, false) };
        let own = self.table.column(column).missing();
        let missing = |row: usize| own.as_ref().is_some_and(|flags| flags[row]);
        let computed = expression.evaluate_table(self.table);
        let gap = |row: usize| computed.missing.as_ref().is_some_and(|flags| flags[row]);
        let any = |test: &dyn Fn(usize) -> bool| (0..self.table.n_rows()).any(test);
        (any(&|row| missing(row) && !gap(row)), any(&|row| !missing(row) && gap(row)))
    }

    /// Looks at the table to see whether distances reach the limit, and whether some rows have nothing to measure from.
    fn measured(&self, mut offset: Offset) -> Offset {
        let schema = self.table.schema();
        let amounts = |column: usize| Amounts::of(self.table.column(column), &schema.columns[column]);
        let Some(own) = amounts(offset.column) else { return offset };
        let references: Vec<(Amounts, bool)> = offset
            .references
            .iter()
            .filter_map(|&(column, strict)| Some((amounts(column)?, strict)))
            .collect();
        let (mut furthest, mut last) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        let sign = if offset.side == Side::Above { 1.0 } else { -1.0 };
        let unit = |bound: Bound| amount_of(offset.form, bound).to_f64();
        for row in 0..own.len() {
            let Some(value) = own.get(row) else { continue };
            let base = references
                .iter()
                .filter_map(|(amounts, _)| amounts.get(row))
                .map(|amount| sign * amount.to_f64())
                .reduce(f64::max);
            match base {
                None => offset.alone = Some(0),
                Some(base) => {
                    let base = offset.start.map_or(base, |start| base.max(sign * unit(start)));
                    furthest = furthest.max(sign * value.to_f64() - base);
                    last = last.max(base);
                }
            }
        }
        // A distance that cannot reach the limit is learned as it is, and keeps its own grid.
        offset.share = offset.limit.is_some_and(|limit| last + furthest > sign * unit(limit));
        offset
    }
}

/// Each column once; strict where one of its bounds is.
fn merged(bounds: impl Iterator<Item = (usize, bool)>) -> Vec<(usize, bool)> {
    let mut merged: Vec<(usize, bool)> = Vec::new();
    for (column, strict) in bounds {
        match merged.iter_mut().find(|own| own.0 == column) {
            Some(own) => own.1 |= strict,
            None => merged.push((column, strict)),
        }
    }
    merged
}

/// The last value of a form on the given side of an amount.
fn bound(form: Form, amount: Amount, strict: bool, side: Side) -> Bound {
    if form.is_real() {
        let value = amount.to_f64();
        return Bound::Real(match (strict, side) {
            (false, _) => value,
            (true, Side::Above) => value.next_up(),
            (true, Side::Below) => value.next_down(),
        });
    }
    Bound::Steps(saturated(form.edge(amount, strict, side)))
}

pub(super) fn amount_of(form: Form, bound: Bound) -> Amount {
    match bound {
        Bound::Real(value) => Amount::Real(value),
        Bound::Steps(steps) => form.amount(i128::from(steps)),
    }
}

/// The one that leaves less to a column on this side.
fn tighter(a: Bound, b: Bound, side: Side) -> Bound {
    let less = match (a, b) {
        (Bound::Steps(a), Bound::Steps(b)) => a < b,
        (Bound::Real(a), Bound::Real(b)) => a < b,
        _ => true,
    };
    if less == (side == Side::Above) { a } else { b }
}

/// Gives inner columns their numbers, in the order of the outer columns that they stand for.
fn number(plan: &mut Plan, n_columns: usize) {
    let mut next = 0;
    let mut take = || {
        next += 1;
        next - 1
    };
    for outer in 0..n_columns {
        for step in &mut plan.steps {
            match step {
                Step::Keep { column, from } | Step::Multiple { column, from, .. } if *column == outer => {
                    *from = take();
                }
                Step::Joint { columns, from, .. } if columns[0] == outer => *from = take(),
                Step::Offset(offset) if offset.column == outer => {
                    offset.from = take();
                    offset.alone = offset.alone.map(|_| take());
                }
                Step::Computed { column, present, alone, .. } if *column == outer => {
                    *present = present.map(|_| take());
                    *alone = alone.map(|_| take());
                }
                _ => {}
            }
        }
    }
    plan.n_inner = next;
    let kept: Vec<Option<usize>> = (0..n_columns).map(|column| plan.kept(column)).collect();
    for step in &mut plan.steps {
        if let Step::Imposed { column, from, .. } = step {
            *from = kept[*column].expect("rules impose values on columns that are learned as they are");
        }
    }
    for numbered in &mut plan.numbered {
        match numbered {
            Numbered::Rising { column, from, .. } | Numbered::Keyed { column, from, .. } => {
                *from =
                    kept[*column].expect("only columns that are learned as they are rise or carry a number");
            }
            Numbered::Distinct { columns, from, .. } => {
                *from = columns
                    .iter()
                    .map(|&column| kept[column].expect("they are learned as they are"))
                    .collect();
            }
        }
    }
}
