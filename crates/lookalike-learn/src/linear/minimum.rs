use std::collections::VecDeque;

use lookalike_core::{Cancelled, Progress};

/// A function to be minimised, and what is known of its curvature.
pub(super) trait Objective {
    /// The value and the gradient at a point.
    fn at(&self, point: &[f64]) -> (f64, Vec<f64>);

    /// The inverse of a matrix like the second derivative, times a vector, in its place.
    fn precondition(&self, vector: &mut [f64]);
}

/// Where a smooth convex function has its minimum: the method of Liu and Nocedal with limited memory, started from what
/// the objective knows of its curvature. Ends when no entry of the gradient is above `tolerance`, when rounding hides
/// any progress, or after `most_steps`.
///
/// # References
/// Liu, D. C. and Nocedal, J. (1989). On the limited memory BFGS method for large scale optimization. *Mathematical
/// Programming* 45, 503–528. <https://doi.org/10.1007/BF01589116>
pub(super) fn minimum(
    objective: &impl Objective,
    start: Vec<f64>,
    tolerance: f64,
    most_steps: usize,
    progress: &dyn Progress,
) -> Result<Vec<f64>, Cancelled> {
    /// How many steps are remembered.
    const MEMORY: usize = 10;
    /// How often a step is halved.
    const HALVINGS: usize = 40;
    let mut point = start;
    let (mut value, mut gradient) = objective.at(&point);
    let mut memory: VecDeque<Step> = VecDeque::new();
    for _ in 0..most_steps {
        if progress.cancelled() {
            return Err(Cancelled);
        }
        if gradient.iter().all(|entry| entry.abs() <= tolerance) {
            break;
        }
        let direction = direction(objective, &gradient, &memory);
        let slope = dot(&direction, &gradient);
        let mut length = 1.0;
        let mut found = None;
        for _ in 0..HALVINGS {
            let next: Vec<f64> = point.iter().zip(&direction).map(|(at, by)| at + length * by).collect();
            let (next_value, next_gradient) = objective.at(&next);
            // Near the minimum, where values are equal up to rounding, slopes still tell.
            let lower = next_value <= value + 1e-4 * length * slope;
            let flat = (next_value - value).abs() <= 1e-13 * value.abs()
                && dot(&next_gradient, &direction).abs() < slope.abs();
            if lower || flat {
                found = Some((next, next_value, next_gradient));
                break;
            }
            length *= 0.5;
        }
        let Some((next, next_value, next_gradient)) = found else { break };
        let moved: Vec<f64> = next.iter().zip(&point).map(|(new, old)| new - old).collect();
        let turned: Vec<f64> = next_gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        let curvature = dot(&moved, &turned);
        if curvature > 0.0 {
            memory.push_back(Step { moved, turned, curvature });
            if memory.len() > MEMORY {
                memory.pop_front();
            }
        }
        (point, value, gradient) = (next, next_value, next_gradient);
    }
    Ok(point)
}

/// How a step changed the point and the gradient.
struct Step {
    moved: Vec<f64>,
    turned: Vec<f64>,
    curvature: f64,
}

/// Minus the inverse of the approximate second derivative times the gradient, by the recursion of two loops.
fn direction(objective: &impl Objective, gradient: &[f64], memory: &VecDeque<Step>) -> Vec<f64> {
    let mut direction: Vec<f64> = gradient.iter().map(|entry| -entry).collect();
    let mut weights = Vec::with_capacity(memory.len());
    for step in memory.iter().rev() {
        let weight = dot(&step.moved, &direction) / step.curvature;
        add(&mut direction, -weight, &step.turned);
        weights.push(weight);
    }
    objective.precondition(&mut direction);
    for (step, weight) in memory.iter().zip(weights.into_iter().rev()) {
        let other = dot(&step.turned, &direction) / step.curvature;
        add(&mut direction, weight - other, &step.moved);
    }
    direction
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], factor: f64, other: &[f64]) {
    for (entry, other) in to.iter_mut().zip(other) {
        *entry += factor * other;
    }
}
