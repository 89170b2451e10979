//! Columns as the file describes them.

use lookalike_table::expression::Type;
use lookalike_table::pattern::Pattern;
use lookalike_table::schema::{BooleanFormat, DatetimeFormat, Decimals, IdFormat, NumberFormat, Offset};
use lookalike_table::{ColumnSchema, Kind, Levels};

use super::calendar::{self, Calendar, DAY, SECOND};
use super::formula::{Formula, Parameter};
use super::series::{self, Series};
use super::shape::{self, Shape};
use super::source::{At, Section};
use super::stand_in;
use super::weights::{self, Cumulative};
use crate::standin::FakeColumn;

/// A column of a table.
#[derive(Debug, Clone)]
pub(super) struct ColumnSpec {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) source: Source,
    /// The share of missing cells.
    pub(super) missing: Option<Parameter>,
    /// Not written.
    pub(super) hidden: bool,
    /// The same for all rows of a group.
    pub(super) per_group: bool,
    /// Put in order within each group.
    pub(super) sorted: Option<Sorted>,
    /// What is known of its kind before formulas are bound.
    pub(super) kind: Option<Kind>,
    /// Decimals and format that were asked for, for what is computed.
    pub(super) decimals: Option<u8>,
    pub(super) format: Option<DatetimeFormat>,
}

/// Where a column's values come from.
#[derive(Debug, Clone)]
pub(super) enum Source {
    Number {
        shape: Shape,
        decimals: Option<u8>,
        /// Values are whole multiples of this.
        grid: Option<f64>,
    },
    Levels {
        levels: Levels,
        usual: Cumulative,
        cases: Vec<(Formula, Cumulative)>,
    },
    Boolean(Parameter),
    /// One choice for several columns.
    Joint(Joint),
    /// Whole numbers from `low` on, each once.
    Distinct {
        low: i64,
        count: u64,
    },
    Date(Calendar),
    /// Straight lines between dates, on a grid of `step` microseconds.
    DateQuantiles {
        shares: Vec<f64>,
        values: Vec<f64>,
        step: i64,
    },
    Sequence {
        start: Start,
        step: i64,
    },
    /// Texts of a pattern, each once or as chance has it.
    Pattern {
        pattern: Pattern,
        unique: bool,
    },
    /// Personal data of nobody.
    StandIn(FakeColumn),
    Computed(Formula),
    Series {
        series: Series,
        decimals: Option<u8>,
    },
    /// A column of the parent, by its number there.
    Parent(usize),
}

/// A column's part in a choice that several columns share.
#[derive(Debug, Clone)]
pub(super) struct Joint {
    /// The first of the columns, whose place in (0, 1) decides.
    pub(super) leader: String,
    pub(super) weights: Cumulative,
    pub(super) cells: JointCells,
}

/// The column's cell for each choice.
#[derive(Debug, Clone)]
pub(super) enum JointCells {
    Levels(Levels, Vec<u32>),
    Flags(Vec<bool>),
}

/// Which way values go within a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sorted {
    Rising,
    Falling,
}

/// Where a sequence begins.
#[derive(Debug, Clone)]
pub(super) enum Start {
    Whole(i64),
    Date(i64),
    Formula(Formula),
}

impl ColumnSpec {
    pub(super) fn schema(&self) -> ColumnSchema {
        let personal = match &self.source {
            Source::StandIn(own) => Some(own.fake.sort),
            _ => None,
        };
        let kind = self.kind.clone().unwrap_or(Kind::Text);
        ColumnSchema { personal, ..ColumnSchema::new(self.name.clone(), kind) }
    }

    /// Its type, as far as it is known before what it is computed from is.
    pub(super) fn type_of(&self) -> Option<Type> {
        self.kind.is_some().then(|| Type::of(&self.schema()))
    }

    /// What must be drawn before it.
    pub(super) fn formulas(&self) -> Vec<&Formula> {
        match &self.source {
            Source::Number { shape, .. } => {
                shape.parameters().into_iter().filter_map(Parameter::formula).collect()
            }
            Source::Levels { cases, .. } => cases.iter().map(|case| &case.0).collect(),
            Source::Boolean(share) => share.formula().into_iter().collect(),
            Source::Sequence { start: Start::Formula(formula), .. } | Source::Computed(formula) => {
                vec![formula]
            }
            Source::Series { series, .. } => {
                series.parameters.iter().filter_map(Parameter::formula).collect()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn formulas_mut(&mut self) -> Vec<&mut Formula> {
        match &mut self.source {
            Source::Number { shape, .. } => {
                shape.parameters_mut().into_iter().filter_map(Parameter::formula_mut).collect()
            }
            Source::Levels { cases, .. } => cases.iter_mut().map(|case| &mut case.0).collect(),
            Source::Boolean(share) => share.formula_mut().into_iter().collect(),
            Source::Sequence { start: Start::Formula(formula), .. } | Source::Computed(formula) => {
                vec![formula]
            }
            Source::Series { series, .. } => {
                series.parameters.iter_mut().filter_map(Parameter::formula_mut).collect()
            }
            _ => Vec::new(),
        }
    }

    /// True when it is drawn by its own place in (0, 1), so that it can be correlated.
    pub(super) fn is_drawn(&self) -> bool {
        matches!(
            self.source,
            Source::Number { .. }
                | Source::Levels { .. }
                | Source::Boolean(_)
                | Source::Date(_)
                | Source::DateQuantiles { .. }
        ) && self.sorted.is_none()
            || matches!(&self.source, Source::Joint(joint) if joint.leader == self.name)
    }

    /// True when greater places in (0, 1) never come to smaller numbers or earlier dates.
    pub(super) fn is_monotone(&self) -> bool {
        match &self.source {
            Source::Number { shape, .. } => shape.is_monotone(),
            Source::Date(_) | Source::DateQuantiles { .. } => true,
            _ => false,
        }
    }

    /// Settles the kind of what is computed from its type.
    pub(super) fn settle(&mut self, of: Type) -> Result<(), &'static str> {
        let number = |places: Option<u8>| {
            Kind::Numerical(match places {
                Some(0) => NumberFormat::whole(),
                Some(places) => NumberFormat { decimals: Decimals::Fixed(places), ..NumberFormat::default() },
                None => NumberFormat::default(),
            })
        };
        self.kind = Some(match of {
            Type::Exact { places } => number(Some(self.decimals.unwrap_or(places))),
            Type::Float => number(self.decimals),
            Type::Boolean => Kind::Boolean(BooleanFormat::default()),
            Type::Text => Kind::Text,
            Type::Date { .. } => Kind::Datetime(self.format.clone().unwrap_or(DatetimeFormat {
                pattern: "%Y-%m-%d %H:%M:%S".to_owned(),
                step: SECOND,
                offset: Offset::Unknown,
            })),
            Type::Duration => return Err("a span of time is no column; divide it by days(1) or hours(1)"),
            _ => return Err("nothing but `missing` is no column"),
        });
        Ok(())
    }

    /// Reads a column. `equation` is what a constraint says that it is computed from, `joint` its part in combinations.
    pub(super) fn read(
        name: &str,
        section: &Section<'_>,
        equation: Option<&At<String>>,
        joint: Option<&Joint>,
    ) -> Option<ColumnSpec> {
        let kind_name = section.text("type");
        let missing = share(section, "missing");
        let hidden = section.flag("hidden").unwrap_or(false);
        let per_group = per(section);
        let Some(kind_name) = kind_name else {
            if !section.has("type") {
                let message = format!(
                    "{} needs a `type`, such as type = \"normal\"; there are {}",
                    section.what,
                    all()
                );
                section.problems.add(section.line, message);
            }
            return None;
        };
        let mut format = None;
        let mut decimals = None;
        let (source, kind) = match kind_name.value.as_str() {
            "category" => levels(section)?,
            "boolean" => boolean(section)?,
            "date" => {
                let (calendar, format) = Calendar::read(section)?;
                (Source::Date(calendar), Some(Kind::Datetime(format)))
            }
            "date-quantiles" => date_quantiles(section)?,
            "combination" => {
                let Some(joint) = joint.cloned() else {
                    let message = format!("{} stands in none of [[combinations]]", section.what);
                    section.problems.add(kind_name.line, message);
                    return None;
                };
                (Source::Joint(joint), Some(Kind::Categorical { order: Vec::new() }))
            }
            "sequence" => sequence(section, &mut format)?,
            "pattern" => pattern(section)?,
            "stand-in" => (Source::StandIn(stand_in::read(section)?), Some(Kind::Text)),
            "computed" => {
                let text = section.text("expression");
                decimals = places(section);
                format = section.has("format").then(|| calendar::format(section, SECOND));
                let Some(text) = text.or_else(|| equation.cloned()) else {
                    if !section.has("expression") {
                        let message = format!(
                            "{} needs an `expression`, or an equation among the constraints",
                            section.what
                        );
                        section.problems.add(section.line, message);
                    }
                    return None;
                };
                (Source::Computed(Formula::parse(&text, section, "expression")?), None)
            }
            word if series::is_known(word) => {
                let series = Series::read(section, word);
                let decimals = if word == "markov" { None } else { places(section) };
                let series = series?;
                let kind = if series.is_markov() {
                    Kind::Categorical { order: Vec::new() }
                } else {
                    number_kind(decimals)
                };
                (Source::Series { series, decimals }, Some(kind))
            }
            word if shape::is_known(word) => {
                let shape = Shape::read(section, word);
                let decimals = places(section);
                let grid = section.number("grid");
                if let Some(At { line, .. }) = grid.as_ref().filter(|grid| grid.value <= 0.0) {
                    section.problems.add(*line, format!("`grid` of {} has to be above 0", section.what));
                }
                let shape = shape?;
                let decimals = if shape.is_discrete() { decimals.or(Some(0)) } else { decimals };
                let decimals = decimals.or_else(|| places_of(grid.as_ref()?.value));
                let step = grid
                    .as_ref()
                    .map(|grid| grid.value)
                    .or(decimals.map(|places| 10_f64.powi(-i32::from(places))));
                if let (Some(step), (Some(low), Some(high))) = (step, shape.truncation())
                    && (low / step).ceil() > (high / step).floor()
                {
                    let message = format!(
                        "between `min` and `max` of {} lies nothing that it can be rounded to; widen them, or give more `decimals`",
                        section.what
                    );
                    section.problems.add(section.line, message);
                }
                let source = Source::Number { shape, decimals, grid: grid.map(|grid| grid.value) };
                (source, Some(number_kind(decimals)))
            }
            other => {
                let names = all();
                let words = names.split(", ");
                let hint = lookalike_table::schema::nearest(other, words).map_or_else(
                    || format!("there are {names}"),
                    |nearest| format!("did you mean {nearest:?}?"),
                );
                let message = format!("{} has an unknown type {other:?}; {hint}", section.what);
                section.problems.add(kind_name.line, message);
                return None;
            }
        };
        section.close();
        Some(ColumnSpec {
            name: name.to_owned(),
            line: section.line,
            source,
            missing,
            hidden,
            per_group,
            sorted: None,
            kind,
            decimals,
            format,
        })
    }
}

/// All types, for messages.
fn all() -> String {
    format!(
        "{}, category, boolean, combination, date, date-quantiles, sequence, pattern, stand-in, computed, parent, random-walk, autoregressive, \
         geometric-brownian, markov",
        shape::names()
    )
}

/// The decimals that whole multiples of a number need, if they are few.
pub(super) fn places_of(step: f64) -> Option<u8> {
    (0..=12).find(|&places| {
        let times = step * 10_f64.powi(i32::from(places));
        (times - times.round()).abs() < 1e-9 * times.max(1.0) && times >= 0.5
    })
}

pub(super) fn number_kind(decimals: Option<u8>) -> Kind {
    Kind::Numerical(match decimals {
        Some(0) => NumberFormat::whole(),
        Some(places) => NumberFormat { decimals: Decimals::Fixed(places), ..NumberFormat::default() },
        None => NumberFormat::default(),
    })
}

fn places(section: &Section<'_>) -> Option<u8> {
    section.whole("decimals", 0, 12).map(|places| places.value as u8)
}

/// `per = "group"`.
pub(super) fn per(section: &Section<'_>) -> bool {
    match section.text("per") {
        Some(text) if text.value == "group" => true,
        Some(text) if text.value == "row" => false,
        Some(text) => {
            section.problems.add(text.line, "`per` has to be \"row\" or \"group\"");
            false
        }
        None => false,
    }
}

/// A share from 0 to 1, or an expression for it.
pub(super) fn share(section: &Section<'_>, key: &'static str) -> Option<Parameter> {
    match Parameter::read(section, key)? {
        At { value: Parameter::Fixed(share), line } if !(0.0..=1.0).contains(&share) => {
            let message = format!("`{key}` of {} is {share} and has to be a share from 0 to 1", section.what);
            section.problems.add(line, message);
            None
        }
        parameter => Some(parameter.value),
    }
}

fn levels(section: &Section<'_>) -> Option<(Source, Option<Kind>)> {
    let values = section.texts("values");
    let ordered = section.flag("ordered").unwrap_or(false);
    let cases = section.sections("when", "a case");
    let Some(values) = values else {
        if !section.has("values") {
            section.problems.add(section.line, format!("{} needs `values`, a list of texts", section.what));
        }
        return None;
    };
    let mut distinct = values.value.clone();
    distinct.sort();
    distinct.dedup();
    if distinct.len() < values.value.len() || distinct.is_empty() {
        let message = format!("`values` of {} has to be different texts, at least one", section.what);
        section.problems.add(values.line, message);
        return None;
    }
    let usual = weights::read(section, values.value.len());
    let cases: Vec<Option<(Formula, Cumulative)>> = cases
        .iter()
        .map(|case| {
            let condition = case.text("if");
            let cumulative = weights::read(case, values.value.len());
            case.close();
            let Some(condition) = condition else {
                case.problems.add(case.line, "a case needs `if`, a condition");
                return None;
            };
            Some((Formula::parse(&condition, case, "if")?, cumulative?))
        })
        .collect();
    let order = if ordered { values.value.clone() } else { Vec::new() };
    let levels = Levels::new(&values.value);
    let source = Source::Levels { levels, usual: usual?, cases: cases.into_iter().collect::<Option<_>>()? };
    Some((source, Some(Kind::Categorical { order })))
}

fn boolean(section: &Section<'_>) -> Option<(Source, Option<Kind>)> {
    let given = section.has("share");
    let share = share(section, "share");
    let texts = section.texts("texts");
    let format = match texts {
        Some(list) if list.value.len() != 2 || list.value[0] == list.value[1] => {
            section.problems.add(list.line, "`texts` has to be two different texts, the one for true first");
            return None;
        }
        Some(list) => BooleanFormat { true_text: list.value[0].clone(), false_text: list.value[1].clone() },
        None => BooleanFormat::default(),
    };
    if !given {
        section.problems.add(section.line, format!("{} needs `share`, the share of true", section.what));
    }
    Some((Source::Boolean(share?), Some(Kind::Boolean(format))))
}

fn date_quantiles(section: &Section<'_>) -> Option<(Source, Option<Kind>)> {
    let step = match section.text("step") {
        Some(text) => calendar::span(section, &text)?,
        None => DAY,
    };
    let format = calendar::format(section, step);
    let Some(texts) = section.texts("values") else {
        if !section.has("values") {
            section.problems.add(section.line, format!("{} needs `values`, a list of dates", section.what));
        }
        return None;
    };
    let instants: Option<Vec<f64>> = texts.value.iter().map(|text| calendar::instant(text)).collect();
    let Some(instants) = instants else {
        let message = format!("`values` of {} has to be dates such as \"2024-01-31\"", section.what);
        section.problems.add(texts.line, message);
        return None;
    };
    let (shares, values) = shape::quantile_points(section, At { value: instants, line: texts.line })?;
    Some((Source::DateQuantiles { shares, values, step }, Some(Kind::Datetime(format))))
}

/// Whole numbers that doubles hold exactly.
const MOST_START: f64 = 9e15;

fn sequence(section: &Section<'_>, format: &mut Option<DatetimeFormat>) -> Option<(Source, Option<Kind>)> {
    let step = match section.number_or_text("step") {
        Some(At { value: Err(text), line }) => Some(calendar::span(section, &At { value: text, line })?),
        Some(At { value: Ok(number), line }) => {
            if number.fract() != 0.0 || number.abs() > 1e15 {
                section
                    .problems
                    .add(line, "`step` has to be a whole number, or a span of time such as \"hour\"");
                return None;
            }
            let start = section.number_or_text("start");
            let start = match start {
                None => Start::Whole(1),
                Some(At { value: Ok(start), .. }) if start.fract() == 0.0 && start.abs() <= MOST_START => {
                    Start::Whole(start as i64)
                }
                Some(At { value: Err(text), line }) => {
                    Start::Formula(Formula::parse(&At { value: text, line }, section, "start")?)
                }
                Some(At { line, .. }) => {
                    let message = "`start` has to be a whole number (of at most 15 digits), or an expression";
                    section.problems.add(line, message);
                    return None;
                }
            };
            return Some((
                Source::Sequence { start, step: number as i64 },
                Some(Kind::Numerical(NumberFormat::whole())),
            ));
        }
        None => None,
    };
    let Some(step) = step else {
        // Whole numbers by ones.
        if let Some(At { value: Err(text), line }) = section.number_or_text("start") {
            let message = if calendar::instant(&text).is_some() {
                "a sequence of dates needs a `step`, such as step = \"day\""
            } else {
                "a sequence whose `start` is an expression needs a `step`, such as step = 1 or step = \"day\""
            };
            section.problems.add(line, message);
            return None;
        }
        let start = section.whole("start", -(1 << 53), 1 << 53).map_or(1, |start| start.value);
        return Some((
            Source::Sequence { start: Start::Whole(start), step: 1 },
            Some(Kind::Numerical(NumberFormat::whole())),
        ));
    };
    let found = calendar::format(section, step);
    *format = Some(found.clone());
    let Some(text) = section.text("start") else {
        let message =
            format!("{} needs `start`, a date such as \"2024-01-31\", or an expression", section.what);
        section.problems.add(section.line, message);
        return None;
    };
    let starts_with_digit = text.value.starts_with(|c: char| c.is_ascii_digit());
    let start = if starts_with_digit {
        Start::Date(calendar::date(section, "start")?.value)
    } else {
        Start::Formula(Formula::parse(&text, section, "start")?)
    };
    Some((Source::Sequence { start, step }, Some(Kind::Datetime(found))))
}

fn pattern(section: &Section<'_>) -> Option<(Source, Option<Kind>)> {
    let text = section.text("pattern");
    let unique = section.flag("unique").unwrap_or(false);
    let Some(text) = text else {
        if !section.has("pattern") {
            let message =
                format!("{} needs `pattern`, such as pattern = \"[A-Z]{{2}}-[0-9]{{6}}\"", section.what);
            section.problems.add(section.line, message);
        }
        return None;
    };
    match Pattern::parse(&text.value) {
        Ok(pattern) => {
            let kind = if unique { Kind::Id(IdFormat { regex: Some(text.value) }) } else { Kind::Text };
            Some((Source::Pattern { pattern, unique }, Some(kind)))
        }
        Err(error) => {
            section.problems.add(text.line, format!("`pattern` of {}: {error}", section.what));
            None
        }
    }
}

/// The column of a parent that `type = "parent"` names, or the text of the section's `column`.
pub(super) fn parent_column(section: &Section<'_>) -> Option<At<String>> {
    let column = section.text("column");
    if column.is_none() && !section.has("column") {
        let message = format!("{} needs `column`, a column of the parent", section.what);
        section.problems.add(section.line, message);
    }
    column
}

/// The finest step that dates are written with.
pub(super) fn step_of(kind: Option<&Kind>) -> i64 {
    match kind {
        Some(Kind::Datetime(format)) => format.step,
        _ => DAY,
    }
}
