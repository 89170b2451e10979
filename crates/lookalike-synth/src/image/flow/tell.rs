use std::f64::consts::PI;

use lookalike_core::math;

use super::super::between::Between;

/// Frequencies in which time is told, each by a sine and a cosine.
const FREQUENCIES: usize = 16;

/// Numbers that tell time and class.
pub(super) fn told(classes: usize) -> usize {
    2 * FREQUENCIES + classes
}

/// Tells time, and the class if there is one to tell.
pub(super) fn tell(time: f32, class: Option<Between>, to: &mut [f32]) {
    let (waves, classes) = to.split_at_mut(2 * FREQUENCIES);
    for (number, wave) in waves.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let angle = f64::from(time) * 0.5 * PI * math::exp2(number as f64 * 0.5);
        *wave = [math::sin(angle) as f32, math::cos(angle) as f32];
    }
    classes.fill(0.0);
    if let Some(class) = class {
        class.tell(classes);
    }
}
