//! Turning dials on a stream of rows.

use std::sync::Arc;

use lookalike_core::{Seed, Stream};
use lookalike_table::expression::{BoundExpression, Expression, Type};
use lookalike_table::schema::DatetimeFormat;
use lookalike_table::spelling::parse_datetime;
use lookalike_table::{Codes, Column, ColumnSchema, Levels, Schema, Table};

use super::block::Block;
use super::spec::{Dial, DialError, Kind};
use crate::sampler::BLOCK_ROWS;

/// Rows from which the share of a value is taken that is to have another one.
const PILOT_ROWS: usize = 32 * BLOCK_ROWS;
/// The least share of a value in them that can be raised or lowered.
const LEAST_SHARE: f64 = 1e-4;

/// Dials that suit a table's columns, ready to be turned.
#[derive(Debug)]
pub struct Dials {
    turns: Vec<Turn>,
    given: Arc<Schema>,
    schema: Arc<Schema>,
    truth: bool,
    seed: Seed,
}

/// A dial with its columns as numbers.
#[derive(Debug)]
struct Turn {
    dial: Dial,
    column: Option<usize>,
    label: Option<usize>,
    group: Option<usize>,
    date: Option<(usize, f64, f64)>,
    condition: Option<BoundExpression>,
    stream: String,
    mark: String,
    /// Earlier dials that change nothing but the same column.
    rivals: Vec<usize>,
}

impl Dials {
    /// Dials for tables of a schema. `truth` names a column to be added that says, for each row, which dials changed it.
    ///
    /// # Errors
    /// [`DialError`] when a dial does not suit the columns.
    pub fn new(
        dials: &[Dial],
        truth: Option<&str>,
        schema: &Arc<Schema>,
        seed: Seed,
    ) -> Result<Dials, DialError> {
        let turns = dials
            .iter()
            .enumerate()
            .map(|(number, dial)| {
                Turn::new(dial, number, schema).map_err(|problem| DialError {
                    line: dial.line,
                    dial: dial.kind.name(),
                    problem,
                })
            })
            .collect::<Result<Vec<Turn>, DialError>>()?;
        let turns = told_apart(turns);
        let mut changed = Schema::clone(schema);
        if let Some(name) = truth {
            if schema.columns.iter().any(|column| column.name == name) {
                let problem = format!("there is already a column {name:?}; give the truth another name");
                return Err(DialError { line: None, dial: "truth", problem });
            }
            let kind = lookalike_table::Kind::Categorical { order: Vec::new() };
            changed.columns.push(ColumnSchema::new(name, kind));
        }
        Ok(Dials { turns, given: schema.clone(), schema: Arc::new(changed), truth: truth.is_some(), seed })
    }

    /// The schema of the changed rows.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// True when a dial leaves rows out, so that more of them are needed than come of it.
    pub fn selects(&self) -> bool {
        self.turns.iter().any(|turn| turn.dial.kind == Kind::Prevalence)
    }

    /// The first row that has to be drawn for rows from `first` on to be what they are in a longer table.
    pub fn start(&self, first: u64) -> u64 {
        if self.turns.is_empty() {
            first
        } else if self.selects() {
            0
        } else {
            first / BLOCK_ROWS as u64 * BLOCK_ROWS as u64
        }
    }

    /// The changed rows of a stream that begins at [`start`](Self::start) of `first`: `rows` of them from `first` on.
    pub fn apply<E, I>(&self, batches: I, first: u64, rows: u64) -> DialedRows<'_, I>
    where
        I: Iterator<Item = Result<Table, E>>,
    {
        let start = self.start(first);
        DialedRows {
            dials: self,
            batches,
            waiting: None,
            next: start,
            skip: first - start,
            left: rows,
            ended: false,
            odds: (!self.selects()).then(Vec::new),
        }
    }
}

/// Changed rows as a stream of tables.
#[derive(Debug)]
pub struct DialedRows<'a, I> {
    dials: &'a Dials,
    batches: I,
    /// Rows that do not fill a block yet.
    waiting: Option<Table>,
    /// The number of the first row that is waiting.
    next: u64,
    skip: u64,
    left: u64,
    ended: bool,
    /// For each dial by what the odds of its value are multiplied; `None` where rows have to be looked at first.
    odds: Option<Vec<f64>>,
}

impl<E, I> Iterator for DialedRows<'_, I>
where
    I: Iterator<Item = Result<Table, E>>,
    E: From<lookalike_table::Error> + From<DialError>,
{
    type Item = Result<Table, E>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.left == 0 {
                return None;
            }
            if self.odds.is_none()
                && let Err(error) = self.look()
            {
                self.left = 0;
                return Some(Err(error));
            }
            let batch = match self.batches.next() {
                Some(Err(error)) => {
                    self.left = 0;
                    return Some(Err(error));
                }
                Some(Ok(batch)) => batch,
                None if self.ended => return None,
                None => {
                    self.ended = true;
                    self.waiting.take()?
                }
            };
            match self.change(batch) {
                Ok(table) if table.n_rows() == 0 => {}
                Ok(table) => return Some(Ok(table)),
                Err(error) => {
                    self.left = 0;
                    return Some(Err(error.into()));
                }
            }
        }
    }
}

impl<E, I> DialedRows<'_, I>
where
    I: Iterator<Item = Result<Table, E>>,
    E: From<lookalike_table::Error> + From<DialError>,
{
    /// Takes the shares of values that are to have others from the first rows, dial after dial. The rows stay for later.
    fn look(&mut self) -> Result<(), E> {
        let mut tables: Vec<Table> = Vec::new();
        let mut count = 0;
        while count < PILOT_ROWS {
            let Some(batch) = self.batches.next() else { break };
            let batch = batch?;
            count += batch.n_rows();
            tables.push(batch);
        }
        if tables.is_empty() {
            self.odds = Some(Vec::new());
            return Ok(());
        }
        let all = Table::concat(&tables)?;
        let pilot = all.slice(0..all.n_rows().min(PILOT_ROWS));
        self.odds = Some(self.dials.odds(&pilot)?);
        self.waiting = Some(all);
        Ok(())
    }
}

impl<I> DialedRows<'_, I> {
    /// Changes whole blocks of rows, and what is left at the end.
    fn change(&mut self, batch: Table) -> lookalike_table::Result<Table> {
        let all = match self.waiting.take() {
            Some(waiting) => Table::concat(&[waiting, batch])?,
            None => batch,
        };
        let n = all.n_rows();
        let whole = if self.ended || self.dials.turns.is_empty() { n } else { n / BLOCK_ROWS * BLOCK_ROWS };
        if whole < n {
            self.waiting = Some(all.slice(whole..n));
        }
        let odds = self.odds.as_deref().unwrap_or(&[]);
        let mut parts = Vec::new();
        let mut from = 0;
        while from < whole {
            let to = (from + BLOCK_ROWS).min(whole);
            parts.push(self.dials.block(&all.slice(from..to), self.next, odds)?);
            self.next += (to - from) as u64;
            from = to;
        }
        let changed = if parts.is_empty() {
            self.dials.block(&all.slice(0..0), self.next, odds)?
        } else {
            Table::concat(&parts)?
        };
        let skip = self.skip.min(changed.n_rows() as u64);
        self.skip -= skip;
        let take = (changed.n_rows() as u64 - skip).min(self.left);
        self.left -= take;
        Ok(changed.slice(skip as usize..(skip + take) as usize))
    }
}

impl Dials {
    /// For each dial by what the odds of its value are multiplied: what is said, or what leads to the share that is said, from
    /// the first rows.
    fn odds(&self, pilot: &Table) -> Result<Vec<f64>, DialError> {
        let mut odds = vec![1.0; self.turns.len()];
        for (number, turn) in self.turns.iter().enumerate() {
            if turn.dial.kind != Kind::Prevalence {
                continue;
            }
            let (mut with, mut rows) = (0, 0);
            let mut from = 0;
            while from < pilot.n_rows() {
                let to = (from + BLOCK_ROWS).min(pilot.n_rows());
                let block = self.turned(&pilot.slice(from..to), from as u64, &self.turns[..number], &odds);
                let is = block.is_level(turn.column.unwrap_or(0), turn.wanted());
                for (is, _) in is.iter().zip(&block.kept).filter(|(_, kept)| **kept) {
                    rows += 1;
                    with += usize::from(*is);
                }
                from = to;
            }
            let share = with as f64 / rows.max(1) as f64;
            let column = &self.given.columns[turn.column.unwrap_or(0)].name;
            let least = if turn.has_target() { LEAST_SHARE } else { f64::MIN_POSITIVE };
            if share < least || share > 1.0 - least.max(f64::EPSILON) {
                let what = match with {
                    0 => "does not occur",
                    _ if with == rows => "is all that occurs",
                    _ => "is almost never, or almost always, what is there",
                };
                let problem = format!(
                    "the value {what} in the first {rows} rows of column {column:?}, so leaving rows out changes nothing, or takes \
                     too many; mend the value, or give `odds`"
                );
                return Err(DialError { line: turn.dial.line, dial: turn.dial.kind.name(), problem });
            }
            if !turn.has_target() {
                odds[number] = turn.number("odds");
                continue;
            }
            let target = turn.number("share");
            odds[number] = target / (1.0 - target) / (share / (1.0 - share));
        }
        Ok(odds)
    }

    /// A block of rows after some dials.
    fn turned<'a>(&'a self, table: &Table, first: u64, turns: &[Turn], odds: &[f64]) -> Block<'a> {
        let n = table.n_rows();
        let mut block = Block {
            schema: &self.given,
            columns: table.columns().to_vec(),
            n,
            first,
            kept: vec![true; n],
            marks: vec![Vec::new(); n],
        };
        for (number, turn) in turns.iter().enumerate() {
            let mut stream = self.seed.stream(&turn.stream, first / BLOCK_ROWS as u64);
            for row in turn.change(&mut block, &mut stream, odds.get(number).copied()) {
                block.marks[row].push(number);
            }
        }
        block
    }

    fn block(&self, table: &Table, first: u64, odds: &[f64]) -> lookalike_table::Result<Table> {
        let n = table.n_rows();
        let block = self.turned(table, first, &self.turns, odds);
        let Block { mut columns, kept, marks, .. } = block;
        if self.truth {
            // One level for each dial alone, and further ones for what is met together.
            let mut names: Vec<String> = self.turns.iter().map(|turn| turn.mark.clone()).collect();
            let codes = marks
                .iter()
                .map(|marks| {
                    if marks.is_empty() {
                        return Codes::MISSING;
                    }
                    let mut numbers = marks.clone();
                    numbers.sort_unstable();
                    numbers.dedup();
                    let parts: Vec<&str> =
                        numbers.iter().map(|&mark| self.turns[mark].mark.as_str()).collect();
                    let name = parts.join("; ");
                    let known = names.iter().position(|other| *other == name);
                    known.unwrap_or_else(|| {
                        names.push(name);
                        names.len() - 1
                    }) as u32
                })
                .collect();
            columns.push(Column::from_codes(codes, &Levels::new(&names)));
        }
        let changed = Table::new(self.schema.clone(), columns)?;
        if kept.iter().all(|kept| *kept) {
            return Ok(changed);
        }
        let rows: Vec<usize> = (0..n).filter(|&row| kept[row]).collect();
        Ok(changed.take(&rows))
    }
}

/// Dials of one kind on one column have names of their own, and each knows those whose work it may replace.
fn told_apart(mut turns: Vec<Turn>) -> Vec<Turn> {
    for number in 1..turns.len() {
        let (before, turn) = turns.split_at_mut(number);
        let turn = &mut turn[0];
        let same = |other: &&Turn| other.dial.kind == turn.dial.kind && other.column == turn.column;
        let count = before.iter().filter(same).count();
        let rival = |other: &Turn| other.column == turn.column && other.label.is_none();
        turn.rivals = (0..number).filter(|&other| turn.column.is_some() && rival(&before[other])).collect();
        if count > 0 {
            turn.mark = format!("{} #{}", turn.mark, count + 1);
        }
    }
    turns
}

impl Turn {
    fn new(dial: &Dial, number: usize, schema: &Schema) -> Result<Turn, String> {
        let index = |key: &str| {
            dial.texts
                .get(key)
                .map(|name| schema.index_of(name).map_err(|error| error.to_string()))
                .transpose()
        };
        let column = index("column")?;
        let label = index("label")?;
        let group = if dial.kind == Kind::Drift { None } else { index("by")? };
        let condition = match dial.texts.get("if") {
            None => None,
            Some(text) => {
                let bound = Expression::parse(text).and_then(|expression| expression.bind_schema(schema));
                let bound = bound.map_err(|error| format!("`if` {error}"))?;
                if bound.result() != Type::Boolean {
                    return Err("`if` has to be a condition, such as if='age > 60'".to_owned());
                }
                Some(bound)
            }
        };
        let kind_of = |index: usize| &schema.columns[index].kind;
        let name_of = |index: usize| &schema.columns[index].name;
        if let Some(column) = column {
            let kind = kind_of(column);
            let numeric = matches!(kind, lookalike_table::Kind::Numerical(_));
            let date = matches!(kind, lookalike_table::Kind::Datetime(_));
            let leveled =
                matches!(kind, lookalike_table::Kind::Categorical { .. } | lookalike_table::Kind::Boolean(_));
            let (fits, wanted) = match dial.kind {
                Kind::Missing | Kind::Dropout | Kind::Duplicates | Kind::Stuck => (true, ""),
                Kind::Shift | Kind::Drift => (numeric || date, "numbers or dates"),
                Kind::Prevalence | Kind::LabelNoise => (leveled, "categories or truth values"),
                _ => (numeric, "numbers"),
            };
            if !fits {
                return Err(format!(
                    "it needs a column of {wanted}, and {:?} is {}",
                    name_of(column),
                    kind.name()
                ));
            }
        }
        if let Some(label) = label
            && !matches!(kind_of(label), lookalike_table::Kind::Boolean(_))
        {
            return Err(format!(
                "`label` has to be a column of truth values, and {:?} is {}",
                name_of(label),
                kind_of(label).name()
            ));
        }
        let date = match index("date")? {
            None if dial.texts.contains_key("from") || dial.texts.contains_key("to") => {
                return Err("`from` and `to` need `date`, a column of dates".to_owned());
            }
            None => None,
            Some(date) => {
                let lookalike_table::Kind::Datetime(format) = kind_of(date) else {
                    return Err(format!(
                        "`date` has to be a column of dates, and {:?} is {}",
                        name_of(date),
                        kind_of(date).name()
                    ));
                };
                let end = |key: &str| instant(dial.texts.get(key), format);
                match (end("from"), end("to")) {
                    (Some(from), Some(to)) if from < to => Some((date, from, to)),
                    _ => return Err(
                        "a drift by `date` needs `from` and `to`, dates such as 2024-01-31, in this order"
                            .to_owned(),
                    ),
                }
            }
        };
        let mark = match column {
            Some(column) => format!("{} {}", dial.kind.name(), name_of(column)),
            None => dial.kind.name().to_owned(),
        };
        let stream = format!("dial {number} {mark}");
        let rivals = Vec::new();
        Ok(Turn { dial: dial.clone(), column, label, group, date, condition, stream, mark, rivals })
    }

    fn number(&self, key: &str) -> f64 {
        self.dial.numbers.get(key).copied().unwrap_or(0.0)
    }

    /// True for a change of prevalence to a share, whatever it is before.
    fn has_target(&self) -> bool {
        self.dial.kind == Kind::Prevalence && self.dial.numbers.contains_key("share")
    }

    /// The value whose prevalence changes.
    fn wanted(&self) -> &str {
        self.dial.texts.get("value").map_or("", String::as_str)
    }

    /// Changes a block's rows; which ones. `odds` are those of a prevalence that has a target.
    fn change(&self, block: &mut Block<'_>, stream: &mut Stream, odds: Option<f64>) -> Vec<usize> {
        let n = block.n;
        let holds = self
            .condition
            .as_ref()
            .map(|condition| condition.evaluate(n, &|index| &block.columns[index]).holds());
        let allowed = |row: usize| holds.as_ref().is_none_or(|holds| holds[row]);
        // Each row takes two numbers, whatever becomes of it.
        let draws: Vec<(f64, f64)> = (0..n).map(|_| (stream.unit(), stream.open_unit())).collect();
        let share = self.number("share");
        let mut chosen: Vec<usize> = (0..n).filter(|&row| allowed(row) && draws[row].0 < share).collect();
        let column = self.column.unwrap_or(0);
        match self.dial.kind {
            Kind::Missing => {
                chosen = block.empty(column, &chosen);
                self.overwritten(block, &chosen);
            }
            Kind::Outliers => {
                let factor = self.number("factor");
                chosen = block.edit(column, &chosen, |_, value| value * factor);
            }
            Kind::Fraud => {
                let factor = self.number("factor");
                // From as much as usual to twice the factor.
                chosen = block
                    .edit(column, &chosen, |row, value| value * (1.0 + (2.0 * factor - 1.0) * draws[row].1));
                if let Some(label) = self.label {
                    block.set_true(label, &chosen);
                }
            }
            Kind::Spikes => {
                let size = self.number("size");
                chosen =
                    block.edit(
                        column,
                        &chosen,
                        |row, value| if draws[row].1 < 0.5 { value - size } else { value + size },
                    );
            }
            Kind::Shift | Kind::Scale => {
                let rows: Vec<usize> = (0..n).filter(|&row| allowed(row)).collect();
                let (by, factor) = (self.number("by") * block.unit(column), self.number("factor"));
                let scales = self.dial.kind == Kind::Scale;
                chosen =
                    block.edit(column, &rows, |_, value| if scales { value * factor } else { value + by });
            }
            Kind::Drift => {
                let by = self.number("by") * block.unit(column);
                let dates = self.date.map(|(date, from, to)| {
                    let instants = block.columns[date].numbers().expect("dates are numbers").values;
                    instants
                        .iter()
                        .map(|at| ((at - from) / (to - from)).clamp(0.0, 1.0))
                        .collect::<Vec<f64>>()
                });
                let (first, rows) = (block.first as f64, self.number("rows"));
                let along = |row: usize| match &dates {
                    Some(dates) => dates[row],
                    None => ((first + row as f64) / rows).min(1.0),
                };
                let moved: Vec<usize> = (0..n).filter(|&row| allowed(row) && along(row) > 0.0).collect();
                chosen = block.edit(column, &moved, |row, value| value + by * along(row));
            }
            Kind::Prevalence => {
                let odds = odds.unwrap_or(1.0);
                let is = block.is_level(column, self.wanted());
                // Of the side that is to become rarer, some rows are left out.
                for row in 0..n {
                    let stays = if is[row] { odds.min(1.0) } else { (1.0 / odds).min(1.0) };
                    block.kept[row] &= draws[row].0 < stays;
                }
                chosen.clear();
            }
            Kind::Duplicates => {
                chosen.retain(|&row| row > 0);
                let mut rows: Vec<usize> = (0..n).collect();
                for &row in &chosen {
                    // What was itself copied is copied as what it became.
                    rows[row] = rows[(draws[row].1 * row as f64) as usize];
                }
                for column in &mut block.columns {
                    *column = column.take(&rows);
                }
                // What was done to a row was done to its copy.
                block.marks = rows.iter().map(|&row| block.marks[row].clone()).collect();
            }
            Kind::LabelNoise => chosen = block.relabel(column, &chosen, &draws),
            Kind::Stuck | Kind::Dropout | Kind::SensorDrift => {
                let length = self.number("length") as usize;
                let begins = self.group.map(|group| block.groups(group));
                let runs = runs(&draws, share, length, begins.as_deref());
                let within: Vec<usize> = runs.iter().flat_map(|run| run.from..run.to).collect();
                match self.dial.kind {
                    Kind::Dropout => {
                        chosen = block.empty(column, &within);
                        self.overwritten(block, &chosen);
                    }
                    Kind::Stuck => {
                        let mut from: Vec<usize> = (0..n).collect();
                        for run in &runs {
                            from[run.from..run.to].fill(run.from);
                        }
                        chosen = block.copy(column, &from);
                        self.overwritten(block, &chosen);
                        for &row in &chosen {
                            // An outlier that stays is one in all rows.
                            let own = block.marks[from[row]].clone();
                            block.marks[row]
                                .extend(own.into_iter().filter(|mark| self.rivals.contains(mark)));
                        }
                    }
                    _ => {
                        let size = self.number("size");
                        let mut offset = vec![0.0; n];
                        for run in &runs {
                            for row in run.from..run.to {
                                offset[row] = size * (run.before + row - run.from + 1) as f64 / length as f64;
                            }
                        }
                        chosen = block.edit(column, &within, |row, value| value + offset[row]);
                    }
                }
            }
        }
        chosen
    }

    /// Takes back what earlier dials did to cells that are replaced.
    fn overwritten(&self, block: &mut Block<'_>, rows: &[usize]) {
        for &row in rows {
            block.marks[row].retain(|mark| !self.rivals.contains(mark));
        }
    }
}

fn instant(text: Option<&String>, format: &DatetimeFormat) -> Option<f64> {
    parse_datetime(text?, format).map(|instant| instant as f64)
}

/// A run of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    from: usize,
    to: usize,
    /// How many of its rows came before.
    before: usize,
}

/// Runs of `length` rows that together cover a share of all. Runs end with their group and with the block, so one may be under
/// way where these begin, as it would be in the middle of a long series: otherwise short groups would have too few.
fn runs(draws: &[(f64, f64)], share: f64, length: usize, groups: Option<&[bool]>) -> Vec<Run> {
    // Between runs of a length lie on average length * (1 - share) / share rows.
    let start = if share >= 1.0 { 1.0 } else { share / (length as f64 * (1.0 - share) + share) };
    let mut runs = Vec::new();
    let mut row = 0;
    while row < draws.len() {
        let begins = row == 0 || groups.is_some_and(|groups| groups[row]);
        let (unit, place) = draws[row];
        if unit >= if begins { share } else { start } {
            row += 1;
            continue;
        }
        let before = if begins { ((place * length as f64) as usize).min(length - 1) } else { 0 };
        let longest = (row + length - before).min(draws.len());
        let to = match groups {
            None => longest,
            Some(groups) => (row + 1..longest).find(|&next| groups[next]).unwrap_or(longest),
        };
        runs.push(Run { from: row, to, before });
        row = to;
    }
    runs
}
