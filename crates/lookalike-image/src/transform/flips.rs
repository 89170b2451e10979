use lookalike_core::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Drawing;
use crate::action::Action;
use crate::error::Problems;
use crate::image::Shape;
use crate::kernel::turn::Symmetry;
use crate::values::check_probability;

/// Left and right exchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HorizontalFlip {
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for HorizontalFlip {
    fn default() -> Self {
        HorizontalFlip { p: 0.5 }
    }
}

impl Drawing for HorizontalFlip {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::Turn(Symmetry::HorizontalFlip)]
    }
}

/// Above and below exchanged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VerticalFlip {
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for VerticalFlip {
    fn default() -> Self {
        VerticalFlip { p: 0.5 }
    }
}

impl Drawing for VerticalFlip {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::Turn(Symmetry::VerticalFlip)]
    }
}

/// Rows become columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Transpose {
    /// How likely it is done, 0 to 1 [default: 0.5].
    pub p: f64,
}

impl Default for Transpose {
    fn default() -> Self {
        Transpose { p: 0.5 }
    }
}

impl Drawing for Transpose {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, _stream: &mut Stream) -> Vec<Action> {
        vec![Action::Turn(Symmetry::Transpose)]
    }
}

/// None to three quarter turns, all equally likely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RandomRotate90 {
    /// How likely it is done, 0 to 1 [default: 1].
    pub p: f64,
}

impl Default for RandomRotate90 {
    fn default() -> Self {
        RandomRotate90 { p: 1.0 }
    }
}

impl Drawing for RandomRotate90 {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::Turn(Symmetry::ALL[stream.below(4) as usize])]
    }
}

/// One of the eight ways to lay a square down, all equally likely.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct D4 {
    /// How likely it is done, 0 to 1 [default: 1].
    pub p: f64,
}

impl Default for D4 {
    fn default() -> Self {
        D4 { p: 1.0 }
    }
}

impl Drawing for D4 {
    fn p(&self) -> f64 {
        self.p
    }

    fn check(&self, problems: &mut Problems) {
        check_probability(problems, self.p);
    }

    fn draw(&self, _shape: Shape, stream: &mut Stream) -> Vec<Action> {
        vec![Action::Turn(Symmetry::ALL[stream.below(8) as usize])]
    }
}
