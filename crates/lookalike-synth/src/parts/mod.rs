//! A model taken apart into plain data, and put together again with every rule checked.
//!
//! The facade writes [`Parts`] into a file. What comes from a file is not trusted: [`AnyModel::from_parts`] checks
//! every length, range and reference before anything is built, and refuses what breaks a rule.

mod decoder;
mod forest;
mod header;
mod networks;
mod read;
mod write;

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::synthesizer::AnyModel;

/// What the names of arrays of an images' model begin with.
const IMAGES: &str = "images/";

/// A model as a header and named flat arrays.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// What is not an array.
    pub header: serde_json::Value,
    /// The arrays by name.
    pub arrays: BTreeMap<String, Array>,
}

/// A flat array of numbers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Array {
    /// Bytes.
    U8(Vec<u8>),
    /// Level codes.
    U32(Vec<u32>),
    /// Counts and offsets.
    U64(Vec<u64>),
    /// Positions on a grid.
    I64(Vec<i64>),
    /// Real numbers of single precision.
    F32(Vec<f32>),
    /// Real numbers.
    F64(Vec<f64>),
}

impl AnyModel {
    /// Takes the model apart.
    pub fn to_parts(&self) -> Parts {
        write::parts(self)
    }

    /// Puts a model together.
    ///
    /// # Errors
    /// [`Error::Damaged`] naming the first rule that the parts break.
    pub fn from_parts(parts: Parts) -> Result<AnyModel> {
        read::model(parts)
    }
}

fn damaged(problem: &'static str) -> Error {
    Error::Damaged { problem }
}
