/// The size of an image: rows and columns of pixels, and numbers per pixel. A row of numbers is an image of one pixel.
///
/// Images lie one after the other, each row after row of pixels, with the channels of a pixel side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Rows of pixels.
    pub height: usize,
    /// Columns of pixels.
    pub width: usize,
    /// Numbers per pixel.
    pub channels: usize,
}

impl Shape {
    /// Of so many rows and columns of pixels with so many channels.
    pub fn new(height: usize, width: usize, channels: usize) -> Self {
        Shape { height, width, channels }
    }

    /// Of so many numbers without an order.
    pub fn row(channels: usize) -> Self {
        Shape::new(1, 1, channels)
    }

    /// Pixels of an image.
    pub fn pixels(self) -> usize {
        self.height * self.width
    }

    /// Numbers of an image.
    pub fn size(self) -> usize {
        self.pixels() * self.channels
    }
}
