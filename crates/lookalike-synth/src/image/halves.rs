use std::ops::Range;

use rayon::prelude::*;

/// Parts of a batch, each a thread's, whatever the number of threads.
pub(super) const PARTS: usize = 2;

/// Has `work` run on images `0..count`, at most so many `at_once`, each half of them on a part of its own.
pub(super) fn halves<P: Send>(
    parts: &mut [P; PARTS],
    count: usize,
    at_once: usize,
    work: impl Fn(&mut P, Range<usize>) + Sync,
) {
    let size = count.div_ceil(PARTS);
    parts.par_iter_mut().enumerate().for_each(|(number, part)| {
        let (mut from, end) = ((number * size).min(count), (number * size + size).min(count));
        while from < end {
            let to = end.min(from + at_once);
            work(part, from..to);
            from = to;
        }
    });
}
