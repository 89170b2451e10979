//! How values are spelled: reading and printing of numbers, dates and truth values under the formats of
//! [`schema`](crate::schema).

mod civil;
mod datetime;
mod number;
mod print;
mod printer;
mod spell;
mod value;

pub(crate) use civil::{DAY, HOUR, MINUTE, SECOND, days_from_civil, days_in_month};
pub use civil::{civil_from_days, civil_text, weekday};
pub(crate) use datetime::{DatetimePattern, DatetimeSpelling, Field, Moment};
pub(crate) use number::{MOST_DIGITS, Number, NumberParser, plain, trim};
pub(crate) use print::shortest;
pub(crate) use printer::Printer;
pub use spell::spell;
pub use value::{is_datetime_pattern, parse_boolean, parse_datetime, parse_decimal, parse_number};
