/// A class, or a place on the way from one to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Between {
    pub(super) from: u32,
    pub(super) to: u32,
    /// How much of the way is done, from 0 to 1.
    pub(super) share: f32,
}

impl From<u32> for Between {
    fn from(class: u32) -> Self {
        Between { from: class, to: class, share: 0.0 }
    }
}

impl Between {
    /// Tells networks the class, if there is room for one number per class.
    pub(super) fn tell(self, to: &mut [f32]) {
        to.fill(0.0);
        if to.is_empty() {
            return;
        }
        to[self.from as usize] += 1.0 - self.share;
        to[self.to as usize] += self.share;
    }
}
