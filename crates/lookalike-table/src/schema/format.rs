/// How the numbers of a column are spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    /// True when every value is a whole number.
    pub integer: bool,
    /// How many places follow the decimal point.
    pub decimals: Decimals,
    /// Values are padded with leading zeros to this many digits before the point, 0 for no padding.
    pub min_digits: u8,
    /// Whole values are spelled with at least this many zeros after the point: 1 gives `39.0`.
    pub whole_zeros: u8,
    /// Very large and very small values, which are spelled with an exponent, have at least two digits and a sign
    /// in it: `1e-05` and `1e+20` rather than `1e-5` and `1e20`.
    pub padded_exponent: bool,
    /// The decimal sign, `.` or `,`.
    pub decimal_sign: char,
    /// The sign between groups of three digits, if there is one.
    pub group_sign: Option<char>,
    /// What stands before the number, such as a currency sign.
    pub prefix: String,
    /// What stands after the number, such as a per-cent sign.
    pub suffix: String,
}

impl Default for NumberFormat {
    fn default() -> Self {
        NumberFormat {
            integer: false,
            decimals: Decimals::Shortest,
            min_digits: 0,
            whole_zeros: 0,
            padded_exponent: false,
            decimal_sign: '.',
            group_sign: None,
            prefix: String::new(),
            suffix: String::new(),
        }
    }
}

impl NumberFormat {
    /// Plain whole numbers.
    pub fn whole() -> Self {
        NumberFormat { integer: true, decimals: Decimals::Fixed(0), ..Self::default() }
    }
}

/// How many places follow the decimal point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimals {
    /// Always this many, zeros included: values are whole multiples of `10^-n`.
    Fixed(u8),
    /// At most this many, trailing zeros left off: values are whole multiples of `10^-n`.
    UpTo(u8),
    /// The shortest text that reads back as the same `f64`.
    Shortest,
}

impl Decimals {
    /// The number of places that values are rounded to, if they lie on a grid.
    pub fn places(self) -> Option<u8> {
        match self {
            Decimals::Fixed(places) | Decimals::UpTo(places) => Some(places),
            Decimals::Shortest => None,
        }
    }
}

/// How the two truth values of a column are spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BooleanFormat {
    /// How true is spelled.
    pub true_text: String,
    /// How false is spelled.
    pub false_text: String,
}

impl Default for BooleanFormat {
    fn default() -> Self {
        BooleanFormat { true_text: "true".into(), false_text: "false".into() }
    }
}

/// How the dates and times of a column are spelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatetimeFormat {
    /// The spelling as a `strftime` pattern, such as `%Y-%m-%d`.
    pub pattern: String,
    /// The finest step that values make, in microseconds: 86,400,000,000 for dates, 1,000,000 for seconds.
    pub step: i64,
    /// Where the wall clock stands.
    pub offset: Offset,
}

/// How the wall clock of a datetime column relates to UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offset {
    /// Nothing is said of it: instants are wall-clock times.
    Unknown,
    /// Every value has this offset from UTC, in minutes; instants are UTC.
    Fixed(i16),
}

/// How the keys of a column are spelled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdFormat {
    /// The regular expression that keys match, where it was
    /// given by the user. What was learned is kept by the model, under the protection rule.
    pub regex: Option<String>,
}

/// The shape that all images of a column have. Each is a row of levels from 0 to 255: row after row of pixels, from the top,
/// with the channels of a pixel side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageFormat {
    /// Rows of pixels, 1 to 65,535.
    pub height: u16,
    /// Pixels in a row, 1 to 65,535.
    pub width: u16,
    /// Channels of a pixel: 1 for grey, 3 for red, green and blue, 4 with opacity.
    pub channels: u8,
}

impl ImageFormat {
    /// How many levels an image has, or `None` when that is nothing or beyond 2^26.
    ///
    /// ```
    /// use lookalike_table::schema::ImageFormat;
    /// assert_eq!(ImageFormat { height: 28, width: 28, channels: 1 }.size(), Some(784));
    /// assert_eq!(ImageFormat { height: 0, width: 28, channels: 1 }.size(), None);
    /// ```
    pub fn size(self) -> Option<usize> {
        let size = u64::from(self.height) * u64::from(self.width) * u64::from(self.channels);
        usize::try_from(size).ok().filter(|size| (1..=1 << 26).contains(size))
    }
}

/// The type that a column had in a typed file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Storage {
    /// It came from text: there was no type.
    #[default]
    Text,
    /// A signed whole number of this many bits.
    Int(u8),
    /// An unsigned whole number of this many bits.
    UInt(u8),
    /// A floating-point number of this many bits.
    Float(u8),
    /// A decimal.
    Decimal {
        /// Digits in all.
        precision: u8,
        /// Digits after the point.
        scale: i8,
    },
    /// A truth value.
    Bool,
    /// A day.
    Date,
    /// A point in time counted in units of `10^-digits` seconds.
    Timestamp {
        /// 0, 3, 6 or 9.
        digits: u8,
        /// The time zone's name, if there is one.
        zone: Option<String>,
    },
    /// Text.
    Utf8,
    /// Text with a dictionary.
    Dictionary,
}

/// How a text file is laid out.
#[expect(clippy::struct_excessive_bools, reason = "each is a property of the file of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between fields.
    pub delimiter: u8,
    /// The byte around fields that hold a delimiter, a quote or a line end.
    pub quote: u8,
    /// True when a backslash stands before quotes and backslashes within quoted fields, where others double quotes.
    pub backslash_escapes: bool,
    /// Which fields are quoted when writing.
    pub quoting: Quoting,
    /// True when the first line holds names.
    pub header: bool,
    /// True when lines end with carriage return and line feed.
    pub crlf: bool,
    /// True when a space follows every delimiter, as in the original files of UCI's Adult.
    pub space_after_delimiter: bool,
    /// True when the file begins with a byte-order mark.
    pub bom: bool,
    /// The encoding's name in the WHATWG standard, such as `UTF-8` or `windows-1252`.
    pub encoding: String,
}

/// Which fields are quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quoting {
    /// Those that need it.
    Minimal,
    /// All of them.
    Always,
    /// Text and categories, not numbers (as R and Excel macros write them).
    NonNumeric,
}

impl Default for Dialect {
    fn default() -> Self {
        Dialect {
            delimiter: b',',
            quote: b'"',
            backslash_escapes: false,
            quoting: Quoting::Minimal,
            header: true,
            crlf: false,
            space_after_delimiter: false,
            bom: false,
            encoding: "UTF-8".into(),
        }
    }
}
