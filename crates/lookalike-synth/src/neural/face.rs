//! Rows as a critic sees them: numbers and chances of codes, 0 where there is nothing.

use std::ops::Range;

use lookalike_learn::net::{Matrix, NO_CODE};

use super::layout::{Choice, Layout};
use super::told::mask_span;
use crate::frame::Frame;

/// How a layout's columns hang together.
pub(crate) struct Face {
    heads: Vec<Head>,
    numbers: usize,
    width: usize,
}

struct Head {
    span: Range<usize>,
    /// The number, and the columns of the codes that have one.
    number: Option<(usize, Range<usize>)>,
    /// The column that says that there is a value.
    present: Option<usize>,
}

impl Face {
    pub(crate) fn new(frame: &Frame, layout: &Layout) -> Self {
        let heads = layout.heads.iter().zip(&layout.numbers).zip(&layout.spans);
        let heads = heads
            .map(|((head, number), span)| Head {
                span: span.clone(),
                number: number.map(|number| {
                    let spikes = match &head.choice {
                        Choice::Line { spikes, .. } => spikes.len(),
                        Choice::Mask | Choice::Groups { .. } | Choice::Cycle(_) => 0,
                    };
                    (number, span.start + spikes..span.end)
                }),
                present: mask_span(frame, layout, head.variable).map(|span| span.start),
            })
            .collect();
        Face { heads, numbers: layout.n_numbers, width: layout.width() }
    }

    /// A real row.
    pub(crate) fn of_row(&self, numbers: &[f32], codes: &[u32], to: &mut [f32]) {
        to.fill(0.0);
        for (to, &number) in to[..self.numbers].iter_mut().zip(numbers) {
            *to = if number.is_nan() { 0.0 } else { number };
        }
        for (head, &code) in self.heads.iter().zip(codes) {
            if code != NO_CODE {
                to[head.span.start + code as usize] = 1.0;
            }
        }
    }

    /// What a network gave: numbers, and chances of codes. A number counts as far as its codes are likely, and both as far
    /// as there is a value.
    pub(crate) fn of_made(&self, given: &[f32], to: &mut [f32]) {
        to[..self.width].copy_from_slice(given);
        for head in &self.heads {
            let present = head.present.map_or(1.0, |column| given[column]);
            if let Some((number, modes)) = &head.number {
                let likely: f32 = given[modes.clone()].iter().sum();
                to[*number] = given[*number] * likely * present;
            }
            if head.present.is_some() {
                to[head.span.clone()].iter_mut().for_each(|p| *p *= present);
            }
        }
    }

    /// The way back: from the gradient of [`Self::of_made`]'s result to that of what the network gave, in place.
    pub(crate) fn back(&self, given: &[f32], d: &mut [f32]) {
        for head in &self.heads {
            let present = head.present.map_or(1.0, |column| given[column]);
            let mut d_present = 0.0;
            if head.present.is_some() {
                for column in head.span.clone() {
                    d_present += d[column] * given[column];
                    d[column] *= present;
                }
            }
            if let Some((number, modes)) = &head.number {
                let likely: f32 = given[modes.clone()].iter().sum();
                let d_number = d[*number];
                d_present += d_number * given[*number] * likely;
                d[modes.clone()].iter_mut().for_each(|d| *d += d_number * given[*number] * present);
                d[*number] = d_number * likely * present;
            }
            if let Some(column) = head.present {
                d[column] += d_present;
            }
        }
    }
}

/// Joins the rows of a matrix by groups of so many: the same numbers in fewer, wider rows.
pub(crate) fn pack(matrix: &mut Matrix, group: usize) {
    let (rows, columns) = (matrix.rows(), matrix.columns());
    debug_assert!(rows.is_multiple_of(group));
    matrix.reshape(rows / group, columns * group);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mask, a column of two spikes and a number behind it, and a number that is always there.
    fn face() -> Face {
        let heads = vec![
            Head { span: 2..4, number: None, present: None },
            Head { span: 4..7, number: Some((0, 6..7)), present: Some(2) },
            Head { span: 7..9, number: Some((1, 7..9)), present: None },
        ];
        Face { heads, numbers: 2, width: 9 }
    }

    #[test]
    fn what_is_missing_counts_nothing() {
        let face = face();
        let mut row = vec![9.0; 9];
        face.of_row(&[f32::NAN, 0.5], &[1, NO_CODE, 0], &mut row);
        assert_eq!(row, [0.0, 0.5, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        let mut made = vec![0.0; 9];
        face.of_made(&[3.0, 0.5, 0.0, 1.0, 0.1, 0.2, 0.7, 1.0, 0.0], &mut made);
        assert_eq!(made, row);
    }

    #[test]
    fn it_goes_back_as_it_came() {
        let face = face();
        let given = [1.5, -0.5, 0.75, 0.25, 0.25, 0.25, 0.5, 0.375, 0.625];
        let weights = [0.5, -1.0, 0.25, 2.0, 1.0, -0.5, 0.75, 1.5, -2.0];
        let value = |given: &[f32]| {
            let mut made = vec![0.0; 9];
            face.of_made(given, &mut made);
            made.iter().zip(&weights).map(|(m, w)| m * w).sum::<f32>()
        };
        let mut d = weights;
        face.back(&given, &mut d);
        for column in 0..9 {
            let (mut low, mut high) = (given, given);
            low[column] -= 1.0 / 64.0;
            high[column] += 1.0 / 64.0;
            let slope = (value(&high) - value(&low)) * 32.0;
            assert!((slope - d[column]).abs() < 1e-4, "column {column}: {slope} and {}", d[column]);
        }
    }
}
