use crate::image::Image;

/// A box around something: edges in pixels, where pixel number i reaches from i to i + 1, as COCO has it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundingBox {
    /// The left edge.
    pub left: f64,
    /// The upper edge.
    pub top: f64,
    /// The right edge.
    pub right: f64,
    /// The lower edge.
    pub bottom: f64,
    /// What is in it.
    pub label: String,
}

impl BoundingBox {
    /// Its width times its height.
    pub fn area(&self) -> f64 {
        (self.right - self.left).max(0.0) * (self.bottom - self.top).max(0.0)
    }

    /// The part of it inside a picture of this size.
    #[must_use]
    pub fn clipped(&self, width: usize, height: usize) -> Self {
        let (width, height) = (width as f64, height as f64);
        BoundingBox {
            left: self.left.clamp(0.0, width),
            top: self.top.clamp(0.0, height),
            right: self.right.clamp(0.0, width),
            bottom: self.bottom.clamp(0.0, height),
            label: self.label.clone(),
        }
    }
}

/// A point that means something: pixel number i has its middle at i.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keypoint {
    /// From the middle of the leftmost column, to the right.
    pub x: f64,
    /// From the middle of the uppermost row, downwards.
    pub y: f64,
    /// What it is.
    pub label: String,
}

/// A picture and all that travels with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The picture.
    pub image: Image,
    /// Its class.
    pub label: Option<String>,
    /// How much of each class it is, once pictures have been mixed; empty otherwise. The shares sum to one.
    pub shares: Vec<(String, f64)>,
    /// Boxes around things.
    pub boxes: Vec<BoundingBox>,
    /// Points that mean something.
    pub keypoints: Vec<Keypoint>,
    /// What each pixel belongs to: a grey picture of the same size.
    pub mask: Option<Image>,
}

impl Sample {
    /// A picture with nothing else.
    pub fn new(image: Image) -> Self {
        Sample {
            image,
            label: None,
            shares: Vec::new(),
            boxes: Vec::new(),
            keypoints: Vec::new(),
            mask: None,
        }
    }

    /// The same with a class.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Calls `point` with every keypoint's place, and leaves out those for which it gives none.
    pub(crate) fn move_points(&mut self, point: impl Fn(f64, f64) -> Option<(f64, f64)>) {
        self.keypoints.retain_mut(|keypoint| match point(keypoint.x, keypoint.y) {
            Some((x, y)) => {
                (keypoint.x, keypoint.y) = (x, y);
                true
            }
            None => false,
        });
    }
}

/// What becomes of boxes and keypoints at the edges, as albumentations' `BboxParams` and `KeypointParams` have it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keeping {
    /// Boxes with less area than this after the pipeline are left out, in square pixels, from 0 [default: 0].
    pub min_area: f64,
    /// Boxes of which less than this share of the moved area is inside the picture are left out, 0 to 1 [default: 0].
    pub min_visibility: f64,
    /// Keypoints outside the picture are left out [default: true].
    pub remove_invisible: bool,
}

impl Default for Keeping {
    fn default() -> Self {
        Keeping { min_area: 0.0, min_visibility: 0.0, remove_invisible: true }
    }
}

impl Keeping {
    /// Clips boxes to the picture and leaves out what is not to be kept. Boxes without any area inside always go.
    pub(crate) fn settle(&self, sample: &mut Sample) {
        let (width, height) = (sample.image.width(), sample.image.height());
        sample.boxes.retain_mut(|bounds| {
            let whole = bounds.area();
            *bounds = bounds.clipped(width, height);
            let area = bounds.area();
            area > 0.0 && area >= self.min_area && area >= self.min_visibility * whole
        });
        if self.remove_invisible {
            let inside = |at: f64, end: usize| at >= -0.5 && at <= end as f64 - 0.5;
            sample.keypoints.retain(|point| inside(point.x, width) && inside(point.y, height));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Color;

    #[test]
    fn boxes_and_points_outside_go() {
        let image = Image::from_u8(10, 10, Color::Grey, vec![0; 100]).unwrap();
        let bounds =
            |left: f64, right: f64| BoundingBox { left, top: 0.0, right, bottom: 4.0, label: String::new() };
        let point = |x: f64| Keypoint { x, y: 1.0, label: String::new() };
        let mut sample = Sample::new(image);
        sample.boxes = vec![bounds(-9.0, 1.0), bounds(5.0, 12.0), bounds(12.0, 14.0)];
        sample.keypoints = vec![point(-0.6), point(-0.5), point(9.4)];
        Keeping { min_visibility: 0.5, ..Keeping::default() }.settle(&mut sample);
        assert_eq!(sample.boxes, [bounds(5.0, 10.0)]);
        assert_eq!(sample.keypoints.len(), 2);
    }
}
