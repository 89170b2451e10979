//! What can be set of every method, as the types of its options say it: names, meanings, types, defaults, allowed values.
//!
//! Nothing is written down twice: names, order and defaults are those that serde reads and writes, texts are the
//! documentation of the types. The page `docs/options.md` and the signatures and docstrings of the Python package are made
//! from here.
//!
//! ```
//! use lookalike::options::{Family, Type, methods};
//!
//! let methods = methods();
//! let forest = methods.iter().find(|method| method.name == "forest").unwrap();
//! assert_eq!(forest.family, Family::TableGenerator);
//! let effort = &forest.options[0];
//! assert_eq!((effort.name.as_str(), effort.kind.to_string().as_str()), ("effort", "{'fast', 'default', 'high'}"));
//! assert_eq!(effort.default, Some("default".into()));
//! ```

mod docs;
mod schema;

use std::fmt;

use lookalike_image::{Mix, Step, Transform};
use lookalike_synth::AnySynthesizer;
use lookalike_synth::image::ImageSynthesizer;
use lookalike_synth::resample::AnyResampler;
use serde_json::Value;

/// A method with all that can be set of it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MethodOptions {
    /// Its name in files and on the command line: `borderline-smote`.
    pub name: String,
    /// What kind of method it is.
    pub family: Family,
    /// What it does, in paragraphs; the first says it in one sentence or two.
    pub doc: Vec<String>,
    /// Where it was published, if it was.
    pub references: Vec<String>,
    /// Its options, in order.
    pub options: Vec<MethodOption>,
}

/// An option of a method.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MethodOption {
    /// Its name in files: `max-rows`.
    pub name: String,
    /// What it sets, with unit and range.
    pub doc: String,
    /// What may be given.
    pub kind: Type,
    /// What holds where nothing is given: [`Value::Null`] where the method decides by itself, nothing where the option must
    /// be given.
    pub default: Option<Value>,
}

/// Kinds of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Family {
    /// Learns tables and draws rows.
    TableGenerator,
    /// Learns images and draws new ones.
    ImageGenerator,
    /// Balances the classes of a table.
    Resampler,
    /// Changes a picture by chance.
    Transform,
    /// Makes one picture of several.
    Mix,
    /// Does some of several transforms.
    Choice,
}

/// What may be given for an option. As text, it is what a reader of Python's documentation expects.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Type {
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// True or false.
    Bool,
    /// One of these words.
    Word(Vec<Word>),
    /// So many of the same.
    Tuple(Box<Type>, usize),
    /// Any number of the same.
    Sequence(Box<Type>),
    /// One of these.
    Either(Vec<Type>),
    /// Several values with names.
    Record(Vec<MethodOption>),
    /// A transform, or a choice among several.
    Step,
    /// The same, or nothing.
    Optional(Box<Type>),
}

/// One of the words that an option may be.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Word {
    /// The word in files: `quantile-normal`.
    pub name: String,
    /// What it means; empty where nothing is to be said.
    pub doc: String,
}

impl fmt::Display for Type {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Int => formatter.write_str("int"),
            Type::Float => formatter.write_str("float"),
            Type::Bool => formatter.write_str("bool"),
            Type::Word(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("'{}'", word.name)).collect();
                write!(formatter, "{{{}}}", words.join(", "))
            }
            Type::Tuple(kind, count) => write!(formatter, "tuple of {count} {kind}"),
            Type::Sequence(kind) => write!(formatter, "sequence of {kind}"),
            Type::Either(kinds) => {
                let kinds: Vec<String> = kinds.iter().map(Type::to_string).collect();
                formatter.write_str(&kinds.join(" or "))
            }
            Type::Record(fields) => {
                let names: Vec<String> = fields.iter().map(|field| format!("'{}'", field.name)).collect();
                write!(formatter, "dict with {}", names.join(", "))
            }
            Type::Step => formatter.write_str("transform"),
            Type::Optional(kind) => write!(formatter, "{kind} or None"),
        }
    }
}

/// All methods with their options, family by family.
///
/// # Panics
/// If a type describes itself in a way that is not understood here, which a test excludes.
pub fn methods() -> Vec<MethodOptions> {
    let mut methods = schema::variants::<AnySynthesizer>(Family::TableGenerator, &["image"]);
    methods.extend(schema::variants::<ImageSynthesizer>(Family::ImageGenerator, &[]));
    methods.extend(schema::variants::<AnyResampler>(Family::Resampler, &["generator"]));
    methods.extend(schema::variants::<Transform>(Family::Transform, &[]));
    methods.extend(schema::variants::<Mix>(Family::Mix, &[]));
    methods.extend(schema::variants::<Step>(Family::Choice, &[]));
    methods
}
