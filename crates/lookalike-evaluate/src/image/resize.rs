//! Images in the sizes that are looked at.

use lookalike_learn::net::image::Shape;

/// Images are looked at with no more rows or columns of pixels than this.
const LARGEST: usize = 32;

/// The shape in which images of this one are looked at: the same, or one that has no side beyond 32 pixels.
pub(super) fn looked_at(shape: Shape) -> Shape {
    within(shape, LARGEST)
}

/// The same shape, or the largest of about the same proportions that has no side beyond so many pixels.
pub(super) fn within(shape: Shape, largest: usize) -> Shape {
    let longest = shape.height.max(shape.width);
    if longest <= largest {
        return shape;
    }
    let side = |own: usize| ((own * largest + longest / 2) / longest).max(1);
    Shape::new(side(shape.height), side(shape.width), shape.channels)
}

/// An image in a smaller shape: each new pixel is the mean of the area that it stands for, parts of pixels counted as such.
/// In whole numbers, so that it is exact.
pub(super) fn reduce(image: &[u8], from: Shape, to: Shape, out: &mut Vec<u8>) {
    let (rows, columns) = (spans(from.height, to.height), spans(from.width, to.width));
    let total = (from.height * from.width) as u64;
    for rows in &rows {
        for columns in &columns {
            for channel in 0..from.channels {
                let mut sum = 0;
                for &(row, of_row) in rows {
                    for &(column, of_column) in columns {
                        let level = image[(row * from.width + column) * from.channels + channel];
                        sum += of_row * of_column * u64::from(level);
                    }
                }
                out.push(((2 * sum + total) / (2 * total)) as u8);
            }
        }
    }
}

/// For each of `to` equal parts of a line of `from` pixels those that lie in it, and how many `to`-ths of each.
fn spans(from: usize, to: usize) -> Vec<Vec<(usize, u64)>> {
    let part = |number: usize| {
        let (begin, end) = (number * from, (number + 1) * from);
        (begin / to..end.div_ceil(to))
            .map(|pixel| (pixel, ((pixel + 1) * to).min(end) - (pixel * to).max(begin)))
            .map(|(pixel, share)| (pixel, share as u64))
            .collect()
    };
    (0..to).map(part).collect()
}

/// The shape that a network takes: height and width are multiples of four.
pub(super) fn padded(shape: Shape) -> Shape {
    Shape::new(shape.height.next_multiple_of(4), shape.width.next_multiple_of(4), shape.channels)
}

/// Images with their last rows and columns repeated below and to the right until the network takes them.
pub(super) fn pad(images: &[u8], from: Shape) -> Vec<u8> {
    let to = padded(from);
    if to == from {
        return images.to_vec();
    }
    let mut all = Vec::with_capacity(images.len() / from.size() * to.size());
    for image in images.chunks_exact(from.size()) {
        for row in 0..to.height {
            for column in 0..to.width {
                let pixel = row.min(from.height - 1) * from.width + column.min(from.width - 1);
                all.extend_from_slice(&image[pixel * from.channels..][..from.channels]);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_averaged() {
        let mut out = Vec::new();
        reduce(&[0, 10, 20, 30, 40, 50, 60, 70, 80], Shape::new(3, 3, 1), Shape::new(1, 1, 1), &mut out);
        assert_eq!(out, [40]);
        out.clear();
        // Three pixels as two: each new one is a whole pixel and half of the middle one.
        reduce(&[0, 0, 90, 30, 240, 60], Shape::new(1, 3, 2), Shape::new(1, 2, 2), &mut out);
        assert_eq!(out, [30, 10, 190, 50]);
    }

    #[test]
    fn shapes_keep_their_proportions_and_are_taken_by_the_network() {
        let of = |height, width| looked_at(Shape::new(height, width, 3));
        assert_eq!(of(28, 28), Shape::new(28, 28, 3));
        assert_eq!(of(200, 100), Shape::new(32, 16, 3));
        assert_eq!(of(1, 60_000), Shape::new(1, 32, 3));
        assert_eq!(padded(Shape::new(30, 17, 1)), Shape::new(32, 20, 1));
        assert_eq!(padded(Shape::new(1, 1, 1)), Shape::new(4, 4, 1));
        assert_eq!(
            pad(&[1, 2, 3, 4, 5, 6], Shape::new(2, 3, 1)),
            [1, 2, 3, 3, 4, 5, 6, 6, 4, 5, 6, 6, 4, 5, 6, 6]
        );
    }
}
