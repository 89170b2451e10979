//! The program as its users meet it.

mod audit;
mod compare;
mod fixture;
mod help;
mod journey;
mod manners;
mod networks;
mod odd_columns;
mod odd_files;
mod reports;
mod study;
