use std::fmt;

/// What a [`Warning`] is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Topic {
    /// Something was read in a way that the user may want to know of.
    Reading,
    /// A guess about what a column means.
    Schema,
    /// Rare values, patterns or bounds that were withheld.
    Protection,
    /// What a method could not learn or represent.
    Model,
    /// What sampling had to do differently from what one may expect.
    Sampling,
    /// What an evaluation could not tell.
    Evaluation,
}

impl Topic {
    /// The word that stands for this topic in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Topic::Reading => "reading",
            Topic::Schema => "schema",
            Topic::Protection => "protection",
            Topic::Model => "model",
            Topic::Sampling => "sampling",
            Topic::Evaluation => "evaluation",
        }
    }

    /// The topic that [`name`](Self::name) stands for.
    pub fn from_name(name: &str) -> Option<Self> {
        [Topic::Reading, Topic::Schema, Topic::Protection, Topic::Model, Topic::Sampling, Topic::Evaluation]
            .into_iter()
            .find(|topic| topic.name() == name)
    }
}

/// Something that was done differently from what the user might expect: recorded, shown and kept with the
/// result, never printed by a library.
///
/// The message holds column names, row numbers, counts and rules; never a cell's value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// What it is about.
    pub topic: Topic,
    /// The column it concerns, if it concerns one.
    pub column: Option<String>,
    /// One sentence, lower case, without a full stop.
    pub message: String,
}

impl Warning {
    /// A warning about the whole table or run.
    pub fn new(topic: Topic, message: impl Into<String>) -> Self {
        Warning { topic, column: None, message: message.into() }
    }

    /// A warning about one column.
    pub fn of_column(topic: Topic, column: impl Into<String>, message: impl Into<String>) -> Self {
        Warning { topic, column: Some(column.into()), message: message.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(formatter, "column {column:?}: {}", self.message),
            None => formatter.write_str(&self.message),
        }
    }
}
