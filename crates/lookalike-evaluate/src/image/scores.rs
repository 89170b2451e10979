//! Scores beside what there is to look at.

use std::fmt::Write as _;

use crate::evaluation::Measurement;
use crate::exhibit::Exhibit;

/// Adds to the caption of each exhibit of images the scores that say about all images what it shows of some.
pub(crate) fn tell(metrics: &[Measurement], exhibits: &mut [Exhibit]) {
    for exhibit in exhibits {
        let names: &[&str] = match exhibit.name.as_str() {
            "image-grid" | "image-grid-real" => &["image-frechet", "image-precision", "image-recall"],
            "image-grid-classes" | "image-grid-classes-real" => &["image-accuracy", "image-frechet"],
            "image-nearest-closest" | "image-nearest-random" => &["image-near-copies", "image-dcr-share"],
            _ => continue,
        };
        for name in names {
            let Some(metric) = metrics.iter().find(|metric| metric.name == *name) else { continue };
            let Some(value) = metric.value else { continue };
            let _ = write!(exhibit.caption, " {}: {value:.3}", capital(&metric.title));
            if let Some(floor) = metric.floor {
                let _ = write!(exhibit.caption, "; real images reach {floor:.3}");
            }
            exhibit.caption.push('.');
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default()
        + letters.as_str()
}
