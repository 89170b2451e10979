//! Telling levels, truth values, keys and free text among columns of words, and among numbers that are codes.
//!
//! - Two words that mean true and false are truth values.
//! - Values that pass the checks of personal data are text, flagged as such.
//! - Texts that are all different, of one word each, with digits in one or a few shapes, or under a name that says
//!   so, are keys. One row, or a few without such a name, are no evidence.
//! - Texts that repeat are levels: at least half of the rows have one that occurs five times or more, or there are at
//!   most 20 and each occurs twice on average.
//! - All else is free text; under a name that says so it is a town, a company or the like, flagged as such.

use arrow_array::{Array, ArrayRef, BooleanArray};
use std::sync::Arc;

use super::dictionary::{self, Coded};
use super::missing::MissingRule;
use super::{Guess, Setting, bool_words, described, personal};
use crate::column::{Codes, Column};
use crate::raw::RawColumn;
use crate::schema::{BooleanFormat, IdFormat, Kind};
use crate::spelling::{plain, trim};

/// A level that fewer rows have is rare: the protection rule would withhold it.
const COMMON: u64 = 5;

/// What is known of a column before its words are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nature {
    /// Words.
    Text,
    /// Whole numbers with leading zeros.
    ZeroPadded,
    /// Few whole numbers without gaps.
    FewNumbers,
    /// Whole numbers whose name says that they are labels.
    NamedLabels,
    /// Whole numbers whose name says that they are codes.
    NamedCodes,
    /// Whole numbers named like a key that repeat.
    Reference,
}

/// Decides on a column of words or codes.
pub(crate) fn decide(raw: RawColumn, setting: Setting<'_>, nature: Nature) -> Guess {
    let rule = setting.rule;
    let numeric = nature != Nature::Text;
    let is_missing = |text: &[u8]| if numeric { rule.among_values(text) } else { rule.certain(text) };
    let mut coded = dictionary::encode(&raw, is_missing);
    let kept_na = !numeric && rule.is_detection() && is_code_list_with_na(&coded);
    if kept_na {
        coded = dictionary::encode(&raw, |text| trim(text) != b"NA" && rule.certain(text));
    }
    let mut guess = decide_coded(raw, coded, setting, nature, kept_na);
    if kept_na {
        guess.warn(
            "NA is kept as a level among codes of two letters; name it with --missing if it means missing"
                .into(),
        );
    }
    guess
}

/// True when all levels are codes of two capitals (countries, states), many of them, and `NA` is one of them rather
/// than a missing value.
fn is_code_list_with_na(coded: &Coded) -> bool {
    let count = coded.tokens.count_of(b"NA");
    let dictionary = &coded.dictionary;
    let most = dictionary.counts.iter().copied().max().unwrap_or(0);
    count > 0
        && count <= most
        && dictionary.len() >= 15
        && dictionary.iter().all(|(text, _)| text.len() == 2 && text.iter().all(u8::is_ascii_uppercase))
}

fn decide_coded(raw: RawColumn, coded: Coded, setting: Setting<'_>, nature: Nature, kept_na: bool) -> Guess {
    let distinct = coded.dictionary.len();
    let present = coded.n_present();
    let name = setting.name;
    if distinct == 0 {
        return categorical(coded, name, "no values: all are missing");
    }
    if nature == Nature::Text
        && distinct <= 2
        && let Some(format) = boolean_format(&coded)
    {
        return boolean(coded, format, setting);
    }
    let texts = some_texts(&coded, 500);
    let words = setting.words;
    let repeating = repeats(&coded);
    if !matches!(nature, Nature::FewNumbers | Nature::NamedLabels)
        && let Some(sort) = personal::detect(&texts, words)
    {
        let by_value = personal::is_told_by_value(sort);
        let reason = if by_value {
            format!("values pass the check for {}", sort.describe())
        } else {
            format!("name and shape of values suggest {}", sort.describe())
        };
        // A few names that are very common in the table, such as those of its clerks, are levels still.
        if by_value || !(distinct <= 50 && present >= 20 * distinct as u64) {
            let mut guess = text(raw, setting, reason, kept_na);
            guess.schema.personal = Some(sort);
            return guess;
        }
        let mut guess = categorical(coded, name, &format!("few texts that repeat; {reason}"));
        guess.schema.personal = Some(sort);
        guess.warn(format!(
            "looks like {what} and is learned as a category; use --column '{name}={kind}' to replace them",
            what = sort.describe(),
            kind = sort.sdtype(),
        ));
        return guess;
    }
    let unique = distinct as u64 == present && coded.tokens.total() == 0 && present > 1;
    let numbers = if nature == Nature::Text && distinct > 20 { count_numbers(&coded) } else { 0 };
    // Numbers but for a few cells: whatever those are, the column is not one of keys.
    let nearly_numbers = numbers < present && numbers as f64 >= 0.9 * present as f64;
    if unique && !nearly_numbers && is_key(&texts, present, setting, nature) {
        let reason = if words.is_key() {
            "texts of one word, all different, and named like a key"
        } else {
            "texts of one shape, all different"
        };
        let (column, tokens) = dictionary::texts(raw, |_| false);
        let mut guess = Guess {
            schema: described(name, Kind::Id(IdFormat::default()), reason),
            column,
            warnings: Vec::new(),
        };
        guess.settle_tokens(&tokens);
        return guess;
    }
    if repeating || distinct == 1 || matches!(nature, Nature::FewNumbers | Nature::NamedLabels) {
        let reason = match nature {
            _ if distinct == 1 => "constant",
            Nature::Text => "texts that repeat",
            Nature::ZeroPadded => "codes: numbers with leading zeros",
            Nature::FewNumbers => "codes: few different whole numbers",
            Nature::NamedLabels => "codes: whole numbers, named like labels",
            Nature::NamedCodes => "codes: numbers, named like codes",
            Nature::Reference => "codes: numbers named like a key, which repeat",
        };
        let mut guess = categorical(coded, name, reason);
        if nearly_numbers {
            guess.warn(not_numbers(present - numbers, present));
        }
        if nature == Nature::FewNumbers && distinct > 7 {
            guess
                .warn(format!("looks like codes; use --column '{name}=numerical' to treat it as a quantity"));
        }
        return guess;
    }
    let reason = match nature {
        Nature::Text => "texts that seldom repeat",
        Nature::ZeroPadded => "numbers with leading zeros that seldom repeat",
        Nature::Reference => "numbers named like a key that seldom repeat: keys of something else",
        _ => "codes that seldom repeat",
    };
    // What says little of a person where many share it says more where few do.
    let sort = personal::detect_rare(&texts, words);
    let reason = match sort {
        Some(sort) => format!("{reason}; their name and shape suggest {}", sort.describe()),
        None => reason.to_owned(),
    };
    let mut guess = text(raw, setting, reason, kept_na);
    guess.schema.personal = sort;
    if nearly_numbers {
        guess.warn(not_numbers(present - numbers, present));
    }
    guess
}

fn not_numbers(count: u64, present: u64) -> String {
    format!(
        "{count} of {present} values are not numbers; \
         if they stand for missing values, name their spelling with --missing"
    )
}

fn count_numbers(coded: &Coded) -> u64 {
    coded.dictionary.iter().filter(|(text, _)| plain(trim(text)).is_some()).map(|(_, count)| count).sum()
}

/// Half of the rows have a level that at least five rows have; or there are few levels and each occurs twice on
/// average; or there is one row, and nothing to tell.
fn repeats(coded: &Coded) -> bool {
    let present = coded.n_present();
    let distinct = coded.dictionary.len() as u64;
    let in_common: u64 = coded.dictionary.counts.iter().filter(|&&count| count >= COMMON).sum();
    in_common * 2 >= present || (distinct <= 20 && distinct * 2 <= present)
}

/// Up to `most` of the distinct texts, from all over the column.
fn some_texts(coded: &Coded, most: usize) -> Vec<&str> {
    let distinct = coded.dictionary.len();
    let step = distinct.div_ceil(most).max(1);
    (0..distinct)
        .step_by(step)
        .filter_map(|number| std::str::from_utf8(coded.dictionary.text(number)).ok())
        .collect()
}

/// True when texts that are all different look like keys.
fn is_key(texts: &[&str], present: u64, setting: Setting<'_>, nature: Nature) -> bool {
    if nature == Nature::NamedCodes || setting.words.is_code() && !setting.words.is_key() {
        return false;
    }
    let most = |check: &dyn Fn(&str) -> bool| {
        texts.iter().filter(|text| check(text)).count() as f64 >= 0.95 * texts.len() as f64
    };
    if !most(&|text| text.len() <= 64 && !text.is_empty() && !text.contains(char::is_whitespace)) {
        return false;
    }
    if setting.words.is_key() {
        return true;
    }
    if present < 10 || !most(&|text| text.bytes().any(|byte| byte.is_ascii_digit())) {
        return false;
    }
    // One length throughout, or few shapes.
    let mut lengths: Vec<usize> = texts.iter().map(|text| text.len()).collect();
    lengths.sort_unstable();
    lengths.dedup();
    let mut shapes: Vec<String> = texts.iter().map(|text| shape(text)).collect();
    shapes.sort_unstable();
    shapes.dedup();
    let has_url = most(&|text| text.contains("://"));
    !has_url && ((lengths.len() == 1 && lengths[0] >= 4) || shapes.len() * 20 <= texts.len().max(60))
}

/// A text with runs of digits, capitals and small letters each as one sign.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.chars() {
        let class = match c {
            '0'..='9' => '9',
            c if c.is_uppercase() => 'A',
            c if c.is_alphabetic() => 'a',
            c => c,
        };
        if !shape.ends_with(class) {
            shape.push(class);
        }
    }
    shape
}

pub(super) fn categorical(coded: Coded, name: &str, reason: &str) -> Guess {
    let tokens = coded.tokens.clone();
    let mut guess = Guess {
        schema: described(name, Kind::Categorical { order: Vec::new() }, reason),
        column: coded.into_column(),
        warnings: Vec::new(),
    };
    guess.settle_tokens(&tokens);
    guess
}

pub(super) fn text(raw: RawColumn, setting: Setting<'_>, reason: String, keep_na: bool) -> Guess {
    let rule: MissingRule<'_> = setting.rule;
    let (column, tokens) =
        dictionary::texts(raw, |text| !(keep_na && trim(text) == b"NA") && rule.certain(text));
    let mut guess =
        Guess { schema: described(setting.name, Kind::Text, reason), column, warnings: Vec::new() };
    guess.settle_tokens(&tokens);
    guess
}

pub(super) fn boolean_format(coded: &Coded) -> Option<BooleanFormat> {
    let texts: Vec<&str> =
        coded.dictionary.iter().filter_map(|(text, _)| std::str::from_utf8(text).ok()).collect();
    bool_words::format_of(&texts)
}

pub(super) fn boolean(coded: Coded, format: BooleanFormat, setting: Setting<'_>) -> Guess {
    let tokens = coded.tokens.clone();
    let reason = if coded.dictionary.len() == 1 {
        "constant: a word for a truth value"
    } else {
        "two words for true and false"
    };
    let levels = coded.into_column();
    let codes = levels.levels().expect("the column was just encoded");
    let truth: Vec<bool> = codes.iter().map(|level| level == format.true_text).collect();
    let chunks: Vec<ArrayRef> = levels
        .chunks()
        .iter()
        .map(|chunk| {
            let codes = Column::from_array(chunk.clone()).codes().expect("the column was just encoded").codes;
            let values: BooleanArray =
                codes.iter().map(|&code| (code != Codes::MISSING).then(|| truth[code as usize])).collect();
            debug_assert_eq!(values.len(), chunk.len());
            Arc::new(values) as ArrayRef
        })
        .collect();
    let mut guess = Guess {
        schema: described(setting.name, Kind::Boolean(format), reason),
        column: Column::from_chunks(chunks),
        warnings: Vec::new(),
    };
    guess.settle_tokens(&tokens);
    guess
}
