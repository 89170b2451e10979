use lookalike_core::{Cancelled, Context};
use lookalike_learn::neighbours::{Neighbour, Points, Space, nearest};
use rayon::prelude::*;

use crate::alignment::{AlignedColumn, Alignment, Matrix, Role};
use crate::evaluation::Interval;

/// The most draws of training rows that rows are compared with, each as large as the holdout.
const MOST_DRAWS: usize = 4;

/// Rows needed for a share to mean anything.
pub(super) const LEAST_ROWS: usize = 10;

/// How far rows are from training rows and from equally many holdout rows.
pub(super) struct Distances {
    /// One comparison per draw of training rows: with fewer holdout rows than training rows, all of these take
    /// part in some draw, as far as there are at most [`MOST_DRAWS`].
    pub(super) to_train: Vec<Vec<[Neighbour; 2]>>,
    /// The nearest holdout rows, which all draws share.
    pub(super) to_holdout: Vec<[Neighbour; 2]>,
    /// How many training rows and how many holdout rows a row was compared with, in each draw.
    pub(super) of_each: usize,
}

impl Distances {
    /// How many rows were compared.
    pub(super) fn rows(&self) -> usize {
        self.to_holdout.len()
    }

    /// The share of rows that lean to training rows by this figure, the mean over draws.
    pub(super) fn share<T: PartialOrd>(&self, figure: impl Fn(&[Neighbour; 2]) -> T) -> Share {
        let of_draw = |train: &Vec<[Neighbour; 2]>| Share::of(train, &self.to_holdout, &figure, self.of_each);
        Share::mean(&self.to_train.iter().map(of_draw).collect::<Vec<_>>())
    }
}

/// Which rows stand where, and in what space: the same for all that is asked.
pub(super) struct Surroundings<'a> {
    columns: Vec<&'a AlignedColumn>,
    space: Space,
    holdout: Points,
    /// The rows of the first draw of training rows.
    first_draw: Vec<usize>,
    /// The training rows of each draw.
    pub(super) draws: Vec<Points>,
    of_each: usize,
}

impl<'a> Surroundings<'a> {
    /// None where there are too few rows or no common column. There must be a holdout.
    pub(super) fn new(alignment: &'a Alignment, context: &Context<'_>) -> Option<Self> {
        let columns = alignment.common(&[Role::Train, Role::Holdout, Role::Synthetic]);
        let (n_train, n_holdout) = (alignment.n_rows(Role::Train), alignment.n_rows(Role::Holdout));
        let of_each = n_train.min(n_holdout);
        if of_each < LEAST_ROWS || columns.is_empty() {
            return None;
        }
        let drawn =
            |role: Role, count| context.seed.stream("dcr rows", role as u64).choose(count, usize::MAX);
        let train: Vec<Vec<usize>> = drawn(Role::Train, n_train)
            .chunks_exact(of_each)
            .take(MOST_DRAWS)
            .map(<[usize]>::to_vec)
            .collect();
        let mut of_holdout = drawn(Role::Holdout, n_holdout);
        of_holdout.truncate(of_each);
        // The scale is that of the training rows; what else is asked must know where cells may be missing.
        let whole = |role: Role| {
            let rows: Vec<usize> = (0..alignment.n_rows(role)).collect();
            Matrix::stack(&columns, &[(role, &rows)])
        };
        let others: Vec<Matrix> = [Role::Holdout, Role::Synthetic, Role::Baseline]
            .into_iter()
            .filter(|&role| columns.iter().all(|column| column.cells(role).is_some()))
            .map(whole)
            .collect();
        let features: Vec<_> = others.iter().map(Matrix::features).collect();
        let features: Vec<_> = features.iter().map(Vec::as_slice).collect();
        let space = Space::new(&whole(Role::Train).features(), &features);
        let holdout = Matrix::stack(&columns, &[(Role::Holdout, &of_holdout)]);
        let holdout = space.points(&holdout.features());
        let mut surroundings =
            Surroundings { columns, space, holdout, first_draw: Vec::new(), draws: Vec::new(), of_each };
        surroundings.draws = train.iter().map(|rows| surroundings.points(Role::Train, rows)).collect();
        surroundings.first_draw = train.into_iter().next().unwrap_or_default();
        Some(surroundings)
    }

    fn points(&self, role: Role, rows: &[usize]) -> Points {
        self.space.points(&Matrix::stack(&self.columns, &[(role, rows)]).features())
    }

    /// All rows of a table as points; none where it lacks a column or has too few rows.
    pub(super) fn all_of(&self, role: Role, alignment: &Alignment) -> Option<Points> {
        let has_all = self.columns.iter().all(|column| column.cells(role).is_some());
        let rows: Vec<usize> = (0..alignment.n_rows(role)).collect();
        (has_all && rows.len() >= LEAST_ROWS).then(|| self.points(role, &rows))
    }

    /// How far these rows are from training rows and holdout rows.
    pub(super) fn of(&self, asked: &Points, context: &Context<'_>) -> Result<Distances, Cancelled> {
        let to_holdout = nearest(asked, &self.holdout, context.progress)?;
        let to_train = self
            .draws
            .par_iter()
            .map(|train| nearest(asked, train, context.progress))
            .collect::<Result<_, Cancelled>>()?;
        Ok(Distances { to_train, to_holdout, of_each: self.of_each })
    }

    /// The same for rows of the training table in the place of fresh ones: those that are not in a draw are compared
    /// with it. None where all rows are in the only draw.
    pub(super) fn of_spare(
        &self,
        alignment: &Alignment,
        context: &Context<'_>,
    ) -> Result<Option<Distances>, Cancelled> {
        // As many as of the draw tell the floor well enough.
        let mut drawn = vec![false; alignment.n_rows(Role::Train)];
        self.first_draw.iter().for_each(|&row| drawn[row] = true);
        let spare: Vec<usize> = (0..drawn.len()).filter(|&row| !drawn[row]).take(self.of_each).collect();
        if spare.len() < LEAST_ROWS {
            return Ok(None);
        }
        let asked = self.points(Role::Train, &spare);
        Ok(Some(Distances {
            to_train: vec![nearest(&asked, &self.draws[0], context.progress)?],
            to_holdout: nearest(&asked, &self.holdout, context.progress)?,
            of_each: self.of_each,
        }))
    }
}

/// A share of rows that lean to training rows, and how far it may be off.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    /// Rows that lean to training rows.
    pub(crate) strict: f64,
    /// Rows that lean to neither.
    pub(crate) tied: f64,
    /// The standard error of `strict + tied / 2` if training rows and holdout rows were interchangeable.
    pub(crate) error: f64,
}

impl Share {
    /// Counts to which side rows lean: each row's figure for training and for holdout rows, the lower one counting.
    fn of<T: PartialOrd>(
        to_train: &[[Neighbour; 2]],
        to_holdout: &[[Neighbour; 2]],
        figure: impl Fn(&[Neighbour; 2]) -> T,
        of_each: usize,
    ) -> Self {
        let leans = to_train.iter().zip(to_holdout).map(|(train, holdout)| {
            let (to_train, to_holdout) = (figure(train), figure(holdout));
            if to_train < to_holdout {
                Some(train[0].row as usize)
            } else if to_holdout < to_train {
                Some(of_each + holdout[0].row as usize)
            } else {
                None
            }
        });
        Share::of_leans(leans, of_each)
    }

    /// For each row that was asked the real row that it leans to: a number below `of_each` for a training row, from there on
    /// for as many holdout rows; none for a tie.
    ///
    /// Were the two sides interchangeable, each real row's side would be a fair coin, and with it the lean of all the
    /// rows whose nearest neighbour it is: so the variance is a quarter of the sum of the squares of these numbers
    /// of rows. That of a binomial share, which takes rows for independent, would be too small.
    pub(crate) fn of_leans(leans: impl Iterator<Item = Option<usize>>, of_each: usize) -> Self {
        let (mut count, mut nearer, mut tied) = (0_u64, 0_u64, 0_u64);
        let mut leaning = vec![0_u64; 2 * of_each];
        for lean in leans {
            count += 1;
            match lean {
                Some(row) => {
                    nearer += u64::from(row < of_each);
                    leaning[row] += 1;
                }
                None => tied += 1,
            }
        }
        let squares: u64 = leaning.iter().map(|leaning| leaning * leaning).sum();
        let count = count as f64;
        Share {
            strict: nearer as f64 / count,
            tied: tied as f64 / count,
            error: (squares as f64 / 4.0).sqrt() / count,
        }
    }

    /// The mean over draws. They share the holdout, so the error is not taken to shrink.
    pub(crate) fn mean(shares: &[Share]) -> Share {
        let mean = |of: fn(&Share) -> f64| shares.iter().map(of).sum::<f64>() / shares.len() as f64;
        Share { strict: mean(|s| s.strict), tied: mean(|s| s.tied), error: mean(|s| s.error) }
    }

    pub(crate) fn split(&self) -> f64 {
        self.strict + self.tied / 2.0
    }

    /// An interval around one way to count the share.
    pub(crate) fn interval(&self, share: f64) -> Interval {
        Interval::around(share, self.error, [0.0, 1.0], "sides of real rows exchanged")
    }
}
