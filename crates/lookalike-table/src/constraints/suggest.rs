//! Constraints that a table seems to hold.
//!
//! Only what could well have been otherwise is suggested: each kind asks for evidence that a table of unrelated columns would
//! hardly give, and few false suggestions matter more than all true ones.

use hashbrown::HashMap;

use super::amounts::Amounts;
use super::resolve::{is_amount, is_instant};
use super::violations::Keys;
use super::{Amount, Constraint, Is, Rules, Term, Test, compare};
use crate::column::Column;
use crate::error::Result;
use crate::schema::{Kind, Schema};
use crate::table::Table;

/// A constraint that a table seems to hold, and how well.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The constraint.
    pub constraint: Constraint,
    /// Rows in which it has something to say.
    pub rows: u64,
    /// Rows among them in which it holds.
    pub holding: u64,
}

impl Suggestion {
    /// The share of rows in which it holds, in [0, 1].
    pub fn share(&self) -> f64 {
        if self.rows == 0 { 0.0 } else { self.holding as f64 / self.rows as f64 }
    }
}

/// Fewer rows are no evidence.
const LEAST_ROWS: usize = 50;
/// The least share of rows in which a suggested constraint holds.
const LEAST_SHARE: f64 = 0.999;
/// More columns of a kind are not tried against each other: time grows with the square of their number.
const MOST_COLUMNS: usize = 60;
/// Rows that are looked at; further ones are checked only for what these suggest.
const SAMPLE: usize = 20_000;

/// Suggests constraints, with their support in the whole table.
///
/// Looked for are orders of dates and of numbers (whose ranges overlap: what lies apart says nothing), combinations of
/// levels, sums, one-hot groups, columns that are missing together, and columns that are missing wherever another is.
///
/// # Errors
/// None that a sound table could bring about: those of [`Rules::new`].
pub fn suggest(table: &Table) -> Result<Vec<Suggestion>> {
    if table.n_rows() < LEAST_ROWS {
        return Ok(Vec::new());
    }
    let step = table.n_rows().div_ceil(SAMPLE);
    let rows: Vec<usize> = (0..table.n_rows()).step_by(step).collect();
    let few = if step > 1 { table.take(&rows) } else { table.clone() };
    // A name that repeats, or says nothing, names no column.
    let schema = table.schema();
    let named: Vec<usize> = (0..schema.columns.len())
        .filter(|&index| {
            !schema.columns[index].name.is_empty() && schema.index_of(&schema.columns[index].name).is_ok()
        })
        .collect();
    let look = Look { table: &few, named };
    let mut found = Vec::new();
    let hot = look.one_hot();
    let in_group: Vec<usize> = hot.iter().flatten().copied().collect();
    found.extend(hot.iter().map(|group| Constraint::OneHot { columns: look.names(group) }));
    let (sums, of_sums) = look.sums(&in_group);
    found.extend(sums);
    found.extend(look.orders(&in_group, &of_sums));
    found.extend(look.combinations(&in_group));
    found.extend(look.missing());
    let mut suggestions = support(table, &found)?;
    suggestions
        .retain(|suggestion| suggestion.rows >= LEAST_ROWS as u64 && suggestion.share() >= LEAST_SHARE);
    Ok(suggestions)
}

/// How well constraints hold in a table.
///
/// # Errors
/// Those of [`Rules::new`].
pub fn support(table: &Table, constraints: &[Constraint]) -> Result<Vec<Suggestion>> {
    let schema = Schema { constraints: constraints.to_vec(), ..Schema::clone(table.schema()) };
    let rules = Rules::new(&schema)?;
    let count = |flags: Vec<bool>| flags.into_iter().filter(|&flag| flag).count() as u64;
    let of = |(index, constraint): (usize, &Constraint)| {
        let rows = count(rules.applies(index, table));
        let breaking = count(rules.violations(index, table));
        Suggestion { constraint: constraint.clone(), rows, holding: rows.saturating_sub(breaking) }
    };
    Ok(constraints.iter().enumerate().map(of).collect())
}

struct Look<'a> {
    table: &'a Table,
    named: Vec<usize>,
}

impl Look<'_> {
    fn name(&self, index: usize) -> String {
        self.table.schema().columns[index].name.clone()
    }

    fn names(&self, columns: &[usize]) -> Vec<String> {
        columns.iter().map(|&column| self.name(column)).collect()
    }

    fn amounts(&self, index: usize) -> Option<Amounts> {
        let described = &self.table.schema().columns[index];
        is_amount(&described.kind).then(|| Amounts::of(self.table.column(index), described)).flatten()
    }

    /// Orders between two columns, without those that follow from others.
    fn orders(&self, left_out: &[usize], of_sums: &[usize]) -> Vec<Constraint> {
        let columns: Vec<(usize, Amounts)> = self
            .named
            .iter()
            .filter(|index| !left_out.contains(index))
            .filter_map(|&index| Some((index, self.amounts(index)?)))
            .take(MOST_COLUMNS)
            .collect();
        let mut edges: Vec<(usize, usize, bool)> = Vec::new();
        for (a, (low, low_values)) in columns.iter().enumerate() {
            for (b, (high, high_values)) in columns.iter().enumerate() {
                let kinds = [*low, *high].map(|index| &self.table.schema().columns[index].kind);
                // Parts are below their sum, which the sum says already.
                let known = of_sums.contains(low) && of_sums.contains(high);
                if a == b || is_instant(kinds[0]) != is_instant(kinds[1]) || known {
                    continue;
                }
                if let Some(strict) = ordered(low_values, high_values, is_instant(kinds[0])) {
                    edges.push((a, b, strict));
                }
            }
        }
        // What follows by way of a third column need not be said.
        let direct: Vec<(usize, usize, bool)> = edges
            .iter()
            .filter(|(low, high, _)| {
                !edges.iter().any(|(a, b, _)| {
                    a == low && b != high && edges.iter().any(|(c, d, _)| c == b && d == high)
                })
            })
            .copied()
            .collect();
        direct
            .into_iter()
            .map(|(low, high, strict)| Constraint::Order {
                terms: vec![
                    Term::Column(self.name(columns[low].0)),
                    Term::Column(self.name(columns[high].0)),
                ],
                strict: vec![strict],
            })
            .collect()
    }

    /// Pairs of columns of levels of which one follows from the other.
    fn combinations(&self, left_out: &[usize]) -> Vec<Constraint> {
        let columns: Vec<(usize, Vec<Option<u32>>, usize)> = self
            .named
            .iter()
            .filter(|index| !left_out.contains(index))
            .filter_map(|&index| {
                let codes = self.levels(index)?;
                let count = codes.iter().flatten().max().map_or(0, |&last| last as usize + 1);
                // Levels that are hardly ever seen twice would follow from anything.
                ((3..=self.table.n_rows() / 20).contains(&count)).then_some((index, codes, count))
            })
            .take(MOST_COLUMNS)
            .collect();
        let mut found: Vec<Constraint> = Vec::new();
        let mut taken: Vec<usize> = Vec::new();
        for (place, (first, codes, count)) in columns.iter().enumerate() {
            if taken.contains(first) {
                continue;
            }
            let mut group = vec![*first];
            for (second, others, other_count) in &columns[place + 1..] {
                if taken.contains(second) {
                    continue;
                }
                if follows(codes, *count, others) || follows(others, *other_count, codes) {
                    group.push(*second);
                    taken.push(*second);
                }
            }
            if group.len() > 1 {
                found.push(Constraint::Combinations { columns: self.names(&group) });
            }
        }
        found
    }

    /// Levels, and whole numbers with few values, as codes.
    fn levels(&self, index: usize) -> Option<Vec<Option<u32>>> {
        let described = &self.table.schema().columns[index];
        let few = match &described.kind {
            Kind::Categorical { .. } => true,
            Kind::Numerical(format) => format.integer,
            _ => false,
        };
        if !few {
            return None;
        }
        let keys = Keys::new(self.table, &[index]);
        let mut numbers: HashMap<u64, u32> = HashMap::new();
        let most = 1000;
        let mut codes = Vec::with_capacity(self.table.n_rows());
        for row in 0..self.table.n_rows() {
            let code = keys.whole(row).map(|key| {
                let next = numbers.len() as u32;
                *numbers.entry(key[0]).or_insert(next)
            });
            if numbers.len() > most {
                return None;
            }
            codes.push(code);
        }
        Some(codes)
    }

    /// `total = a + b (+ c ...)`: a column of numbers that is the sum of two others, or of all others of a run beside it.
    fn sums(&self, left_out: &[usize]) -> (Vec<Constraint>, Vec<usize>) {
        let columns: Vec<(usize, Vec<Option<f64>>)> = self
            .named
            .iter()
            .filter(|index| !left_out.contains(index))
            .filter(|&&index| matches!(self.table.schema().columns[index].kind, Kind::Numerical(_)))
            .filter_map(|&index| {
                let amounts = self.amounts(index)?;
                let values: Vec<Option<f64>> =
                    (0..amounts.len()).map(|row| amounts.get(row).map(Amount::to_f64)).collect();
                varied(&values).then_some((index, values))
            })
            .take(25)
            .collect();
        let mut found = Vec::new();
        let mut taken: Vec<usize> = Vec::new();
        for (total, (column, values)) in columns.iter().enumerate() {
            // Runs of neighbours first, the longest of them, then any two.
            let others: Vec<usize> = (0..columns.len()).filter(|&other| other != total).collect();
            let mut parts: Vec<Vec<usize>> = Vec::new();
            for length in (2..=others.len().min(8)).rev() {
                parts.extend(others.windows(length).map(<[usize]>::to_vec));
            }
            for (place, &a) in others.iter().enumerate() {
                parts.extend(others[place + 1..].iter().map(|&b| vec![a, b]));
            }
            let fits = parts.into_iter().find(|parts| {
                !parts.iter().any(|part| taken.contains(&columns[*part].0))
                    && adds_up(
                        values,
                        &parts.iter().map(|&part| columns[part].1.as_slice()).collect::<Vec<_>>(),
                    )
            });
            if let Some(parts) = fits
                && !taken.contains(column)
            {
                let own: Vec<usize> = parts.iter().map(|&part| columns[part].0).collect();
                let expression: Vec<String> =
                    own.iter().map(|&part| Term::Column(self.name(part)).to_string()).collect();
                found.push(Constraint::Equation {
                    column: self.name(*column),
                    expression: expression.join(" + "),
                    tolerance: None,
                });
                taken.push(*column);
                taken.extend(own);
            }
        }
        (found, taken)
    }

    /// Runs of neighbouring columns of 0 and 1 of which exactly one is 1 in every row.
    fn one_hot(&self) -> Vec<Vec<usize>> {
        let flags: Vec<Option<Vec<bool>>> = self
            .named
            .iter()
            .map(|&index| zeros_and_ones(self.table.column(index), &self.table.schema().columns[index].kind))
            .collect();
        let mut found = Vec::new();
        let mut start = 0;
        while start < flags.len() {
            let run = flags[start..].iter().take_while(|flags| flags.is_some()).count();
            // The longest run first; two columns that are opposites are no group.
            let fits = (3..=run).rev().find_map(|length| {
                (start..=start + run - length).find_map(|from| {
                    let group: Vec<&Vec<bool>> = flags[from..from + length].iter().flatten().collect();
                    let each = group.iter().all(|flags| flags.iter().any(|&flag| flag));
                    let one = (0..self.table.n_rows())
                        .all(|row| group.iter().filter(|flags| flags[row]).count() == 1);
                    (each && one).then_some((from, length))
                })
            });
            match fits {
                Some((from, length)) => {
                    found.push(self.named[from..from + length].to_vec());
                    start = from + length;
                }
                None => start += run.max(1),
            }
        }
        found
    }

    /// Columns that are missing together, and columns that are missing wherever another is.
    fn missing(&self) -> Vec<Constraint> {
        let mut groups: Vec<(Vec<bool>, Vec<usize>)> = Vec::new();
        for &index in &self.named {
            let column = self.table.column(index);
            let count = column.missing_count();
            if count < 20 || column.len() - count < 20 {
                continue;
            }
            let flags = column.missing().expect("some are missing");
            match groups.iter_mut().find(|(own, _)| *own == flags) {
                Some((_, group)) => group.push(index),
                None => groups.push((flags, vec![index])),
            }
        }
        let mut found: Vec<Constraint> = groups
            .iter()
            .filter(|(_, group)| group.len() > 1)
            .map(|(_, group)| Constraint::AllOrNone { columns: self.names(group) })
            .collect();
        for (a, (few, group)) in groups.iter().enumerate() {
            let nearest = groups
                .iter()
                .enumerate()
                .filter(|&(b, (many, _))| a != b && few.iter().zip(many).all(|(few, many)| !few || *many))
                .min_by_key(|(_, (many, _))| many.iter().filter(|&&missing| missing).count());
            let Some((_, (many, others))) = nearest else { continue };
            // Where the other is nearly always missing, that says nothing.
            let present = many.iter().filter(|&&missing| !missing).count();
            let chance = (present as f64 / few.len() as f64).clamp(0.0, 1.0);
            let rows = few.iter().filter(|&&missing| missing).count();
            if chance * rows as f64 >= 20.0 {
                found.push(Constraint::When {
                    tests: vec![Test { column: self.name(group[0]), is: Is::Missing }],
                    then: Test { column: self.name(others[0]), is: Is::Missing },
                });
            }
        }
        found
    }
}

/// Whether one is at most the other, in every row with both, and whether always less; `None` where that says nothing: too few
/// rows, ranges that hardly overlap, or values that are always the same.
fn ordered(low: &Amounts, high: &Amounts, instants: bool) -> Option<bool> {
    let pairs: Vec<(Amount, Amount)> =
        (0..low.len()).filter_map(|row| Some((low.get(row)?, high.get(row)?))).collect();
    if pairs.len() < LEAST_ROWS {
        return None;
    }
    let (mut breaking, mut equal) = (0, 0);
    let allowed = (pairs.len() as f64 * (1.0 - LEAST_SHARE)) as usize;
    for (low, high) in &pairs {
        match compare(*low, *high)? {
            std::cmp::Ordering::Greater => {
                breaking += 1;
                if breaking > allowed {
                    return None;
                }
            }
            std::cmp::Ordering::Equal => equal += 1,
            std::cmp::Ordering::Less => {}
        }
    }
    if equal == pairs.len() {
        return None;
    }
    // How often would the order hold if the columns had nothing to do with each other? Each low value against the high one
    // of a far row.
    let shift = pairs.len() / 2;
    let by_chance = (0..pairs.len())
        .filter(|&row| {
            let (low, high) = (pairs[row].0, pairs[(row + shift) % pairs.len()].1);
            compare(low, high) != Some(std::cmp::Ordering::Greater)
        })
        .count();
    // Dates that follow each other are nearly always a rule; numbers have to overlap more before an order means something.
    let most = if instants { 0.99 } else { 0.9 };
    (by_chance as f64 <= most * pairs.len() as f64).then_some(equal == 0 && breaking == 0)
}

/// True when each level of the first has one level of the second, for levels that are seen often enough to tell.
fn follows(codes: &[Option<u32>], count: usize, others: &[Option<u32>]) -> bool {
    let mut known: Vec<Option<u32>> = vec![None; count];
    let mut again = 0_usize;
    let mut different = hashbrown::HashSet::new();
    for (code, other) in codes.iter().zip(others) {
        let (Some(code), Some(other)) = (code, other) else { continue };
        match known[*code as usize] {
            None => known[*code as usize] = Some(*other),
            Some(first) if first != *other => return false,
            Some(_) => again += 1,
        }
        different.insert(*other);
    }
    again >= LEAST_ROWS && different.len() >= 3
}

fn varied(values: &[Option<f64>]) -> bool {
    let mut present: Vec<u64> = values.iter().flatten().map(|value| value.to_bits()).collect();
    present.sort_unstable();
    present.dedup();
    present.len() >= 10
}

/// True when the parts come to the total wherever all are there, and more than one of them matters.
fn adds_up(total: &[Option<f64>], parts: &[&[Option<f64>]]) -> bool {
    let (mut rows, mut mattering) = (0_usize, vec![0_usize; parts.len()]);
    for (row, total) in total.iter().enumerate() {
        let cells: Option<Vec<f64>> = parts.iter().map(|part| part[row]).collect();
        let (Some(total), Some(cells)) = (total, cells) else { continue };
        let sum: f64 = cells.iter().sum();
        if (sum - total).abs() > 1e-9 * (total.abs() + cells.iter().map(|cell| cell.abs()).sum::<f64>()) {
            return false;
        }
        rows += 1;
        for (count, cell) in mattering.iter_mut().zip(&cells) {
            *count += usize::from(*cell != 0.0);
        }
    }
    rows >= LEAST_ROWS && mattering.iter().all(|&count| count >= 20)
}

fn zeros_and_ones(column: &Column, kind: &Kind) -> Option<Vec<bool>> {
    if column.missing_count() > 0 {
        return None;
    }
    if let Some(codes) = column.codes() {
        let truths: Vec<Option<bool>> = codes
            .levels
            .iter()
            .map(|level| match level {
                "0" => Some(false),
                "1" => Some(true),
                _ => None,
            })
            .collect();
        return codes.codes.iter().map(|&code| truths[code as usize]).collect();
    }
    if !matches!(kind, Kind::Boolean(_) | Kind::Numerical(_)) {
        return None;
    }
    column
        .numbers()?
        .values
        .into_iter()
        .map(|value| if value == 0.0 { Some(false) } else { (value == 1.0).then_some(true) })
        .collect()
}
