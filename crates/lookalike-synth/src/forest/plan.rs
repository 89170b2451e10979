//! In which order variables are drawn, and which of them follow from others.

use lookalike_learn::tree::Binned;
use lookalike_table::protect::Units;

use super::bins::{group_nominal, group_ordered};
use super::model::Variables;
use crate::frame::{Encoded, Frame};
use crate::latent::Variable;
use crate::order::{natural_order, rules};

/// Everything that learning needs, in the order of variables.
pub(super) struct Plan {
    pub(super) variables: Variables,
    /// Per variable, the segment per row.
    pub(super) segments: Vec<Vec<u32>>,
    pub(super) counts: Vec<Vec<u64>>,
    /// Per variable, the earlier one that it follows from.
    pub(super) determined: Vec<Option<(usize, Vec<u32>)>>,
    /// Whose each row is.
    pub(super) units: Units,
    /// Bins of all variables.
    pub(super) matrix: Binned,
}

impl Plan {
    pub(super) fn new(frame: &Frame, encoded: Encoded, first: &[usize]) -> Plan {
        let (mut order, leading) = natural_order(frame, first);
        let Encoded { segments, masks, units } = encoded;
        let mut columns: Vec<Option<Vec<u32>>> = segments.into_iter().map(Some).collect();
        let mut masks: Vec<Option<Vec<u32>>> =
            masks.into_iter().map(|flags| Some(flags.into_iter().map(u32::from).collect())).collect();
        let mut take = |variable: Variable| match variable {
            Variable::Values(column) => columns[column].take().unwrap_or_default(),
            Variable::Mask(mask) => masks[mask].take().unwrap_or_default(),
        };
        let mut segments: Vec<Vec<u32>> = order.iter().map(|&variable| take(variable)).collect();
        let rules = rules(frame, &order, &segments);
        let places = follow(&rules, leading);
        order = places.iter().map(|&place| order[place]).collect();
        segments = places.iter().map(|&place| std::mem::take(&mut segments[place])).collect();
        let determined = places
            .iter()
            .map(|&place| {
                let (by, map) = rules[place].clone()?;
                let by = places.iter().position(|&other| other == by)?;
                Some((by, map))
            })
            .enumerate()
            // A rule holds only from an earlier variable to a later one.
            .map(|(place, rule)| rule.filter(|(by, _)| *by < place))
            .collect();
        let counts: Vec<Vec<u64>> = order.iter().map(|variable| variable.counts(frame)).collect();
        let nominal: Vec<bool> = order.iter().map(|&variable| is_nominal(frame, variable)).collect();
        let bins: Vec<Vec<u8>> = counts
            .iter()
            .zip(&nominal)
            .map(|(counts, &nominal)| if nominal { group_nominal(counts) } else { group_ordered(counts) })
            .collect();
        let variables = Variables { order, bins };
        let matrix = matrix(&variables, &segments, &nominal);
        Plan { variables, segments, counts, determined, units, matrix }
    }
}

fn is_nominal(frame: &Frame, variable: Variable) -> bool {
    matches!(variable, Variable::Values(column) if !frame.margin(column).support.is_ordered())
}

/// The variables' places, with each moved behind the one that it follows from; the leading ones stay.
fn follow(rules: &[Option<(usize, Vec<u32>)>], leading: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..rules.len()).collect();
    for place in leading..rules.len() {
        let Some((by, _)) = &rules[place] else { continue };
        let own = places.iter().position(|&other| other == place).unwrap_or(place);
        let leader = places.iter().position(|other| other == by).unwrap_or(*by);
        if own < leader {
            places.remove(own);
            places.insert(leader, place);
        }
    }
    places
}

fn matrix(variables: &Variables, segments: &[Vec<u32>], nominal: &[bool]) -> Binned {
    use rayon::prelude::*;
    let columns: Vec<Vec<u8>> = segments
        .par_iter()
        .enumerate()
        .map(|(variable, segments)| {
            let (bins, missing) = (&variables.bins[variable], variables.missing_bin(variable));
            segments.iter().map(|&segment| bins.get(segment as usize).copied().unwrap_or(missing)).collect()
        })
        .collect();
    let slices: Vec<&[u8]> = columns.iter().map(Vec::as_slice).collect();
    let counts =
        (0..variables.len()).map(|variable| u16::from(variables.missing_bin(variable)) + 1).collect();
    Binned::new(&slices, counts, nominal.to_vec())
}
