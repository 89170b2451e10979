//! Kinds that the user gives: understood, checked against the data, and applied.

use std::collections::BTreeMap;

use arrow_array::Array;

use super::datetimes;
use super::dictionary;
use super::missing::MissingRule;
use super::names::NameWords;
use super::numbers::{self, Spelling, Strictness};
use super::numeric;
use super::words;
use super::{Guess, InferOptions, Setting, datetime_guess, described, sample};
use crate::error::{Error, Result};
use crate::pattern::Pattern;
use crate::raw::RawColumn;
use crate::schema::{
    BooleanFormat, ColumnSchema, IdFormat, Kind, Locale, NumberFormat, Personal, Schema, nearest,
};
use crate::spelling::{DatetimePattern, NumberParser, plain, trim};

/// The words for kinds.
const KINDS: [&str; 7] = ["numerical", "categorical", "ordinal", "boolean", "datetime", "id", "text"];
/// How many offending rows an error lists.
const ROWS_SHOWN: usize = 5;

/// A kind as the user names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Forced {
    Numerical,
    Categorical,
    /// With the levels from low to high, if they were given.
    Ordinal(Option<Vec<String>>),
    Boolean,
    /// With the pattern, if one was given.
    Datetime(Option<String>),
    /// With the regular expression, if one was given.
    Id(Option<String>),
    Text,
    /// Text that is personal data of this sort, of people who live there, if that was given.
    Personal(Personal, Option<Locale>),
    /// Keys of this table or another: ids if they are all different, otherwise what their repetition says.
    Reference,
}

impl Forced {
    /// Understands `kind`, `datetime:PATTERN`, `id:REGEX`, `ordinal:LOW<MIDDLE<HIGH` (or a JSON list of levels), and
    /// the sorts of personal data, `phone_number` or with a locale `phone_number:de_DE`.
    pub(crate) fn parse(column: &str, text: &str) -> Result<Forced> {
        let (word, detail) = match text.split_once(':') {
            Some((word, detail)) => (word, Some(detail)),
            None => (text, None),
        };
        let unknown = || Error::UnknownKind {
            column: column.to_owned(),
            kind: text.to_owned(),
            nearest: nearest(word, KINDS.into_iter().chain(Personal::all().map(Personal::sdtype))),
        };
        match (word.trim().to_ascii_lowercase().as_str(), detail) {
            ("numerical", None) => Ok(Forced::Numerical),
            ("categorical", None) => Ok(Forced::Categorical),
            ("ordinal", None) => Ok(Forced::Ordinal(None)),
            ("ordinal", Some(levels)) => {
                let order: Vec<String> = if levels.trim_start().starts_with('[') {
                    serde_json::from_str(levels).map_err(|_| unknown())?
                } else {
                    levels.split('<').map(|level| level.trim().to_owned()).collect()
                };
                Ok(Forced::Ordinal(Some(order)))
            }
            ("boolean", None) => Ok(Forced::Boolean),
            ("text", None) => Ok(Forced::Text),
            ("reference", None) => Ok(Forced::Reference),
            ("datetime", None) => Ok(Forced::Datetime(None)),
            ("datetime", Some(pattern)) => {
                let fine = DatetimePattern::compile(pattern).is_some_and(|compiled| compiled.is_complete());
                if fine {
                    Ok(Forced::Datetime(Some(pattern.to_owned())))
                } else {
                    Err(Error::DatetimePattern { column: column.to_owned(), pattern: pattern.to_owned() })
                }
            }
            ("id", None) => Ok(Forced::Id(None)),
            ("id", Some(regex)) => match Pattern::parse(regex) {
                Ok(_) => Ok(Forced::Id(Some(regex.to_owned()))),
                Err(problem) => Err(Error::Regex { column: column.to_owned(), problem: problem.to_string() }),
            },
            (sort, locale) => {
                let sort = Personal::from_sdtype(sort).ok_or_else(unknown)?;
                Ok(Forced::Personal(sort, locale.map(Locale::parse).transpose()?))
            }
        }
    }

    /// True when values of this kind are what the user says they are, without further detail.
    pub(crate) fn is(&self, kind: &Kind) -> bool {
        matches!(
            (self, kind),
            (Forced::Numerical, Kind::Numerical(_))
                | (Forced::Boolean, Kind::Boolean(_))
                | (Forced::Datetime(None), Kind::Datetime(_))
        )
    }

    /// Converts the column as the user says.
    ///
    /// # Errors
    /// [`Error::Contradiction`] when cells cannot be of that kind.
    pub(crate) fn apply(self, raw: RawColumn, setting: Setting<'_>) -> Result<Guess> {
        let mut guess = match self {
            Forced::Numerical => numerical(&raw, setting)?,
            Forced::Categorical => {
                let coded = dictionary::encode(&raw, |text| setting.rule.certain(text));
                words::categorical(coded, setting.name, "")
            }
            Forced::Ordinal(order) => ordinal(&raw, order, setting)?,
            Forced::Boolean => boolean(&raw, setting)?,
            Forced::Datetime(pattern) => datetime(&raw, pattern.as_deref(), setting)?,
            Forced::Id(regex) => id(raw, regex.as_deref(), setting)?,
            Forced::Text => words::text(raw, setting, String::new(), false),
            Forced::Reference => {
                let coded = dictionary::encode(&raw, |text| setting.rule.certain(text));
                if coded.dictionary.len() == raw.len() {
                    id(raw, None, setting)?
                } else {
                    words::decide(raw, setting, words::Nature::Reference)
                }
            }
            Forced::Personal(sort, locale) => {
                let mut guess = words::text(raw, setting, String::new(), false);
                guess.schema.personal = Some(sort);
                guess.schema.locale = locale;
                guess
            }
        };
        "given by the user".clone_into(&mut guess.schema.reason);
        Ok(guess)
    }
}

/// The kinds that the user gives, by column number.
pub(crate) fn resolve(given: &[(String, String)], names: &[String]) -> Result<BTreeMap<usize, Forced>> {
    let mut forced = BTreeMap::new();
    for (name, kind) in given {
        let mut found = names.iter().enumerate().filter(|(_, own)| *own == name).map(|(index, _)| index);
        let index = match (found.next(), found.next()) {
            (Some(index), None) => index,
            (Some(_), Some(_)) => return Err(Error::AmbiguousColumn { name: name.clone() }),
            (None, _) => {
                return Err(Error::UnknownColumn {
                    name: name.clone(),
                    nearest: nearest(name, names.iter().map(String::as_str)),
                });
            }
        };
        forced.insert(index, Forced::parse(name, kind)?);
    }
    Ok(forced)
}

/// All that is wrong with kinds by themselves.
pub(crate) fn kind_problems(given: &[(String, String)]) -> Vec<Error> {
    let mut errors: Vec<Error> =
        given.iter().filter_map(|(name, kind)| Forced::parse(name, kind).err()).collect();
    if errors.is_empty() {
        errors.extend(check_kinds(given).err());
    }
    errors
}

/// Refuses two different kinds for one column: neither is plainly the one that is meant.
pub(crate) fn check_kinds(given: &[(String, String)]) -> Result<()> {
    for (index, (name, kind)) in given.iter().enumerate() {
        let others = given[..index].iter().filter(|(other, text)| other == name && text != kind);
        for (_, other) in others {
            if Forced::parse(name, other)? != Forced::parse(name, kind)? {
                return Err(Error::TwoKinds { column: name.clone() });
            }
        }
    }
    Ok(())
}

/// The columns of a given schema for which the user names another kind.
#[derive(Debug)]
pub(crate) struct Overruled<'a> {
    forced: BTreeMap<usize, Forced>,
    rule: MissingRule<'a>,
    comma_table: bool,
}

impl<'a> Overruled<'a> {
    pub(crate) fn new(schema: &Schema, options: &'a InferOptions) -> Result<Self> {
        let names: Vec<String> = schema.columns.iter().map(|column| column.name.clone()).collect();
        let has_comma = |kind: &Kind| matches!(kind, Kind::Numerical(format) if format.decimal_sign == ',');
        Ok(Overruled {
            forced: resolve(&options.columns, &names)?,
            rule: MissingRule::new(options.missing.as_deref()),
            comma_table: schema.columns.iter().any(|column| has_comma(&column.kind)),
        })
    }

    pub(crate) fn contains(&self, index: usize) -> bool {
        self.forced.contains_key(&index)
    }

    /// Converts a column as the user says, if the user says anything of it.
    pub(crate) fn apply(&self, index: usize, described: &ColumnSchema, raw: RawColumn) -> Result<Guess> {
        let words = NameWords::new(&described.name);
        let setting =
            Setting { name: &described.name, words: &words, rule: self.rule, comma_table: self.comma_table };
        match self.forced.get(&index) {
            Some(forced) => forced.clone().apply(raw, setting),
            None => Ok(super::guess(raw, setting)),
        }
    }
}

/// The error for cells that are not of the kind wanted.
fn contradiction(
    raw: &RawColumn,
    setting: Setting<'_>,
    kind: &'static str,
    cure: &'static str,
    mut is_fine: impl FnMut(&[u8]) -> bool,
) -> Error {
    let mut count = 0;
    let mut rows = Vec::new();
    let mut number = 0;
    for chunk in &raw.chunks {
        for row in 0..chunk.len() {
            number += 1;
            if chunk.is_null(row) || is_fine(chunk.value(row).as_bytes()) {
                continue;
            }
            count += 1;
            if rows.len() < ROWS_SHOWN {
                rows.push(number);
            }
        }
    }
    Error::Contradiction { column: setting.name.to_owned(), kind, count, rows, cure }
}

fn numerical(raw: &RawColumn, setting: Setting<'_>) -> Result<Guess> {
    let among_values = |text: &[u8]| setting.rule.among_values(text);
    let sample = sample(raw, &among_values, 256);
    let mut spellings = numbers::spellings(&sample, setting.comma_table);
    if spellings.is_empty() {
        spellings.push(Spelling { skeleton: NumberFormat::default(), ambiguous: false });
    }
    for spelling in &spellings {
        let parser = NumberParser::new(&spelling.skeleton);
        if let Some(converted) = numbers::convert(raw, &parser, &among_values, Strictness::Strict) {
            return Ok(numeric::quantity(converted, spelling, setting, false));
        }
    }
    let parser = NumberParser::new(&spellings[0].skeleton);
    Err(contradiction(
        raw,
        setting,
        "numerical",
        "if they stand for missing values, name their spelling with --missing; otherwise use categorical or text",
        |text| parser.parse(text).is_some() || among_values(text),
    ))
}

fn ordinal(raw: &RawColumn, given: Option<Vec<String>>, setting: Setting<'_>) -> Result<Guess> {
    // What the user lists as a level is one, whatever it looks like.
    let is_level = |text: &[u8]| given.iter().flatten().any(|level| level.as_bytes() == text);
    let coded = dictionary::encode(raw, |text| setting.rule.certain(text) && !is_level(text));
    if given.is_some() && !coded.dictionary.iter().all(|(text, _)| is_level(text)) {
        return Err(contradiction(
            raw,
            setting,
            "ordinal with these levels",
            "list all levels from low to high, or leave the list out",
            |text| setting.rule.certain(text) || is_level(text),
        ));
    }
    let mut guess = words::categorical(coded, setting.name, "");
    let order = if let Some(order) = given {
        order
    } else {
        let levels: Vec<String> = guess
            .column
            .levels()
            .map(|levels| levels.iter().map(str::to_owned).collect())
            .unwrap_or_default();
        if !levels.iter().all(|level| plain(trim(level.as_bytes())).is_some()) {
            guess.warn(format!(
                    "levels are ordered by their letters; give their order with --column '{}=ordinal:LOW<MIDDLE<HIGH'",
                    setting.name
                ));
        }
        levels
    };
    guess.schema.kind = Kind::Categorical { order };
    Ok(guess)
}

fn boolean(raw: &RawColumn, setting: Setting<'_>) -> Result<Guess> {
    let coded = dictionary::encode(raw, |text| setting.rule.among_values(text));
    if coded.dictionary.len() <= 2 {
        if let Some(format) = words::boolean_format(&coded) {
            return Ok(words::boolean(coded, format, setting));
        }
        let mut texts: Vec<String> =
            coded.dictionary.iter().map(|(text, _)| String::from_utf8_lossy(text).into_owned()).collect();
        texts.sort_unstable();
        let (format, known) = match texts.as_slice() {
            [] => (BooleanFormat::default(), true),
            [only] if only == "0" => (BooleanFormat { true_text: "1".into(), false_text: "0".into() }, true),
            [only] if only == "1" => (BooleanFormat { true_text: "1".into(), false_text: "0".into() }, true),
            [only] => (BooleanFormat { true_text: only.clone(), false_text: "false".into() }, false),
            [no, yes, ..] => {
                (BooleanFormat { true_text: yes.clone(), false_text: no.clone() }, no == "0" && yes == "1")
            }
        };
        let mut guess = words::boolean(coded, format, setting);
        if !known {
            guess.warn("the words for true and false are not known ones; the later one in the alphabet is taken for true".into());
        }
        return Ok(guess);
    }
    let mut by_count: Vec<(u64, Vec<u8>)> =
        coded.dictionary.iter().map(|(text, count)| (count, text.to_vec())).collect();
    by_count.sort_unstable_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    by_count.truncate(2);
    Err(contradiction(
        raw,
        setting,
        "boolean",
        "a boolean column has two different values; use categorical, or name the spelling of missing values with --missing",
        |text| by_count.iter().any(|(_, known)| known == text) || setting.rule.among_values(text),
    ))
}

fn datetime(raw: &RawColumn, pattern: Option<&str>, setting: Setting<'_>) -> Result<Guess> {
    let among_values = |text: &[u8]| setting.rule.among_values(text);
    let sample = sample(raw, &among_values, 256);
    let patterns = match &pattern {
        Some(pattern) => vec![(*pattern).to_owned()],
        None if sample.is_empty() => vec!["%Y-%m-%d".to_owned()],
        None => datetimes::patterns(&sample),
    };
    if let Some(learned) = datetimes::learn(raw, &patterns, &among_values) {
        return Ok(datetime_guess(learned, setting));
    }
    let best = patterns.into_iter().next().or_else(|| datetimes::best_pattern(&sample));
    let compiled = best.and_then(|pattern| DatetimePattern::compile(&pattern));
    Err(contradiction(
        raw,
        setting,
        "datetime",
        "give their pattern as datetime:%d.%m.%Y, or if they stand for missing values name their spelling with --missing",
        |text| compiled.as_ref().is_some_and(|compiled| compiled.parse(text).is_some()) || among_values(text),
    ))
}

fn id(raw: RawColumn, regex: Option<&str>, setting: Setting<'_>) -> Result<Guess> {
    if let Some(pattern) = regex.and_then(|regex| Pattern::parse(regex).ok()) {
        let matches = |text: &[u8]| std::str::from_utf8(text).is_ok_and(|text| pattern.matches(text));
        let coded = dictionary::encode(&raw, |text| setting.rule.certain(text));
        if !coded.dictionary.iter().all(|(text, _)| matches(text)) {
            return Err(contradiction(
                &raw,
                setting,
                "id",
                "these do not match the regular expression; mend it, or leave it out to have the pattern learned",
                |text| matches(text) || setting.rule.certain(text),
            ));
        }
    }
    let coded = dictionary::encode(&raw, |text| setting.rule.certain(text));
    if coded.dictionary.len() as u64 != coded.n_present() {
        let mut seen = dictionary::Dictionary::default();
        return Err(contradiction(
            &raw,
            setting,
            "id",
            "these repeat earlier ones, and keys are all different; use categorical or text",
            |text| {
                let known = seen.len();
                setting.rule.certain(text) || seen.number_of(text, 1) as usize == known
            },
        ));
    }
    let missing = |text: &[u8]| setting.rule.certain(text);
    let whole = numbers::convert(&raw, &NumberParser::default(), &missing, Strictness::Strict)
        .filter(|converted| converted.census.is_plain_whole() && converted.column.integers().is_some());
    let kind = Kind::Id(IdFormat { regex: regex.map(str::to_owned) });
    Ok(match whole {
        Some(converted) if regex.is_none() => {
            let mut guess = Guess {
                schema: described(setting.name, kind, ""),
                column: converted.column,
                warnings: Vec::new(),
            };
            guess.settle_tokens(&converted.tokens);
            guess
        }
        _ => {
            let (column, tokens) = dictionary::texts(raw, missing);
            let mut guess = Guess { schema: described(setting.name, kind, ""), column, warnings: Vec::new() };
            guess.settle_tokens(&tokens);
            guess
        }
    })
}
