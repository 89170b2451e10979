//! What models learn from a table, and how groups fare: on people whose outcome depends on their columns in a known way.

mod fairness;
mod people;
mod utility;
