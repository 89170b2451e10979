//! Images as a column of a table: a method for images inside a model of a table.
//!
//! All other columns, classes among them, are a table of their own, learned by trees (or, if there is none but the classes,
//! by how frequent they are), and drawn first, with all that conditions and given rows ask of them. Images are then drawn
//! for the classes. So a model of images is sampled, conditioned, saved and described as any other.

use std::sync::Arc;

use lookalike_core::{Context, Progress, Topic, Warning};
use lookalike_learn::net::image::Shape;
use lookalike_table::schema::ImageFormat;
use lookalike_table::{Codes, Column, ColumnSchema, Kind, Schema, Table};

use super::drawing::Drawing;
use super::images::Images;
use super::model::ImageModel;
use super::synthesizer::ImageSynthesizer;
use crate::error::{Error, Result};
use crate::forest::Forest;
use crate::frame::{FitOptions, Frame, Presence, Source};
use crate::independent::Independent;
use crate::margin::{Margin, Support};
use crate::sampler::{BLOCK_ROWS, Blocks, SampleRequest};
use crate::synthesizer::{AnyModel, Description, ForestModel, IndependentModel};
use crate::words::counted;

/// Whose random streams are those of images.
const IMAGES: &str = "images";
/// Rows of images that are handed over together.
const ROWS_AT_ONCE: u64 = 256;
/// A column with more levels says something else than what is to be seen.
const MOST_CLASSES: usize = 1000;

/// A model of a table with a column of images.
#[derive(Debug, Clone)]
pub struct ImageTableModel {
    /// Of all columns, the images' always missing.
    pub(crate) inner: Box<AnyModel>,
    pub(crate) images: ImageModel,
    pub(crate) image_column: usize,
    pub(crate) classes: Option<Classes>,
    pub(crate) warnings: Vec<Warning>,
}

/// Which column says what is to be seen, and which of its values is which class of the images' model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Classes {
    pub(crate) column: usize,
    /// As they are spelled (`true` and `false` for truth values); images without a class are the class after these.
    pub(crate) names: Vec<String>,
    pub(crate) some_have_none: bool,
}

impl Classes {
    /// The classes of the levels that the model of the other columns keeps; `None` if it keeps none.
    pub(crate) fn new(column: usize, frame: &Frame) -> Option<Self> {
        let Source::Margin(Margin { support, .. }) = &frame.sources[column] else { return None };
        let names: Vec<String> = match support {
            Support::Levels { levels, codes } => {
                codes.iter().map(|&code| levels.get(code).to_owned()).collect()
            }
            Support::Booleans(values) => values.iter().map(ToString::to_string).collect(),
            Support::Grid { .. } | Support::Reals { .. } => return None,
        };
        let some_have_none = matches!(frame.presence[column], Presence::Mask(_));
        Some(Classes { column, names, some_have_none })
    }

    pub(crate) fn count(&self) -> usize {
        self.names.len() + usize::from(self.some_have_none)
    }

    /// The class of every row; `None` where it is withheld.
    fn of_rows(&self, table: &Table) -> Vec<Option<u32>> {
        let column = table.column(self.column);
        let none = self.some_have_none.then_some(self.names.len() as u32);
        let class = |name: &str| self.names.iter().position(|known| known == name).map(|class| class as u32);
        if let Some(Codes { codes, levels }) = column.codes() {
            let of_level: Vec<Option<u32>> = levels.iter().map(class).collect();
            let of_code = |code: u32| if code == Codes::MISSING { none } else { of_level[code as usize] };
            return codes.into_iter().map(of_code).collect();
        }
        let Some(values) = column.integers() else { return vec![None; table.n_rows()] };
        let of_value = [class("false"), class("true")];
        let missing = |row: usize| values.missing.as_ref().is_some_and(|missing| missing[row]);
        let of_row =
            |row: usize| if missing(row) { none } else { of_value[usize::from(values.values[row] != 0)] };
        (0..table.n_rows()).map(of_row).collect()
    }
}

/// Which columns hold the images and, if there is one, their classes.
fn roles(schema: &Schema, target: Option<usize>, method: &str) -> Result<(usize, Option<usize>)> {
    let refuse = |problem: String| Err(Error::Options { problems: vec![problem] });
    let Some(image) = schema.image_column() else {
        return refuse(format!("{method} learns images, and the table has not one column of them"));
    };
    let is_class = |kind: &Kind| matches!(kind, Kind::Categorical { .. } | Kind::Boolean(_));
    if let Some(target) = target {
        let ColumnSchema { name, kind, .. } = &schema.columns[target];
        if !is_class(kind) {
            return Err(Error::TargetKind { column: name.clone(), kind: kind.name() });
        }
        return Ok((image, Some(target)));
    }
    let classes: Vec<usize> =
        (0..schema.columns.len()).filter(|&column| is_class(&schema.columns[column].kind)).collect();
    match classes.as_slice() {
        [] => Ok((image, None)),
        [only] => Ok((image, Some(*only))),
        _ => refuse("several columns could say what is to be seen: name one with --target".to_owned()),
    }
}

/// Learns a table with a column of images.
pub(crate) fn fit(
    method: &ImageSynthesizer,
    table: &Table,
    options: &FitOptions,
    context: &Context<'_>,
) -> Result<ImageTableModel> {
    let schema = table.schema();
    let (image_column, class_column) = roles(schema, options.target, method.name())?;
    if !schema.constraints.is_empty() {
        let problem = "methods for images know no constraints: leave them out".to_owned();
        return Err(Error::Options { problems: vec![problem] });
    }
    let others = schema.columns.len() - 1 - usize::from(class_column.is_some());
    let inner = if others == 0 {
        AnyModel::Independent(IndependentModel(Independent::default().fit(table, options, context)?))
    } else {
        AnyModel::Forest(ForestModel(Forest::default().fit(table, options, context)?))
    };
    let classes = class_column.and_then(|column| Classes::new(column, inner.frame()));
    if let Some(classes) = &classes
        && classes.count() > MOST_CLASSES
    {
        let name = &schema.columns[classes.column].name;
        let problem = format!(
            "column {name:?} has {} levels, and at most {MOST_CLASSES} can be classes of images",
            classes.count()
        );
        return Err(Error::Options { problems: vec![problem] });
    }
    let mut warnings = inner.warnings().to_vec();
    let images = learned(table, image_column, classes.as_ref(), &mut warnings)?;
    if options.unit.is_some() {
        warnings.push(Warning::new(
            Topic::Protection,
            "networks of images learn images one by one, whatever unit they belong to: several of one unit weigh more",
        ));
    }
    let fitted = method.fit(&images, context)?;
    if let (Some(classes), false) = (&classes, fitted.is_conditional()) {
        let name = schema.columns[classes.column].name.clone();
        let message = "the method draws images without classes: the column will be empty";
        warnings.push(Warning::of_column(Topic::Model, name, message));
    }
    warnings.extend_from_slice(fitted.warnings());
    Ok(ImageTableModel { inner: Box::new(inner), images: fitted, image_column, classes, warnings })
}

/// The shape of the images of a column that holds some.
fn shape_of(schema: &Schema, image_column: usize) -> Shape {
    let Kind::Image(ImageFormat { height, width, channels }) = schema.columns[image_column].kind else {
        unreachable!("the column was found by its kind")
    };
    Shape::new(usize::from(height), usize::from(width), usize::from(channels))
}

/// The images that a network sees, with the numbers of their classes.
fn learned(
    table: &Table,
    image_column: usize,
    classes: Option<&Classes>,
    warnings: &mut Vec<Warning>,
) -> Result<Images> {
    let name = || table.schema().columns[image_column].name.clone();
    let shape = shape_of(table.schema(), image_column);
    let column = table.column(image_column);
    let missing = column.missing();
    let of_row = match classes {
        Some(classes) => classes.of_rows(table),
        None => vec![Some(0); table.n_rows()],
    };
    let withheld = of_row.iter().filter(|class| class.is_none()).count();
    let there = |row: usize| missing.as_ref().is_none_or(|missing| !missing[row]);
    let absent = (0..table.n_rows()).filter(|&row| !there(row)).count();
    if withheld > 0 && withheld == of_row.len() {
        return Err(Error::AllWithheld { images: withheld });
    }
    if withheld > 0 {
        let message =
            format!("{} of classes that are withheld: not learned", counted(withheld as u64, "image"));
        warnings.push(Warning::of_column(Topic::Protection, name(), message));
    }
    if absent > 0 {
        let message = format!(
            "{} without an image: not learned, and none is drawn without",
            counted(absent as u64, "row")
        );
        warnings.push(Warning::of_column(Topic::Model, name(), message));
    }
    let levels = column.images().unwrap_or_default();
    let mut pixels = Vec::with_capacity(levels.len());
    let mut labels = Vec::with_capacity(table.n_rows());
    for (row, (image, class)) in levels.chunks_exact(shape.size()).zip(of_row).enumerate() {
        if let (Some(class), true) = (class, there(row)) {
            pixels.extend_from_slice(image);
            labels.push(class);
        }
    }
    Images::new(shape, pixels, labels, classes.map_or(1, Classes::count))
}

impl ImageTableModel {
    /// The method that learned the images.
    pub fn method(&self) -> &ImageSynthesizer {
        self.images.method()
    }

    /// What was learned of the images.
    pub fn images(&self) -> &ImageModel {
        &self.images
    }

    /// What the classes of the images' model are called, if they have names; images without a class come last, as `None`.
    pub fn class_names(&self) -> Vec<Option<&str>> {
        let Some(classes) = &self.classes else { return vec![None] };
        let names = classes.names.iter().map(|name| Some(name.as_str()));
        names.chain(classes.some_have_none.then_some(None)).collect()
    }

    pub(crate) fn schema(&self) -> &Arc<Schema> {
        &self.inner.frame().schema
    }

    /// An error for what no model of images can do.
    fn check(&self, request: &SampleRequest) -> Result<()> {
        if request.around.is_some() {
            let problem = "models of images draw none around given rows: leave --around out".to_owned();
            return Err(Error::Options { problems: vec![problem] });
        }
        let name = &self.schema().columns[self.image_column].name;
        let given = request.like.iter().flat_map(|table| &table.schema().columns);
        if given.into_iter().any(|column| column.name == *name) {
            return Err(Error::Unsupported { column: name.clone() });
        }
        if let (Some(classes), false) = (&self.classes, self.images.is_conditional())
            && request.conditions.iter().any(|condition| condition.column == classes.column)
        {
            let problem = format!(
                "{} draws images without classes: leave out conditions on them",
                self.method().name()
            );
            return Err(Error::Options { problems: vec![problem] });
        }
        Ok(())
    }

    /// What draws the rows of a request.
    pub(crate) fn draw<'a>(
        &'a self,
        request: &SampleRequest,
        context: &Context<'a>,
    ) -> Result<(Box<dyn Blocks + 'a>, Vec<Warning>)> {
        self.check(request)?;
        let (inner, warnings) = self.inner.draw(request, context)?;
        let drawing = self.images.prepare(context.seed.derive(IMAGES));
        Ok((Box::new(Draw { model: self, inner, drawing, progress: context.progress }), warnings))
    }

    /// Rows of `images` images each, on the way from one image of the request to the next: each row takes two of them. Conditions
    /// on classes hold for both ends.
    ///
    /// # Errors
    /// Those of sampling, and of [`ImageModel::interpolate`]; [`Error::Options`] for more than 1,024 rows.
    pub fn interpolate(
        &self,
        request: &SampleRequest,
        images: usize,
        context: &Context<'_>,
    ) -> Result<Vec<Images>> {
        let labels = self.labels(request, context)?;
        let own = Context { seed: context.seed.derive(IMAGES), ..*context };
        let ends = labels.as_chunks::<2>().0.iter().zip(request.rows.clone().step_by(2));
        ends.map(|(&[from, to], number)| {
            self.images.interpolate((number, from), (number + 1, to), images, &own)
        })
        .collect()
    }

    /// Rows of `images` images each, one for each of the first latent numbers of an autoencoder, along which it changes alone. There
    /// are as many as the request has rows; each is of that row's class.
    ///
    /// # Errors
    /// Those of sampling, and of [`ImageModel::traverse`]; [`Error::Options`] for more than 2,048 rows.
    pub fn traverse(
        &self,
        request: &SampleRequest,
        images: usize,
        context: &Context<'_>,
    ) -> Result<Vec<Images>> {
        let labels = self.labels(request, context)?;
        let rows = labels.iter().enumerate();
        rows.map(|(dimension, &class)| self.images.traverse(&[dimension], images, class, context)).collect()
    }

    /// The classes of the rows of a request.
    fn labels(&self, request: &SampleRequest, context: &Context<'_>) -> Result<Vec<u32>> {
        let count = request.rows.end.saturating_sub(request.rows.start);
        if request.rows.end > BLOCK_ROWS as u64 {
            let problem = format!("ways between images are drawn for at most {BLOCK_ROWS} of them");
            return Err(Error::Options { problems: vec![problem] });
        }
        self.check(request)?;
        let (inner, _) = self.inner.draw(request, context)?;
        let first = request.rows.start as usize;
        let others = inner.part(0, first..first + count as usize)?;
        Ok(self.classes_of(&others))
    }

    /// The class of each row that was drawn.
    fn classes_of(&self, others: &Table) -> Vec<u32> {
        match &self.classes {
            // The model of classes draws none but those that it keeps.
            Some(classes) => classes.of_rows(others).into_iter().map(Option::unwrap_or_default).collect(),
            None => vec![0; others.n_rows()],
        }
    }

    pub(crate) fn describe(&self) -> Description {
        let mut described = self.inner.describe();
        described.method = self.images.method().name();
        described.warnings.clone_from(&self.warnings);
        let column = &mut described.columns[self.image_column];
        column.holds = format!("a network of {}", counted(self.images.size() as u64, "number"));
        column.missing_share = 0.0;
        if let Some(classes) = &self.classes {
            column.depends_on = vec![(self.schema().columns[classes.column].name.clone(), 1.0)];
        }
        described
    }

    /// Puts a model together again; `None` when its parts do not belong together.
    pub(crate) fn restore(
        inner: AnyModel,
        images: ImageModel,
        class_column: Option<usize>,
        warnings: Vec<Warning>,
    ) -> Option<Self> {
        let frame = inner.frame();
        if !matches!(inner, AnyModel::Independent(_) | AnyModel::Forest(_)) {
            return None;
        }
        let image_column = frame.schema.image_column()?;
        if images.shape() != shape_of(&frame.schema, image_column) {
            return None;
        }
        let classes = match class_column {
            Some(column) if column < frame.schema.columns.len() => Some(Classes::new(column, frame)?),
            Some(_) => return None,
            None => None,
        };
        if images.classes() != classes.as_ref().map_or(1, Classes::count) {
            return None;
        }
        Some(ImageTableModel { inner: Box::new(inner), images, image_column, classes, warnings })
    }
}

struct Draw<'a> {
    model: &'a ImageTableModel,
    inner: Box<dyn Blocks + 'a>,
    drawing: Drawing<'a>,
    progress: &'a dyn Progress,
}

impl Blocks for Draw<'_> {
    fn block(&self, block: u64) -> Result<Table> {
        self.part(block, 0..BLOCK_ROWS)
    }

    fn part(&self, block: u64, rows: std::ops::Range<usize>) -> Result<Table> {
        let others = self.inner.part(block, rows.clone())?;
        let model = self.model;
        let labels = model.classes_of(&others);
        let first = block * BLOCK_ROWS as u64 + rows.start as u64;
        let levels = self.drawing.draw(first, &labels, self.progress)?;
        let mut columns = others.columns().to_vec();
        columns[model.image_column] = Column::from_images(levels, model.images.shape().size())?;
        if let (Some(classes), false) = (&model.classes, model.images.is_conditional()) {
            columns[classes.column] = match others.column(classes.column).levels() {
                Some(levels) => Column::from_codes(vec![Codes::MISSING; labels.len()], &levels),
                None => Column::from_booleans(vec![false; labels.len()], Some(vec![true; labels.len()])),
            };
        }
        Ok(Table::new(others.schema().clone(), columns)?)
    }

    fn rows_at_once(&self) -> u64 {
        ROWS_AT_ONCE
    }
}
