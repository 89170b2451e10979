use serde::{Deserialize, Serialize};

use super::geometric::plane;
use crate::error::Result;
use crate::image::{Color, Depth, Image, with_values};
use crate::kernel::filter::{Tap, convolve, gaussian, separable};
use crate::kernel::median::median;

/// Replaces the values but for the opacity.
pub(super) fn keep_opacity<T: Copy>(color: Color, old: &mut [T], new: &[T]) {
    if color == Color::Rgba {
        for (old, new) in old.chunks_exact_mut(4).zip(new.chunks_exact(4)) {
            old[..3].copy_from_slice(&new[..3]);
        }
    } else {
        old.copy_from_slice(new);
    }
}

/// Replaces the values by those that `filter` makes of them, but for the opacity.
macro_rules! filtered {
    ($step:expr, $image:expr, $plane:ident => $filter:expr) => {{
        let color = $image.color();
        let made = with_values!($step, $image.pixels(), values => {
            let $plane = plane(values, $image);
            Depth::pixels($filter)
        });
        match ($image.pixels_mut(), made) {
            (crate::image::Pixels::U8(old), crate::image::Pixels::U8(new)) => keep_opacity(color, old, &new),
            (crate::image::Pixels::U16(old), crate::image::Pixels::U16(new)) => keep_opacity(color, old, &new),
            _ => {}
        }
        Ok(())
    }};
}

/// A Gaussian filter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GaussianFilter {
    /// Pixels to a side, odd; 0 for as many as matter.
    pub kernel_size: usize,
    /// Its standard deviation in pixels, above 0.
    pub sigma: f64,
}

impl GaussianFilter {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let weights = gaussian(self.kernel_size, self.sigma);
        filtered!("a filter", image, plane => separable(plane, &weights, &weights))
    }
}

/// Sums of neighbours by weights.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Convolve {
    /// The neighbours, and their weights.
    pub taps: Vec<Tap>,
}

impl Convolve {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        filtered!("a filter", image, plane => convolve(plane, &self.taps))
    }
}

/// What a Gaussian filter takes away, added once more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsharp {
    /// How much of it: 0 for nothing.
    pub alpha: f64,
    /// Pixels to a side of the filter, odd.
    pub kernel_size: usize,
    /// Its standard deviation in pixels, above 0.
    pub sigma: f64,
}

impl Unsharp {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        fn sharper<T: Depth>(values: &[T], smooth: &[T], alpha: f32) -> Vec<T> {
            let value = |(v, s): (&T, &T)| T::rounded(v.real() + alpha * (v.real() - s.real()));
            values.iter().zip(smooth).map(value).collect()
        }
        let weights = gaussian(self.kernel_size, self.sigma);
        let alpha = self.alpha as f32;
        filtered!("a filter", image, plane => sharper(plane.values, &separable(plane, &weights, &weights), alpha))
    }
}

/// Medians of neighbourhoods.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MedianFilter {
    /// Pixels to a side, odd.
    pub kernel_size: usize,
}

impl MedianFilter {
    pub(super) fn apply(&self, image: &mut Image) -> Result<()> {
        let size = self.kernel_size | 1;
        filtered!("a filter", image, plane => median(plane, size))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_leave_flat_pictures_and_opacity_alone() {
        let flat = Image::from_u8(6, 5, Color::Rgba, [9, 80, 200, 77].repeat(30)).unwrap();
        let mut image = flat.clone();
        GaussianFilter { kernel_size: 5, sigma: 2.0 }.apply(&mut image).unwrap();
        Unsharp { alpha: 0.7, kernel_size: 3, sigma: 1.0 }.apply(&mut image).unwrap();
        MedianFilter { kernel_size: 3 }.apply(&mut image).unwrap();
        assert_eq!(image, flat);
        let taps = vec![Tap { x: 0, y: 0, weight: 0.5 }];
        Convolve { taps }.apply(&mut image).unwrap();
        assert_eq!(image.as_u8().unwrap()[..4], [4, 40, 100, 77]);
    }
}
