//! Tables for tests, and the laws that every method obeys. Not published.

#![expect(clippy::missing_panics_doc, reason = "laws panic when they are broken: that is what they are for")]

pub mod laws;
pub mod tables;
