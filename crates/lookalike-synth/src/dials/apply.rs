//! Turning dials on a stream of rows.

use std::sync::Arc;

use lookalike_core::{Seed, Stream};
use lookalike_table::expression::{BoundExpression, Expression, Type};
use lookalike_table::schema::DatetimeFormat;
use lookalike_table::spelling::{parse_boolean, parse_datetime};
use lookalike_table::{Codes, Column, ColumnSchema, Levels, Schema, Table};

use super::spec::{Dial, DialError, Kind};
use crate::sampler::BLOCK_ROWS;

const DAY: f64 = 86_400e6;

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
                Turn::new(dial, number, schema)
                    .map_err(|problem| DialError { dial: dial.kind.name(), problem })
            })
            .collect::<Result<Vec<Turn>, DialError>>()?;
        let mut changed = Schema::clone(schema);
        if let Some(name) = truth {
            if schema.columns.iter().any(|column| column.name == name) {
                let problem = format!("there is already a column {name:?}; give the truth another name");
                return Err(DialError { dial: "truth", problem });
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
}

impl<E, I> Iterator for DialedRows<'_, I>
where
    I: Iterator<Item = Result<Table, E>>,
    E: From<lookalike_table::Error>,
{
    type Item = Result<Table, E>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.left == 0 {
                return None;
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
        let mut parts = Vec::new();
        let mut from = 0;
        while from < whole {
            let to = (from + BLOCK_ROWS).min(whole);
            parts.push(self.dials.block(&all.slice(from..to), self.next)?);
            self.next += (to - from) as u64;
            from = to;
        }
        let changed = if parts.is_empty() {
            self.dials.block(&all.slice(0..0), self.next)?
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

/// A block of rows while it is changed.
struct Block<'a> {
    schema: &'a Schema,
    columns: Vec<Column>,
    n: usize,
    first: u64,
    /// Rows that stay.
    kept: Vec<bool>,
    /// Which dials changed each row, by number.
    marks: Vec<Vec<usize>>,
}

impl Dials {
    fn block(&self, table: &Table, first: u64) -> lookalike_table::Result<Table> {
        let n = table.n_rows();
        let mut block = Block {
            schema: &self.given,
            columns: table.columns().to_vec(),
            n,
            first,
            kept: vec![true; n],
            marks: vec![Vec::new(); n],
        };
        for (number, turn) in self.turns.iter().enumerate() {
            let mut stream = self.seed.stream(&turn.stream, first / BLOCK_ROWS as u64);
            for row in turn.change(&mut block, &mut stream) {
                block.marks[row].push(number);
            }
        }
        let Block { mut columns, kept, marks, .. } = block;
        if self.truth {
            // The same levels in every block: one for each dial alone, and what is met together.
            let mut names: Vec<String> = self.turns.iter().map(|turn| turn.mark.clone()).collect();
            names.dedup();
            let codes = marks
                .iter()
                .map(|marks| {
                    if marks.is_empty() {
                        return Codes::MISSING;
                    }
                    let mut parts: Vec<&str> =
                        marks.iter().map(|&mark| self.turns[mark].mark.as_str()).collect();
                    parts.dedup();
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
        Ok(Turn { dial: dial.clone(), column, label, group, date, condition, stream, mark })
    }

    fn number(&self, key: &str) -> f64 {
        self.dial.numbers.get(key).copied().unwrap_or(0.0)
    }

    /// Changes a block's rows; which ones.
    fn change(&self, block: &mut Block<'_>, stream: &mut Stream) -> Vec<usize> {
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
            Kind::Missing => block.empty(column, &chosen),
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
                let odds = self.number("odds");
                let wanted = self.dial.texts.get("value").map_or("", String::as_str);
                let is = block.is_level(column, wanted);
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
            }
            Kind::LabelNoise => chosen = block.relabel(column, &chosen, &draws),
            Kind::Stuck | Kind::Dropout | Kind::SensorDrift => {
                let length = self.number("length");
                let begins = self.group.map(|group| block.groups(group));
                let runs = runs(&draws, share, length, begins.as_deref());
                chosen = runs.iter().flat_map(|&(from, to)| from..to).collect();
                match self.dial.kind {
                    Kind::Dropout => block.empty(column, &chosen),
                    Kind::Stuck => {
                        let mut rows: Vec<usize> = (0..n).collect();
                        for &(from, to) in &runs {
                            rows[from..to].fill(from);
                        }
                        block.columns[column] = block.columns[column].take(&rows);
                    }
                    _ => {
                        let size = self.number("size");
                        let mut offset = vec![0.0; n];
                        for &(from, to) in &runs {
                            for row in from..to {
                                offset[row] = size * (row - from + 1) as f64 / length;
                            }
                        }
                        chosen = block.edit(column, &chosen, |row, value| value + offset[row]);
                    }
                }
            }
        }
        chosen
    }
}

fn instant(text: Option<&String>, format: &DatetimeFormat) -> Option<f64> {
    parse_datetime(text?, format).map(|instant| instant as f64)
}

/// Runs of `length` rows that together cover about a share of all. A run ends with its group.
fn runs(draws: &[(f64, f64)], share: f64, length: f64, groups: Option<&[bool]>) -> Vec<(usize, usize)> {
    // Between runs of a length lie on average length * (1 - share) / share rows.
    let start = if share >= 1.0 { 1.0 } else { share / (length * (1.0 - share) + share) };
    let mut runs = Vec::new();
    let mut row = 0;
    while row < draws.len() {
        if draws[row].0 >= start {
            row += 1;
            continue;
        }
        let longest = (row + length as usize).min(draws.len());
        let end = match groups {
            None => longest,
            Some(begins) => (row + 1..longest).find(|&next| begins[next]).unwrap_or(longest),
        };
        runs.push((row, end));
        row = end;
    }
    runs
}

impl Block<'_> {
    fn empty(&mut self, column: usize, rows: &[usize]) {
        let mut flags = vec![false; self.n];
        for &row in rows {
            flags[row] = true;
        }
        self.columns[column] = self.columns[column].with_missing(&flags);
    }

    /// What 1 means in a column: a day in a column of dates.
    fn unit(&self, column: usize) -> f64 {
        if self.columns[column].is_instant() { DAY } else { 1.0 }
    }

    /// Changes the numbers of some rows, on the column's grid; which of them had any. All others stay exactly as they are.
    fn edit(&mut self, column: usize, rows: &[usize], change: impl Fn(usize, f64) -> f64) -> Vec<usize> {
        let old = &self.columns[column];
        let numbers = old.numbers().expect("the column holds numbers");
        let rows: Vec<usize> = rows.iter().copied().filter(|&row| !numbers.values[row].is_nan()).collect();
        let value = |row: usize| change(row, numbers.values[row]);
        let new = if let Some(mut integers) = old.integers() {
            let step = match &self.schema.columns[column].kind {
                lookalike_table::Kind::Datetime(format) => format.step.max(1),
                _ => 1,
            };
            for &row in &rows {
                integers.values[row] = (value(row) / step as f64).round() as i64 * step;
            }
            if old.is_instant() {
                Column::from_instants(integers.values, integers.missing)
            } else {
                Column::from_integers(integers.values, integers.missing)
            }
        } else if let Some((mut values, missing)) = old.unsigned() {
            for &row in &rows {
                values[row] = value(row).round() as u64;
            }
            Column::from_unsigned(values, missing)
        } else if let Some((mut values, scale, missing)) = old.decimals() {
            for &row in &rows {
                values[row] = (value(row) * 10_f64.powi(i32::from(scale))).round() as i128;
            }
            Column::from_decimals(values, scale, missing).expect("the scale is the column's own")
        } else {
            let places = match &self.schema.columns[column].kind {
                lookalike_table::Kind::Numerical(format) => format.decimals.places(),
                _ => None,
            };
            let mut values = numbers.values.clone();
            for &row in &rows {
                let unit = 10_f64.powi(i32::from(places.unwrap_or(0)));
                values[row] = if places.is_some() { (value(row) * unit).round() / unit } else { value(row) };
            }
            Column::from_floats(values, numbers.missing.clone())
        };
        self.columns[column] = new;
        rows
    }

    fn set_true(&mut self, column: usize, rows: &[usize]) {
        let flags = self.columns[column].integers().expect("truth values");
        let mut values: Vec<bool> = flags.values.iter().map(|&flag| flag != 0).collect();
        let mut missing = flags.missing;
        for &row in rows {
            values[row] = true;
            if let Some(missing) = &mut missing {
                missing[row] = false;
            }
        }
        self.columns[column] = Column::from_booleans(values, missing);
    }

    fn is_level(&self, column: usize, wanted: &str) -> Vec<bool> {
        if let Some(codes) = self.columns[column].codes() {
            let code = codes.levels.iter().position(|level| level == wanted).map(|code| code as u32);
            return codes.codes.iter().map(|&other| Some(other) == code).collect();
        }
        let wanted = match &self.schema.columns[column].kind {
            lookalike_table::Kind::Boolean(format) => parse_boolean(wanted, format),
            _ => None,
        };
        let flags = self.columns[column].integers().expect("truth values");
        let missing = flags.missing;
        let present = |row: usize| missing.as_ref().is_none_or(|missing| !missing[row]);
        flags
            .values
            .iter()
            .enumerate()
            .map(|(row, &flag)| present(row) && Some(flag != 0) == wanted)
            .collect()
    }

    /// Gives rows another level, each of the others as likely; which of them had one.
    fn relabel(&mut self, column: usize, rows: &[usize], draws: &[(f64, f64)]) -> Vec<usize> {
        if let Some(mut codes) = self.columns[column].codes() {
            let others = codes.levels.len().saturating_sub(1);
            let rows: Vec<usize> = rows
                .iter()
                .copied()
                .filter(|&row| others > 0 && codes.codes[row] != Codes::MISSING)
                .collect();
            for &row in &rows {
                let other = ((draws[row].1 * others as f64) as u32).min(others as u32 - 1);
                codes.codes[row] = if other >= codes.codes[row] { other + 1 } else { other };
            }
            self.columns[column] = Column::from_codes(codes.codes, &codes.levels);
            return rows;
        }
        let flags = self.columns[column].integers().expect("truth values");
        let mut values: Vec<bool> = flags.values.iter().map(|&flag| flag != 0).collect();
        let missing = flags.missing;
        let present = |row: usize| missing.as_ref().is_none_or(|missing| !missing[row]);
        let rows: Vec<usize> = rows.iter().copied().filter(|&row| present(row)).collect();
        for &row in &rows {
            values[row] = !values[row];
        }
        self.columns[column] = Column::from_booleans(values, missing);
        rows
    }

    /// True where a column's value differs from that of the row before.
    fn groups(&self, column: usize) -> Vec<bool> {
        let cells = lookalike_table::spelling::spell(&self.schema.columns[column], &self.columns[column]);
        (0..self.n).map(|row| row == 0 || cells[row] != cells[row - 1]).collect()
    }
}
