//! Images that are kept from learning, to look at how it goes.

use lookalike_core::Seed;

/// How often they are looked at.
pub(super) const LOOKS: u32 = 10;
/// How many are looked at, at most.
const MOST: usize = 1024;

/// The numbers of images to learn from, in random order, and of a twentieth of them, if there are so many, to look at.
pub(super) fn hold_out(images: usize, seed: Seed) -> (Vec<u32>, Vec<u32>) {
    let mut held_out: Vec<u32> = (0..images as u32).collect();
    seed.stream("held out", 0).shuffle(&mut held_out);
    let learned = held_out.split_off((images / 20).min(MOST));
    (learned, held_out)
}
