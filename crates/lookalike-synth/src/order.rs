//! In which order methods that draw column after column do so, and which columns follow from others.

use lookalike_table::Codes;
use rayon::prelude::*;

use crate::frame::{Frame, Presence};
use crate::latent::{Latent, Variable};

/// A segment must have this many rows on average before a relation that always holds is taken for a rule.
const ROWS_PER_SEGMENT: usize = 20;

/// The variable that another one follows from, and per segment of it the other's.
pub(crate) type Rule = (usize, Vec<u32>);

/// Columns that are named first, the others in the table's order; each mask before all columns that it covers, and
/// unnamed ones before all other columns, so that what is missing can say something about every value. Also how many
/// variables are named ones.
pub(crate) fn natural_order(frame: &Frame, first: &[usize]) -> (Vec<Variable>, usize) {
    let all = Latent::variables(frame);
    let mut order: Vec<Variable> = Vec::with_capacity(all.len());
    let push = |order: &mut Vec<Variable>, variable: Variable| {
        if all.contains(&variable) && !order.contains(&variable) {
            order.push(variable);
        }
    };
    for &column in first {
        if let Presence::Mask(mask) = frame.presence[column] {
            push(&mut order, Variable::Mask(mask));
        }
        push(&mut order, Variable::Values(column));
    }
    let leading = order.len();
    for mask in 0..frame.masks.len() {
        push(&mut order, Variable::Mask(mask));
    }
    for &variable in &all {
        push(&mut order, variable);
    }
    (order, leading)
}

/// For each variable, another one that it follows from in every row, if there is one.
pub(crate) fn rules(frame: &Frame, order: &[Variable], segments: &[Vec<u32>]) -> Vec<Option<Rule>> {
    let n_segments: Vec<usize> = order.iter().map(|variable| variable.counts(frame).len()).collect();
    (0..order.len())
        .into_par_iter()
        .map(|variable| {
            let Variable::Values(column) = order[variable] else { return None };
            (0..order.len()).find_map(|by| {
                let Variable::Values(other) = order[by] else { return None };
                // Whoever has as many segments may follow from the other as well: the earlier one leads.
                let leads = n_segments[by] > n_segments[variable]
                    || n_segments[by] == n_segments[variable] && by < variable;
                let present = frame.presence[other] == Presence::Always
                    || frame.presence[other] == frame.presence[column];
                let plenty = frame.n_rows as usize >= ROWS_PER_SEGMENT * n_segments[by];
                if by == variable || !leads || !present || !plenty || n_segments[variable] < 2 {
                    return None;
                }
                rule(&segments[by], n_segments[by], &segments[variable]).map(|map| (by, map))
            })
        })
        .collect()
}

/// The map from segments of one variable to those of another, if there is only one in every row.
fn rule(from: &[u32], n_segments: usize, to: &[u32]) -> Option<Vec<u32>> {
    let mut map = vec![Codes::MISSING; n_segments];
    for (&from, &to) in from.iter().zip(to) {
        if from == Codes::MISSING || to == Codes::MISSING {
            continue;
        }
        let entry = &mut map[from as usize];
        if *entry == Codes::MISSING {
            *entry = to;
        } else if *entry != to {
            return None;
        }
    }
    // A segment that never meets a value is drawn as the most common case.
    let common = map.iter().copied().find(|&to| to != Codes::MISSING)?;
    map.iter_mut().filter(|to| **to == Codes::MISSING).for_each(|to| *to = common);
    Some(map)
}
