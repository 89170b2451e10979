use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use hashbrown::HashMap;
use lookalike_learn::tree::Feature;
use lookalike_table::protect::Units;
use lookalike_table::{Codes, Column, Kind, Table};
use rayon::prelude::*;

use crate::evaluation::{LeftOut, Unmatched};

/// Which table of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Train = 0,
    Holdout = 1,
    Synthetic = 2,
    Baseline = 3,
}

/// The columns of the training table, each with its cells in every table that has it.
pub(crate) struct Alignment {
    pub(crate) columns: Vec<AlignedColumn>,
    pub(crate) rows: [Option<usize>; 4],
    pub(crate) left_out: Vec<LeftOut>,
    /// The holdout and the synthetic table, as far as their columns differ from those of the training table.
    pub(crate) unmatched: Vec<Unmatched>,
    pub(crate) notes: Vec<String>,
    /// Whom rows belong to, in each table that has the column of units.
    units: [Option<Units>; 4],
}

/// A column that figures are made of.
pub(crate) struct AlignedColumn {
    pub(crate) name: String,
    /// Its number in the training table, and in each table that has it.
    pub(crate) index: usize,
    pub(crate) places: [Option<usize>; 4],
    pub(crate) sort: Sort,
    pub(crate) cells: [Option<Cells>; 4],
    /// How many levels there are in all tables together.
    pub(crate) levels: usize,
    /// Cells of the synthetic table whose text could not be read as the training column's numbers are.
    pub(crate) unreadable: usize,
    /// Per table, whether it and the training table have nothing in common here.
    one_sided: [bool; 4],
}

/// What figures take a column for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Number,
    Instant,
    Level,
}

/// A column's cells in one table.
#[derive(Debug, Clone)]
pub(crate) enum Cells {
    /// NaN where missing; instants in nanoseconds.
    Numbers(Vec<f64>),
    /// [`Codes::MISSING`] where missing; the numbering is one for all tables.
    Levels(Vec<u32>),
}

impl Cells {
    pub(crate) fn feature(&self, levels: usize) -> Feature<'_> {
        match self {
            Cells::Numbers(values) => Feature::Numeric(values),
            Cells::Levels(codes) => Feature::Categorical { codes, levels },
        }
    }

    pub(crate) fn take(&self, rows: &[usize]) -> Cells {
        match self {
            Cells::Numbers(values) => Cells::Numbers(rows.iter().map(|&row| values[row]).collect()),
            Cells::Levels(codes) => Cells::Levels(rows.iter().map(|&row| codes[row]).collect()),
        }
    }

    fn is_empty(&self) -> bool {
        match self {
            Cells::Numbers(values) => values.is_empty(),
            Cells::Levels(codes) => codes.is_empty(),
        }
    }

    /// True when a cell at least is not missing.
    fn have_values(&self) -> bool {
        match self {
            Cells::Numbers(values) => values.iter().any(|value| !value.is_nan()),
            Cells::Levels(codes) => codes.iter().any(|&code| code != Codes::MISSING),
        }
    }

    fn extend(&mut self, more: &Cells) {
        match (self, more) {
            (Cells::Numbers(all), Cells::Numbers(more)) => all.extend_from_slice(more),
            (Cells::Levels(all), Cells::Levels(more)) => all.extend_from_slice(more),
            _ => unreachable!("a column is of one sort in all tables"),
        }
    }
}

impl AlignedColumn {
    pub(crate) fn cells(&self, role: Role) -> Option<&Cells> {
        self.cells[role as usize].as_ref()
    }

    /// True where there is nothing to compare and that itself is the fault: one of this table and the training table has
    /// values in the column and the other none, or the synthetic table lacks it. A mean over columns must not
    /// skip such a one, or emptying the worst column would raise it.
    pub(crate) fn is_one_sided(&self, role: Role) -> bool {
        self.one_sided[role as usize]
    }
}

impl Alignment {
    /// Matches the columns of the tables by name, and those of one name by their order. `unread` are columns that the
    /// files of the tables have besides.
    pub(crate) fn new(tables: [Option<&Table>; 4], unread: [&[String]; 4], unit: Option<usize>) -> Self {
        let train = tables[0].expect("there is a training table");
        let mut notes = Vec::new();
        let places: Vec<Vec<Option<usize>>> = tables
            .iter()
            .map(|table| table.map_or_else(Vec::new, |table| match_columns(train, table)))
            .collect();
        if !names_are_unique(train) {
            notes.push("column names repeat, so columns of one name were matched by position".to_owned());
        }
        let unmatched = [(Role::Holdout, "holdout"), (Role::Synthetic, "synthetic")]
            .into_iter()
            .filter_map(|(role, word)| {
                let role = role as usize;
                differences(train, tables[role]?, &places[role], unread[role], word)
            })
            .collect();
        let is_filled = |index: usize| {
            let synthetic = tables[Role::Synthetic as usize].zip(places[Role::Synthetic as usize].get(index));
            synthetic.is_some_and(|(table, place)| place.is_some_and(|place| has_values(table, place)))
        };
        let mut left_out = Vec::new();
        let mut kept = Vec::new();
        for (index, described) in train.schema().columns.iter().enumerate() {
            let reason = match described.kind {
                _ if unit == Some(index) => "it says which unit a row belongs to",
                Kind::Id(_) => "ids have no meaning that a figure could compare",
                Kind::Text => "free text is not compared yet",
                // The one column of images has figures of its own.
                Kind::Image(_) if train.schema().image_column() == Some(index) => continue,
                Kind::Image(_) => "images are compared only where a table has one column of them",
                _ if !has_values(train, index) && !is_filled(index) => {
                    "it has no value in the training table, nor in the synthetic one"
                }
                _ => {
                    kept.push(index);
                    continue;
                }
            };
            left_out.push(LeftOut { column: described.name.clone(), reason: reason.to_owned() });
        }
        let columns = kept
            .into_par_iter()
            .map(|index| {
                let places = std::array::from_fn(|role| places[role].get(index).copied().flatten());
                align_column(tables, index, places)
            })
            .collect();
        let rows = tables.map(|table| table.map(Table::n_rows));
        let units = std::array::from_fn(|role| {
            let place = places[role].get(unit?).copied().flatten()?;
            Units::of_column(tables[role]?, place).ok()
        });
        if unit.is_some() && units[Role::Train as usize].is_none() {
            notes.push("the column of units cannot tell units apart, so each row counts as one".to_owned());
        }
        Alignment { columns, rows, left_out, unmatched, notes, units }
    }

    /// These rows of each table, and no table that has none. Nothing is known of units.
    pub(crate) fn take(&self, rows: &[Option<Vec<usize>>; 4]) -> Alignment {
        let columns = self.columns.iter().map(|column| AlignedColumn {
            name: column.name.clone(),
            cells: std::array::from_fn(|role| Some(column.cells[role].as_ref()?.take(rows[role].as_ref()?))),
            ..*column
        });
        Alignment {
            columns: columns.collect(),
            rows: std::array::from_fn(|role| rows[role].as_ref().map(Vec::len)),
            left_out: Vec::new(),
            unmatched: self.unmatched.clone(),
            notes: Vec::new(),
            units: [const { None }; 4],
        }
    }

    /// A number for the unit of each of these rows, different for different tables; nothing where no two of the rows
    /// are known to belong together.
    pub(crate) fn units_of(&self, parts: &[(Role, &[usize])]) -> Option<Vec<u64>> {
        if parts.iter().all(|(role, _)| self.units[*role as usize].is_none()) {
            return None;
        }
        let mut numbers = Vec::new();
        for (role, rows) in parts {
            let units = self.units[*role as usize].as_ref();
            let of_table = (*role as u64) << 32;
            let unit = |&row: &usize| of_table | units.map_or(row as u64, |units| units.unit_of(row).into());
            numbers.extend(rows.iter().map(unit));
        }
        let mut different = numbers.clone();
        different.sort_unstable();
        different.dedup();
        (different.len() < numbers.len()).then_some(numbers)
    }

    /// How the columns of a table differ, if they do.
    pub(crate) fn unmatched(&self, table: &str) -> Option<&Unmatched> {
        self.unmatched.iter().find(|unmatched| unmatched.table == table)
    }

    pub(crate) fn n_rows(&self, role: Role) -> usize {
        self.rows[role as usize].unwrap_or(0)
    }

    pub(crate) fn has(&self, role: Role) -> bool {
        self.rows[role as usize].is_some()
    }

    /// The columns that all these tables have.
    pub(crate) fn common(&self, roles: &[Role]) -> Vec<&AlignedColumn> {
        self.columns.iter().filter(|column| roles.iter().all(|&role| column.cells(role).is_some())).collect()
    }
}

/// The same rows of several columns in one table, or in several tables one after the other.
pub(crate) struct Matrix {
    cells: Vec<Cells>,
    levels: Vec<usize>,
}

impl Matrix {
    /// Stacks the listed rows of each table.
    pub(crate) fn stack(columns: &[&AlignedColumn], parts: &[(Role, &[usize])]) -> Self {
        let cells = columns
            .par_iter()
            .map(|column| {
                let mut stacked: Option<Cells> = None;
                for (role, rows) in parts {
                    let taken = column.cells(*role).expect("the table has the column").take(rows);
                    match &mut stacked {
                        None => stacked = Some(taken),
                        Some(stacked) => stacked.extend(&taken),
                    }
                }
                stacked.expect("there is a part")
            })
            .collect();
        Matrix { cells, levels: columns.iter().map(|column| column.levels).collect() }
    }

    pub(crate) fn features(&self) -> Vec<Feature<'_>> {
        self.cells.iter().zip(&self.levels).map(|(cells, &levels)| cells.feature(levels)).collect()
    }
}

/// True when a cell at least is not missing; what is not a number is missing here.
fn has_values(table: &Table, column: usize) -> bool {
    let is_number = matches!(table.schema().columns[column].kind, Kind::Numerical(_));
    let column = table.column(column);
    if column.missing_count() == column.len() {
        return false;
    }
    let numbers = if is_number { column.numbers() } else { None };
    numbers.is_none_or(|numbers| numbers.values.iter().any(|value| !value.is_nan()))
}

fn names_are_unique(table: &Table) -> bool {
    let names: BTreeSet<&str> = table.schema().columns.iter().map(|column| column.name.as_str()).collect();
    names.len() == table.n_columns()
}

/// For each column of `train` its number in `other`: the nth of a name there is the nth of it here. Images match images
/// only.
pub(crate) fn match_columns(train: &Table, other: &Table) -> Vec<Option<usize>> {
    let mut numbers: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (index, column) in other.schema().columns.iter().enumerate() {
        numbers.entry(column.name.as_str()).or_default().push_back(index);
    }
    let columns = train.schema().columns.iter();
    let is_image = |place: usize| other.schema().columns[place].kind.is_image();
    columns
        .map(|column| {
            let place = numbers.get_mut(column.name.as_str())?.pop_front()?;
            (column.kind.is_image() == is_image(place)).then_some(place)
        })
        .collect()
}

fn differences(
    train: &Table,
    table: &Table,
    places: &[Option<usize>],
    unread: &[String],
    word: &str,
) -> Option<Unmatched> {
    let name = |table: &Table, index: usize| table.schema().columns[index].name.clone();
    let missing: Vec<String> = (0..train.n_columns())
        .filter(|&index| places[index].is_none())
        .map(|index| name(train, index))
        .collect();
    let used: BTreeSet<usize> = places.iter().flatten().copied().collect();
    let unused = (0..table.n_columns()).filter(|index| !used.contains(index)).map(|index| name(table, index));
    let extra: Vec<String> = unused.chain(unread.iter().cloned()).collect();
    (!(missing.is_empty() && extra.is_empty())).then(|| Unmatched { table: word.to_owned(), missing, extra })
}

fn align_column(tables: [Option<&Table>; 4], index: usize, places: [Option<usize>; 4]) -> AlignedColumn {
    let described = &tables[0].expect("there is a training table").schema().columns[index];
    let column_of = |role: usize| tables[role].zip(places[role]).map(|(table, place)| table.column(place));
    let sort = match described.kind {
        Kind::Numerical(_) => Sort::Number,
        Kind::Datetime(_) => Sort::Instant,
        _ => Sort::Level,
    };
    let mut unreadable = [0; 4];
    let mut levels = LevelNumbers::new(&described.kind);
    let cells = std::array::from_fn(|role| {
        let column = column_of(role)?;
        Some(match sort {
            Sort::Level => Cells::Levels(levels.codes(column)),
            Sort::Number | Sort::Instant => {
                let (values, bad) = numbers(column, sort);
                unreadable[role] = bad;
                Cells::Numbers(values)
            }
        })
    });
    let one_sided = one_sided(&cells);
    AlignedColumn {
        name: described.name.clone(),
        index,
        places,
        sort,
        cells,
        levels: levels.texts.len(),
        unreadable: unreadable[Role::Synthetic as usize],
        one_sided,
    }
}

/// Whether each table and the training table have nothing in common, by the column's cells in them. Of a table without rows
/// nothing is said.
fn one_sided(cells: &[Option<Cells>; 4]) -> [bool; 4] {
    let in_train = cells[Role::Train as usize].as_ref().is_some_and(Cells::have_values);
    std::array::from_fn(|role| match &cells[role] {
        None => role == Role::Synthetic as usize,
        Some(cells) => !cells.is_empty() && cells.have_values() != in_train,
    })
}

/// A column as numbers, and how many of its texts are none. A table that was read without the training table's
/// schema may hold them as text or levels.
fn numbers(column: &Column, sort: Sort) -> (Vec<f64>, usize) {
    if sort == Sort::Instant
        && column.is_instant()
        && let Some(integers) = column.integers()
    {
        let missing = integers.missing.as_deref();
        let values = integers
            .values
            .iter()
            .enumerate()
            .map(|(row, &micros)| {
                if missing.is_some_and(|missing| missing[row]) {
                    f64::NAN
                } else {
                    (i128::from(micros) * 1000) as f64
                }
            })
            .collect();
        return (values, 0);
    }
    if let Some(numbers) = column.numbers() {
        return (numbers.values, 0);
    }
    let mut bad = 0;
    let values = column
        .texts()
        .expect("what is not numbers is text")
        .iter()
        .map(|text| match text {
            None => f64::NAN,
            Some(text) => text.trim().parse().unwrap_or_else(|_| {
                bad += 1;
                f64::NAN
            }),
        })
        .collect();
    (values, bad)
}

/// One numbering of the levels of a column in all tables.
struct LevelNumbers {
    texts: HashMap<String, u32>,
    booleans: Option<[String; 2]>,
}

impl LevelNumbers {
    fn new(kind: &Kind) -> Self {
        let mut numbers = LevelNumbers { texts: HashMap::new(), booleans: None };
        if let Kind::Boolean(format) = kind {
            let spellings = [format.false_text.to_lowercase(), format.true_text.to_lowercase()];
            for text in &spellings {
                numbers.number(text);
            }
            numbers.booleans = Some(spellings);
        }
        numbers
    }

    fn number(&mut self, text: &str) -> u32 {
        // The spelling of truth values may differ in case between tools.
        let text: Cow<'_, str> =
            if self.booleans.is_some() { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) };
        let next = self.texts.len() as u32;
        *self.texts.entry_ref(text.as_ref()).or_insert(next)
    }

    fn codes(&mut self, column: &Column) -> Vec<u32> {
        if let Some(own) = column.codes() {
            let map: Vec<u32> = own.levels.iter().map(|text| self.number(text)).collect();
            return own
                .codes
                .iter()
                .map(|&code| if code == Codes::MISSING { code } else { map[code as usize] })
                .collect();
        }
        if let Some(texts) = column.texts() {
            return texts.iter().map(|text| text.map_or(Codes::MISSING, |text| self.number(text))).collect();
        }
        let spellings = match &self.booleans {
            Some(spellings) => spellings.clone(),
            None => ["false".to_owned(), "true".to_owned()],
        };
        let is_boolean = column.is_boolean();
        let values = column.numbers().expect("what is not text is numbers").values;
        let mut known: HashMap<u64, u32> = HashMap::new();
        values
            .iter()
            .map(|&value| {
                if value.is_nan() {
                    return Codes::MISSING;
                }
                if let Some(&code) = known.get(&value.to_bits()) {
                    return code;
                }
                let code = if is_boolean {
                    self.number(&spellings[usize::from(value != 0.0)])
                } else {
                    self.number(&format!("{}", value + 0.0))
                };
                known.insert(value.to_bits(), code);
                code
            })
            .collect()
    }
}
/// The places of each unit's number among these, units in the order of their numbers.
pub(crate) fn places_by_unit(units: &[u64]) -> Vec<Vec<usize>> {
    let mut places: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (place, &unit) in units.iter().enumerate() {
        places.entry(unit).or_default().push(place);
    }
    places.into_values().collect()
}
