/// Why a table cannot be balanced as asked. No message holds a cell's value; entries of a strategy are the user's own words.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ResampleError {
    /// Some rows have no class.
    #[error(
        "{} no value in the target column {column:?}: leave {} out, or fill {} with `lookalike impute`",
        match rows { 1 => "1 row has".to_owned(), _ => format!("{rows} rows have") },
        if *rows == 1 { "it" } else { "them" }, if *rows == 1 { "it" } else { "them" }
    )]
    NoClass {
        /// The target's name.
        column: String,
        /// How many rows.
        rows: usize,
    },
    /// Between infinite values nothing lies, and from them everything is infinitely far.
    #[error(
        "column {column:?} holds {cells} infinite {}, which have no distance to others: replace them, or leave the rows out",
        if *cells == 1 { "value" } else { "values" }
    )]
    Infinite {
        /// The column's name.
        column: String,
        /// How many cells.
        cells: usize,
    },
    /// The target has too many values to be classes.
    #[error(
        "column {column:?} has {values} different numbers, more than the {most} that can be classes: balance by a column \
         of categories, or cut the numbers into ranges first"
    )]
    NotClasses {
        /// The column's name.
        column: String,
        /// How many different values it has.
        values: usize,
        /// How many there may be.
        most: usize,
    },
    /// There is nothing to balance.
    #[error("all rows are of one class of column {column:?}: there is nothing to balance")]
    OneClass {
        /// The target's name.
        column: String,
    },
    /// A class is too small for its rows to have neighbours.
    #[error(
        "a class has a single row, which has no neighbour of its own class: use --method random, or leave the row out"
    )]
    SingleRow,
    /// More neighbours are asked for than a class has.
    #[error(
        "a class has {rows} rows, too few for {neighbors} neighbours each: say --neighbors {} or less, or use --method random",
        rows.saturating_sub(1)
    )]
    FewRows {
        /// How many rows the class has.
        rows: usize,
        /// How many neighbours were asked for.
        neighbors: usize,
    },
    /// The strategy names a class that does not exist.
    #[error("the strategy names a class {name:?} that the target does not have")]
    UnknownClass {
        /// What the user wrote.
        name: String,
    },
    /// A ratio with more than two classes.
    #[error("a ratio balances two classes, and there are {classes}: say how many rows each class is to have")]
    RatioOfClasses {
        /// How many classes there are.
        classes: usize,
    },
    /// A count or ratio in the wrong direction.
    #[error("{method} only {}: {what} asks for the opposite", if *adds { "adds rows" } else { "leaves rows out" })]
    Direction {
        /// The method.
        method: &'static str,
        /// True when it adds rows.
        adds: bool,
        /// What of the strategy is wrong.
        what: String,
    },
    /// A strategy of counts for a method that finds out itself which rows go.
    #[error(
        "{method} decides itself how many rows go: say which classes, such as not-minority or all, not how many rows"
    )]
    NoCounts {
        /// The method.
        method: &'static str,
    },
    /// `majority` for a method that adds rows, or `minority` for one that leaves some out.
    #[error("{method} cannot follow the strategy {strategy}: {cure}")]
    Strategy {
        /// The method.
        method: &'static str,
        /// The strategy's name.
        strategy: &'static str,
        /// What to say instead.
        cure: &'static str,
    },
    /// Nothing by which rows could be near each other.
    #[error(
        "all columns besides the classes are constant, keys or texts: no row is nearer than another; use --method random"
    )]
    Constant,
    /// A method for numbers met categories, or the other way round.
    #[error(
        "{method} needs columns that are all {needed}, and {column:?} is not: use --method smotenc, which takes both"
    )]
    Kinds {
        /// The method.
        method: &'static str,
        /// What columns it takes.
        needed: &'static str,
        /// The first column that it does not take.
        column: String,
    },
    /// No cluster has enough rows of a class.
    #[error(
        "no cluster has enough rows of a class that is to grow: say fewer --clusters, or use --method smotenc"
    )]
    NoCluster,
    /// A generator did not make enough rows of a class.
    #[error("the generator cannot draw rows of a class: {problem}")]
    Generator {
        /// What it said.
        problem: String,
    },
}
