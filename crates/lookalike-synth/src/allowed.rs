use crate::margin::{Restricted, Support};

/// What a condition leaves of a variable.
pub(crate) struct Allowed {
    /// Per segment, the share of it that is allowed.
    pub(crate) weights: Vec<f64>,
    /// Sums of counts times weights.
    pub(crate) sums: Vec<f64>,
    /// Per segment, its pieces.
    pieces: Vec<std::ops::Range<u32>>,
    /// Per piece, its share of its segment.
    shares: Vec<f64>,
    /// What the pieces stand for.
    pub(crate) support: Option<Support>,
}

impl Allowed {
    pub(crate) fn new(weights: Vec<f64>, counts: &[u64]) -> Self {
        let mut sums = vec![0.0];
        sums.extend(weights.iter().zip(counts).scan(0.0, |sum, (weight, &count)| {
            *sum += weight * count as f64;
            Some(*sum)
        }));
        Allowed { weights, sums, pieces: Vec::new(), shares: Vec::new(), support: None }
    }

    pub(crate) fn of_pieces(restricted: &Restricted, counts: &[u64]) -> Self {
        let total: u64 = counts.iter().sum();
        let mut weights = vec![0.0; counts.len()];
        let mut pieces = vec![0..0; counts.len()];
        let mut shares = Vec::with_capacity(restricted.segments.len());
        for (piece, (&segment, &(from, to))) in restricted.segments.iter().zip(&restricted.shares).enumerate()
        {
            let share = ((to - from) * total as f64 / counts[segment as usize] as f64).clamp(0.0, 1.0);
            shares.push(share);
            weights[segment as usize] = (weights[segment as usize] + share).min(1.0);
            let range: &mut std::ops::Range<u32> = &mut pieces[segment as usize];
            let start = if range.end == 0 { piece as u32 } else { range.start };
            *range = start..piece as u32 + 1;
        }
        let support = Some(restricted.support.clone());
        Allowed { pieces, shares, support, ..Allowed::new(weights, counts) }
    }

    /// The piece of a segment at `u` of the way through what is allowed of it, and how far through it.
    pub(crate) fn piece(&self, segment: u32, u: f64) -> (u32, f64) {
        let Some(range) = self.pieces.get(segment as usize) else { return (segment, u) };
        let mut at = u * self.weights[segment as usize];
        for piece in range.clone() {
            let share = self.shares[piece as usize];
            if at < share || piece + 1 == range.end {
                return (piece, if share > 0.0 { (at / share).clamp(0.0, 1.0 - f64::EPSILON) } else { 0.0 });
            }
            at -= share;
        }
        (range.start, 0.0)
    }
}
