//! What must hold for any picture.

use lookalike_image::{
    Action, BorderMode, BoundingBox, BoxMethod, Color, Image, Interpolation, Keypoint, Matrix, Pad, Sample,
    Sampling, Symmetry, Warp,
};
use proptest::prelude::*;

fn picture() -> impl Strategy<Value = Sample> {
    (1_usize..24, 1_usize..24, prop_oneof![Just(Color::Grey), Just(Color::Rgb), Just(Color::Rgba)])
        .prop_flat_map(|(width, height, color)| {
            prop::collection::vec(any::<u8>(), width * height * color.channels())
                .prop_map(move |values| Sample::new(Image::from_u8(width, height, color, values).unwrap()))
        })
}

fn after(sample: &Sample, actions: &[Action]) -> Sample {
    let mut sample = sample.clone();
    for action in actions {
        action.apply(&mut sample).unwrap();
    }
    sample
}

fn warp(matrix: Matrix, image: &Image, interpolation: Interpolation) -> Action {
    Action::Warp(Warp {
        matrix,
        width: image.width(),
        height: image.height(),
        rotate_method: BoxMethod::LargestBox,
        sampling: Sampling { interpolation, ..Sampling::default() },
    })
}

/// The place of the only bright pixel.
fn bright(image: &Image) -> Option<(usize, usize)> {
    let at = image.as_u8()?.chunks_exact(image.channels()).position(|pixel| pixel[0] > 0)?;
    Some((at % image.width(), at / image.width()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn two_flips_and_four_quarter_turns_are_nothing(sample in picture()) {
        for symmetry in [Symmetry::HorizontalFlip, Symmetry::VerticalFlip, Symmetry::Transpose, Symmetry::Rotate180] {
            prop_assert_eq!(&after(&sample, &[Action::Turn(symmetry), Action::Turn(symmetry)]), &sample);
        }
        for symmetry in [Symmetry::Rotate90, Symmetry::Rotate270] {
            let turns: Vec<Action> = (0..4).map(|_| Action::Turn(symmetry)).collect();
            prop_assert_eq!(&after(&sample, &turns), &sample);
        }
    }

    #[test]
    fn quarter_turns_by_warping_are_quarter_turns(sample in picture()) {
        let image = &sample.image;
        let side = image.width().min(image.height());
        let square = after(&sample, &[Action::Crop(lookalike_image::Crop { x: 0, y: 0, width: side, height: side })]);
        let middle = (side as f64 - 1.0) / 2.0;
        for (degrees, symmetry) in [(90.0, Symmetry::Rotate90), (180.0, Symmetry::Rotate180), (270.0, Symmetry::Rotate270)] {
            for interpolation in [Interpolation::Nearest, Interpolation::Linear, Interpolation::Cubic] {
                let matrix = Matrix::rotation(degrees).about(middle, middle);
                let warped = after(&square, &[warp(matrix, &square.image, interpolation)]);
                let turned = after(&square, &[Action::Turn(symmetry)]);
                prop_assert_eq!(&warped.image, &turned.image);
            }
        }
    }

    #[test]
    fn whole_steps_there_and_back_lose_only_what_leaves(sample in picture(), x in -5_i32..6, y in -5_i32..6) {
        let image = &sample.image;
        let there = Matrix::translation(f64::from(x), f64::from(y));
        let back = there.inverse().unwrap();
        let actions = [warp(there, image, Interpolation::Linear), warp(back, image, Interpolation::Linear)];
        let returned = after(&sample, &actions).image;
        for row in 0..image.height() {
            for column in 0..image.width() {
                let inside = |at: usize, step: i32, size: usize| {
                    (0..size as i64).contains(&(at as i64 + i64::from(step)))
                };
                let at = (row * image.width() + column) * image.channels();
                let kept = inside(column, x, image.width()) && inside(row, y, image.height());
                for channel in 0..image.channels() {
                    let expected = if kept { image.as_u8().unwrap()[at + channel] } else { 0 };
                    prop_assert_eq!(returned.as_u8().unwrap()[at + channel], expected);
                }
            }
        }
    }

    #[test]
    fn points_boxes_and_masks_stay_with_their_pixels(
        width in 8_usize..20, height in 8_usize..20, x in 0_usize..8, y in 0_usize..8,
        degrees in -180.0_f64..180.0, scale in 0.8_f64..1.6, symmetry in prop::sample::select(Symmetry::ALL.to_vec()),
    ) {
        let mut values = vec![0; width * height];
        values[y * width + x] = 255;
        let image = Image::from_u8(width, height, Color::Grey, values).unwrap();
        let mut sample = Sample::new(image.clone());
        sample.mask = Some(image);
        sample.keypoints = vec![Keypoint { x: x as f64, y: y as f64, label: String::new() }];
        let (left, top) = (x as f64, y as f64);
        sample.boxes = vec![BoundingBox { left, top, right: left + 1.0, bottom: top + 1.0, label: String::new() }];
        let middle = (width as f64 / 2.0, height as f64 / 2.0);
        let matrix = Matrix::rotation(degrees).then(Matrix::scale(scale, scale)).about(middle.0, middle.1);
        let room = Action::Pad(Pad { top: 20, bottom: 21, left: 22, right: 23, sampling: Sampling { border_mode: BorderMode::Constant, ..Sampling::default() } });
        let moved = after(&sample, &[Action::Turn(symmetry), room]);
        prop_assert_eq!(bright(&moved.image), Some((moved.keypoints[0].x as usize, moved.keypoints[0].y as usize)));
        prop_assert_eq!((moved.boxes[0].left, moved.boxes[0].top), (moved.keypoints[0].x, moved.keypoints[0].y));
        prop_assert_eq!(moved.mask.as_ref(), Some(&moved.image));
        // By the nearest pixel a point of light is at most a pixel from where its keypoint says, unless it falls between.
        let turned = after(&moved, &[warp(matrix, &moved.image, Interpolation::Nearest)]);
        if let Some((to_x, to_y)) = bright(&turned.image) {
            let point = &turned.keypoints[0];
            let reach = 0.5 + scale;
            prop_assert!((point.x - to_x as f64).abs() <= reach && (point.y - to_y as f64).abs() <= reach);
            let inside = &turned.boxes[0];
            prop_assert!(to_x as f64 + 1.0 >= inside.left && to_x as f64 <= inside.right);
            prop_assert!(to_y as f64 + 1.0 >= inside.top && to_y as f64 <= inside.bottom);
        }
    }
}
