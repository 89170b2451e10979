//! `sampling_strategy`, which says something else to each kind of resampler.

use super::class::Parameter;
use super::tables::common;

pub(super) fn of_a_method_that_adds() -> Parameter {
    counted("as large as the largest", "'minority'", "not majority")
}

pub(super) fn of_a_method_that_leaves_out() -> Parameter {
    counted("as small as the smallest", "'majority'", "not minority")
}

pub(super) fn of_a_method_that_cleans() -> Parameter {
    parameter(
        "str | list[Any]",
        "str or list",
        "Which classes may lose rows; which rows go is the method's own affair. A str names them: 'majority', 'not minority', \
         'not majority', 'all', or 'auto', which is 'not minority'. A list has the classes themselves.",
    )
}

/// Of a method that is told how many rows there are to be.
fn counted(as_large: &str, one_class: &str, auto: &str) -> Parameter {
    parameter(
        "float | str | dict[Any, int] | Callable[..., Any]",
        "float, str, dict or callable",
        &format!(
            "How many rows each class has afterwards. A float above 0 and at most 1 is the number of rows of the smaller of two \
             classes divided by that of the larger. A str names the classes that become {as_large}: {one_class}, 'not \
             minority', 'not majority', 'all', or 'auto', which is '{auto}'. A dict says how many rows classes have; others \
             stay as they are. A callable takes y and returns such a dict."
        ),
    )
}

fn parameter(hint: &str, words: &str, doc: &str) -> Parameter {
    common("sampling_strategy", hint, "\"auto\"", &format!("{words}, default='auto'"), doc)
}
