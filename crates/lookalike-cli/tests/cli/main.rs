//! The program as its users meet it.

mod audit;
mod augment;
mod compare;
mod constraints;
mod fixture;
mod help;
mod journey;
mod manners;
mod networks;
mod odd_columns;
mod odd_files;
mod personal;
mod pictures;
mod rebalance;
mod reports;
mod simulate;
mod study;
