//! Whether training rows were copied. Smoke tests: failing is evidence of copying, passing is not evidence of
//! privacy.

pub(crate) mod copies;
pub(crate) mod dcr_share;
