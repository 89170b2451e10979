use std::ops::Range;

use lookalike_core::Stream;

use super::elementary::each;
use super::random::{fill_normal, fill_uniform};

/// Where some parameters stand among all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    start: usize,
    len: usize,
}

impl Slot {
    /// Their places.
    pub fn range(self) -> Range<usize> {
        self.start..self.start + self.len
    }
}

/// All that is learned, in one row: what the optimiser, a checkpoint and a model file need to know of a network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parameters {
    values: Vec<f32>,
}

impl Parameters {
    /// None yet.
    pub fn new() -> Self {
        Parameters::default()
    }

    /// So many more, all of this value.
    pub fn constant(&mut self, count: usize, value: f32) -> Slot {
        let start = self.values.len();
        self.values.resize(start + count, value);
        Slot { start, len: count }
    }

    /// So many more, uniform between `-bound` and `bound`.
    pub fn uniform(&mut self, count: usize, bound: f32, stream: &mut Stream) -> Slot {
        let slot = self.constant(count, 0.0);
        let own = self.of_mut(slot);
        fill_uniform(own, stream);
        each(own, move |u: f32| (u * 2.0 - 1.0) * bound);
        slot
    }

    /// So many more, normal with this standard deviation.
    pub fn normal(&mut self, count: usize, deviation: f32, stream: &mut Stream) -> Slot {
        let slot = self.constant(count, 0.0);
        let own = self.of_mut(slot);
        fill_normal(own, stream);
        each(own, move |z: f32| z * deviation);
        slot
    }

    /// Some of them.
    pub fn of(&self, slot: Slot) -> &[f32] {
        &self.values[slot.range()]
    }

    /// Some of them, to be changed.
    pub fn of_mut(&mut self, slot: Slot) -> &mut [f32] {
        &mut self.values[slot.range()]
    }

    /// All of them.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All of them, to be changed.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// True when there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
