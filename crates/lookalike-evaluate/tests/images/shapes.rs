//! Small drawn images of four kinds, with their classes.

use std::sync::Arc;

use lookalike_core::{Seed, Stream};
use lookalike_table::schema::ImageFormat;
use lookalike_table::{Column, ColumnSchema, Kind, Levels, Schema, Table};

/// How images are drawn.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) height: u16,
    pub(crate) width: u16,
    pub(crate) channels: u8,
    pub(crate) classes: u64,
}

pub(crate) const SMALL: Look = Look { height: 12, width: 12, channels: 1, classes: 4 };

/// Images with a class each.
#[derive(Debug, Clone)]
pub(crate) struct Pictures {
    pub(crate) look: Look,
    pub(crate) levels: Vec<u8>,
    pub(crate) labels: Vec<u32>,
}

impl Pictures {
    /// So many images; others for every block.
    pub(crate) fn draw(look: Look, count: usize, block: u64) -> Self {
        let mut stream = Seed::new(8).stream("shapes", block);
        let (mut levels, mut labels) = (Vec::new(), Vec::new());
        for _ in 0..count {
            let class = stream.below(look.classes) as u32;
            draw(look, class, &mut stream, &mut levels);
            labels.push(class);
        }
        Pictures { look, levels, labels }
    }

    /// Noise in the place of images.
    pub(crate) fn noise(look: Look, count: usize) -> Self {
        let mut pictures = Pictures::draw(look, count, 99);
        Seed::new(8).stream("noise", 0).fill(&mut pictures.levels);
        pictures
    }

    pub(crate) fn size(&self) -> usize {
        usize::from(self.look.height) * usize::from(self.look.width) * usize::from(self.look.channels)
    }

    pub(crate) fn table(&self) -> Table {
        table(self.look, self.images(), Some(&self.labels))
    }

    pub(crate) fn without_classes(&self) -> Table {
        table(self.look, self.images(), None)
    }

    fn images(&self) -> Column {
        Column::from_images(self.levels.clone(), self.size()).unwrap()
    }
}

/// A table of images and, where there are any, their classes.
pub(crate) fn table(look: Look, images: Column, labels: Option<&[u32]>) -> Table {
    let Look { height, width, channels, .. } = look;
    let mut columns = vec![images];
    let mut schemas =
        vec![ColumnSchema::new("picture", Kind::Image(ImageFormat { height, width, channels }))];
    if let Some(labels) = labels {
        let levels = Levels::new(["disc", "frame", "plus", "square"]);
        columns.push(Column::from_codes(labels.to_vec(), &levels));
        schemas.push(ColumnSchema::new("kind", Kind::Categorical { order: Vec::new() }));
    }
    Table::new(Arc::new(Schema::new(schemas)), columns).unwrap()
}

fn draw(look: Look, class: u32, stream: &mut Stream, levels: &mut Vec<u8>) {
    let (height, width) = (f64::from(look.height), f64::from(look.width));
    let reach = height.min(width) * (0.22 + 0.14 * stream.unit());
    let [y, x] = [height, width].map(|side| side * (0.4 + 0.2 * stream.unit()));
    let colours: Vec<f64> = (0..look.channels).map(|_| 120.0 + 110.0 * stream.unit()).collect();
    for row in 0..look.height {
        for column in 0..look.width {
            let (down, right) = ((f64::from(row) + 0.5 - y) / reach, (f64::from(column) + 0.5 - x) / reach);
            let square = down.abs().max(right.abs());
            let inside = match class {
                0 => down * down + right * right < 1.2,
                1 => square < 1.0 && square > 0.55,
                2 => square < 1.0 && down.abs().min(right.abs()) < 0.3,
                _ => square < 0.9,
            };
            for colour in &colours {
                let level = if inside { *colour } else { 20.0 } + 8.0 * stream.normal();
                levels.push(level.clamp(0.0, 255.0) as u8);
            }
        }
    }
}
