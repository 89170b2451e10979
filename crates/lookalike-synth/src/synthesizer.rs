//! Methods and the models they learn.

use std::sync::Arc;

use lookalike_core::{Context, Topic, Warning};
use lookalike_table::protect::Protection;
use lookalike_table::{Kind, Schema, Table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::autoregressive::{Autoregressive, FittedAutoregressive};
use crate::constraints::{self, ConstrainedModel};
use crate::copula::Copula;
use crate::ctgan::Ctgan;
use crate::error::{Error, Result};
use crate::forest::{Effort, FittedForest, Forest};
use crate::frame::{FitOptions, Frame, Presence, Source};
use crate::gan::Gan;
use crate::image::{self, ImageSynthesizer, ImageTableModel};
use crate::independent::Independent;
use crate::infinite;
use crate::latent::{Latent, Variable};
use crate::neural::{FittedDecoder, Training};
use crate::request::{Request, accepts_conditions};
use crate::sampler::{Blocks, SampleRequest, Sampler};
use crate::standin::with_pseudonyms;
use crate::tvae::Tvae;
use crate::vae::Vae;
use crate::words::counted;

/// A method with its options, before it has seen data.
///
/// ```
/// use lookalike_core::{Context, Seed};
/// use lookalike_synth::{AnySynthesizer, FitOptions, SampleRequest};
/// use lookalike_table::schema::NumberFormat;
/// use lookalike_table::{Column, ColumnSchema, Kind, Schema, Table};
///
/// let schema = Schema::new(vec![ColumnSchema::new("age", Kind::Numerical(NumberFormat::whole()))]);
/// let ages = Column::from_integers((0..1000).map(|row| 20 + row % 50).collect(), None);
/// let table = Table::new(schema.into(), vec![ages])?;
///
/// let context = Context::new(Seed::new(1));
/// let model = AnySynthesizer::from_name("copula").unwrap().fit(&table, &FitOptions::default(), &context)?;
/// let sample = model.sample(&SampleRequest::rows(10), &context)?.collect_table()?;
/// assert_eq!(sample.n_rows(), 10);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AnySynthesizer {
    /// Autoregressive trees.
    Forest(Forest),
    /// The Gaussian copula.
    Copula(Copula),
    /// A variational autoencoder.
    Vae(Vae),
    /// A variational autoencoder after Xu et al.
    Tvae(Tvae),
    /// A generative adversarial network.
    Gan(Gan),
    /// A conditional generative adversarial network after Xu et al.
    Ctgan(Ctgan),
    /// Networks that draw column after column in any order.
    Autoregressive(Autoregressive),
    /// Columns drawn independently of each other.
    Independent(Independent),
    /// Of a table with a column of images.
    Image(ImageSynthesizer),
}

impl AnySynthesizer {
    /// The names of all methods for tables without images, the default first; those for images are
    /// [`ImageSynthesizer::NAMES`].
    pub const NAMES: [&'static str; 8] =
        ["forest", "copula", "autoregressive", "vae", "tvae", "gan", "ctgan", "independent"];

    /// The method of this name with its default options, for tables with a column of images or for those without.
    pub fn for_schema(name: &str, schema: &Schema) -> Option<Self> {
        if schema.columns.iter().any(|column| column.kind.is_image()) {
            ImageSynthesizer::from_name(name).map(AnySynthesizer::Image)
        } else {
            Self::from_name(name)
        }
    }

    /// The method of this name with its default options, for tables without images.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "forest" => Some(AnySynthesizer::Forest(Forest::default())),
            "copula" => Some(AnySynthesizer::Copula(Copula::default())),
            "vae" => Some(AnySynthesizer::Vae(Vae::default())),
            "tvae" => Some(AnySynthesizer::Tvae(Tvae::default())),
            "gan" => Some(AnySynthesizer::Gan(Gan::default())),
            "ctgan" => Some(AnySynthesizer::Ctgan(Ctgan::default())),
            "autoregressive" => Some(AnySynthesizer::Autoregressive(Autoregressive::default())),
            "independent" => Some(AnySynthesizer::Independent(Independent::default())),
            _ => None,
        }
    }

    /// The method's name.
    pub fn name(&self) -> &'static str {
        match self {
            AnySynthesizer::Forest(_) => "forest",
            AnySynthesizer::Copula(_) => "copula",
            AnySynthesizer::Vae(_) => "vae",
            AnySynthesizer::Tvae(_) => "tvae",
            AnySynthesizer::Gan(_) => "gan",
            AnySynthesizer::Ctgan(_) => "ctgan",
            AnySynthesizer::Autoregressive(_) => "autoregressive",
            AnySynthesizer::Independent(_) => "independent",
            AnySynthesizer::Image(images) => images.name(),
        }
    }

    /// The same method with another effort.
    ///
    /// # Errors
    /// [`Error::Options`] when the method knows only one.
    pub fn with_effort(self, effort: Effort) -> Result<Self> {
        match self {
            AnySynthesizer::Forest(forest) => Ok(AnySynthesizer::Forest(Forest { effort, ..forest })),
            other => Err(other.lacks("effort to choose", "--effort")),
        }
    }

    /// The same method, seeing every row at most so often.
    ///
    /// # Errors
    /// [`Error::Options`] when the method does not learn in epochs.
    pub fn with_epochs(mut self, epochs: u32) -> Result<Self> {
        if let AnySynthesizer::Image(images) = self {
            return Ok(AnySynthesizer::Image(images.with_epochs(epochs)));
        }
        match self.length() {
            Some((own, _)) => *own = epochs,
            None => return Err(self.lacks("epochs", "--epochs")),
        }
        Ok(self)
    }

    /// The same method, learning for at most so many seconds and keeping the best so far: the model then depends on the
    /// speed of the machine.
    ///
    /// # Errors
    /// [`Error::Options`] when the method does not learn in epochs.
    pub fn with_max_seconds(mut self, seconds: f64) -> Result<Self> {
        if let AnySynthesizer::Image(images) = self {
            return Ok(AnySynthesizer::Image(images.with_max_seconds(seconds)));
        }
        match self.length() {
            Some((_, own)) => *own = Some(seconds),
            None => return Err(self.lacks("bound on its time", "--max-seconds")),
        }
        Ok(self)
    }

    /// How long the method learns, if it learns in epochs: epochs and seconds.
    fn length(&mut self) -> Option<(&mut u32, &mut Option<f64>)> {
        match self {
            AnySynthesizer::Autoregressive(Autoregressive { epochs, max_seconds, .. })
            | AnySynthesizer::Vae(Vae { epochs, max_seconds, .. })
            | AnySynthesizer::Tvae(Tvae { epochs, max_seconds, .. })
            | AnySynthesizer::Gan(Gan { epochs, max_seconds, .. })
            | AnySynthesizer::Ctgan(Ctgan { epochs, max_seconds, .. }) => Some((epochs, max_seconds)),
            AnySynthesizer::Forest(_)
            | AnySynthesizer::Copula(_)
            | AnySynthesizer::Independent(_)
            | AnySynthesizer::Image(_) => None,
        }
    }

    /// The same method with a named set of options.
    ///
    /// # Errors
    /// [`Error::Options`] when the method has none of this name.
    pub fn with_preset(self, preset: &str) -> Result<Self> {
        if let AnySynthesizer::Image(images) = self {
            return images.with_preset(preset).map(AnySynthesizer::Image);
        }
        match (&self, preset) {
            (AnySynthesizer::Vae(_), "tutorial") => Ok(AnySynthesizer::Vae(Vae::tutorial())),
            (AnySynthesizer::Tvae(_), "paper") => Ok(AnySynthesizer::Tvae(Tvae::paper())),
            (AnySynthesizer::Ctgan(_), "paper") => Ok(AnySynthesizer::Ctgan(Ctgan::paper())),
            _ => {
                Err(self
                    .lacks("such set of options (vae has tutorial; tvae and ctgan have paper)", "--preset"))
            }
        }
    }

    fn lacks(&self, what: &str, option: &str) -> Error {
        Error::Options { problems: vec![format!("{} has no {what}: leave {option} out", self.name())] }
    }

    /// The same method with another bound on the memory that learning may take beside the table, in bytes. A forest is
    /// then learned from fewer rows, with a warning; a copula and methods for images refuse.
    ///
    /// # Errors
    /// [`Error::Options`] when the method has no such bound.
    pub fn with_memory_limit(self, memory_limit: u64) -> Result<Self> {
        match self {
            AnySynthesizer::Forest(forest) => Ok(AnySynthesizer::Forest(Forest { memory_limit, ..forest })),
            AnySynthesizer::Copula(_) => Ok(AnySynthesizer::Copula(Copula { memory_limit })),
            AnySynthesizer::Image(images) => {
                Ok(AnySynthesizer::Image(images.with_memory_limit(memory_limit)))
            }
            other => Err(other.lacks("bound on its memory", "--memory")),
        }
    }

    /// Checks the options.
    ///
    /// # Errors
    /// [`Error::Options`] with all problems at once.
    pub fn check(&self) -> Result<()> {
        let problems = match self {
            AnySynthesizer::Forest(forest) => forest.problems(),
            AnySynthesizer::Copula(copula) => copula.problems(),
            AnySynthesizer::Vae(vae) => vae.problems(),
            AnySynthesizer::Tvae(tvae) => tvae.problems(),
            AnySynthesizer::Gan(gan) => gan.problems(),
            AnySynthesizer::Ctgan(ctgan) => ctgan.problems(),
            AnySynthesizer::Autoregressive(networks) => networks.problems(),
            AnySynthesizer::Image(images) => return images.check(),
            AnySynthesizer::Independent(_) => Vec::new(),
        };
        if problems.is_empty() { Ok(()) } else { Err(Error::Options { problems }) }
    }

    /// Learns a table; where its schema has constraints, they hold in every row that the model draws. Time grows linearly with the number of rows, for the copula quadratically with that of
    /// columns.
    ///
    /// # Errors
    /// [`Error::NoRows`], [`Error::NoColumns`], [`Error::TooFewUnits`] and [`Error::RareTargetClass`] for tables
    /// that nothing (or nothing safe) can be learned from, [`Error::Table`] and [`Error::Unmet`] for constraints that
    /// cannot be met, [`Error::Options`], [`Error::Memory`], and [`Error::Cancelled`].
    ///
    /// # Panics
    /// If the options name a column that does not exist.
    pub fn fit(&self, table: &Table, options: &FitOptions, context: &Context<'_>) -> Result<AnyModel> {
        self.check()?;
        let images = table.schema().columns.iter().find(|column| column.kind.is_image());
        if let (Some(column), false) = (images, matches!(self, AnySynthesizer::Image(_))) {
            return Err(Error::ImagesInTable { column: column.name.clone(), method: self.name() });
        }
        if let Some((finite, warnings)) = infinite::without(table)? {
            let mut model = self.fit(&finite, options, context)?;
            model.warn(warnings);
            return Ok(model);
        }
        options.stand_ins.check(table.schema())?;
        let table = with_pseudonyms(table, &options.stand_ins, options.protection.min_units)?;
        let table = table.as_ref();
        for &column in &options.condition_on {
            let schema = &table.schema().columns[column];
            if schema.kind == Kind::Text && schema.personal.is_some() {
                return Err(Error::ConditionOnStandIns { column: schema.name.clone() });
            }
            if !accepts_conditions(&schema.kind) {
                return Err(Error::Unsupported { column: schema.name.clone() });
            }
        }
        if let AnySynthesizer::Image(images) = self {
            return Ok(AnyModel::Image(Box::new(image::fit(images, table, options, context)?)));
        }
        if !table.schema().constraints.is_empty() {
            return constraints::fit(self, table, options, context);
        }
        Ok(match self {
            AnySynthesizer::Forest(forest) => {
                AnyModel::Forest(ForestModel(forest.fit(table, options, context)?))
            }
            AnySynthesizer::Copula(copula) => {
                AnyModel::Copula(CopulaModel(copula.fit(table, options, context)?))
            }
            AnySynthesizer::Vae(vae) => AnyModel::network(vae.fit(table, options, context)?),
            AnySynthesizer::Tvae(tvae) => AnyModel::network(tvae.fit(table, options, context)?),
            AnySynthesizer::Gan(gan) => AnyModel::network(gan.fit(table, options, context)?),
            AnySynthesizer::Ctgan(ctgan) => AnyModel::network(ctgan.fit(table, options, context)?),
            AnySynthesizer::Autoregressive(networks) => {
                let fitted = networks.fit(table, options, context)?;
                AnyModel::Autoregressive(AutoregressiveModel(Box::new(fitted)))
            }
            AnySynthesizer::Independent(independent) => {
                AnyModel::Independent(IndependentModel(independent.fit(table, options, context)?))
            }
            AnySynthesizer::Image(_) => unreachable!("done above"),
        })
    }
}

/// What a method has learned. Holds no rows and no unprotected values.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AnyModel {
    /// Of autoregressive trees.
    Forest(ForestModel),
    /// Of the Gaussian copula.
    Copula(CopulaModel),
    /// Of networks that draw column after column.
    Autoregressive(AutoregressiveModel),
    /// Of a network that turns noise into rows: an autoencoder's decoder or an adversarial network's generator.
    Network(NetworkModel),
    /// Of independent columns.
    Independent(IndependentModel),
    /// Of a table in which constraints hold, whatever the method.
    Constrained(ConstrainedModel),
    /// Of a table with a column of images.
    Image(Box<ImageTableModel>),
}

/// Fitted autoregressive trees.
#[derive(Debug, Clone)]
pub struct ForestModel(pub(crate) FittedForest);

/// A fitted Gaussian copula.
#[derive(Debug, Clone)]
pub struct CopulaModel(pub(crate) Latent);

/// A fitted network that turns noise into rows.
#[derive(Debug, Clone)]
pub struct NetworkModel(pub(crate) Box<FittedDecoder>);

/// Fitted networks that draw column after column.
#[derive(Debug, Clone)]
pub struct AutoregressiveModel(pub(crate) Box<FittedAutoregressive>);

/// Fitted independent columns.
#[derive(Debug, Clone)]
pub struct IndependentModel(pub(crate) Latent);

impl AnyModel {
    fn network(decoder: FittedDecoder) -> Self {
        AnyModel::Network(NetworkModel(Box::new(decoder)))
    }

    /// What the method has learned of its columns: of a constrained model, those of the inner table.
    pub(crate) fn frame(&self) -> &Frame {
        match self {
            AnyModel::Forest(ForestModel(forest)) => &forest.frame,
            AnyModel::Network(NetworkModel(decoder)) => &decoder.frame,
            AnyModel::Autoregressive(AutoregressiveModel(networks)) => &networks.frame,
            AnyModel::Copula(CopulaModel(latent)) | AnyModel::Independent(IndependentModel(latent)) => {
                &latent.frame
            }
            AnyModel::Constrained(model) => model.inner.frame(),
            AnyModel::Image(model) => model.inner.frame(),
        }
    }

    /// Adds to what is kept of how it was learned.
    fn warn(&mut self, warnings: Vec<Warning>) {
        let own = match self {
            AnyModel::Forest(ForestModel(forest)) => &mut forest.frame.warnings,
            AnyModel::Network(NetworkModel(decoder)) => &mut decoder.frame.warnings,
            AnyModel::Autoregressive(AutoregressiveModel(networks)) => &mut networks.frame.warnings,
            AnyModel::Copula(CopulaModel(latent)) | AnyModel::Independent(IndependentModel(latent)) => {
                &mut latent.frame.warnings
            }
            AnyModel::Constrained(model) => &mut model.warnings,
            AnyModel::Image(model) => &mut model.warnings,
        };
        own.extend(warnings);
    }

    /// The name of the method that learned it.
    pub fn method(&self) -> &'static str {
        match self {
            AnyModel::Forest(_) => "forest",
            AnyModel::Copula(_) => "copula",
            AnyModel::Network(NetworkModel(decoder)) => decoder.method,
            AnyModel::Autoregressive(_) => "autoregressive",
            AnyModel::Independent(_) => "independent",
            AnyModel::Constrained(model) => model.inner.method(),
            AnyModel::Image(model) => model.method().name(),
        }
    }

    /// What sampled tables look like.
    pub fn schema(&self) -> &Arc<Schema> {
        match self {
            AnyModel::Constrained(model) => &model.schema,
            _ => &self.frame().schema,
        }
    }

    /// What was withheld, changed or not learned while fitting.
    pub fn warnings(&self) -> &[Warning] {
        match self {
            AnyModel::Constrained(model) => &model.warnings,
            AnyModel::Image(model) => &model.warnings,
            _ => &self.frame().warnings,
        }
    }

    /// How many rows it was fitted on.
    pub fn n_training_rows(&self) -> u64 {
        self.frame().n_rows
    }

    /// True when the model holds training rows, as those of SMOTE-like methods do.
    pub fn contains_training_rows(&self) -> bool {
        false
    }

    /// Draws rows that fulfil the request, as a stream of tables.
    ///
    /// The same request and seed give the same rows on any number of threads; a shorter sample is a prefix of a
    /// longer one.
    ///
    /// # Errors
    /// [`Error::Refused`], [`Error::Conditions`], [`Error::Unsupported`], [`Error::UnsupportedRow`] and [`Error::ForeignColumn`] when no row can fulfil the
    /// request, [`Error::KeysExhausted`] when there are not enough keys, and [`Error::Options`] when the method has not
    /// what is asked for.
    pub fn sample<'a>(&'a self, request: &SampleRequest, context: &Context<'a>) -> Result<Sampler<'a>> {
        request.check(self.method())?;
        let (blocks, warnings) = self.draw(request, context)?;
        Ok(Sampler::new(blocks, request.rows.clone(), context.progress).with_warnings(warnings))
    }

    /// What draws the rows of a request, and what is to be said about it.
    pub(crate) fn draw<'a>(
        &'a self,
        request: &SampleRequest,
        context: &Context<'a>,
    ) -> Result<(Box<dyn Blocks + 'a>, Vec<Warning>)> {
        if let AnyModel::Constrained(model) = self {
            return model.draw(request, context);
        }
        if let AnyModel::Image(model) = self {
            return model.draw(request, context);
        }
        let resolved = Request::new(request, self.frame())?;
        let unknown = resolved.around.as_ref().map(|like| like.unknown(self.frame())).unwrap_or_default();
        let (blocks, effective) = self.blocks(resolved, request.rows.end, context)?;
        let mut warnings = Vec::new();
        let mut warn = |message: &str| warnings.push(Warning::new(Topic::Sampling, message));
        if let Some(effective) = effective {
            warn(&format!(
                "every row fulfils the conditions, but its other values follow what was learned only nearly: each row was picked \
                 from a limited number of drafts (as good as {effective:.0} fully fitting ones); learn with --condition-on \
                 and the conditions' columns to make it exact"
            ));
        }
        if request.low_discrepancy {
            warn(
                "rows of low discrepancy are not independent of each other: good for a small published sample whose \
                 margins should be near the model's, not for standard errors, tests or cross-validation on it",
            );
        }
        if request.around.is_some() {
            warn(
                "rows were drawn around given ones and may be close to them: what the given rows reveal, these may reveal, too",
            );
        }
        warnings.extend(unknown);
        if request.like.is_some() {
            let message = "rows were completed from given ones: what was given is copied as it is";
            warnings.push(Warning::new(Topic::Sampling, message));
        }
        Ok((blocks, warnings))
    }

    /// What draws the rows of a request up to `end`, and what the candidates of each are worth, where there are several.
    pub(crate) fn blocks<'a>(
        &'a self,
        request: Request,
        end: u64,
        context: &Context<'a>,
    ) -> Result<(Box<dyn Blocks + 'a>, Option<f64>)> {
        let frame = self.frame();
        for (index, source) in frame.sources.iter().enumerate() {
            if let (Source::Keys(keys), true) = (source, request.wants(index)) {
                keys.check(&frame.schema.columns[index].name, end)?;
            }
        }
        if let Some(like) = &request.like {
            like.check_constants(frame)?;
        }
        Ok(match self {
            AnyModel::Forest(ForestModel(forest)) => {
                let draw = forest.prepare(request, context.seed)?;
                let effective = draw.effective;
                (Box::new(draw), effective)
            }
            AnyModel::Network(NetworkModel(decoder)) => {
                let draw = decoder.prepare(request, context.seed)?;
                let effective = draw.effective;
                (Box::new(draw), effective)
            }
            AnyModel::Autoregressive(AutoregressiveModel(networks)) => {
                let draw = networks.prepare(request, context.seed)?;
                let effective = draw.effective;
                (Box::new(draw), effective)
            }
            AnyModel::Copula(CopulaModel(latent)) | AnyModel::Independent(IndependentModel(latent)) => {
                (Box::new(latent.prepare(request, context.seed)?), None)
            }
            AnyModel::Constrained(ConstrainedModel { inner, .. }) => {
                return inner.blocks(request, end, context);
            }
            AnyModel::Image(model) => return model.inner.blocks(request, end, context),
        })
    }

    /// The natural logarithm of each row's probability under the model (of its density, for numbers that are not on a
    /// grid): the higher, the more usual the row; minus infinity for what the model can never draw. Keys and texts
    /// are left out. `None` for methods that cannot tell, as the copula, autoencoders and adversarial networks.
    ///
    /// # Errors
    /// [`Error::ForeignColumn`] and [`Error::Unsupported`] for a table with other columns.
    pub fn log_prob(&self, table: &Table) -> Result<Option<Vec<f64>>> {
        match self {
            AnyModel::Forest(ForestModel(forest)) => forest.log_prob(table).map(Some),
            AnyModel::Network(_) | AnyModel::Image(_) => Ok(None),
            AnyModel::Autoregressive(AutoregressiveModel(networks)) => networks.log_prob(table).map(Some),
            AnyModel::Copula(CopulaModel(latent)) | AnyModel::Independent(IndependentModel(latent)) => {
                latent.log_prob(table)
            }
            AnyModel::Constrained(model) => model.log_prob(table),
        }
    }

    /// How learning went, for methods that learn in epochs.
    pub fn training(&self) -> Option<&Training> {
        match self {
            AnyModel::Network(NetworkModel(decoder)) => Some(&decoder.training),
            AnyModel::Autoregressive(AutoregressiveModel(networks)) => Some(&networks.training),
            AnyModel::Constrained(model) => model.inner.training(),
            AnyModel::Image(model) => Some(model.images.training()),
            _ => None,
        }
    }

    /// What the model holds about its data, for people.
    pub fn describe(&self) -> Description {
        if let AnyModel::Constrained(model) = self {
            return model.describe();
        }
        if let AnyModel::Image(model) = self {
            return model.describe();
        }
        let frame = self.frame();
        let columns = frame
            .schema
            .columns
            .iter()
            .zip(&frame.sources)
            .zip(&frame.presence)
            .enumerate()
            .map(|(column, ((schema, source), presence))| ColumnDescription {
                name: schema.name.clone(),
                kind: schema.kind.name(),
                holds: holds(source),
                missing_share: match presence {
                    Presence::Always => 0.0,
                    Presence::Never => 1.0,
                    Presence::Mask(mask) => frame.masks[*mask].missing as f64 / frame.n_rows as f64,
                },
                depends_on: self.strongest(column),
                draw: match self {
                    AnyModel::Forest(ForestModel(forest)) => forest.draw_of(column),
                    _ => None,
                },
            })
            .collect();
        let name = |index: Option<usize>| index.map(|index| frame.schema.columns[index].name.clone());
        Description {
            method: self.method(),
            n_rows: frame.n_rows,
            n_units: frame.n_units,
            unit: name(frame.unit),
            target: name(frame.target),
            protection: frame.protection,
            contains_training_rows: self.contains_training_rows(),
            columns,
            warnings: frame.warnings.clone(),
        }
    }

    /// The columns that one is most correlated with behind the margins, or by which it is decided, strongest first.
    fn strongest(&self, column: usize) -> Vec<(String, f64)> {
        let latent = match self {
            AnyModel::Forest(ForestModel(forest)) => return forest.strongest(column),
            AnyModel::Network(_)
            | AnyModel::Autoregressive(_)
            | AnyModel::Constrained(_)
            | AnyModel::Image(_) => return Vec::new(),
            AnyModel::Copula(CopulaModel(latent)) | AnyModel::Independent(IndependentModel(latent)) => latent,
        };
        let Some(correlation) = &latent.correlation else { return Vec::new() };
        let columns = &latent.frame.schema.columns;
        let size = latent.variables.len();
        let column_of = |variable: usize| match latent.variables[variable] {
            Variable::Values(column) => Some(column),
            Variable::Mask(_) => None,
        };
        let Some(own) = (0..size).find(|&v| column_of(v) == Some(column)) else {
            return Vec::new();
        };
        let mut others: Vec<(String, f64)> = (0..size)
            .filter(|&other| other != own)
            .filter_map(|other| {
                Some((columns[column_of(other)?].name.clone(), correlation[own * size + other]))
            })
            .filter(|(_, strength)| strength.abs() >= 0.1)
            .collect();
        others.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        others.truncate(3);
        others
    }
}

fn holds(source: &Source) -> String {
    use crate::keys::Keys;
    use crate::margin::Support;
    match source {
        Source::Nothing => "nothing".to_owned(),
        Source::Keys(Keys::Numbers { .. }) => "a range of whole numbers for keys".to_owned(),
        Source::Keys(Keys::Patterns(patterns)) => counted(patterns.len() as u64, "key pattern"),
        Source::Texts(texts) => format!("{}, no words", counted(texts.templates.len() as u64, "text shape")),
        Source::Prose(prose) => {
            format!("{} and what follows them", counted(prose.words.len() as u64, "word"))
        }
        Source::Fakes(fake) => format!("nothing; stand-ins are made ({})", fake.fake.locale.code()),
        Source::Margin(margin) => {
            let points = (0..margin.n_segments()).filter(|&segment| margin.support.is_point(segment)).count();
            let ranges = margin.n_segments() - points;
            match &margin.support {
                Support::Levels { .. } => counted(points as u64, "level"),
                Support::Booleans(_) => counted(points as u64, "truth value"),
                _ if ranges == 0 => counted(points as u64, "value"),
                _ if points == 0 => counted(ranges as u64, "range"),
                _ => format!("{} and {}", counted(points as u64, "value"), counted(ranges as u64, "range")),
            }
        }
    }
}

/// What a model holds about its data.
#[derive(Debug, Clone)]
pub struct Description {
    /// The method that learned it.
    pub method: &'static str,
    /// Training rows.
    pub n_rows: u64,
    /// Training units: rows, unless a unit column was given.
    pub n_units: u64,
    /// The unit column, if one was given.
    pub unit: Option<String>,
    /// The target column, if one was given.
    pub target: Option<String>,
    /// The protection rule that it was fitted under.
    pub protection: Protection,
    /// True when the model holds training rows.
    pub contains_training_rows: bool,
    /// One entry per column.
    pub columns: Vec<ColumnDescription>,
    /// What was withheld, changed or not learned.
    pub warnings: Vec<Warning>,
}

/// What a model holds about one column.
#[derive(Debug, Clone)]
pub struct ColumnDescription {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: &'static str,
    /// What is stored, in words.
    pub holds: String,
    /// The share of missing values, in [0, 1].
    pub missing_share: f64,
    /// The columns it depends on most, strongest first: with the correlation behind the margins, in [-1, 1], or, where
    /// [`draw`](Self::draw) is known, with the share of the cuts in its trees that they decide, in [0, 1].
    pub depends_on: Vec<(String, f64)>,
    /// How it is drawn, for methods that draw column after column.
    pub draw: Option<ColumnDraw>,
}

/// How a column is drawn given those before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColumnDraw {
    /// Its place in the order in which columns are drawn, from 1.
    pub place: usize,
    /// The bits that a value takes on its own: the entropy of its levels, spikes and narrow ranges.
    pub bits_alone: f64,
    /// The bits that it takes given the columns before it, estimated from rows that were held back while each part of
    /// the model was learned; an average over the members of the ensemble, which together need a little less. The
    /// difference is what the earlier columns tell about it.
    pub bits_given: f64,
    /// True where it follows from one other column in every row.
    pub follows: bool,
}
