use lookalike_learn::net::image::Shape;

/// How images lie before the network: squares of pixels are taken for one, and rows and columns that are lacking for whole
/// squares at the coarsest resolution are repeated from the edge.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// What the network sees.
    pub(super) shape: Shape,
    /// Per number that the network sees, its place in the image.
    from: Vec<u32>,
    /// Per number of an image, its place before the network.
    to: Vec<u32>,
}

impl Layout {
    /// For squares of `patch` by `patch` pixels, of which `whole` go into each direction of the coarsest one.
    pub(super) fn new(image: Shape, patch: usize, whole: usize) -> Self {
        let shape = Self::shape(image, patch, whole);
        let Shape { height, width, channels } = image;
        let mut to = vec![0; image.size()];
        let mut from = Vec::with_capacity(shape.size());
        for place in 0..shape.size() {
            let (pixel, inside) = (place / shape.channels, place % shape.channels);
            let (square, channel) = (inside / channels, inside % channels);
            let y = pixel / shape.width * patch + square / patch;
            let x = pixel % shape.width * patch + square % patch;
            let own = (y.min(height - 1) * width + x.min(width - 1)) * channels + channel;
            from.push(own as u32);
            if y < height && x < width {
                to[own] = place as u32;
            }
        }
        Layout { shape, from, to }
    }

    /// The shape of what the network sees.
    pub(super) fn shape(image: Shape, patch: usize, whole: usize) -> Shape {
        let size = |size: usize| size.div_ceil(patch * whole) * whole;
        Shape::new(size(image.height), size(image.width), image.channels * patch * patch)
    }

    /// As the network sees an image.
    pub(super) fn enter(&self, image: &[f32], to: &mut [f32]) {
        for (to, &place) in to.iter_mut().zip(&self.from) {
            *to = image[place as usize];
        }
    }

    /// Where each number of an image is before the network.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.to.iter().map(|&place| place as usize)
    }

    /// The numbers of the image itself, in its own order.
    pub(super) fn leave<'a>(&'a self, seen: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.to.iter().map(|&place| seen[place as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_come_back_and_edges_are_repeated() {
        for (height, width, channels) in [(1, 1, 1), (5, 7, 3), (8, 8, 1)] {
            let shape = Shape::new(height, width, channels);
            let layout = Layout::new(shape, 2, 2);
            assert_eq!(layout.shape.height * 2, height.div_ceil(4) * 4);
            let image: Vec<f32> = (0..shape.size()).map(|place| place as f32).collect();
            let mut seen = vec![-1.0; layout.shape.size()];
            layout.enter(&image, &mut seen);
            assert_eq!(layout.leave(&seen).collect::<Vec<_>>(), image);
            assert_eq!(seen[seen.len() - 1], image[image.len() - 1]);
            assert!(seen.iter().all(|&number| number >= 0.0));
        }
    }
}
