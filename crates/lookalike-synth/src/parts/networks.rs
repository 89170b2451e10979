//! Networks that draw column after column as plain data, and back with every rule checked.

use std::collections::BTreeMap;

use lookalike_core::Seed;
use serde::{Deserialize, Serialize};

use super::header;
use super::read::Arrays;
use super::{Array, damaged};
use crate::autoregressive::{Columns, FittedAutoregressive, Grain, Net};
use crate::error::Result;
use crate::frame::{Frame, Presence};
use crate::latent::{Latent, Variable};
use crate::neural::Training;
use crate::order::Rule;

/// The header's entry. Arrays that go with it are named `networks/<variable>/<what>`: `parameters`, or `map` where a
/// variable follows from another.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Networks {
    /// The order in which variables are drawn where nothing is asked for.
    order: Vec<header::Variable>,
    /// Per variable, the one that it follows from.
    follows: Vec<Option<usize>>,
    /// Most codes as which a variable is read.
    most_codes: usize,
    /// A half of fewer rows is not halved further.
    least_rows: u64,
    /// True where networks read where in the day, the week and the year instants lie.
    #[serde(default)]
    cycles: bool,
    hidden: Vec<usize>,
    training: Training,
}

/// Sizes beyond this are no network of ours.
const MOST_UNITS: usize = 1 << 16;
const MOST_LAYERS: usize = 64;
const MOST_CODES: usize = 1 << 16;

pub(super) fn write(model: &FittedAutoregressive, arrays: &mut BTreeMap<String, Array>) -> Networks {
    let columns = &model.columns;
    for net in &model.nets {
        let values = net.parameters.values().to_vec();
        arrays.insert(format!("networks/{}/parameters", net.variable), Array::F32(values));
    }
    for (variable, follows) in columns.follows.iter().enumerate() {
        if let Some((_, map)) = follows {
            arrays.insert(format!("networks/{variable}/map"), Array::U32(map.clone()));
        }
    }
    Networks {
        order: columns
            .order
            .iter()
            .map(|variable| match *variable {
                Variable::Values(column) => header::Variable::Column(column),
                Variable::Mask(mask) => header::Variable::Mask(mask),
            })
            .collect(),
        follows: columns.follows.iter().map(|follows| follows.as_ref().map(|(by, _)| *by)).collect(),
        most_codes: columns.grain.most_codes,
        least_rows: columns.grain.least_rows,
        cycles: columns.grain.cycles,
        hidden: model.hidden.clone(),
        training: model.training.clone(),
    }
}

pub(super) fn read(header: &Networks, frame: Frame, arrays: &mut Arrays) -> Result<FittedAutoregressive> {
    let order: Vec<Variable> = header
        .order
        .iter()
        .map(|variable| match *variable {
            header::Variable::Column(column) => Variable::Values(column),
            header::Variable::Mask(mask) => Variable::Mask(mask),
        })
        .collect();
    let all = Latent::variables(&frame);
    let same = order.len() == all.len()
        && all.iter().all(|variable| order.contains(variable))
        && header.follows.len() == order.len();
    if !same {
        return Err(damaged("its order of columns does not match its columns"));
    }
    for (place, variable) in order.iter().enumerate() {
        if let Variable::Values(column) = variable
            && let Presence::Mask(mask) = frame.presence[*column]
            && !order[..place].contains(&Variable::Mask(mask))
        {
            return Err(damaged("a column stands before the mask that it needs"));
        }
    }
    let sound = !header.hidden.is_empty()
        && header.hidden.len() <= MOST_LAYERS
        && header.hidden.iter().all(|&units| units > 0 && units <= MOST_UNITS)
        && header.most_codes > 0
        && header.most_codes <= MOST_CODES;
    if !sound {
        return Err(damaged("a network has an impossible shape"));
    }
    let follows = follows(header, &order, &frame, arrays)?;
    let grain = Grain { most_codes: header.most_codes, least_rows: header.least_rows, cycles: header.cycles };
    let columns = Columns::new(&frame, order, follows, grain);
    let mut nets = Vec::new();
    for variable in columns.drawn() {
        let values = arrays.singles(&format!("networks/{variable}/parameters"))?;
        // The file must hold as many parameters before memory is taken for them.
        if Net::size(&columns, variable, &header.hidden) != Some(values.len()) {
            return Err(damaged("a network has not as many parameters as its shape wants"));
        }
        let mut net = Net::new(&columns, variable, &header.hidden, 0.0, Seed::new(0));
        net.parameters.values_mut().copy_from_slice(&values);
        nets.push(net);
    }
    Ok(FittedAutoregressive::new(frame, columns, header.hidden.clone(), nets, header.training.clone()))
}

fn follows(
    header: &Networks,
    order: &[Variable],
    frame: &Frame,
    arrays: &mut Arrays,
) -> Result<Vec<Option<Rule>>> {
    let problem = || damaged("a rule between columns is impossible");
    let counts = |variable: usize| order[variable].counts(frame).len();
    header
        .follows
        .iter()
        .enumerate()
        .map(|(variable, by)| {
            let Some(by) = *by else { return Ok(None) };
            let map = arrays.codes(&format!("networks/{variable}/map"))?;
            // Who leads follows from nobody.
            let leads = header.follows.get(by).is_some_and(Option::is_none);
            if !leads || map.len() != counts(by) || map.iter().any(|&to| to as usize >= counts(variable)) {
                return Err(problem());
            }
            // Where the one has a value the other must have one, too.
            let (Variable::Values(from), Variable::Values(to)) = (order[by], order[variable]) else {
                return Err(problem());
            };
            if frame.presence[from] != Presence::Always && frame.presence[from] != frame.presence[to] {
                return Err(problem());
            }
            Ok(Some((by, map)))
        })
        .collect()
}
