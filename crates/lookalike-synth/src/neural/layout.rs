//! How a table's columns stand in a network: numbers on a line, and codes of which one is chosen.

use std::collections::BTreeMap;
use std::ops::Range;

use lookalike_core::{Seed, Stream};
use lookalike_learn::net::{Batch, NO_CODE};
use lookalike_table::Codes;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::axis::{Axis, Scale};
use super::mixture::{self, Component};
use crate::cycles::Cycle;
use crate::frame::{Encoded, Frame};
use crate::latent::{Latent, Variable};
use crate::margin::{Margin, Support};

/// How numbers are written for a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Encoding {
    /// Each value by one of several normal distributions and its place in it (Xu et al. 2019).
    ModeSpecific,
    /// By rank: as the normal number of the same rank.
    #[default]
    QuantileNormal,
    /// Less the mean, over the standard deviation.
    Standard,
    /// As a share of the way from the least to the largest.
    MinMax,
}

/// Most codes of a column; neighbouring segments of more share one.
const MOST_CODES: usize = 256;
/// An ordered column of at most so many values, all alone, is codes only.
const FEW_VALUES: usize = 32;
/// A value of at least this share that is so many times as frequent as its neighbours is a spike.
const SPIKE_SHARE: f64 = 0.01;
const SPIKE_RATIO: f64 = 4.0;
/// Neighbours on each side that it is compared with.
const NEIGHBOURS: usize = 4;
/// A mode's number goes from -1 to 1 over so many standard deviations to each side.
const SPAN: f64 = 4.0;
/// Numbers do not go all the way, where a tanh never gets to.
const ALMOST: f64 = 0.99;

/// What a network gives for one column or mask.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    pub(crate) variable: Variable,
    pub(crate) choice: Choice,
}

/// What the codes of a head stand for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Choice {
    /// Missing or not: 1 is missing.
    Mask,
    /// Code c is the segments `starts[c]..starts[c + 1]`.
    Groups { starts: Vec<u32> },
    /// First the spikes, then the modes of the numbers on a line.
    Line { spikes: Vec<u32>, modes: Vec<Component>, axis: Axis },
    /// The parts of a cycle, of a column of instants whose place on a line another head gives.
    Cycle(Cycle),
}

impl Choice {
    /// How many codes there are.
    pub(crate) fn codes(&self) -> usize {
        match self {
            Choice::Mask => 2,
            Choice::Groups { starts } => starts.len() - 1,
            Choice::Line { spikes, modes, .. } => spikes.len() + modes.len(),
            Choice::Cycle(cycle) => cycle.parts as usize,
        }
    }
}

/// All heads of a table: masks, then columns in their order, then cycles.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    pub(crate) encoding: Encoding,
    pub(crate) heads: Vec<Head>,
    /// Per head on a line, the heads of its column's cycles.
    pub(crate) cycles: Vec<Vec<usize>>,
    /// Per head, the number that goes with it.
    pub(crate) numbers: Vec<Option<usize>>,
    pub(crate) n_numbers: usize,
    /// Per head, the columns of a network's output that are its codes; the numbers stand before all of them.
    pub(crate) spans: Vec<Range<usize>>,
}

/// Rows as networks read them.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Row after row; not a number where there is none.
    pub(crate) numbers: Vec<f32>,
    /// Row after row, one per head.
    pub(crate) codes: Vec<u32>,
}

impl Rows {
    /// The numbers of a row.
    pub(crate) fn numbers_of(&self, row: u32, width: usize) -> &[f32] {
        &self.numbers[row as usize * width..(row as usize + 1) * width]
    }

    /// The codes of a row.
    pub(crate) fn codes_of(&self, row: u32, width: usize) -> &[u32] {
        &self.codes[row as usize * width..(row as usize + 1) * width]
    }
}

impl Layout {
    /// Of a frame.
    pub(crate) fn new(frame: &Frame, encoding: Encoding) -> Self {
        let heads: Vec<Head> = variables(frame)
            .into_par_iter()
            .map(|variable| {
                let choice = match variable {
                    Variable::Mask(_) => Choice::Mask,
                    Variable::Values(column) => choice(frame.margin(column), encoding),
                };
                Head { variable, choice }
            })
            .collect();
        Layout::of_heads(with_cycles(heads, frame), encoding)
    }

    /// Of a frame, with the spikes and modes of those heads that have some, with or without cycles; what fits is taken out
    /// of `lines`. `None` if one does not fit its column.
    pub(crate) fn rebuild(
        frame: &Frame,
        encoding: Encoding,
        cycles: bool,
        lines: &mut BTreeMap<usize, (Vec<u32>, Vec<Component>)>,
    ) -> Option<Self> {
        let heads = variables(frame).into_iter().enumerate().map(|(number, variable)| {
            let choice = match (variable, lines.remove(&number)) {
                (Variable::Mask(_), None) => Choice::Mask,
                (Variable::Mask(_), Some(_)) => return None,
                (Variable::Values(column), None) => {
                    Choice::Groups { starts: groups(&frame.margin(column).counts) }
                }
                (Variable::Values(column), Some((spikes, modes))) => {
                    let margin = frame.margin(column);
                    let n_segments = margin.n_segments();
                    let fits = spikes.len() < n_segments
                        && spikes.last().is_none_or(|&last| (last as usize) < n_segments)
                        && margin.support.is_ordered()
                        && !matches!(margin.support, Support::Booleans(_));
                    if !fits {
                        return None;
                    }
                    let axis = Axis::new(margin, &spikes, scale(encoding));
                    Choice::Line { spikes, modes, axis }
                }
            };
            Some(Head { variable, choice })
        });
        let heads = heads.collect::<Option<Vec<_>>>()?;
        Some(Layout::of_heads(if cycles { with_cycles(heads, frame) } else { heads }, encoding))
    }

    fn of_heads(heads: Vec<Head>, encoding: Encoding) -> Self {
        let mut n_numbers = 0;
        let numbers = heads
            .iter()
            .map(|head| match &head.choice {
                Choice::Line { modes, .. } if !modes.is_empty() => {
                    n_numbers += 1;
                    Some(n_numbers - 1)
                }
                _ => None,
            })
            .collect();
        let mut end = n_numbers;
        let spans = heads
            .iter()
            .map(|head| {
                let start = end;
                end += head.choice.codes();
                start..end
            })
            .collect();
        let mut cycles = vec![Vec::new(); heads.len()];
        for (index, head) in heads.iter().enumerate() {
            if matches!(head.choice, Choice::Cycle(_)) {
                let line = heads.iter().position(|line| line.variable == head.variable);
                cycles[line.expect("a cycle has a line")].push(index);
            }
        }
        Layout { encoding, heads, cycles, numbers, n_numbers, spans }
    }

    /// Counts the rows in each part of each cycle.
    pub(crate) fn count_cycles(&mut self, rows: &Rows) {
        let n_heads = self.heads.len();
        for (index, head) in self.heads.iter_mut().enumerate() {
            if let Choice::Cycle(cycle) = &mut head.choice {
                cycle.counts = vec![0; cycle.parts as usize];
                let codes = rows.codes.iter().skip(index).step_by(n_heads);
                codes.filter(|code| **code != NO_CODE).for_each(|&code| cycle.counts[code as usize] += 1);
            }
        }
    }

    /// True when heads say of instants where in a cycle they lie.
    pub(crate) fn has_cycles(&self) -> bool {
        self.heads.iter().any(|head| matches!(head.choice, Choice::Cycle(_)))
    }

    /// The width of what a network gives.
    pub(crate) fn width(&self) -> usize {
        self.spans.last().map_or(self.n_numbers, |span| span.end)
    }

    /// How many codes each head has.
    pub(crate) fn kinds(&self) -> Vec<usize> {
        self.heads.iter().map(|head| head.choice.codes()).collect()
    }

    /// True when what a network gives for a number goes through a tanh.
    pub(crate) fn is_bounded(&self) -> bool {
        matches!(self.encoding, Encoding::ModeSpecific | Encoding::MinMax)
    }

    /// The training rows. A value between several modes is given to one of them at random. `instants` are the values of a
    /// column of instants.
    pub(crate) fn encode(
        &self,
        encoded: &Encoded,
        n_rows: usize,
        instants: &(dyn Fn(usize) -> Vec<Option<i64>> + Sync),
        seed: Seed,
    ) -> Rows {
        const CHUNK: usize = 4096;
        let heads = self.heads.len();
        let mut rows =
            Rows { numbers: vec![f32::NAN; n_rows * self.n_numbers], codes: vec![NO_CODE; n_rows * heads] };
        let columns: Vec<Vec<(u32, f32)>> = self
            .heads
            .par_iter()
            .enumerate()
            .map(|(index, head)| match (head.variable, &head.choice) {
                (Variable::Mask(mask), _) => {
                    encoded.masks[mask].iter().map(|&missing| (u32::from(missing), f32::NAN)).collect()
                }
                (Variable::Values(column), Choice::Cycle(cycle)) => instants(column)
                    .into_iter()
                    .map(|instant| instant.and_then(|instant| cycle.tick(instant)))
                    .map(|tick| (tick.map_or(NO_CODE, |tick| cycle.part(tick)), f32::NAN))
                    .collect(),
                (Variable::Values(column), choice) => {
                    let table = Table::new(choice, self.encoding);
                    let segments = &encoded.segments[column];
                    let seed = seed.derive("modes").derive(&index.to_string());
                    let mut cells = Vec::with_capacity(n_rows);
                    for (chunk, segments) in segments.chunks(CHUNK).enumerate() {
                        let mut stream = seed.stream("rows", chunk as u64);
                        cells.extend(segments.iter().map(|&segment| table.cell(segment, &mut stream)));
                    }
                    cells
                }
            })
            .collect();
        for (index, cells) in columns.into_iter().enumerate() {
            for (row, (code, number)) in cells.into_iter().enumerate() {
                rows.codes[row * heads + index] = code;
                if let Some(place) = self.numbers[index] {
                    rows.numbers[row * self.n_numbers + place] = number;
                }
            }
        }
        rows
    }
}

/// Takes some rows for a network to read.
pub(crate) fn gather(layout: &Layout, from: &Rows, rows: &[u32], batch: &mut Batch) {
    let (numbers, heads) = (layout.n_numbers, layout.heads.len());
    batch.numbers.reshape(rows.len(), numbers);
    batch.codes.resize(rows.len() * heads, NO_CODE);
    for (place, &row) in rows.iter().enumerate() {
        let row = row as usize;
        batch.numbers.row_mut(place).copy_from_slice(&from.numbers[row * numbers..(row + 1) * numbers]);
        let codes = &from.codes[row * heads..(row + 1) * heads];
        batch.codes[place * heads..(place + 1) * heads].copy_from_slice(codes);
    }
}

/// What networks make of a frame: masks first, since what is missing has no value.
fn variables(frame: &Frame) -> Vec<Variable> {
    let mut variables = Latent::variables(frame);
    variables.sort_by_key(|variable| matches!(variable, Variable::Values(_)));
    variables
}

/// Behind all heads, the cycles of those that lie on a line.
fn with_cycles(mut heads: Vec<Head>, frame: &Frame) -> Vec<Head> {
    let cycles = heads.iter().filter(|head| matches!(head.choice, Choice::Line { .. })).flat_map(|head| {
        let Variable::Values(column) = head.variable else { return Vec::new() };
        let cycles = Cycle::all(frame.margin(column)).into_iter();
        cycles.map(|cycle| Head { variable: head.variable, choice: Choice::Cycle(cycle) }).collect()
    });
    let cycles: Vec<Head> = cycles.collect();
    heads.extend(cycles);
    heads
}

fn scale(encoding: Encoding) -> Scale {
    if encoding == Encoding::QuantileNormal { Scale::Normal } else { Scale::Linear }
}

fn choice(margin: &Margin, encoding: Encoding) -> Choice {
    let n_segments = margin.n_segments();
    let alone = (0..n_segments).all(|segment| margin.support.is_point(segment));
    let nominal = matches!(margin.support, Support::Levels { .. } | Support::Booleans(_));
    if nominal || alone && n_segments <= FEW_VALUES {
        return Choice::Groups { starts: groups(&margin.counts) };
    }
    let spikes = spikes(margin);
    if spikes.len() == n_segments {
        return Choice::Groups { starts: groups(&margin.counts) };
    }
    let axis = Axis::new(margin, &spikes, scale(encoding));
    let points: Vec<f64> = (0..axis.segments.len()).map(|place| axis.middle(place)).collect();
    let weights: Vec<f64> =
        axis.segments.iter().map(|&segment| margin.counts[segment as usize] as f64).collect();
    let one = |mean: f64, deviation: f64| vec![Component { weight: 1.0, mean, deviation }];
    let modes = match encoding {
        Encoding::ModeSpecific => mixture::fit(&points, &weights, 0.5 * axis.narrowest().min(1.0)),
        Encoding::QuantileNormal => one(0.0, 1.0),
        Encoding::MinMax => one(0.0, 1.0 / SPAN / ALMOST),
        Encoding::Standard => {
            let total: f64 = weights.iter().sum();
            let mean = points.iter().zip(&weights).map(|(x, w)| x * w).sum::<f64>() / total;
            let off = |x: f64| (x - mean) * (x - mean);
            let variance = points.iter().zip(&weights).map(|(&x, w)| off(x) * w).sum::<f64>() / total;
            one(mean, variance.sqrt().max(1e-9))
        }
    };
    Choice::Line { spikes, modes, axis }
}

/// Borders of groups of neighbouring segments, of about equal counts where there are too many segments.
fn groups(counts: &[u64]) -> Vec<u32> {
    if counts.len() <= MOST_CODES {
        return (0..=counts.len() as u32).collect();
    }
    let total: u64 = counts.iter().sum();
    let mut starts = vec![0];
    let mut sum = 0;
    for (segment, &count) in counts.iter().enumerate() {
        sum += count;
        let wanted = total as f64 * starts.len() as f64 / MOST_CODES as f64;
        let (left, codes_left) = (counts.len() - segment - 1, MOST_CODES - starts.len());
        if segment + 1 < counts.len() && codes_left > 0 && (sum as f64 >= wanted || left <= codes_left) {
            starts.push(segment as u32 + 1);
        }
    }
    starts.push(counts.len() as u32);
    starts
}

/// Single values that stand out from those around them, the most frequent ones if there are too many.
fn spikes(margin: &Margin) -> Vec<u32> {
    let total: u64 = margin.counts.iter().sum();
    let mut spikes: Vec<u32> = (0..margin.n_segments())
        .filter(|&segment| {
            let own = margin.counts[segment] as f64;
            let around: Vec<u64> = (segment.saturating_sub(NEIGHBOURS)..segment)
                .chain(segment + 1..(segment + 1 + NEIGHBOURS).min(margin.n_segments()))
                .map(|other| margin.counts[other])
                .collect();
            let mean = around.iter().sum::<u64>() as f64 / around.len().max(1) as f64;
            margin.support.is_point(segment) && own >= SPIKE_SHARE * total as f64 && own >= SPIKE_RATIO * mean
        })
        .map(|segment| segment as u32)
        .collect();
    let most = MOST_CODES / 2;
    if spikes.len() > most {
        spikes.sort_by_key(|&segment| (std::cmp::Reverse(margin.counts[segment as usize]), segment));
        spikes.truncate(most);
        spikes.sort_unstable();
    }
    spikes
}

/// What becomes of each segment of a column.
struct Table {
    encoding: Encoding,
    cells: Vec<Cell>,
}

#[derive(Clone)]
enum Cell {
    Code(u32),
    /// On the line: the point, and the chances of the modes.
    Point {
        x: f64,
        first: u32,
        modes: Vec<(Component, f64)>,
    },
}

impl Table {
    fn new(choice: &Choice, encoding: Encoding) -> Self {
        let cells = match choice {
            Choice::Mask | Choice::Cycle(_) => Vec::new(),
            Choice::Groups { starts } => (0..starts[starts.len() - 1])
                .map(|segment| Cell::Code(starts.partition_point(|&start| start <= segment) as u32 - 1))
                .collect(),
            Choice::Line { spikes, modes, axis } => {
                let mut cells = vec![Cell::Code(0); spikes.len() + axis.segments.len()];
                for (code, &segment) in spikes.iter().enumerate() {
                    cells[segment as usize] = Cell::Code(code as u32);
                }
                for (place, &segment) in axis.segments.iter().enumerate() {
                    let x = axis.middle(place);
                    let chances = mixture::chances(modes, x);
                    let modes = modes.iter().copied().zip(chances).collect();
                    cells[segment as usize] = Cell::Point { x, first: spikes.len() as u32, modes };
                }
                cells
            }
        };
        Table { encoding, cells }
    }

    fn cell(&self, segment: u32, stream: &mut Stream) -> (u32, f32) {
        if segment == Codes::MISSING {
            return (NO_CODE, f32::NAN);
        }
        match &self.cells[segment as usize] {
            Cell::Code(code) => (*code, f32::NAN),
            Cell::Point { x, first, modes } => {
                let mut drawn = if modes.len() > 1 { stream.unit() } else { 0.0 };
                let mut chosen = modes.len() - 1;
                for (number, (_, chance)) in modes.iter().enumerate() {
                    if drawn < *chance {
                        chosen = number;
                        break;
                    }
                    drawn -= chance;
                }
                (first + chosen as u32, number(*x, &modes[chosen].0, self.encoding) as f32)
            }
        }
    }
}

/// The number that stands for a point of the line in a mode.
fn number(x: f64, mode: &Component, encoding: Encoding) -> f64 {
    let z = (x - mode.mean) / mode.deviation;
    match encoding {
        Encoding::ModeSpecific | Encoding::MinMax => (z / SPAN).clamp(-ALMOST, ALMOST),
        Encoding::QuantileNormal | Encoding::Standard => z,
    }
}

/// The normal distribution on the line that a number with this standard deviation stands for.
pub(crate) fn on_line(number: f64, deviation: f64, mode: &Component, encoding: Encoding) -> (f64, f64) {
    let factor = match encoding {
        Encoding::ModeSpecific | Encoding::MinMax => SPAN,
        Encoding::QuantileNormal | Encoding::Standard => 1.0,
    };
    (mode.mean + mode.deviation * factor * number, mode.deviation * factor * deviation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::margin::{Grid, Unit};

    #[test]
    fn many_levels_share_codes_evenly() {
        assert_eq!(groups(&[5, 1, 7]), [0, 1, 2, 3]);
        let counts: Vec<u64> = (0..50_000).map(|level| 1 + 100_000 / (level + 1)).collect();
        let starts = groups(&counts);
        assert_eq!((starts.len(), starts[0], starts[MOST_CODES]), (MOST_CODES + 1, 0, 50_000));
        assert!(starts.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn values_that_stand_out_are_spikes() {
        let grid = Grid { unit: Unit::Integer, origin: 0, step: 1 };
        let values: Vec<i64> = (0..100).collect();
        let support = Support::Grid { grid, low: values.clone(), high: values };
        let mut counts = vec![10; 100];
        counts[40] = 400;
        counts[41] = 30;
        let margin = Margin { support, counts };
        assert_eq!(spikes(&margin), [40]);
        let Choice::Line { spikes, modes, axis } = choice(&margin, Encoding::ModeSpecific) else {
            panic!("numbers lie on a line");
        };
        assert_eq!((spikes.len(), axis.segments.len()), (1, 99));
        // A value is its mode's mean and so many deviations.
        let table = Table::new(&choice(&margin, Encoding::ModeSpecific), Encoding::ModeSpecific);
        let mut stream = Seed::new(1).stream("modes", 0);
        for segment in [0_u32, 39, 41, 99] {
            let (code, number) = table.cell(segment, &mut stream);
            let (x, _) = on_line(f64::from(number), 0.0, &modes[code as usize - 1], Encoding::ModeSpecific);
            assert_eq!(axis.locate(x).0, segment);
        }
        assert_eq!(table.cell(40, &mut stream).0, 0);
        assert_eq!(table.cell(Codes::MISSING, &mut stream).0, NO_CODE);
    }
}
