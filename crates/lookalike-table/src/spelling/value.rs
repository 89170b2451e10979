use super::{DatetimePattern, DatetimeSpelling, NumberParser};
use crate::schema::{BooleanFormat, DatetimeFormat, NumberFormat, Offset};

/// Patterns that a date may be given in besides the column's own.
const ISO: [&str; 5] =
    ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];
/// The same with an offset, for columns that say where their clock stands.
const ISO_WITH_OFFSET: [&str; 4] =
    ["%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f%:z", "%Y-%m-%d %H:%M%:z", "%Y-%m-%dT%H:%M%:z"];

/// The number that a text names in a column's spelling; plain numbers are understood too.
pub fn parse_number(text: &str, format: &NumberFormat) -> Option<f64> {
    let parsed = NumberParser::new(format).parse(text.as_bytes());
    parsed.or_else(|| NumberParser::default().parse(text.as_bytes())).map(|number| number.value)
}

/// The number that a text names, exactly: `digits * 10^-places`. `None` for what is no number, has an exponent, or
/// has more digits than 128 bits hold.
///
/// ```
/// use lookalike_table::schema::NumberFormat;
/// use lookalike_table::spelling::parse_decimal;
/// assert_eq!(parse_decimal("-1.50", &NumberFormat::default()), Some((-150, 2)));
/// ```
pub fn parse_decimal(text: &str, format: &NumberFormat) -> Option<(i128, u8)> {
    [NumberParser::new(format), NumberParser::default()].into_iter().find_map(|parser| {
        let number = parser.parse(text.as_bytes())?;
        if number.infinite || (number.exponent && number.value.fract() != 0.0) {
            return None;
        }
        if number.exponent {
            // Up to 2^53 a double holds every whole number.
            return (number.value.abs() < 9.0e15).then_some((number.value as i128, 0));
        }
        let places = u8::try_from(number.places).ok().filter(|&places| places <= 38)?;
        Some((parser.parse_decimal(text.as_bytes(), places)?, places))
    })
}

/// The instant that a text names in a column's spelling, in microseconds; ISO dates are understood too. A text without an
/// offset is of the column's own clock; one with an offset is only understood where the column says where its clock stands.
///
/// ```
/// use lookalike_table::schema::{DatetimeFormat, Offset};
/// use lookalike_table::spelling::parse_datetime;
/// let berlin = DatetimeFormat { pattern: "%Y-%m-%d %H:%M%:z".into(), step: 60_000_000, offset: Offset::Fixed(60) };
/// let midnight = parse_datetime("1970-01-02", &berlin);
/// assert_eq!(midnight, Some(23 * 3_600_000_000));
/// assert_eq!(parse_datetime("1970-01-01T23:00:00Z", &berlin), midnight);
/// let unknown = DatetimeFormat { pattern: "%Y-%m-%d".into(), offset: Offset::Unknown, ..berlin };
/// assert_eq!(parse_datetime("1970-01-01T23:00:00Z", &unknown), None);
/// ```
pub fn parse_datetime(text: &str, format: &DatetimeFormat) -> Option<i64> {
    let text = text.trim();
    let own = DatetimeSpelling::new(format).and_then(|spelling| spelling.parse(text.as_bytes()));
    own.or_else(|| {
        let with_offset = if format.offset == Offset::Unknown { &[][..] } else { &ISO_WITH_OFFSET };
        ISO.iter().chain(with_offset).find_map(|pattern| {
            let format = DatetimeFormat { pattern: (*pattern).to_owned(), ..format.clone() };
            DatetimeSpelling::new(&format)?.parse(text.as_bytes())
        })
    })
}

/// True for a `strftime` pattern that is understood and places a value on the calendar or the clock.
///
/// ```
/// use lookalike_table::spelling::is_datetime_pattern;
/// assert!(is_datetime_pattern("%d.%m.%Y %H:%M"));
/// assert!(!is_datetime_pattern("%d") && !is_datetime_pattern("day"));
/// ```
pub fn is_datetime_pattern(pattern: &str) -> bool {
    DatetimePattern::compile(pattern).is_some_and(|pattern| pattern.is_complete())
}

/// The truth value that a text names in a column's spelling, in any case; `true` and `false` are understood too.
pub fn parse_boolean(text: &str, format: &BooleanFormat) -> Option<bool> {
    let text = text.trim();
    let is = |spelling: &str| text.to_lowercase() == spelling.to_lowercase();
    if is(&format.true_text) || is("true") {
        Some(true)
    } else if is(&format.false_text) || is("false") {
        Some(false)
    } else {
        None
    }
}
