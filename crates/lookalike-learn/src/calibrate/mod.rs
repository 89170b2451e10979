//! Scores as probabilities: how likely a row is positive, given its score, learned on rows that the scores were not
//! learned from.
//!
//! [`Platt`] has two parameters and suits few rows; [`Isotonic`] has no form but that more is more, and needs about a
//! thousand rows (Niculescu-Mizil and Caruana 2005, <https://doi.org/10.1145/1102351.1102430>). Both keep the order of
//! scores, Isotonic up to ties, and so hardly change what depends on that order alone.

mod isotonic;
mod platt;

pub use isotonic::Isotonic;
pub use platt::Platt;
