use std::ops::Range;

use rayon::prelude::*;

use super::super::optimizer::add_all;
use super::graph::Graph;
use super::pass::Pass;

/// A batch is split into as many parts, each a thread's, whatever the number of threads.
const PARTS: usize = 2;
/// Images that a thread runs at once at most, forward and back: what is computed of them then stays in the nearer caches.
const AT_ONCE: usize = 8;

/// Runs a graph on batches of images, on two threads, a few images at a time.
#[derive(Debug, Clone, Default)]
pub struct Split {
    parts: [Part; PARTS],
}

/// What one thread computes.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// The images that are run.
    pub pass: Pass,
    /// The gradients of what is learned, summed.
    pub gradients: Vec<f32>,
    /// A sum that the work is free to use.
    pub sum: f64,
}

impl Split {
    /// How many images of a graph each thread runs at once, at most.
    pub fn at_once(graph: &Graph) -> usize {
        graph.at_once(AT_ONCE)
    }

    /// Numbers that all parts hold while so many parameters are learned, at most.
    pub fn numbers(graph: &Graph, parameters: usize) -> usize {
        PARTS * (Self::at_once(graph) * graph.numbers() + parameters)
    }

    /// Has `work` run on images `0..count`, a few at a time: on a pass of as many images as the range has, in parts that the
    /// number of images and the graph alone decide. Gradients (`n_gradients` of them) are added to `gradients` in a fixed order; gives the sum
    /// of the parts' sums.
    pub fn run(
        &mut self,
        graph: &Graph,
        count: usize,
        gradients: &mut [f32],
        work: impl Fn(&mut Part, Range<usize>) + Sync,
    ) -> f64 {
        let (size, at_once) = (count.div_ceil(PARTS), Self::at_once(graph));
        self.parts.par_iter_mut().enumerate().for_each(|(number, part)| {
            part.sum = 0.0;
            part.gradients.resize(gradients.len(), 0.0);
            let (mut from, end) = ((number * size).min(count), (number * size + size).min(count));
            while from < end {
                let to = end.min(from + at_once);
                if part.pass.images() != to - from {
                    part.pass.resize(graph, to - from);
                }
                work(part, from..to);
                from = to;
            }
        });
        add_all(gradients, self.parts.iter_mut().map(|part| &mut part.gradients));
        self.parts.iter().map(|part| part.sum).sum()
    }
}
