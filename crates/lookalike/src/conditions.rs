//! Conditions as they are asked for.

use lookalike_core::Context;
use lookalike_synth::{AnyModel, Condition, Error as SynthError, Operator, SampleRequest};
use lookalike_table::Schema;

use crate::error::{Error, Result};

/// A condition by the name of its column, as programs say it: nothing in it is parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The column's name.
    pub column: String,
    /// How its value compares.
    pub operator: Operator,
    /// With what; `None` means missing.
    pub values: Vec<Option<String>>,
}

/// Understands conditions that are typed, such as `age>=30`, and others that are named, for a model. All that is wrong with
/// them is told at once.
///
/// # Errors
/// When one cannot be understood, names a column that does not exist, or is beside others that are wrong
/// ([`lookalike_synth::Error::Conditions`]); what the model cannot fulfil is otherwise told when it is sampled.
pub fn resolve(
    texts: &[String],
    named: &[Named],
    model: &AnyModel,
    context: &Context<'_>,
) -> Result<Vec<Condition>> {
    let (conditions, mut errors) = understood(texts, named, model.schema());
    if errors.is_empty() {
        return Ok(conditions);
    }
    // The rest may be wrong as well: only the model knows its values.
    let request = SampleRequest { conditions, ..SampleRequest::rows(0) };
    if let Err(error @ (SynthError::Refused { .. } | SynthError::Conditions { .. })) =
        model.sample(&request, context)
    {
        errors.push(error.into());
    }
    if errors.len() == 1 {
        return Err(errors.remove(0));
    }
    Err(SynthError::Conditions { problems: Error::problems(&errors) }.into())
}

/// Understands conditions that are typed, where there is no model yet.
///
/// # Errors
/// When one cannot be understood, or names a column that does not exist; all such are told at once.
pub fn typed(texts: &[String], schema: &Schema) -> Result<Vec<Condition>> {
    let (conditions, errors) = understood(texts, &[], schema);
    Error::together(errors)?;
    Ok(conditions)
}

fn understood(texts: &[String], named: &[Named], schema: &Schema) -> (Vec<Condition>, Vec<Error>) {
    let (mut conditions, mut errors) = (Vec::new(), Vec::new());
    for (place, text) in texts.iter().enumerate() {
        match Condition::parse(text, schema, place + 1) {
            Ok(condition) => conditions.push(condition),
            Err(error) => errors.push(error.into()),
        }
    }
    for Named { column, operator, values } in named {
        match schema.index_of(column) {
            Ok(column) => {
                conditions.push(Condition { column, operator: *operator, values: values.clone() });
            }
            Err(error) => errors.push(error.into()),
        }
    }
    (conditions, errors)
}
