//! Drawing variables for many rows at once.

use lookalike_learn::tree::SieveSpace;
use lookalike_learn::tree::dichotomy::exponential;
use lookalike_table::Codes;

use super::model::{FittedForest, Member, Split, Way};

/// Rows on their way through the variables: their bins for the trees, their segments and places within them.
pub(super) struct Rows {
    pub(super) count: usize,
    /// Variable after variable.
    pub(super) cells: Vec<u8>,
    /// Per variable drawn so far; [`Codes::MISSING`] where there is no value.
    pub(super) segments: Vec<Vec<u32>>,
    pub(super) fractions: Vec<Vec<f64>>,
}

impl Rows {
    pub(super) fn new(count: usize, variables: usize) -> Self {
        Rows { count, cells: vec![0; count * variables], segments: Vec::new(), fractions: Vec::new() }
    }

    /// The next variable's values.
    pub(super) fn push(&mut self, bins: &[u8], missing: u8, segments: Vec<u32>, fractions: Vec<f64>) {
        let start = self.segments.len() * self.count;
        for (cell, &segment) in self.cells[start..start + self.count].iter_mut().zip(&segments) {
            *cell = bins.get(segment as usize).copied().unwrap_or(missing);
        }
        self.segments.push(segments);
        self.fractions.push(fractions);
    }

    /// The rows that have a value of the next variable.
    pub(super) fn present(&self, presence: Option<usize>) -> Vec<u32> {
        let all = 0..self.count as u32;
        match presence {
            Some(mask) => all.filter(|&row| self.segments[mask][row as usize] == 0).collect(),
            None => all.collect(),
        }
    }

    /// Only these rows, in this order.
    pub(super) fn take(&self, rows: &[usize], variables: usize) -> Rows {
        let mut taken = Rows::new(rows.len(), variables);
        for variable in 0..self.segments.len() {
            let start = variable * self.count;
            for (place, &row) in rows.iter().enumerate() {
                taken.cells[variable * rows.len() + place] = self.cells[start + row];
            }
            taken.segments.push(rows.iter().map(|&row| self.segments[variable][row]).collect());
            taken.fractions.push(rows.iter().map(|&row| self.fractions[variable][row]).collect());
        }
        taken
    }
}

/// Counts of a variable's segments, summed up.
#[derive(Debug)]
pub(super) struct Sums(pub(super) Vec<u64>);

impl Sums {
    pub(super) fn new(counts: &[u64]) -> Self {
        let mut sums = vec![0];
        sums.extend(counts.iter().scan(0, |sum, &count| {
            *sum += count;
            Some(*sum)
        }));
        Sums(sums)
    }

    /// The segment of `start..end` at `u` of the way through their counts, and how far through it.
    pub(super) fn locate(&self, start: u32, end: u32, u: f64) -> (u32, f64) {
        let (from, to) = (self.0[start as usize], self.0[end as usize]);
        let at = from as f64 + u * (to - from) as f64;
        let sums = &self.0[start as usize + 1..end as usize];
        let segment = start + sums.partition_point(|&sum| sum as f64 <= at) as u32;
        let (low, high) = (self.0[segment as usize] as f64, self.0[segment as usize + 1] as f64);
        (segment, below_one((at - low) / (high - low)))
    }
}

pub(super) fn below_one(u: f64) -> f64 {
    u.clamp(0.0, 1.0 - f64::EPSILON)
}

/// Buffers of a draw.
#[derive(Default)]
pub(super) struct Space {
    sieve: SieveSpace,
    scores: Vec<f32>,
    odds: Vec<f64>,
    spare: Falling,
}

impl FittedForest {
    /// Draws the next variable for all rows, without conditions. One uniform number per row is all it takes, whether
    /// the row has a value or not.
    pub(super) fn draw_next(&self, rows: &mut Rows, sums: &Sums, uniforms: Vec<f64>, space: &mut Space) {
        let variable = rows.segments.len();
        let mut fractions = uniforms;
        let mut segments = vec![Codes::MISSING; rows.count];
        let present = rows.present(self.variables.presence(variable, &self.frame));
        match &self.ways[variable] {
            Way::Determined { by, segments: map } => {
                for row in present {
                    segments[row as usize] = map[rows.segments[*by][row as usize] as usize];
                }
            }
            Way::Drawn(members) => {
                let count = members.len() as f64;
                let mut of_member: Vec<Falling> = members.iter().map(|_| Falling::default()).collect();
                for row in present {
                    let u = fractions[row as usize] * count;
                    let member = (u as usize).min(members.len() - 1);
                    of_member[member].push(row, below_one(u - member as f64));
                }
                for (member, mut own) in members.iter().zip(of_member) {
                    draw_member(member, rows, sums, &mut own, space, |row, segment, fraction| {
                        segments[row as usize] = segment;
                        fractions[row as usize] = fraction;
                    });
                }
            }
        }
        rows.push(&self.variables.bins[variable], self.variables.missing_bin(variable), segments, fractions);
    }
}

/// Rows with their uniform numbers.
#[derive(Default)]
struct Falling {
    rows: Vec<u32>,
    uniforms: Vec<f64>,
}

impl Falling {
    fn push(&mut self, row: u32, uniform: f64) {
        self.rows.push(row);
        self.uniforms.push(uniform);
    }
}

/// Lets rows fall through a nested dichotomy by their uniform numbers.
fn draw_member(
    member: &Member,
    rows: &Rows,
    sums: &Sums,
    own: &mut Falling,
    space: &mut Space,
    mut place: impl FnMut(u32, u32, f64),
) {
    let last = (sums.0.len() - 1) as u32;
    let root = if member.splits.is_empty() { Split::NONE } else { 0 };
    let count = own.rows.len();
    space.spare.rows.resize(count, 0);
    space.spare.uniforms.resize(count, 0.0);
    let mut stack = vec![(root, 0, last, 0, count)];
    while let Some((number, start, end, from, to)) = stack.pop() {
        let (here, uniforms) = (&mut own.rows[from..to], &mut own.uniforms[from..to]);
        if here.is_empty() {
            continue;
        }
        if number == Split::NONE {
            for (&row, &u) in here.iter().zip(&*uniforms) {
                let (segment, fraction) = sums.locate(start, end, u);
                place(row, segment, fraction);
            }
            continue;
        }
        let split = &member.splits[number as usize];
        space.scores.clear();
        space.scores.resize(here.len(), split.base);
        member.sieve.add_scores(
            &member.grove,
            number as usize,
            &rows.cells,
            rows.count,
            here,
            &mut space.sieve,
            &mut space.scores,
        );
        space.odds.clear();
        space.odds.extend(space.scores.iter().map(|&score| exponential(f64::from(score))));
        // The lower part of the unit interval, 1 / (1 + odds) of it, goes left; what is left of it is a uniform number
        // again.
        let (mut kept, mut gone) = (0, 0);
        for at in 0..here.len() {
            let (row, odds) = (here[at], space.odds[at]);
            let reach = uniforms[at] * (1.0 + odds);
            let right = reach >= 1.0;
            let u = below_one(if right { (reach - 1.0) / odds } else { reach });
            here[kept] = row;
            uniforms[kept] = u;
            space.spare.rows[gone] = row;
            space.spare.uniforms[gone] = u;
            kept += usize::from(!right);
            gone += usize::from(right);
        }
        here[kept..].copy_from_slice(&space.spare.rows[..gone]);
        uniforms[kept..].copy_from_slice(&space.spare.uniforms[..gone]);
        stack.push((split.right, split.middle, split.end, from + kept, to));
        stack.push((split.left, split.start, split.middle, from, from + kept));
    }
}
