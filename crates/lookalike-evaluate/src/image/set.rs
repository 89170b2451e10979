use lookalike_learn::net::image::Shape;
use lookalike_table::schema::ImageFormat;
use lookalike_table::{Codes, Kind, Table};

use super::resize::{looked_at, reduce};
use crate::alignment::{Alignment, Cells, Role, Sort, match_columns};

/// The images of all tables, as measures look at them.
pub(crate) struct Images {
    /// Their column's number in the training table.
    pub(crate) column: usize,
    /// Their own shape.
    pub(crate) original: Shape,
    /// The shape in which they are looked at: smaller where theirs is beyond 32 pixels.
    pub(crate) shape: Shape,
    /// What each image shows, if a column says so.
    pub(crate) classes: Option<Classes>,
    /// The images of each table, where they are of the training table's shape.
    sets: [Option<ImageSet>; 4],
    /// What a reader should know, in sentences.
    pub(crate) notes: Vec<String>,
}

/// The column that says what images show.
#[derive(Debug, Clone)]
pub(crate) struct Classes {
    /// Its place among the aligned columns.
    pub(crate) place: usize,
    /// How many classes all tables have together.
    pub(crate) count: usize,
}

/// The images of one table, those that are missing left out.
pub(crate) struct ImageSet {
    /// The row of each.
    pub(crate) rows: Vec<usize>,
    /// Their levels in the shape in which they are looked at, image after image.
    pub(crate) levels: Vec<u8>,
    /// The class of each, [`Codes::MISSING`] where that is not known.
    pub(crate) labels: Vec<u32>,
}

/// How many images are made smaller at once.
const BLOCK: usize = 4096;

impl Images {
    /// The images of tables that have one column of them.
    pub(crate) fn new(
        tables: [Option<&Table>; 4],
        alignment: &Alignment,
        target: Option<usize>,
    ) -> Option<Self> {
        let train = tables[0]?;
        let column = train.schema().image_column()?;
        let Kind::Image(format) = train.schema().columns[column].kind else { return None };
        let own = shape_of(format);
        let shape = looked_at(own);
        let classes = classes(alignment, target);
        let mut notes = Vec::new();
        if shape != own {
            notes.push(format!(
                "scores are of images in {} x {} pixels, each the mean of an area of the original",
                shape.height, shape.width
            ));
        }
        let words = ["the training table", "the holdout", "the synthetic table", "the baseline's table"];
        let sets = std::array::from_fn(|role| {
            let table = tables[role]?;
            let place = match_columns(train, table)[column]?;
            let Kind::Image(theirs) = table.schema().columns[place].kind else { return None };
            if theirs != format {
                notes.push(format!(
                    "{} has images of {}, not of {} as in training: nothing is said of them",
                    words[role],
                    words_for(theirs),
                    words_for(format)
                ));
                return None;
            }
            let missing = table.column(place).missing().unwrap_or_else(|| vec![false; table.n_rows()]);
            let rows: Vec<usize> = (0..table.n_rows()).filter(|&row| !missing[row]).collect();
            if rows.len() < table.n_rows() {
                notes.push(format!(
                    "{} has {} rows without an image, which the figures of images leave out",
                    words[role],
                    table.n_rows() - rows.len()
                ));
            }
            let mut levels = Vec::with_capacity(rows.len() * shape.size());
            for rows in rows.chunks(BLOCK) {
                let images = table.column(place).take(rows).images()?;
                if shape == own {
                    levels.extend_from_slice(&images);
                } else {
                    images.chunks_exact(own.size()).for_each(|image| reduce(image, own, shape, &mut levels));
                }
            }
            let cells =
                classes.as_ref().and_then(|classes| alignment.columns[classes.place].cells[role].as_ref());
            let labels = match cells {
                Some(Cells::Levels(codes)) => rows.iter().map(|&row| codes[row]).collect(),
                _ => vec![Codes::MISSING; rows.len()],
            };
            Some(ImageSet { rows, levels, labels })
        });
        Some(Images { column, original: own, shape, classes, sets, notes })
    }

    /// The images of a table, or why there are none to compare.
    pub(crate) fn of(&self, role: Role) -> Result<&ImageSet, &'static str> {
        self.sets[role as usize].as_ref().ok_or(match role {
            Role::Train => "the training table has no images",
            Role::Holdout => "there is no holdout with images of the same shape",
            Role::Synthetic => "the synthetic table has no images of the same shape",
            Role::Baseline => "there is no baseline with images of the same shape",
        })
    }

    /// One of the images of a set.
    pub(crate) fn image<'a>(&self, set: &'a ImageSet, number: usize) -> &'a [u8] {
        &set.levels[number * self.shape.size()..][..self.shape.size()]
    }

    /// Some images of a set, one after the other.
    pub(crate) fn take(&self, set: &ImageSet, numbers: &[usize]) -> Vec<u8> {
        numbers.iter().flat_map(|&number| self.image(set, number)).copied().collect()
    }
}

impl ImageSet {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The numbers of the images whose class is known.
    pub(crate) fn labelled(&self) -> Vec<usize> {
        (0..self.len()).filter(|&number| self.labels[number] != Codes::MISSING).collect()
    }
}

fn shape_of(format: ImageFormat) -> Shape {
    Shape::new(usize::from(format.height), usize::from(format.width), usize::from(format.channels))
}

fn words_for(format: ImageFormat) -> String {
    format!("{} x {} pixels in {} channels", format.height, format.width, format.channels)
}

/// The target if it has levels, or else the only column that has.
fn classes(alignment: &Alignment, target: Option<usize>) -> Option<Classes> {
    let columns = || alignment.columns.iter().enumerate().filter(|(_, column)| column.sort == Sort::Level);
    let (place, column) = if let Some(target) = target {
        columns().find(|(_, column)| column.index == target)?
    } else {
        let mut all = columns();
        all.next().filter(|_| all.next().is_none())?
    };
    Some(Classes { place, count: column.levels })
}
