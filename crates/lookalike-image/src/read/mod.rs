//! Pictures, and what travels with them, from files.

mod boxes;
mod csv;
mod decode;
mod idx;
mod labels;
mod npy;
mod set;

pub use boxes::{Marked, Marks, read_coco, read_yolo, write_coco, write_yolo};
pub use decode::{decode, read_image};
pub use idx::{read_idx, read_idx_labels};
pub use npy::{read_npy, read_npz};
pub use set::{Entry, ImageSet, ReadOptions};
