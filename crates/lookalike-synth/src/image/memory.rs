//! How much memory learning takes, told before it begins.

use lookalike_learn::net::image::Graph;

use super::halves::PARTS;
use super::images::Images;
use crate::error::{Error, Result};

/// Bytes that learning may take beside the table unless it is said.
const USUAL: u64 = 4 << 30;
/// The fewest bytes that may be allowed.
const LEAST: u64 = 1 << 20;
/// Images of numbers that a part works on beside its passes: what is wanted, noise, and what is on the way.
const BESIDE: usize = 4;

/// Numbers of four bytes that learning holds at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Numbers(u64);

impl Numbers {
    /// So many, `times` over.
    pub(super) fn of(numbers: usize, times: usize) -> Self {
        Numbers((numbers as u64).saturating_mul(times as u64))
    }

    /// Of a graph's weights as kernels read them.
    pub(super) fn of_weights(graph: &Graph) -> Self {
        Numbers::of(graph.prepared_numbers(), 1)
    }

    /// Of a graph on both halves of a batch, at most so many images at once.
    pub(super) fn of_passes(graph: &Graph, at_once: usize) -> Self {
        Numbers::of(graph.numbers(), PARTS * at_once)
    }

    /// Of images of this size that all parts work on, so many at once.
    pub(super) fn of_images(size: usize, at_once: usize) -> Self {
        Numbers::of(size, BESIDE * PARTS * at_once)
    }

    /// These and others.
    #[must_use]
    pub(super) fn and(self, others: Numbers) -> Self {
        Numbers(self.0.saturating_add(others.0))
    }

    /// Refuses what takes more than `limit` bytes, or the usual number of them, the images themselves included.
    ///
    /// # Errors
    /// [`Error::Memory`].
    pub(super) fn check(self, images: &Images, limit: Option<u64>) -> Result<()> {
        let (needed, limit) = (self.bytes(images), limit.unwrap_or(USUAL));
        if needed > limit {
            let cure = "bring pictures to a smaller size with --size, or allow more with --memory";
            return Err(Error::Memory { needed, limit, cure });
        }
        Ok(())
    }

    /// Refuses networks of which the parameters alone are more than is allowed before these are made, with `copies` of them.
    ///
    /// # Errors
    /// [`Error::Memory`].
    pub(super) fn check_least(
        parameters: usize,
        copies: usize,
        images: &Images,
        limit: Option<u64>,
    ) -> Result<()> {
        if Numbers::of(parameters, 1).bytes(images) <= limit.unwrap_or(USUAL) {
            return Ok(());
        }
        Numbers::of(parameters, copies).check(images, limit)
    }

    fn bytes(self, images: &Images) -> u64 {
        // The images as they come from the table, and those of them that are learned.
        self.0.saturating_mul(4).saturating_add(2 * images.pixels().len() as u64)
    }
}

/// What is wrong with a limit, for options of this name.
pub(super) fn problem(limit: Option<u64>, method: &str) -> Option<String> {
    limit
        .is_some_and(|limit| limit < LEAST)
        .then(|| format!("{method}.memory-limit must be at least {LEAST} bytes"))
}

#[cfg(test)]
mod tests {
    use lookalike_learn::net::image::Shape;

    use super::*;

    #[test]
    fn numbers_are_counted_and_compared() {
        let images = Images::new(Shape::new(2, 2, 1), vec![0; 40], vec![0; 10], 1).unwrap();
        let numbers = Numbers::of(1000, 3).and(Numbers::of_images(4, 2));
        assert_eq!(numbers.bytes(&images), 4 * (3000 + 4 * 4 * 2 * 2) + 80);
        numbers.check(&images, Some(numbers.bytes(&images))).unwrap();
        assert!(numbers.check(&images, Some(numbers.bytes(&images) - 1)).is_err());
        assert!(Numbers::of(usize::MAX, 2).check(&images, None).is_err());
        Numbers::check_least(10, 1000, &images, Some(200)).unwrap();
        assert!(Numbers::check_least(100, 1000, &images, Some(200)).is_err());
        assert_eq!(problem(None, "flow"), None);
        assert!(problem(Some(5), "flow").unwrap().starts_with("flow.memory-limit"));
    }
}
