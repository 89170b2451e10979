use lookalike_core::Context;
use lookalike_evaluate::VariantKind;
use lookalike_synth::resample::{AnyResampler, Balance, Strategy};
use lookalike_synth::{AnySynthesizer, Condition, FitOptions, SampleRequest};
use lookalike_table::Table;

use crate::error::{Error, Result};

/// The rows that a resampler or generator may see: the training part of one division.
#[derive(Debug, Clone, Copy)]
pub struct TrainingPart<'a> {
    /// The rows. The target is a column of levels.
    pub table: &'a Table,
    /// The target's number.
    pub target: usize,
    /// The positive class.
    pub positive: &'a str,
    /// Which rows are positive.
    pub is_positive: &'a [bool],
    /// The unit and the protection, for methods that learn.
    pub roles: &'a FitOptions,
}

/// A table to learn from in the place of the training part.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// What was set, such as `positives 50 % of negatives`: of several candidates validation chooses one.
    pub setting: String,
    /// The rows, with the columns of the training part.
    pub table: Table,
}

/// Makes candidates of a training part. It must depend on nothing but these two.
pub type Resample<'a> = dyn Fn(&TrainingPart<'_>, &Context<'_>) -> Result<Vec<Candidate>> + 'a;

/// A way to rebalance that a study tries: the seam where resamplers are plugged in.
///
/// ```
/// use lookalike::study::{Candidate, Variant, VariantKind};
/// // Leaves out every second negative row.
/// let thinned = Variant::new("every second negative", VariantKind::Control, |part, _context| {
///     let kept: Vec<usize> =
///         (0..part.table.n_rows()).filter(|row| part.is_positive[*row] || row % 2 == 0).collect();
///     Ok(vec![Candidate { setting: "half of the negatives".to_owned(), table: part.table.take(&kept) }])
/// });
/// assert_eq!(thinned.name(), "every second negative");
/// ```
pub struct Variant<'a> {
    name: String,
    kind: VariantKind,
    resample: Box<Resample<'a>>,
}

/// How far the gap between the classes is closed, of which validation chooses one: all of it makes classes equal.
const SHARES_OF_GAP: [f64; 3] = [0.2, 0.5, 1.0];

impl<'a> Variant<'a> {
    /// A variant that learns from what this function makes of the training part.
    pub fn new(
        name: impl Into<String>,
        kind: VariantKind,
        resample: impl Fn(&TrainingPart<'_>, &Context<'_>) -> Result<Vec<Candidate>> + 'a,
    ) -> Self {
        Variant { name: name.into(), kind, resample: Box::new(resample) }
    }

    /// Positive rows repeated at random.
    pub fn random_oversampling() -> Self {
        Variant::new("random oversampling", VariantKind::Control, |part, context| {
            let gap = Gap::of(part)?;
            let own: Vec<usize> = (0..part.table.n_rows()).filter(|&row| part.is_positive[row]).collect();
            let mut stream = context.seed.stream("study oversampling", 0);
            let drawn: Vec<usize> =
                (0..gap.rows).map(|_| own[stream.below(own.len() as u64) as usize]).collect();
            gap.candidates(|more| {
                let rows: Vec<usize> =
                    (0..part.table.n_rows()).chain(drawn[..more].iter().copied()).collect();
                Ok(part.table.take(&rows))
            })
        })
    }

    /// Positive rows that a resampler adds; or, of one that leaves rows out, those that it keeps. Where it makes one class as
    /// large as another or decides itself, there is nothing to choose on validation.
    pub fn resampler(resampler: AnyResampler) -> Self {
        Variant::new(resampler.name(), VariantKind::Resampler, move |part, context| {
            let balanced = |strategy: Strategy| {
                let balance = Balance { strategy, ..Balance::of(part.target) };
                Ok(resampler.resample(part.table, &balance, context)?.table)
            };
            if !resampler.only_adds() {
                let setting = "as it usually does".to_owned();
                return Ok(vec![Candidate { setting, table: balanced(Strategy::Auto)? }]);
            }
            let gap = Gap::of(part)?;
            gap.candidates(|more| {
                let wanted = (gap.positives + more) as u64;
                balanced(Strategy::Counts(vec![(part.positive.to_owned(), wanted)]))
            })
        })
    }

    /// Positive rows drawn by a method that learned the training part: fitted once, drawn under the condition that
    /// the row is positive.
    pub fn generator(synthesizer: AnySynthesizer) -> Self {
        let name = synthesizer.name();
        Variant::new(name, VariantKind::Generative, move |part, context| {
            let gap = Gap::of(part)?;
            let roles = FitOptions {
                target: Some(part.target),
                condition_on: vec![part.target],
                ..part.roles.clone()
            };
            let model = synthesizer.fit(part.table, &roles, context)?;
            let condition = Condition::equal(part.target, part.positive);
            let request = SampleRequest {
                rows: 0..gap.rows as u64,
                conditions: vec![condition],
                ..SampleRequest::default()
            };
            // Fewer rows are the first of more.
            let drawn = model.sample(&request, context)?.collect_table()?;
            gap.candidates(|more| Ok(Table::concat(&[part.table.clone(), drawn.slice(0..more)])?))
        })
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What sort it is.
    pub fn kind(&self) -> VariantKind {
        self.kind
    }

    pub(super) fn resample(&self, part: &TrainingPart<'_>, context: &Context<'_>) -> Result<Vec<Candidate>> {
        (self.resample)(part, context)
    }
}

impl std::fmt::Debug for Variant<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Variant")
            .field("name", &self.name)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// How many positive rows are lacking.
struct Gap {
    positives: usize,
    negatives: usize,
    rows: usize,
}

impl Gap {
    fn of(part: &TrainingPart<'_>) -> Result<Self> {
        let positives = part.is_positive.iter().filter(|own| **own).count();
        let negatives = part.is_positive.len() - positives;
        if positives >= negatives {
            return Err(Error::Study {
                problem: "the positive class is not the rarer one, so there is nothing to add to it"
                    .to_owned(),
            });
        }
        Ok(Gap { positives, negatives, rows: negatives - positives })
    }

    /// A candidate for each number of rows that are added.
    fn candidates(&self, make: impl Fn(usize) -> Result<Table>) -> Result<Vec<Candidate>> {
        let of_share = |share: f64| {
            let more = ((self.rows as f64 * share).round() as usize).clamp(1, self.rows);
            let ratio = (self.positives + more) as f64 / self.negatives as f64;
            let setting = format!("positives {:.0} % of negatives", 100.0 * ratio);
            Ok(Candidate { setting, table: make(more)? })
        };
        SHARES_OF_GAP.into_iter().map(of_share).collect()
    }
}
