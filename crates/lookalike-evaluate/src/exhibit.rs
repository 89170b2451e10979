use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::metric::Family;

/// Something to look at that belongs to an evaluation: what a report draws.
///
/// A report needs to know these shapes only, not the metrics that they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Exhibit {
    /// Its name, different from that of every other exhibit of the evaluation, such as `roc-tstr`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What one sees, in a sentence or two.
    pub caption: String,
    /// The part of a report that it belongs to.
    pub family: Family,
    /// How much of the real tables it lays open.
    pub lays_open: LaysOpen,
    /// What is drawn.
    pub shape: Shape,
}

/// How much of the real tables an exhibit lays open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaysOpen {
    /// Figures about the tables as a whole, and names of columns.
    Figures,
    /// How real values are spread: ranges, levels and their shares, those of few rows pooled.
    Distributions,
    /// Values of real rows.
    Rows,
}

/// The form of an exhibit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Shape {
    /// How the values of one column are spread in several tables.
    Distribution {
        /// The column.
        column: String,
        /// What the shares are of: ranges such as `20 to 30`, or levels, in order.
        bins: Vec<String>,
        /// For numbers and instants the edges of the ranges, one more than bins that are ranges; else empty. Bins
        /// after those (such as missing cells) are no ranges.
        edges: Vec<f64>,
        /// For each table the share of its rows in each bin.
        series: Vec<Series<f64>>,
    },
    /// A number for each pair of a row and a column, such as associations or a confusion matrix.
    Matrix {
        /// What rows are, such as `true class`; may be empty.
        row_title: String,
        /// What columns are.
        column_title: String,
        /// The names of the rows.
        rows: Vec<String>,
        /// The names of the columns.
        columns: Vec<String>,
        /// One matrix per table, row after row; null where not defined.
        series: Vec<Series<Vec<Option<f64>>>>,
        /// The values that the ends of the colour scale stand for; where the lower is negative, 0 lies in the middle.
        scale: [f64; 2],
    },
    /// Lines, such as receiver operating characteristics.
    Curves {
        /// What is to the right.
        x_title: String,
        /// What is upwards.
        y_title: String,
        /// Points of each line, from left to right.
        series: Vec<Series<[f64; 2]>>,
    },
    /// Points in a plane.
    Points {
        /// What is to the right.
        x_title: String,
        /// What is upwards.
        y_title: String,
        /// Points of each table.
        series: Vec<Series<[f64; 2]>>,
    },
    /// Amounts with names, the largest first unless their order means something.
    Bars {
        /// What the amounts are.
        value_title: String,
        /// The names.
        names: Vec<String>,
        /// Amounts, one per name.
        series: Vec<Series<f64>>,
    },
    /// Images in a grid.
    Images {
        /// Rows of pixels of each.
        height: u16,
        /// Pixels in a row.
        width: u16,
        /// Channels of a pixel: 1 for grey, 2 for grey with opacity, 3 for red, green and blue, 4 with opacity.
        channels: u8,
        /// How many images stand side by side.
        across: usize,
        /// What the columns of the grid are; empty where that says nothing.
        columns: Vec<String>,
        /// What its rows are; empty where that says nothing.
        rows: Vec<String>,
        /// A grid per table, row after row; null where there is no image.
        series: Vec<Series<Option<Picture>>>,
    },
    /// Rows of tables, as text.
    Rows {
        /// Names of the columns.
        columns: Vec<String>,
        /// Rows of cells; null where missing.
        series: Vec<Series<Vec<Option<String>>>>,
    },
}

/// An image: levels from 0 to 255, row after row of pixels from the top, with the channels of a pixel side by side. A text
/// in base 64 (RFC 4648) as JSON, which is short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Picture(pub Vec<u8>);

impl From<Picture> for String {
    fn from(picture: Picture) -> Self {
        STANDARD.encode(picture.0)
    }
}

impl TryFrom<String> for Picture {
    type Error = base64::DecodeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        STANDARD.decode(text).map(Picture)
    }
}

/// Values with the name of what they are of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series<T> {
    /// `training`, `holdout`, `synthetic`, `baseline`, or another name.
    pub name: String,
    /// The values.
    pub values: Vec<T>,
}

impl<T> Series<T> {
    /// Values with a name.
    pub fn new(name: &str, values: Vec<T>) -> Self {
        Series { name: name.to_owned(), values }
    }
}
