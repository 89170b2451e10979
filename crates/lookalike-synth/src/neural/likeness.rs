//! How like held-out rows the rows of a network are that has no likelihood: by the joint frequencies of pairs of columns.

use lookalike_core::Stream;
use lookalike_learn::net::{Matrix, NO_CODE};
use lookalike_learn::score::pairs_distance;

use super::draw::choose;
use super::layout::{Choice, Layout, Rows, on_line};
use super::told::mask_span;
use crate::frame::Frame;

/// Held-out rows, as codes of few bins.
pub(crate) struct Likeness {
    heads: Vec<Bins>,
    sizes: Vec<usize>,
    real: Vec<u16>,
}

/// How a head's cells are binned.
struct Bins {
    /// Per code, its bin; those of numbers on the line are binned further.
    codes: Vec<u16>,
    /// The bin of missing values.
    missing: u16,
    /// Borders of bins on the line, behind the codes' bins.
    borders: Vec<f64>,
    /// The first of the codes on the line.
    first_mode: usize,
    present: Option<usize>,
}

/// Bins of codes by themselves, and bins of the line.
const MOST_CODES: usize = 11;
const LINE_BINS: usize = 8;

impl Likeness {
    /// Of held-out rows; bins are chosen by them.
    pub(crate) fn new(frame: &Frame, layout: &Layout, rows: &Rows, held_out: &[u32]) -> Self {
        let n_heads = layout.heads.len();
        let code = |row: u32, head: usize| rows.codes_of(row, n_heads)[head];
        let mut heads = Vec::new();
        for (index, head) in layout.heads.iter().enumerate() {
            let n_codes = head.choice.codes();
            let first_mode = match &head.choice {
                Choice::Line { spikes, .. } => spikes.len(),
                Choice::Mask | Choice::Groups { .. } | Choice::Cycle(_) => n_codes,
            };
            let mut counts = vec![0_u32; n_codes];
            let mut points = Vec::new();
            for &row in held_out {
                let code = code(row, index);
                if code == NO_CODE {
                    continue;
                }
                counts[code as usize] += 1;
                if code as usize >= first_mode {
                    points.push(point(layout, index, code, rows.numbers_of(row, layout.n_numbers)));
                }
            }
            // The most frequent codes have a bin each, the others one together.
            let mut order: Vec<usize> = (0..first_mode).collect();
            order.sort_by_key(|&code| (std::cmp::Reverse(counts[code]), code));
            let mut codes = vec![0; n_codes];
            for (place, &code) in order.iter().enumerate() {
                codes[code] = place.min(MOST_CODES) as u16;
            }
            let behind = first_mode.min(MOST_CODES + 1) as u16;
            codes[first_mode..].fill(behind);
            points.sort_unstable_by(f64::total_cmp);
            let border = |bin: usize| points.get(bin * points.len() / LINE_BINS).copied();
            let borders: Vec<f64> = (1..LINE_BINS).filter_map(border).collect();
            let missing = behind + if first_mode < n_codes { borders.len() as u16 + 1 } else { 0 };
            let present = mask_span(frame, layout, head.variable).map(|span| span.start);
            heads.push(Bins { codes, missing, borders, first_mode, present });
        }
        let sizes = heads.iter().map(|bins| usize::from(bins.missing) + 1).collect();
        let mut likeness = Likeness { heads, sizes, real: Vec::new() };
        for &row in held_out {
            for index in 0..n_heads {
                let numbers = rows.numbers_of(row, layout.n_numbers);
                let bin = likeness.bin(layout, index, code(row, index), numbers);
                likeness.real.push(bin);
            }
        }
        likeness
    }

    fn bin(&self, layout: &Layout, head: usize, code: u32, numbers: &[f32]) -> u16 {
        let bins = &self.heads[head];
        if code == NO_CODE {
            return bins.missing;
        }
        let bin = bins.codes[code as usize];
        if (code as usize) < bins.first_mode {
            return bin;
        }
        let x = point(layout, head, code, numbers);
        bin + bins.borders.partition_point(|&border| border <= x) as u16
    }

    /// The number of held-out rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.real.len() / self.heads.len().max(1)
    }

    /// How far rows that a network made are from the held-out ones, codes drawn from their chances; 0 for the same.
    pub(crate) fn distance(&self, layout: &Layout, made: &Matrix, stream: &mut Stream) -> Option<f64> {
        let mut other = Vec::with_capacity(made.rows() * self.heads.len());
        let mut weights = Vec::new();
        let mut codes = vec![NO_CODE; self.heads.len()];
        for row in 0..made.rows() {
            let row = made.row(row);
            for (code, span) in codes.iter_mut().zip(&layout.spans) {
                weights.clear();
                weights.extend(row[span.clone()].iter().map(|&p| f64::from(p)));
                *code = choose(&weights, stream) as u32;
            }
            for (index, bins) in self.heads.iter().enumerate() {
                let missing = bins.present.is_some_and(|present| {
                    let mask = layout.spans.iter().position(|span| span.start == present);
                    mask.is_some_and(|mask| codes[mask] == 1)
                });
                let code = if missing { NO_CODE } else { codes[index] };
                other.push(self.bin(layout, index, code, &row[..layout.n_numbers]));
            }
        }
        pairs_distance(&self.sizes, &self.real, &other)
    }
}

fn point(layout: &Layout, head: usize, code: u32, numbers: &[f32]) -> f64 {
    let (Some(number), Choice::Line { spikes, modes, .. }) =
        (layout.numbers[head], &layout.heads[head].choice)
    else {
        return 0.0;
    };
    on_line(f64::from(numbers[number]), 0.0, &modes[code as usize - spikes.len()], layout.encoding).0
}
