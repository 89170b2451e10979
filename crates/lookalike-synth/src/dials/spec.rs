//! Dials as they are typed, or written in a file.

use std::collections::BTreeMap;

use crate::simulate::Section;

/// A change of rows: its kind, the columns it is about, and how much.
#[derive(Debug, Clone, PartialEq)]
pub struct Dial {
    pub(super) kind: Kind,
    /// The line of the file that it stands in.
    pub(super) line: Option<usize>,
    pub(super) texts: BTreeMap<&'static str, String>,
    pub(super) numbers: BTreeMap<&'static str, f64>,
}

/// A dial that does not suit the table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}the dial `{dial}`: {problem}", line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct DialError {
    /// The line of the file that the dial stands in, if it was not typed.
    pub line: Option<usize>,
    /// The kind of dial.
    pub dial: &'static str,
    /// What is wrong, and the cure.
    pub problem: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Missing,
    Outliers,
    Shift,
    Scale,
    Prevalence,
    Drift,
    Duplicates,
    LabelNoise,
    Fraud,
    Spikes,
    Stuck,
    Dropout,
    SensorDrift,
}

/// What a dial takes: texts (and whether they are needed), numbers with their defaults, and which of them may be typed
/// without their names, in this order.
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    texts: &'static [(&'static str, bool)],
    numbers: &'static [(&'static str, Wanted)],
    typed: &'static [&'static str],
}

/// Whether a number has to be given.
#[derive(Debug, Clone, Copy)]
enum Wanted {
    Needed,
    /// This, if it is not.
    Or(f64),
    Optional,
}

const COLUMN: (&str, bool) = ("column", true);
const IF: (&str, bool) = ("if", false);
const SHARE: (&str, Wanted) = ("share", Wanted::Needed);
const COLUMN_SHARE: &[&str] = &["column", "share"];

pub(super) const RULES: [Rule; 13] = [
    Rule {
        kind: Kind::Missing,
        name: "missing",
        texts: &[COLUMN, IF],
        numbers: &[SHARE],
        typed: COLUMN_SHARE,
    },
    Rule {
        kind: Kind::Outliers,
        name: "outliers",
        texts: &[COLUMN, IF],
        numbers: &[SHARE, ("factor", Wanted::Or(10.0))],
        typed: COLUMN_SHARE,
    },
    Rule {
        kind: Kind::Shift,
        name: "shift",
        texts: &[COLUMN, IF],
        numbers: &[("by", Wanted::Needed)],
        typed: &["column", "by"],
    },
    Rule {
        kind: Kind::Scale,
        name: "scale",
        texts: &[COLUMN, IF],
        numbers: &[("factor", Wanted::Needed)],
        typed: &["column", "factor"],
    },
    Rule {
        kind: Kind::Prevalence,
        name: "prevalence",
        texts: &[COLUMN, ("value", true)],
        // One of the two.
        numbers: &[("share", Wanted::Optional), ("odds", Wanted::Optional)],
        typed: &["column", "value", "share"],
    },
    Rule {
        kind: Kind::Drift,
        name: "drift",
        texts: &[COLUMN, IF, ("date", false), ("from", false), ("to", false)],
        numbers: &[("by", Wanted::Needed), ("rows", Wanted::Or(10_000.0))],
        typed: &["column", "by"],
    },
    Rule { kind: Kind::Duplicates, name: "duplicates", texts: &[], numbers: &[SHARE], typed: &["share"] },
    Rule {
        kind: Kind::LabelNoise,
        name: "label-noise",
        texts: &[COLUMN, IF],
        numbers: &[SHARE],
        typed: COLUMN_SHARE,
    },
    Rule {
        kind: Kind::Fraud,
        name: "fraud",
        texts: &[COLUMN, IF, ("label", false)],
        numbers: &[SHARE, ("factor", Wanted::Or(5.0))],
        typed: COLUMN_SHARE,
    },
    Rule {
        kind: Kind::Spikes,
        name: "spikes",
        texts: &[COLUMN, IF],
        numbers: &[SHARE, ("size", Wanted::Needed)],
        typed: &["column", "share", "size"],
    },
    Rule {
        kind: Kind::Stuck,
        name: "stuck",
        texts: &[COLUMN, ("by", false)],
        numbers: &[SHARE, ("length", Wanted::Or(20.0))],
        typed: COLUMN_SHARE,
    },
    Rule {
        kind: Kind::Dropout,
        name: "dropout",
        texts: &[COLUMN, ("by", false)],
        numbers: &[SHARE, ("length", Wanted::Or(20.0))],
        typed: COLUMN_SHARE,
    },
    Rule {
        kind: Kind::SensorDrift,
        name: "sensor-drift",
        texts: &[COLUMN, ("by", false)],
        numbers: &[SHARE, ("size", Wanted::Needed), ("length", Wanted::Or(100.0))],
        typed: &["column", "share", "size"],
    },
];

impl Kind {
    pub(super) fn name(self) -> &'static str {
        RULES.iter().find(|rule| rule.kind == self).map_or("", |rule| rule.name)
    }
}

fn rule_of(name: &str) -> Result<&'static Rule, String> {
    RULES.iter().find(|rule| rule.name == name).ok_or_else(|| {
        let names = || RULES.iter().map(|rule| rule.name);
        let hint = match lookalike_table::schema::nearest(name, names()) {
            Some(nearest) => format!("did you mean `{nearest}`?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        format!("there is no dial `{name}`; {hint}")
    })
}

impl Dial {
    /// The line of the file that it stands in; `None` if it was typed.
    pub fn line(&self) -> Option<usize> {
        self.line
    }

    /// Understands a dial as it is typed: its name, then its values in their order, then others as NAME=VALUE. A value
    /// with blanks stands in quotes.
    ///
    /// # Errors
    /// What is wrong, and the cure.
    ///
    /// ```
    /// use lookalike_synth::dials::Dial;
    /// assert!(Dial::parse("outliers \"total amount\" 0.01 factor=20").is_ok());
    /// assert!(Dial::parse("missing income").unwrap_err().contains("needs `share`"));
    /// ```
    pub fn parse(text: &str) -> Result<Dial, String> {
        let words = words(text);
        let Some((name, rest)) = words.split_first() else {
            return Err("a dial is empty; write one such as 'missing income 0.05'".to_owned());
        };
        let rule = rule_of(name)?;
        let mut given: BTreeMap<&'static str, String> = BTreeMap::new();
        let keys = || rule.texts.iter().map(|entry| entry.0).chain(rule.numbers.iter().map(|entry| entry.0));
        let mut typed = rule.typed.iter();
        for word in rest {
            let named = word
                .split_once('=')
                .and_then(|(key, value)| Some((keys().find(|known| *known == key)?, value)));
            let (key, value) = match named {
                Some(named) => named,
                None => {
                    if let Some(key) = typed.next() {
                        (*key, word.as_str())
                    } else {
                        let known: Vec<String> = keys().map(|key| format!("{key}=")).collect();
                        return Err(format!(
                            "the dial `{name}` takes no more values; there are {}",
                            known.join(", ")
                        ));
                    }
                }
            };
            given.insert(key, value.to_owned());
        }
        let number = |key: &'static str| {
            given.get(key).map(|text| {
                text.parse::<f64>()
                    .map_err(|_| format!("`{key}` of the dial `{}` has to be a number", rule.name))
            })
        };
        build(rule, |key| given.get(key).cloned(), |key| number(key).transpose())
    }
}

/// Reads `[[dials]]`; what is wrong is noted.
pub(crate) fn read(sections: &[Section<'_>]) -> Vec<Dial> {
    let mut dials = Vec::new();
    for section in sections {
        let Some(name) = section.text("dial") else {
            if !section.has("dial") {
                section
                    .problems
                    .add(section.line, "a dial needs `dial`, its name, such as dial = \"missing\"");
            }
            continue;
        };
        let rule = match rule_of(&name.value) {
            Ok(rule) => rule,
            Err(problem) => {
                section.problems.add(name.line, problem);
                continue;
            }
        };
        let built = build(
            rule,
            |key| section.text(key).map(|text| text.value),
            |key| Ok(section.number(key).map(|number| number.value)),
        );
        section.close();
        match built {
            Ok(dial) => dials.push(Dial { line: Some(section.line), ..dial }),
            Err(problem) => section.problems.add(section.line, problem),
        }
    }
    dials
}

fn build(
    rule: &'static Rule,
    text: impl Fn(&'static str) -> Option<String>,
    number: impl Fn(&'static str) -> Result<Option<f64>, String>,
) -> Result<Dial, String> {
    let mut dial = Dial { kind: rule.kind, line: None, texts: BTreeMap::new(), numbers: BTreeMap::new() };
    for &(key, needed) in rule.texts {
        match text(key) {
            Some(value) => {
                dial.texts.insert(key, value);
            }
            None if needed => return Err(format!("the dial `{}` needs `{key}`", rule.name)),
            None => {}
        }
    }
    for &(key, wanted) in rule.numbers {
        let value = match (number(key)?, wanted) {
            (Some(value), _) | (None, Wanted::Or(value)) => value,
            (None, Wanted::Needed) => return Err(format!("the dial `{}` needs `{key}`", rule.name)),
            (None, Wanted::Optional) => continue,
        };
        let (fits, wanted) = match key {
            "share" => ((0.0..=1.0).contains(&value), "a share from 0 to 1"),
            "odds" => (value > 0.0 && value.is_finite(), "a number above 0"),
            "length" => (
                (1.0..=2048.0).contains(&value) && value.fract() == 0.0,
                "a whole number from 1 to 2048 of rows",
            ),
            "rows" => ((1.0..=1e15).contains(&value), "a number of rows above 0"),
            _ => (value.is_finite(), "a finite number"),
        };
        if !fits {
            return Err(format!("`{key}` of the dial `{}` is {value} and has to be {wanted}", rule.name));
        }
        dial.numbers.insert(key, value);
    }
    if rule.kind == Kind::Prevalence {
        let within = dial.numbers.get("share").is_none_or(|share| *share > 0.0 && *share < 1.0);
        if dial.numbers.len() != 1 || !within {
            return Err("the dial `prevalence` needs `share`, the share of the value afterwards (above 0, below 1), or `odds`, by \
                        what its odds are multiplied"
                .to_owned());
        }
    }
    Ok(dial)
}

/// Words between blanks; quotes keep blanks together.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut begun = false;
    for c in text.chars() {
        match quote {
            Some(end) if c == end => quote = None,
            Some(_) => word.push(c),
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                begun = true;
            }
            None if c.is_whitespace() => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            None => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}
