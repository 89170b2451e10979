//! Models as files.
//!
//! A model file is a [safetensors](https://github.com/huggingface/safetensors) container: flat arrays of numbers
//! and one JSON text under the metadata key `lookalike`. It is data, never code; it holds no time, host or thread
//! count, so the same model gives the same bytes. A BLAKE3 hash over everything else detects damage (not forgery:
//! whoever can write the file can write the hash). Opening checks every size before it allocates and every rule
//! before it builds; files of every released format open for ever.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;

use lookalike_synth::{AnyModel, Array, Parts};
use lookalike_table::write::OutputFile;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// The format that this version writes, and the newest that it reads.
pub const FORMAT: u32 = 1;

/// The only metadata key; several would be written in random order.
const KEY: &str = "lookalike";

/// Why bytes are no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelFileError {
    /// Not a model file at all, or cut off in its header.
    #[error("it is not a lookalike model, or its beginning is missing")]
    NotAModel,
    /// A part of the file is missing or has changed.
    #[error("it is damaged or cut off: its contents do not match its checksum; copy or fit it again")]
    Damaged,
    /// Written by a newer version.
    #[error(
        "it has format {found}, and this version reads formats up to {newest}; use a newer version of lookalike"
    )]
    TooNew {
        /// The file's format.
        found: u32,
        /// The newest that this version reads.
        newest: u32,
    },
    /// The checksum is right but the contents break a rule.
    #[error("{problem}")]
    Impossible {
        /// The rule.
        problem: String,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    format: u32,
    blake3: String,
    model: serde_json::Value,
}

/// Writes a model to a file, whole or not at all.
///
/// # Errors
/// When the file cannot be written.
pub fn save(model: &AnyModel, path: &Path) -> Result<()> {
    let mut file = OutputFile::create(path)?;
    write(model, &mut file)?;
    Ok(file.finish()?)
}

/// Writes a model to an open file and says how many bytes it has.
///
/// # Errors
/// When the file cannot be written.
pub fn write(model: &AnyModel, file: &mut OutputFile) -> Result<u64> {
    let path = file.path().to_owned();
    let bytes = to_bytes(model);
    file.write_all(&bytes).map_err(|source| Error::Io { action: "write", path, source })?;
    Ok(bytes.len() as u64)
}

/// A model as the bytes of a file.
///
/// # Panics
/// Never: arrays are flat and as long as they say.
pub fn to_bytes(model: &AnyModel) -> Vec<u8> {
    let parts = model.to_parts();
    let arrays: Vec<(String, Dtype, usize, Vec<u8>)> = parts
        .arrays
        .into_iter()
        .map(|(name, array)| {
            let (dtype, length, bytes) = raw(&array);
            (name, dtype, length, bytes)
        })
        .collect();
    let envelope = Envelope {
        format: FORMAT,
        blake3: hash(FORMAT, &parts.header, arrays.iter().map(|(n, d, _, b)| (n.as_str(), *d, b.as_slice()))),
        model: parts.header,
    };
    let text = serde_json::to_string(&envelope).expect("headers are plain data");
    let views = arrays.iter().map(|(name, dtype, length, bytes)| {
        (name.as_str(), TensorView::new(*dtype, vec![*length], bytes).expect("flat and as long as it says"))
    });
    let metadata = HashMap::from([(KEY.to_owned(), text)]);
    safetensors::serialize(views, Some(metadata)).expect("arrays have distinct names")
}

/// Opens a model.
///
/// # Errors
/// When the file cannot be read or is no sound model; nothing is built before everything is checked.
pub fn load(path: &Path) -> Result<AnyModel> {
    let bytes =
        std::fs::read(path).map_err(|source| Error::Io { action: "read", path: path.to_owned(), source })?;
    from_bytes(&bytes).map_err(|source| Error::ModelFile { path: path.to_owned(), source })
}

/// True when a file begins like a model: eight bytes of length and a JSON header with our key near its start or
/// end. A cheap look that decides nothing.
pub fn looks_like_model(path: &Path) -> bool {
    use std::io::Read as _;
    let mut start = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(512).read_to_end(&mut start));
    let text = |needle: &[u8]| start.windows(needle.len()).any(|window| window == needle);
    read.is_ok() && start.len() > 9 && start[8] == b'{' && text(b"__metadata__") && text(KEY.as_bytes())
}

/// Opens a model from the bytes of a file.
///
/// # Errors
/// [`ModelFileError`] when they are no sound model.
pub fn from_bytes(bytes: &[u8]) -> std::result::Result<AnyModel, ModelFileError> {
    open(bytes, true)
}

/// As [`from_bytes`], but takes a wrong checksum for right. For fuzzing: a fuzzer cannot guess checksums, and the
/// rules behind them must hold for forged files too.
///
/// # Errors
/// [`ModelFileError`] when the contents break a rule.
#[doc(hidden)]
pub fn from_bytes_unchecked(bytes: &[u8]) -> std::result::Result<AnyModel, ModelFileError> {
    open(bytes, false)
}

fn open(bytes: &[u8], check_hash: bool) -> std::result::Result<AnyModel, ModelFileError> {
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|_| broken(bytes))?;
    let entries = metadata.metadata().as_ref().ok_or(ModelFileError::NotAModel)?;
    let text = entries.get(KEY).ok_or(ModelFileError::NotAModel)?;
    if entries.len() > 1 {
        return Err(ModelFileError::Impossible { problem: "its header has unknown entries".to_owned() });
    }
    // The format comes first: a newer one may have anything else.
    let envelope: serde_json::Value = serde_json::from_str(text).map_err(|_| ModelFileError::Damaged)?;
    let found = envelope.get("format").and_then(serde_json::Value::as_u64).ok_or(ModelFileError::Damaged)?;
    let found = u32::try_from(found).unwrap_or(u32::MAX);
    if found == 0 || found > FORMAT {
        return Err(ModelFileError::TooNew { found, newest: FORMAT });
    }
    let envelope: Envelope = serde_json::from_value(envelope).map_err(|_| ModelFileError::Damaged)?;
    let tensors = SafeTensors::deserialize(bytes).map_err(|_| ModelFileError::Damaged)?;
    let mut views: Vec<(String, TensorView<'_>)> = tensors.tensors();
    views.sort_by(|a, b| a.0.cmp(&b.0));
    let expected = hash(
        envelope.format,
        &envelope.model,
        views.iter().map(|(name, view)| (name.as_str(), view.dtype(), view.data())),
    );
    if check_hash && expected != envelope.blake3 {
        return Err(ModelFileError::Damaged);
    }
    let arrays = views
        .iter()
        .map(|(name, view)| {
            let flat = view.shape().len() == 1;
            let array = if flat { array(view.dtype(), view.data()) } else { None };
            let problem =
                || ModelFileError::Impossible { problem: "an array has an unknown type or shape".to_owned() };
            Ok((name.clone(), array.ok_or_else(problem)?))
        })
        .collect::<std::result::Result<BTreeMap<_, _>, ModelFileError>>()?;
    AnyModel::from_parts(Parts { header: envelope.model, arrays })
        .map_err(|error| ModelFileError::Impossible { problem: error.to_string() })
}

/// A file whose container is broken: ours and damaged, or something else.
fn broken(bytes: &[u8]) -> ModelFileError {
    let start = &bytes[..bytes.len().min(4096)];
    let ours = start.len() > 9
        && start[8] == b'{'
        && start.windows(KEY.len()).any(|window| window == KEY.as_bytes());
    if ours { ModelFileError::Damaged } else { ModelFileError::NotAModel }
}

/// The hash of everything but itself: format, header, and each array's name, type, length and bytes by name.
fn hash<'a>(
    format: u32,
    model: &serde_json::Value,
    arrays: impl Iterator<Item = (&'a str, Dtype, &'a [u8])>,
) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut put = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    put(&format.to_le_bytes());
    put(serde_json::to_string(model).expect("JSON was parsed from text").as_bytes());
    for (name, dtype, bytes) in arrays {
        put(name.as_bytes());
        put(format!("{dtype:?}").as_bytes());
        put(bytes);
    }
    hasher.finalize().to_hex().to_string()
}

fn raw(array: &Array) -> (Dtype, usize, Vec<u8>) {
    match array {
        Array::U8(values) => (Dtype::U8, values.len(), values.clone()),
        Array::U32(values) => {
            (Dtype::U32, values.len(), values.iter().flat_map(|v| v.to_le_bytes()).collect())
        }
        Array::U64(values) => {
            (Dtype::U64, values.len(), values.iter().flat_map(|v| v.to_le_bytes()).collect())
        }
        Array::I64(values) => {
            (Dtype::I64, values.len(), values.iter().flat_map(|v| v.to_le_bytes()).collect())
        }
        Array::F32(values) => {
            (Dtype::F32, values.len(), values.iter().flat_map(|v| v.to_le_bytes()).collect())
        }
        Array::F64(values) => {
            (Dtype::F64, values.len(), values.iter().flat_map(|v| v.to_le_bytes()).collect())
        }
        _ => unreachable!("every kind of array is listed"),
    }
}

fn array(dtype: Dtype, bytes: &[u8]) -> Option<Array> {
    fn words<const N: usize>(bytes: &[u8]) -> Option<impl Iterator<Item = [u8; N]>> {
        let (words, rest) = bytes.as_chunks::<N>();
        rest.is_empty().then(|| words.iter().copied())
    }
    Some(match dtype {
        Dtype::U8 => Array::U8(bytes.to_vec()),
        Dtype::U32 => Array::U32(words(bytes)?.map(u32::from_le_bytes).collect()),
        Dtype::U64 => Array::U64(words(bytes)?.map(u64::from_le_bytes).collect()),
        Dtype::I64 => Array::I64(words(bytes)?.map(i64::from_le_bytes).collect()),
        Dtype::F32 => Array::F32(words(bytes)?.map(f32::from_le_bytes).collect()),
        Dtype::F64 => Array::F64(words(bytes)?.map(f64::from_le_bytes).collect()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use lookalike_core::{Context, Seed};
    use lookalike_synth::{AnySynthesizer, FitOptions, SampleRequest};
    use lookalike_table::schema::{BooleanFormat, IdFormat, NumberFormat};
    use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};

    use super::*;

    fn model(method: &str) -> AnyModel {
        let rows = 400_usize;
        let codes = (0..rows).map(|row| (row % 7 % 3) as u32).collect();
        let missing = Some((0..rows).map(|row| row % 11 == 0).collect());
        let columns = vec![
            ("id", Kind::Id(IdFormat::default()), Column::from_integers((1..=rows as i64).collect(), None)),
            (
                "age",
                Kind::Numerical(NumberFormat::whole()),
                Column::from_integers((0..rows).map(|row| (row * 37 % 60) as i64).collect(), missing),
            ),
            (
                "weight",
                Kind::Numerical(NumberFormat::default()),
                Column::from_floats((0..rows).map(|row| (row as f64).sqrt()).collect(), None),
            ),
            (
                "color",
                Kind::Categorical { order: vec![] },
                Column::from_codes(codes, &Levels::new(["r", "g", "b"])),
            ),
            (
                "ok",
                Kind::Boolean(BooleanFormat::default()),
                Column::from_booleans((0..rows).map(|row| row % 3 == 0).collect(), None),
            ),
            ("note", Kind::Text, Column::from_texts((0..rows).map(|row| Some(format!("n{row} x"))))),
        ];
        let schema = columns.iter().map(|(name, kind, _)| ColumnSchema::new(*name, kind.clone())).collect();
        let table = Table::new(
            Schema::new(schema).into(),
            columns.into_iter().map(|(_, _, column)| column).collect(),
        )
        .unwrap();
        let method = AnySynthesizer::from_name(method).unwrap();
        // Few epochs are enough for a file.
        let method = method.clone().with_epochs(2).unwrap_or(method);
        method.fit(&table, &FitOptions::default(), &Context::new(Seed::new(1))).unwrap()
    }

    #[test]
    fn files_round_trip_to_the_byte() {
        for method in AnySynthesizer::NAMES {
            let model = model(method);
            let bytes = to_bytes(&model);
            assert_eq!(bytes, to_bytes(&model));
            let again = from_bytes(&bytes).unwrap();
            assert_eq!(bytes, to_bytes(&again));
            let context = Context::new(Seed::new(3));
            let request = SampleRequest::rows(3000);
            let [a, b] =
                [&model, &again].map(|m| m.sample(&request, &context).unwrap().collect_table().unwrap());
            for index in 0..a.n_columns() {
                assert_eq!(format!("{:?}", a.column(index)), format!("{:?}", b.column(index)));
            }
        }
    }

    #[test]
    fn every_truncation_and_flipped_byte_is_refused() {
        let bytes = to_bytes(&model("copula"));
        for end in (0..bytes.len()).step_by(bytes.len() / 150 + 1) {
            assert!(from_bytes(&bytes[..end]).is_err(), "cut off at {end}");
        }
        for place in (0..bytes.len()).step_by(bytes.len() / 300 + 1) {
            let mut broken = bytes.clone();
            broken[place] ^= 0x10;
            assert!(from_bytes(&broken).is_err(), "byte {place} flipped");
        }
        assert!(matches!(from_bytes(b"PK\x03\x04 something else entirely"), Err(ModelFileError::NotAModel)));
    }

    /// Writes a file with a right checksum over contents that `change` has made wrong.
    fn forged(change: impl FnOnce(&mut Parts)) -> std::result::Result<AnyModel, ModelFileError> {
        let mut parts = model("copula").to_parts();
        change(&mut parts);
        let arrays: Vec<_> = parts.arrays.iter().map(|(name, array)| (name.clone(), raw(array))).collect();
        let blake3 =
            hash(FORMAT, &parts.header, arrays.iter().map(|(n, (d, _, b))| (n.as_str(), *d, b.as_slice())));
        let text = serde_json::to_string(&Envelope { format: FORMAT, blake3, model: parts.header }).unwrap();
        let views = arrays.iter().map(|(name, (dtype, length, bytes))| {
            (name.as_str(), TensorView::new(*dtype, vec![*length], bytes).unwrap())
        });
        let bytes = safetensors::serialize(views, Some(HashMap::from([(KEY.to_owned(), text)]))).unwrap();
        from_bytes(&bytes)
    }

    #[test]
    fn forged_contents_are_refused_by_rule() {
        assert!(forged(|_| {}).is_ok());
        let changes: [fn(&mut Parts); 9] = [
            |parts| parts.header["n_rows"] = 0.into(),
            |parts| parts.header["columns"][1]["presence"] = serde_json::json!({"mask": 7}),
            |parts| parts.header["surprise"] = 1.into(),
            |parts| parts.header["contains_training_rows"] = true.into(),
            |parts| parts.header["method"] = "pickle".into(),
            |parts| drop(parts.arrays.remove("correlation")),
            |parts| drop(parts.arrays.insert("extra".into(), Array::U8(vec![1]))),
            |parts| drop(parts.arrays.insert("columns/3/codes".into(), Array::U32(vec![0, 1, 9]))),
            |parts| drop(parts.arrays.insert("columns/1/counts".into(), Array::U64(vec![u64::MAX; 60]))),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            assert!(matches!(forged(change), Err(ModelFileError::Impossible { .. })), "change {number}");
        }
    }

    #[test]
    fn newer_formats_are_named() {
        let mut bytes = to_bytes(&model("independent"));
        let place = bytes.windows(12).position(|window| window == b"\"format\\\":1,").unwrap();
        bytes[place + 10] = b'9';
        assert_eq!(from_bytes(&bytes).unwrap_err(), ModelFileError::TooNew { found: 9, newest: FORMAT });
    }
}
