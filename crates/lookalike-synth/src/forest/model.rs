use lookalike_core::math;
use lookalike_learn::tree::{BranchKind, Grove, Sieve};

use crate::frame::{Frame, Presence};
use crate::latent::Variable;
use crate::synthesizer::ColumnDraw;

/// A fitted forest.
#[derive(Debug, Clone)]
pub(crate) struct FittedForest {
    pub(crate) frame: Frame,
    pub(crate) variables: Variables,
    /// How each variable is drawn, in order.
    pub(crate) ways: Vec<Way>,
    /// Per variable, how many bits a value takes given the variables before it, as estimated from rows held back.
    pub(crate) bits: Vec<f64>,
}

/// The variables in the order in which they are drawn, and the bins in which later ones see them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Variables {
    pub(crate) order: Vec<Variable>,
    /// Per variable and segment, the bin.
    pub(crate) bins: Vec<Vec<u8>>,
}

/// How a variable is drawn.
#[derive(Debug, Clone)]
pub(crate) enum Way {
    /// It follows from an earlier one: per segment of that variable, the segment of this one.
    Determined { by: usize, segments: Vec<u32> },
    /// By one of these, drawn at random for each row.
    Drawn(Vec<Member>),
}

/// A nested dichotomy: the root first; none where there is nothing to choose.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) splits: Vec<Split>,
    pub(crate) grove: Grove,
    /// The grove, ready for many rows; a group per split.
    pub(super) sieve: Sieve,
}

impl Member {
    pub(crate) fn new(splits: Vec<Split>, grove: Grove) -> Self {
        Member { sieve: Sieve::new(&grove, splits.iter().map(|split| split.trees)), splits, grove }
    }
}

/// A choice between the segments `start..middle` and `middle..end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Split {
    pub(crate) start: u32,
    pub(crate) middle: u32,
    pub(crate) end: u32,
    /// The splits of the halves; [`Split::NONE`] where a half is not split further.
    pub(crate) left: u32,
    pub(crate) right: u32,
    /// The score for the right half before any tree.
    pub(crate) base: f32,
    /// The trees of the grove that add to it.
    pub(crate) trees: (u32, u32),
}

impl FittedForest {
    /// The columns that one depends on most, by the share of its cuts that they decide, strongest first.
    pub(crate) fn strongest(&self, column: usize) -> Vec<(String, f64)> {
        let columns = &self.frame.schema.columns;
        let label = |variable: usize| match self.variables.order[variable] {
            Variable::Values(column) => Some(columns[column].name.clone()),
            Variable::Mask(_) => None,
        };
        let Some(own) = self.variables.order.iter().position(|v| *v == Variable::Values(column)) else {
            return Vec::new();
        };
        let members = match &self.ways[own] {
            Way::Determined { by, .. } => return label(*by).map(|name| (name, 1.0)).into_iter().collect(),
            Way::Drawn(members) => members,
        };
        let mut cuts = vec![0_usize; own];
        for branch in members.iter().flat_map(|member| &member.grove.nodes) {
            if branch.kind != BranchKind::Leaf {
                cuts[usize::from(branch.feature)] += 1;
            }
        }
        let total = cuts.iter().sum::<usize>().max(1);
        let mut strongest: Vec<(String, f64)> = cuts
            .into_iter()
            .enumerate()
            .filter_map(|(variable, cuts)| Some((label(variable)?, cuts as f64 / total as f64)))
            .filter(|(_, share)| *share >= 0.05)
            .collect();
        strongest.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        strongest.truncate(3);
        strongest
    }
}

impl FittedForest {
    /// When and at which cost a column is drawn.
    pub(crate) fn draw_of(&self, column: usize) -> Option<ColumnDraw> {
        let own = self.variables.order.iter().position(|v| *v == Variable::Values(column))?;
        let counts = self.variables.order[own].counts(&self.frame);
        let total = counts.iter().sum::<u64>() as f64;
        let alone = counts
            .iter()
            .filter(|&&count| count > 0)
            .map(|&count| -(count as f64 / total) * math::ln(count as f64 / total))
            .sum::<f64>();
        let before = self.variables.order[..own].iter();
        let place = before.filter(|variable| matches!(variable, Variable::Values(_))).count() + 1;
        Some(ColumnDraw {
            place,
            bits_alone: alone / std::f64::consts::LN_2,
            bits_given: self.bits[own],
            follows: matches!(self.ways[own], Way::Determined { .. }),
        })
    }
}

impl Split {
    pub(crate) const NONE: u32 = u32::MAX;
}

impl Variables {
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The bin that stands for missing.
    pub(crate) fn missing_bin(&self, variable: usize) -> u8 {
        self.bins[variable].iter().max().map_or(0, |&last| last + 1)
    }

    /// The variable of a mask.
    pub(crate) fn of_mask(&self, mask: usize) -> Option<usize> {
        self.order.iter().position(|variable| *variable == Variable::Mask(mask))
    }

    /// The earlier variable that says whether this one has a value, if it can be without.
    pub(crate) fn presence(&self, variable: usize, frame: &Frame) -> Option<usize> {
        match self.order[variable] {
            Variable::Values(column) => match frame.presence[column] {
                Presence::Mask(mask) => self.of_mask(mask),
                _ => None,
            },
            Variable::Mask(_) => None,
        }
    }
}
