//! What a network is told about a row that it is to make: the code of one head.

use std::ops::Range;

use lookalike_core::Stream;
use lookalike_learn::net::{Matrix, NO_CODE};

use super::draw::{Drawer, Limit, choose};
use super::layout::{Choice, Layout, Rows};
use crate::frame::{Frame, Presence};
use crate::latent::Variable;

/// The heads of which a network may be told a code, one of them per row.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Told {
    /// Heads whose codes are all there is to them, rising.
    pub(crate) heads: Vec<usize>,
    /// Per head, where its codes begin among what is told; and the end.
    starts: Vec<usize>,
    /// Per head, how many rows have each code.
    counts: Vec<Vec<f64>>,
    /// Per head, the column of a network's output that says "present", and the one that says "missing".
    present: Vec<Option<usize>>,
}

/// One code that is told: the place of its head among those told, and the code.
pub(crate) type Telling = Option<(usize, u32)>;

impl Told {
    /// Of these heads. `None` if one of them has numbers or does not exist, or is there twice.
    pub(crate) fn new(frame: &Frame, layout: &Layout, heads: Vec<usize>) -> Option<Self> {
        let mut told = Told { starts: vec![0], ..Told::default() };
        if !heads.windows(2).all(|pair| pair[0] < pair[1]) {
            return None;
        }
        for &index in &heads {
            let head = layout.heads.get(index)?;
            let counts: Vec<f64> = match (head.variable, &head.choice) {
                (Variable::Mask(mask), _) => {
                    let missing = frame.masks[mask].missing;
                    vec![(frame.n_rows - missing) as f64, missing as f64]
                }
                (Variable::Values(column), Choice::Groups { starts }) => {
                    let counts = &frame.margin(column).counts;
                    let group = |pair: &[u32]| counts[pair[0] as usize..pair[1] as usize].iter().sum::<u64>();
                    starts.windows(2).map(|pair| group(pair) as f64).collect()
                }
                _ => return None,
            };
            let last = told.starts[told.starts.len() - 1];
            told.starts.push(last + counts.len());
            told.counts.push(counts);
            told.present.push(mask_span(frame, layout, head.variable).map(|span| span.start));
        }
        told.heads = heads;
        Some(told)
    }

    /// All heads that can be told.
    pub(crate) fn all(frame: &Frame, layout: &Layout) -> Self {
        let whole =
            |index: &usize| matches!(layout.heads[*index].choice, Choice::Mask | Choice::Groups { .. });
        Told::new(frame, layout, (0..layout.heads.len()).filter(whole).collect()).unwrap_or_default()
    }

    /// The head of a column, if it can be told.
    pub(crate) fn only(frame: &Frame, layout: &Layout, column: usize) -> Option<Self> {
        let head = layout.heads.iter().position(|head| head.variable == Variable::Values(column))?;
        Told::new(frame, layout, vec![head])
    }

    /// How many numbers a telling takes.
    pub(crate) fn width(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    /// How many codes a head has.
    pub(crate) fn codes(&self, place: usize) -> usize {
        self.counts[place].len()
    }

    /// How many rows have each code of a head.
    pub(crate) fn counts(&self, place: usize) -> &[f64] {
        &self.counts[place]
    }

    /// Writes a telling: a one among zeros.
    pub(crate) fn write(&self, telling: Telling, to: &mut [f32]) {
        to.fill(0.0);
        if let (Some((place, code)), false) = (telling, to.is_empty()) {
            to[self.starts[place] + code as usize] = 1.0;
        }
    }

    /// What one row has to tell of a head.
    pub(crate) fn of_row(&self, place: usize, row: u32, rows: &Rows, n_heads: usize) -> Telling {
        let code = rows.codes_of(row, n_heads)[self.heads[place]];
        (code != NO_CODE).then_some((place, code))
    }

    /// Draws what to tell: of a head that is limited, if one is, what is allowed of it; codes as often as real rows have
    /// them.
    pub(crate) fn draw(&self, limits: Option<(&Drawer<'_>, &[Limit<'_>])>, stream: &mut Stream) -> Telling {
        if self.heads.is_empty() {
            return None;
        }
        let limited: Vec<usize> = match limits {
            Some((_, limits)) => (0..self.heads.len())
                .filter(|&place| !matches!(limits[self.heads[place]], Limit::Free))
                .collect(),
            None => Vec::new(),
        };
        let (Some((drawer, limits)), false) = (limits, limited.is_empty()) else {
            let place = stream.below(self.heads.len() as u64) as usize;
            return Some((place, choose(&self.counts[place], stream) as u32));
        };
        let place = limited[stream.below(limited.len() as u64) as usize];
        let head = self.heads[place];
        let counts = self.counts[place].iter().enumerate();
        let weights: Vec<f64> =
            counts.map(|(code, count)| count * drawer.share(head, code, (0.0, 0.0), limits[head])).collect();
        Some((place, choose(&weights, stream) as u32))
    }

    /// Makes what a network gives agree with what it was told.
    pub(crate) fn impose(&self, telling: Telling, layout: &Layout, out: &mut [f32]) {
        let Some((place, code)) = telling else { return };
        let span = layout.spans[self.heads[place]].clone();
        out[span.clone()].fill(0.0);
        out[span.start + code as usize] = 1.0;
        if let Some(present) = self.present[place] {
            out[present] = 1.0;
            out[present + 1] = 0.0;
        }
    }
}

/// The columns of a network's output that say whether a variable's value is there: present, missing.
pub(crate) fn mask_span(frame: &Frame, layout: &Layout, variable: Variable) -> Option<Range<usize>> {
    let Variable::Values(column) = variable else { return None };
    let Presence::Mask(mask) = frame.presence[column] else { return None };
    let head = layout.heads.iter().position(|head| head.variable == Variable::Mask(mask))?;
    Some(layout.spans[head].clone())
}

/// Noise, and behind it what is told, as the input of a network.
pub(crate) fn write_inputs(noise: &Matrix, told: &Told, tellings: &[Telling], to: &mut Matrix) {
    let latent = noise.columns();
    to.reshape(noise.rows(), latent + told.width());
    for row in 0..noise.rows() {
        let (own, rest) = to.row_mut(row).split_at_mut(latent);
        own.copy_from_slice(noise.row(row));
        told.write(tellings[row], rest);
    }
}
