//! A forest as flat arrays, and back with every rule checked.
//!
//! Arrays are named `forest/<variable>/…`: `bins`; `by` and `map` for a variable that follows from another; and
//! `<member>/splits`, `nodes`, `sets` and `roots` for each of its nested dichotomies.

use std::collections::BTreeMap;

use lookalike_learn::tree::{Branch, BranchKind, Grove, MOST_LEAVES};

use super::read::Arrays;
use super::{Array, damaged, header};
use crate::error::Result;
use crate::forest::{FittedForest, Member, Split, Variables, Way};
use crate::frame::{Frame, Presence};
use crate::latent::{Latent, Variable};

/// Numbers per split.
const WIDTH: usize = 8;

pub(super) fn write(forest: &FittedForest, arrays: &mut BTreeMap<String, Array>) -> header::Forest {
    let mut put = |variable: usize, what: &str, array: Array| {
        arrays.insert(format!("forest/{variable}/{what}"), array);
    };
    let mut members = Vec::with_capacity(forest.ways.len());
    for (variable, way) in forest.ways.iter().enumerate() {
        put(variable, "bins", Array::U8(forest.variables.bins[variable].clone()));
        match way {
            Way::Determined { by, segments } => {
                put(variable, "by", Array::U32(vec![*by as u32]));
                put(variable, "map", Array::U32(segments.clone()));
                members.push(0);
            }
            Way::Drawn(drawn) => {
                for (number, member) in drawn.iter().enumerate() {
                    put(
                        variable,
                        &format!("{number}/splits"),
                        Array::U32(member.splits.iter().flat_map(split).collect()),
                    );
                    let grove = &member.grove;
                    put(
                        variable,
                        &format!("{number}/nodes"),
                        Array::U64(grove.nodes.iter().copied().map(packed).collect()),
                    );
                    put(variable, &format!("{number}/sets"), Array::U64(grove.sets.concat()));
                    put(variable, &format!("{number}/roots"), Array::U32(grove.roots.clone()));
                }
                members.push(drawn.len());
            }
        }
    }
    let order = forest
        .variables
        .order
        .iter()
        .map(|variable| match *variable {
            Variable::Values(column) => header::Variable::Column(column),
            Variable::Mask(mask) => header::Variable::Mask(mask),
        })
        .collect();
    header::Forest { order, members, bits: forest.bits.clone() }
}

fn split(split: &Split) -> [u32; WIDTH] {
    let Split { start, middle, end, left, right, base, trees } = *split;
    [start, middle, end, left, right, base.to_bits(), trees.0, trees.1]
}

fn packed(branch: Branch) -> u64 {
    u64::from(branch.feature) << 48
        | u64::from(branch.left) << 40
        | (branch.kind as u64) << 32
        | u64::from(branch.payload)
}

pub(super) fn read(forest: &header::Forest, frame: Frame, arrays: &mut Arrays) -> Result<FittedForest> {
    let order: Vec<Variable> = forest
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
        && forest.members.len() == order.len()
        && forest.bits.len() == order.len()
        && forest.bits.iter().all(|bits| bits.is_finite());
    if !same {
        return Err(damaged("its order of columns does not match its columns"));
    }
    let mut variables = Variables { order, bins: Vec::new() };
    for variable in 0..variables.len() {
        if variables.presence(variable, &frame).is_some_and(|mask| mask >= variable) {
            return Err(damaged("a column stands before the mask that it needs"));
        }
    }
    let counts: Vec<usize> = variables.order.iter().map(|variable| variable.counts(&frame).len()).collect();
    let mut ways = Vec::with_capacity(variables.len());
    for variable in 0..variables.len() {
        let bins = arrays.bytes(&format!("forest/{variable}/bins"))?;
        if bins.len() != counts[variable] || bins.iter().any(|&bin| bin > 250) {
            return Err(damaged("a column's bins do not match its values"));
        }
        variables.bins.push(bins);
        ways.push(match forest.members[variable] {
            0 => read_rule(variable, &variables, &counts, &frame, arrays)?,
            members if members <= 256 => Way::Drawn(
                (0..members)
                    .map(|member| {
                        read_member(
                            &format!("forest/{variable}/{member}"),
                            variable,
                            counts[variable],
                            arrays,
                        )
                    })
                    .collect::<Result<_>>()?,
            ),
            _ => return Err(damaged("a column has too many members")),
        });
    }
    Ok(FittedForest { frame, variables, ways, bits: forest.bits.clone() })
}

fn read_rule(
    variable: usize,
    variables: &Variables,
    counts: &[usize],
    frame: &Frame,
    arrays: &mut Arrays,
) -> Result<Way> {
    let by = arrays.codes(&format!("forest/{variable}/by"))?;
    let segments = arrays.codes(&format!("forest/{variable}/map"))?;
    let problem = || damaged("a rule between columns is impossible");
    let [by] = by[..] else { return Err(problem()) };
    let by = by as usize;
    if by >= variable
        || segments.len() != counts[by]
        || segments.iter().any(|&to| to as usize >= counts[variable])
    {
        return Err(problem());
    }
    // Where the one has a value the other must have one, too.
    let (Variable::Values(from), Variable::Values(to)) = (variables.order[by], variables.order[variable])
    else {
        return Err(problem());
    };
    if frame.presence[from] != Presence::Always && frame.presence[from] != frame.presence[to] {
        return Err(problem());
    }
    Ok(Way::Determined { by, segments })
}

fn read_member(name: &str, variable: usize, n_segments: usize, arrays: &mut Arrays) -> Result<Member> {
    let splits = arrays.codes(&format!("{name}/splits"))?;
    let nodes = arrays.counts(&format!("{name}/nodes"))?;
    let sets = arrays.counts(&format!("{name}/sets"))?;
    let roots = arrays.codes(&format!("{name}/roots"))?;
    if splits.len() % WIDTH != 0 || sets.len() % 4 != 0 {
        return Err(damaged("trees are cut off"));
    }
    let splits: Vec<Split> = splits
        .chunks_exact(WIDTH)
        .map(|numbers| Split {
            start: numbers[0],
            middle: numbers[1],
            end: numbers[2],
            left: numbers[3],
            right: numbers[4],
            base: f32::from_bits(numbers[5]),
            trees: (numbers[6], numbers[7]),
        })
        .collect();
    check_splits(&splits, n_segments, roots.len())?;
    let nodes = nodes.into_iter().map(unpacked).collect::<Result<Vec<Branch>>>()?;
    let grove = Grove {
        nodes,
        sets: sets.chunks_exact(4).map(|set| [set[0], set[1], set[2], set[3]]).collect(),
        roots,
    };
    check_grove(&grove, variable)?;
    Ok(Member::new(splits, grove))
}

fn unpacked(number: u64) -> Result<Branch> {
    let kind = match (number >> 32) & 255 {
        0 => BranchKind::Leaf,
        1 => BranchKind::AtMost,
        2 => BranchKind::Among,
        _ => return Err(damaged("a tree has a node of an unknown kind")),
    };
    Ok(Branch { feature: (number >> 48) as u16, left: (number >> 40) as u8, kind, payload: number as u32 })
}

/// Halves must fit into each other, lead forward and never meet.
fn check_splits(splits: &[Split], n_segments: usize, n_trees: usize) -> Result<()> {
    let problem = || damaged("choices do not fit into each other");
    let mut wanted: Vec<Option<(u32, u32)>> = vec![None; splits.len()];
    if let Some(first) = wanted.first_mut() {
        *first = Some((0, n_segments as u32));
    }
    for (number, split) in splits.iter().enumerate() {
        if wanted[number] != Some((split.start, split.end))
            || !(split.start < split.middle && split.middle < split.end)
        {
            return Err(problem());
        }
        for (child, range) in
            [(split.left, (split.start, split.middle)), (split.right, (split.middle, split.end))]
        {
            if child == Split::NONE {
                continue;
            }
            let place =
                wanted.get_mut(child as usize).filter(|_| child as usize > number).ok_or_else(problem)?;
            if place.replace(range).is_some() {
                return Err(problem());
            }
        }
        if !split.base.is_finite() || split.trees.0 > split.trees.1 || split.trees.1 as usize > n_trees {
            return Err(problem());
        }
    }
    Ok(())
}

/// Trees must lie one behind the other, lead forward, look at earlier variables only and end in numbers.
fn check_grove(grove: &Grove, variable: usize) -> Result<()> {
    let problem = || damaged("a tree is impossible");
    let ends = grove.roots.iter().skip(1).map(|&root| root as usize).chain([grove.nodes.len()]);
    for (&root, end) in grove.roots.iter().zip(ends) {
        let nodes =
            grove.nodes.get(root as usize..end).filter(|nodes| !nodes.is_empty()).ok_or_else(problem)?;
        // Every node but the root hangs below exactly one other, so that there are as many leaves as the file says.
        let mut hangs = vec![false; nodes.len()];
        let leaves = nodes.iter().filter(|branch| branch.kind == BranchKind::Leaf).count();
        if leaves > MOST_LEAVES {
            return Err(problem());
        }
        for (place, branch) in nodes.iter().enumerate() {
            let forward = usize::from(branch.left) > place && usize::from(branch.left) + 1 < nodes.len();
            let earlier = usize::from(branch.feature) < variable;
            let sound = match branch.kind {
                BranchKind::Leaf => f32::from_bits(branch.payload).is_finite(),
                BranchKind::AtMost => forward && earlier && branch.payload < 1 << 16,
                BranchKind::Among => forward && earlier && (branch.payload as usize) < grove.sets.len(),
            };
            if !sound {
                return Err(problem());
            }
            if branch.kind != BranchKind::Leaf {
                for child in [usize::from(branch.left), usize::from(branch.left) + 1] {
                    if std::mem::replace(&mut hangs[child], true) {
                        return Err(problem());
                    }
                }
            }
        }
    }
    Ok(())
}
