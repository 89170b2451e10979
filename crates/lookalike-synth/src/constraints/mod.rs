//! Models of tables in which constraints hold.
//!
//! Before any method learns, the table is written in other columns: a date as its distance from an earlier one, a column that
//! an equation names not at all, a city and its state as one level. What a method draws is written back, and whatever it
//! drew, the constraints hold, in the cells as they are printed. So they hold for every method alike, and no row is thrown
//! away. `docs/constraints.md` has the formulas.
//!
//! A few combinations of constraints cannot be written so (an order between two columns that are both computed), and neither
//! can conditions on columns that are not learned as they are. Those are met by drawing again: at most [`draw::MOST_ROUNDS`]
//! times, then it is an error.

mod build;
mod combos;
mod distinct;
mod draw;
mod fit;
mod form;
mod forward;
mod given;
mod impute;
mod inverse;
mod model;
mod numbered;
mod plan;
mod request;
mod restore;

pub(crate) use draw::MOST_ROUNDS;
pub(crate) use fit::fit;
pub use model::ConstrainedModel;
pub(crate) use plan::Plan;
