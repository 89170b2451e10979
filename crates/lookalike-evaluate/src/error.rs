use lookalike_core::Cancelled;

/// What can go wrong when tables are judged. No message holds a cell's value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The work was stopped on request.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The training table has no column.
    #[error("the training table has no columns")]
    NoColumns,
    /// The training table has no row.
    #[error("the training table has no rows; judge against the rows that the model was fitted to")]
    NoRows,
    /// A column number that was given does not exist.
    #[error("there is no column number {index} for the {role}: the training table has {columns} columns")]
    NoSuchColumn {
        /// `target`, `unit`, `key` or `sensitive column`.
        role: &'static str,
        /// The number that was given, from 0.
        index: usize,
        /// How many columns there are.
        columns: usize,
    },
    /// The likelihoods that were handed in are not those of the holdout's rows.
    #[error("there are likelihoods of {given} rows, and the holdout has {rows}")]
    Likelihoods {
        /// How many there are.
        given: usize,
        /// How many rows the holdout has.
        rows: usize,
    },
    /// The tables share no column.
    #[error(
        "the {table} table shares no column with the training table; columns are matched by name, so check that \
         both have the same header"
    )]
    NothingInCommon {
        /// Which table: `synthetic` or `holdout`.
        table: &'static str,
    },
}

/// The result of judging.
pub type Result<T> = std::result::Result<T, Error>;
