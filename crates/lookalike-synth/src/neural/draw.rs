//! From what a network gives for a row to segments: one code per head, and a place on its line.

use lookalike_core::{Stream, normal_cdf, normal_quantile};

use super::axis::Axis;
use super::correction::Correction;
use super::layout::{Choice, Layout, on_line};
use crate::allowed::Allowed;
use crate::cycles::{Cycle, MOST_CYCLES, nearest};
use crate::frame::Frame;
use crate::latent::Variable;
use crate::margin::Support;

/// What is allowed of a head in one row.
#[derive(Clone, Copy)]
pub(crate) enum Limit<'a> {
    /// Everything.
    Free,
    /// One segment (one code of a mask).
    Segment(u32),
    /// What a condition leaves.
    Allowed(&'a Allowed),
}

/// A place on a line has at least this share, so that something can be drawn however far out it lies.
const LEAST_SHARE: f64 = 1e-14;

/// Places on a line that are drawn until one lies in the cycles' parts; the last one is moved to the nearest that does.
const TRIES: usize = 32;

/// Draws values of one head after the other.
pub(crate) struct Drawer<'a> {
    frame: &'a Frame,
    layout: &'a Layout,
    /// Per head with groups, the sums of the segments' counts.
    sums: Vec<Vec<u64>>,
    /// Per number, what is put right about it; empty where nothing is.
    lines: &'a [Correction],
}

/// What a network gives for one head of one row.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    /// The codes' probabilities.
    pub(crate) chances: &'a [f32],
    /// The number, and its standard deviation.
    pub(crate) number: (f32, f32),
    /// The probabilities of the parts of each of its cycles; empty behind the last.
    pub(crate) cycles: [&'a [f32]; MOST_CYCLES],
}

impl<'a> Drawer<'a> {
    pub(crate) fn new(frame: &'a Frame, layout: &'a Layout, lines: &'a [Correction]) -> Self {
        let sums = layout
            .heads
            .iter()
            .map(|head| match head.variable {
                Variable::Mask(_) => Vec::new(),
                Variable::Values(column) => {
                    let counts = &frame.margin(column).counts;
                    std::iter::once(0)
                        .chain(counts.iter().scan(0, |sum, &count| {
                            *sum += count;
                            Some(*sum)
                        }))
                        .collect()
                }
            })
            .collect();
        Drawer { frame, layout, sums, lines }
    }

    fn line(&self, head: usize) -> Option<&Correction> {
        self.lines.get(self.layout.numbers[head]?).filter(|line| !line.from.is_empty())
    }

    /// The ends of a place on a head's line, as the network gives them.
    fn ends(&self, head: usize, axis: &Axis, place: usize) -> (f64, f64) {
        let (low, high) = axis.ends(place);
        self.line(head).map_or((low, high), |line| (line.undo(low), line.undo(high)))
    }

    /// How likely what is allowed is.
    pub(crate) fn chance(&self, head: usize, given: Given<'_>, limit: Limit<'_>) -> f64 {
        if matches!(limit, Limit::Free) {
            return 1.0;
        }
        let codes = given.chances.iter().enumerate().filter(|(_, chance)| **chance > 0.0);
        codes.map(|(code, &chance)| f64::from(chance) * self.share(head, code, given.number, limit)).sum()
    }

    /// The share of a code that is allowed.
    pub(crate) fn share(&self, head: usize, code: usize, number: (f32, f32), limit: Limit<'_>) -> f64 {
        match (&self.layout.heads[head].choice, limit) {
            (_, Limit::Free) => 1.0,
            (Choice::Mask, Limit::Segment(segment)) => f64::from(u8::from(segment as usize == code)),
            (Choice::Mask | Choice::Cycle(_), Limit::Allowed(allowed)) => allowed.weights[code],
            (Choice::Cycle(cycle), Limit::Segment(segment)) => {
                f64::from(u8::from(cycle.of[segment as usize] as usize == code))
            }
            (Choice::Groups { starts }, Limit::Segment(segment)) => {
                if !(starts[code]..starts[code + 1]).contains(&segment) {
                    return 0.0;
                }
                let sums = &self.sums[head];
                let own = sums[segment as usize + 1] - sums[segment as usize];
                own as f64 / (sums[starts[code + 1] as usize] - sums[starts[code] as usize]) as f64
            }
            (Choice::Groups { starts }, Limit::Allowed(allowed)) => {
                let (from, to) = (starts[code] as usize, starts[code + 1] as usize);
                let all = (self.sums[head][to] - self.sums[head][from]) as f64;
                ((allowed.sums[to] - allowed.sums[from]) / all).clamp(0.0, 1.0)
            }
            (Choice::Line { spikes, .. }, limit) if code < spikes.len() => match limit {
                Limit::Segment(segment) => f64::from(u8::from(spikes[code] == segment)),
                Limit::Allowed(allowed) => allowed.weights[spikes[code] as usize],
                Limit::Free => 1.0,
            },
            (Choice::Line { spikes, modes, axis }, limit) => {
                let normal = on_line(
                    f64::from(number.0),
                    f64::from(number.1),
                    &modes[code - spikes.len()],
                    self.layout.encoding,
                );
                match limit {
                    Limit::Segment(segment) => {
                        axis.place(segment).map_or(0.0, |place| mass(normal, self.ends(head, axis, place)))
                    }
                    Limit::Allowed(allowed) => (0..axis.segments.len())
                        .map(|place| (place, allowed.weights[axis.segments[place] as usize]))
                        .filter(|(_, weight)| *weight > 0.0)
                        .map(|(place, weight)| weight * mass(normal, self.ends(head, axis, place)))
                        .sum(),
                    Limit::Free => 1.0,
                }
            }
        }
    }

    /// The cycles of a head's column, each with the part that is wanted.
    fn wanted<'w>(
        &'w self,
        head: usize,
        parts: &'w [u32; MOST_CYCLES],
    ) -> impl Iterator<Item = (&'w Cycle, u32)> + 'w {
        self.layout.cycles[head].iter().zip(parts).filter_map(|(&cycle, &part)| {
            match &self.layout.heads[cycle].choice {
                Choice::Cycle(cycle) => Some((cycle, part)),
                _ => None,
            }
        })
    }

    /// True when something of a segment may lie in the wanted parts.
    fn can_fit(&self, head: usize, segment: u32, parts: &[u32; MOST_CYCLES]) -> bool {
        let Some(support) = self.support(head) else { return true };
        let ends = (support.tick(segment, 0.0), support.tick(segment, 1.0 - f64::EPSILON));
        let (Some(first), Some(last)) = ends else { return true };
        self.wanted(head, parts).all(|(cycle, part)| cycle.between(first, last).any(|own| own == part))
    }

    /// True when a place within a segment of these lies in the wanted parts.
    fn fits(
        &self,
        head: usize,
        support: Option<&Support>,
        (segment, fraction): (u32, f64),
        parts: &[u32; MOST_CYCLES],
    ) -> bool {
        let tick = support.and_then(|support| support.tick(segment, fraction));
        tick.is_none_or(|tick| self.wanted(head, parts).all(|(cycle, part)| cycle.part(tick) == part))
    }

    /// The place nearest to another that lies in the wanted hour and day; the other, where the column has no such place.
    fn moved(&self, head: usize, found: (u32, f64), parts: &[u32; MOST_CYCLES]) -> (u32, f64) {
        let wanted: Vec<(&Cycle, u32)> = self.wanted(head, parts).collect();
        let moved = self
            .support(head)
            .and_then(|support| support.at_tick(nearest(support.tick(found.0, found.1)?, &wanted)?));
        moved.unwrap_or(found)
    }

    /// What the segments of a head's column stand for, where it has cycles.
    fn support(&self, head: usize) -> Option<&Support> {
        match self.layout.heads[head].variable {
            Variable::Values(column) if !self.layout.cycles[head].is_empty() => {
                Some(&self.frame.margin(column).support)
            }
            _ => None,
        }
    }

    /// The part of each cycle of a head's column in which its value is to lie.
    fn parts(&self, head: usize, given: Given<'_>, stream: &mut Stream) -> [u32; MOST_CYCLES] {
        let mut parts = [Cycle::NO_PART; MOST_CYCLES];
        for (part, chances) in parts.iter_mut().zip(given.cycles).take(self.layout.cycles[head].len()) {
            let weights: Vec<f64> = chances.iter().map(|&chance| f64::from(chance)).collect();
            *part = choose(&weights, stream) as u32;
        }
        parts
    }

    /// Draws the segment of a head (the code of a mask) and how far through it; of what is left of the segment, where a
    /// condition restricts the column.
    pub(crate) fn draw(
        &self,
        head: usize,
        given: Given<'_>,
        limit: Limit<'_>,
        stream: &mut Stream,
    ) -> (u32, f64) {
        let choice = &self.layout.heads[head].choice;
        if let Limit::Segment(segment) = limit {
            return (segment, stream.unit());
        }
        let code = match limit {
            Limit::Free => {
                // Of rounding, the sum may be a little off 1.
                let mut drawn = stream.unit() * given.chances.iter().map(|&p| f64::from(p)).sum::<f64>();
                let mut code = given.chances.len() - 1;
                for (number, &chance) in given.chances.iter().enumerate() {
                    if drawn < f64::from(chance) {
                        code = number;
                        break;
                    }
                    drawn -= f64::from(chance);
                }
                code
            }
            limit => {
                let weights: Vec<f64> = (0..given.chances.len())
                    // What the network takes for all but impossible can be drawn if nothing else is allowed.
                    .map(|code| {
                        f64::from(given.chances[code].max(1e-30))
                            * self.share(head, code, given.number, limit)
                    })
                    .collect();
                choose(&weights, stream)
            }
        };
        match choice {
            Choice::Mask | Choice::Cycle(_) => (code as u32, 0.0),
            Choice::Groups { starts } => {
                let (from, to) = (starts[code], starts[code + 1]);
                match limit {
                    Limit::Allowed(allowed) => {
                        let sums = &allowed.sums[from as usize..=to as usize];
                        let at = sums[0] + stream.unit() * (sums[sums.len() - 1] - sums[0]);
                        let segment = from + sums[1..sums.len() - 1].partition_point(|&sum| sum <= at) as u32;
                        allowed.piece(allowed_near(allowed, segment, from..to), stream.unit())
                    }
                    _ if to - from == 1 => (from, stream.unit()),
                    _ => {
                        let sums = &self.sums[head][from as usize..=to as usize];
                        let at = sums[0] + stream.below(sums[sums.len() - 1] - sums[0]);
                        let segment = from + sums[1..].partition_point(|&sum| sum <= at) as u32;
                        (segment, stream.unit())
                    }
                }
            }
            Choice::Line { spikes, .. } if code < spikes.len() => match limit {
                Limit::Allowed(allowed) => allowed.piece(spikes[code], stream.unit()),
                _ => (spikes[code], stream.unit()),
            },
            Choice::Line { spikes, modes, axis } => {
                let (number, deviation) = given.number;
                let mode = &modes[code - spikes.len()];
                let normal = on_line(f64::from(number), f64::from(deviation), mode, self.layout.encoding);
                let wanted = self.parts(head, given, stream);
                let Limit::Allowed(allowed) = limit else {
                    let fits = |place: (u32, f64)| self.fits(head, self.support(head), place, &wanted);
                    let locate = |stream: &mut Stream| {
                        let x = normal.0 + normal.1 * stream.normal();
                        axis.locate(self.line(head).map_or(x, |line| line.apply(x)))
                    };
                    let mut found = locate(stream);
                    for _ in 1..TRIES {
                        if fits(found) {
                            break;
                        }
                        found = locate(stream);
                    }
                    return if fits(found) { found } else { self.moved(head, found, &wanted) };
                };
                let weight = |place: usize| allowed.weights[axis.segments[place] as usize];
                // Where nothing that is allowed lies in the parts, the condition counts.
                let can =
                    |place: usize| weight(place) > 0.0 && self.can_fit(head, axis.segments[place], &wanted);
                let strict = !self.layout.cycles[head].is_empty() && (0..axis.segments.len()).any(can);
                let weights: Vec<f64> = (0..axis.segments.len())
                    .map(|place| {
                        if weight(place) > 0.0 && (!strict || can(place)) {
                            weight(place) * mass(normal, self.ends(head, axis, place))
                        } else {
                            0.0
                        }
                    })
                    .collect();
                let place = choose(&weights, stream);
                // What a line's correction does within one place is left out.
                let piece = |stream: &mut Stream| {
                    let fraction = within(normal, self.ends(head, axis, place), stream.unit());
                    allowed.piece(axis.segments[place], fraction)
                };
                let mut found = piece(stream);
                for _ in 1..TRIES {
                    if self.fits(head, allowed.support.as_ref(), found, &wanted) {
                        break;
                    }
                    found = piece(stream);
                }
                found
            }
        }
    }
}

/// The segment, or the nearest one behind or before it of which something is allowed.
fn allowed_near(allowed: &Allowed, segment: u32, among: std::ops::Range<u32>) -> u32 {
    let possible = |segment: &u32| allowed.weights[*segment as usize] > 0.0;
    (segment..among.end)
        .find(possible)
        .or_else(|| (among.start..segment).rev().find(possible))
        .unwrap_or(segment)
}

/// The share of a normal distribution between two points.
fn mass((mean, deviation): (f64, f64), (low, high): (f64, f64)) -> f64 {
    let deviation = deviation.max(1e-9);
    let (a, b) = ((low - mean) / deviation, (high - mean) / deviation);
    let mass = if a > 0.0 { normal_cdf(-a) - normal_cdf(-b) } else { normal_cdf(b) - normal_cdf(a) };
    mass.max(LEAST_SHARE)
}

/// How far between two points a normal number that lies there is, by inversion of `unit`.
fn within((mean, deviation): (f64, f64), (low, high): (f64, f64), unit: f64) -> f64 {
    let deviation = deviation.max(1e-9);
    let (a, b) = ((low - mean) / deviation, (high - mean) / deviation);
    let (from, to) = if a > 0.0 { (normal_cdf(-b), normal_cdf(-a)) } else { (normal_cdf(a), normal_cdf(b)) };
    let width = high - low;
    if to - from <= LEAST_SHARE || width <= 0.0 {
        return unit;
    }
    let z = if a > 0.0 {
        -normal_quantile(to - unit * (to - from))
    } else {
        normal_quantile(from + unit * (to - from))
    };
    ((mean + deviation * z - low) / width).clamp(0.0, 1.0 - f64::EPSILON)
}

/// One of several by weight; the last one that has any if rounding leads past the end.
pub(crate) fn choose(weights: &[f64], stream: &mut Stream) -> usize {
    let mut drawn = stream.unit() * weights.iter().sum::<f64>();
    let mut chosen = 0;
    for (number, &weight) in weights.iter().enumerate() {
        if weight > 0.0 {
            chosen = number;
            if drawn < weight {
                break;
            }
            drawn -= weight;
        }
    }
    chosen
}
