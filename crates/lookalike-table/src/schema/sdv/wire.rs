//! The `x-lookalike` part of a schema file: kept apart from the types it stands for, so that these may change.

use serde::{Deserialize, Serialize};

use crate::constraints::Constraint;
use crate::error::{Error, Result};
use crate::pattern::Pattern;
use crate::schema::{
    BooleanFormat, ColumnSchema, DatetimeFormat, Decimals, Dialect, IdFormat, ImageFormat, Kind, Locale,
    NumberFormat, Offset, Personal, Quoting, Schema, Storage,
};
use crate::spelling::DatetimePattern;

const VERSION: u32 = 1;

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    primary_key: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dialect: Option<WireDialect>,
    columns: Vec<WireColumn>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    constraints: Vec<Constraint>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireColumn {
    name: String,
    kind: WireKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    personal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    missing_token: String,
    #[serde(default, skip_serializing_if = "WireStorage::is_text")]
    storage: WireStorage,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    reason: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum WireKind {
    Numerical(WireNumbers),
    Categorical {
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        order: Vec<String>,
    },
    Boolean {
        true_text: String,
        false_text: String,
    },
    Datetime {
        pattern: String,
        step: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offset_minutes: Option<i16>,
    },
    Id {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        regex: Option<String>,
    },
    Text {},
    Image {
        height: u16,
        width: u16,
        channels: u8,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireNumbers {
    integer: bool,
    decimals: WireDecimals,
    #[serde(default, skip_serializing_if = "is_zero")]
    min_digits: u8,
    #[serde(default, skip_serializing_if = "is_zero")]
    whole_zeros: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    padded_exponent: bool,
    #[serde(default = "point", skip_serializing_if = "is_point")]
    decimal_sign: char,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group_sign: Option<char>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    prefix: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    suffix: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &u8) -> bool {
    *number == 0
}

fn point() -> char {
    '.'
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_point(sign: &char) -> bool {
    *sign == '.'
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireDecimals {
    Fixed(u8),
    UpTo(u8),
    Shortest,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum WireStorage {
    #[default]
    Text,
    Int(u8),
    UInt(u8),
    Float(u8),
    Decimal {
        precision: u8,
        scale: i8,
    },
    Bool,
    Date,
    Timestamp {
        digits: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<String>,
    },
    Utf8,
    Dictionary,
}

impl WireStorage {
    fn is_text(&self) -> bool {
        matches!(self, WireStorage::Text)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the dialect has them")]
struct WireDialect {
    delimiter: u8,
    quote: u8,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    backslash_escapes: bool,
    quoting: WireQuoting,
    header: bool,
    crlf: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    space_after_delimiter: bool,
    bom: bool,
    encoding: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WireQuoting {
    Minimal,
    Always,
    NonNumeric,
}

impl From<&Schema> for Extension {
    fn from(schema: &Schema) -> Self {
        Extension {
            version: VERSION,
            primary_key: schema.primary_key,
            dialect: schema.dialect.as_ref().map(WireDialect::from),
            columns: schema.columns.iter().map(WireColumn::from).collect(),
            constraints: schema.constraints.clone(),
        }
    }
}

impl Extension {
    pub(super) fn into_schema(self) -> Result<Schema> {
        let problem = |text: String| Error::Metadata { problem: text };
        if self.version != VERSION {
            return Err(problem(format!(
                "its x-lookalike part is of version {}, and this software reads version {VERSION}",
                self.version
            )));
        }
        if self.primary_key.is_some_and(|index| index >= self.columns.len()) {
            return Err(problem("its primary_key is not the number of a column".into()));
        }
        Ok(Schema {
            columns: self.columns.into_iter().map(WireColumn::into_column).collect::<Result<_>>()?,
            primary_key: self.primary_key,
            dialect: self.dialect.map(Dialect::from),
            constraints: self.constraints,
        })
    }
}

impl From<&ColumnSchema> for WireColumn {
    fn from(column: &ColumnSchema) -> Self {
        WireColumn {
            name: column.name.clone(),
            kind: WireKind::from(&column.kind),
            personal: column.personal.map(|sort| sort.sdtype().to_owned()),
            locale: column.locale.map(|locale| locale.code().to_owned()),
            missing_token: column.missing_token.clone(),
            storage: WireStorage::from(&column.storage),
            reason: column.reason.clone(),
        }
    }
}

impl WireColumn {
    fn into_column(self) -> Result<ColumnSchema> {
        let personal = match &self.personal {
            None => None,
            Some(sort) => Some(Personal::from_sdtype(sort).ok_or_else(|| Error::Metadata {
                problem: format!("column {:?} has an unknown sort of personal data", self.name),
            })?),
        };
        let locale = match &self.locale {
            None => None,
            Some(code) => Some(Locale::from_code(code).ok_or_else(|| Error::Metadata {
                problem: format!(
                    "column {:?} has an unknown locale; there are {}",
                    self.name,
                    Locale::codes()
                ),
            })?),
        };
        Ok(ColumnSchema {
            kind: self.kind.into_kind(&self.name)?,
            name: self.name,
            personal,
            locale,
            missing_token: self.missing_token,
            storage: self.storage.into(),
            reason: self.reason,
        })
    }
}

impl From<&Kind> for WireKind {
    fn from(kind: &Kind) -> Self {
        match kind {
            Kind::Numerical(format) => WireKind::Numerical(WireNumbers {
                integer: format.integer,
                decimals: match format.decimals {
                    Decimals::Fixed(places) => WireDecimals::Fixed(places),
                    Decimals::UpTo(places) => WireDecimals::UpTo(places),
                    Decimals::Shortest => WireDecimals::Shortest,
                },
                min_digits: format.min_digits,
                whole_zeros: format.whole_zeros,
                padded_exponent: format.padded_exponent,
                decimal_sign: format.decimal_sign,
                group_sign: format.group_sign,
                prefix: format.prefix.clone(),
                suffix: format.suffix.clone(),
            }),
            Kind::Categorical { order } => WireKind::Categorical { order: order.clone() },
            Kind::Boolean(format) => WireKind::Boolean {
                true_text: format.true_text.clone(),
                false_text: format.false_text.clone(),
            },
            Kind::Datetime(format) => WireKind::Datetime {
                pattern: format.pattern.clone(),
                step: format.step,
                offset_minutes: match format.offset {
                    Offset::Unknown => None,
                    Offset::Fixed(minutes) => Some(minutes),
                },
            },
            Kind::Id(format) => WireKind::Id { regex: format.regex.clone() },
            Kind::Text => WireKind::Text {},
            Kind::Image(ImageFormat { height, width, channels }) => {
                WireKind::Image { height: *height, width: *width, channels: *channels }
            }
        }
    }
}

impl WireKind {
    fn into_kind(self, column: &str) -> Result<Kind> {
        let problem = |text: &str| Error::Metadata { problem: format!("column {column:?} {text}") };
        Ok(match self {
            WireKind::Numerical(format) => {
                let decimals = match format.decimals {
                    WireDecimals::Fixed(places) => Decimals::Fixed(places),
                    WireDecimals::UpTo(places) => Decimals::UpTo(places),
                    WireDecimals::Shortest => Decimals::Shortest,
                };
                if !matches!(format.decimal_sign, '.' | ',') {
                    return Err(problem("has a decimal sign other than point and comma"));
                }
                Kind::Numerical(NumberFormat {
                    integer: format.integer,
                    decimals,
                    min_digits: format.min_digits,
                    whole_zeros: format.whole_zeros,
                    padded_exponent: format.padded_exponent,
                    decimal_sign: format.decimal_sign,
                    group_sign: format.group_sign,
                    prefix: format.prefix,
                    suffix: format.suffix,
                })
            }
            WireKind::Categorical { order } => Kind::Categorical { order },
            WireKind::Boolean { true_text, false_text } => {
                if true_text == false_text {
                    return Err(problem("spells true and false alike"));
                }
                Kind::Boolean(BooleanFormat { true_text, false_text })
            }
            WireKind::Datetime { pattern, step, offset_minutes } => {
                if DatetimePattern::compile(&pattern).is_none() {
                    return Err(Error::DatetimePattern { column: column.to_owned(), pattern });
                }
                if step <= 0 || offset_minutes.is_some_and(|minutes| minutes.unsigned_abs() >= 24 * 60) {
                    return Err(problem("has a step or an offset that is out of range"));
                }
                let offset = offset_minutes.map_or(Offset::Unknown, Offset::Fixed);
                Kind::Datetime(DatetimeFormat { pattern, step, offset })
            }
            WireKind::Id { regex } => {
                if let Some(Err(error)) = regex.as_deref().map(Pattern::parse) {
                    return Err(Error::Regex { column: column.to_owned(), problem: error.to_string() });
                }
                Kind::Id(IdFormat { regex })
            }
            WireKind::Text {} => Kind::Text,
            WireKind::Image { height, width, channels } => {
                let format = ImageFormat { height, width, channels };
                if format.size().is_none() {
                    return Err(problem("has images of an impossible size"));
                }
                Kind::Image(format)
            }
        })
    }
}

impl From<&Storage> for WireStorage {
    fn from(storage: &Storage) -> Self {
        match storage {
            Storage::Text => WireStorage::Text,
            Storage::Int(bits) => WireStorage::Int(*bits),
            Storage::UInt(bits) => WireStorage::UInt(*bits),
            Storage::Float(bits) => WireStorage::Float(*bits),
            Storage::Decimal { precision, scale } => {
                WireStorage::Decimal { precision: *precision, scale: *scale }
            }
            Storage::Bool => WireStorage::Bool,
            Storage::Date => WireStorage::Date,
            Storage::Timestamp { digits, zone } => {
                WireStorage::Timestamp { digits: *digits, zone: zone.clone() }
            }
            Storage::Utf8 => WireStorage::Utf8,
            Storage::Dictionary => WireStorage::Dictionary,
        }
    }
}

impl From<WireStorage> for Storage {
    fn from(storage: WireStorage) -> Self {
        match storage {
            WireStorage::Text => Storage::Text,
            WireStorage::Int(bits) => Storage::Int(bits),
            WireStorage::UInt(bits) => Storage::UInt(bits),
            WireStorage::Float(bits) => Storage::Float(bits),
            WireStorage::Decimal { precision, scale } => Storage::Decimal { precision, scale },
            WireStorage::Bool => Storage::Bool,
            WireStorage::Date => Storage::Date,
            WireStorage::Timestamp { digits, zone } => Storage::Timestamp { digits, zone },
            WireStorage::Utf8 => Storage::Utf8,
            WireStorage::Dictionary => Storage::Dictionary,
        }
    }
}

impl From<&Dialect> for WireDialect {
    fn from(dialect: &Dialect) -> Self {
        WireDialect {
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            backslash_escapes: dialect.backslash_escapes,
            quoting: match dialect.quoting {
                Quoting::Minimal => WireQuoting::Minimal,
                Quoting::Always => WireQuoting::Always,
                Quoting::NonNumeric => WireQuoting::NonNumeric,
            },
            header: dialect.header,
            crlf: dialect.crlf,
            space_after_delimiter: dialect.space_after_delimiter,
            bom: dialect.bom,
            encoding: dialect.encoding.clone(),
        }
    }
}

impl From<WireDialect> for Dialect {
    fn from(dialect: WireDialect) -> Self {
        Dialect {
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            backslash_escapes: dialect.backslash_escapes,
            quoting: match dialect.quoting {
                WireQuoting::Minimal => Quoting::Minimal,
                WireQuoting::Always => Quoting::Always,
                WireQuoting::NonNumeric => Quoting::NonNumeric,
            },
            header: dialect.header,
            crlf: dialect.crlf,
            space_after_delimiter: dialect.space_after_delimiter,
            bom: dialect.bom,
            encoding: dialect.encoding,
        }
    }
}
