//! Warnings as sentences for people.

use std::collections::HashMap;

use lookalike_core::Warning;

/// More columns than this are counted, not named.
const NAMED: usize = 3;

/// The warnings, those that say the same of several columns as one. The JSON has each by itself.
pub fn sentences(warnings: &[Warning]) -> Vec<String> {
    let mut groups: Vec<Vec<&Warning>> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for warning in warnings {
        match &warning.column {
            None => groups.push(vec![warning]),
            Some(column) => {
                let next = groups.len();
                let index = *place.entry(of_any(warning, column)).or_insert(next);
                if index == next {
                    groups.push(Vec::new());
                }
                groups[index].push(warning);
            }
        }
    }
    groups.iter().map(|group| sentence(group)).collect()
}

fn sentence(group: &[&Warning]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for column in group.iter().filter_map(|warning| warning.column.as_deref()) {
        if !names.contains(&column) {
            names.push(column);
        }
    }
    let quoted = |names: &[&str]| names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    match names.as_slice() {
        [] | [_] => group[0].to_string(),
        [first, ..] => {
            let (shown, last) = match names.len() {
                count if count > NAMED => (&names[..NAMED - 1], format!("{} more", count + 1 - NAMED)),
                count => (&names[..count - 1], format!("{:?}", names[count - 1])),
            };
            format!("columns {} and {last}: {}", quoted(shown), of_any(group[0], first))
        }
    }
}

/// What the warning would say of any column: an option that it proposes names none.
fn of_any(warning: &Warning, column: &str) -> String {
    warning.message.replace(&format!("'{column}="), "'NAME=")
}

#[cfg(test)]
mod tests {
    use lookalike_core::Topic;

    use super::*;

    fn codes(column: &str) -> Warning {
        let message =
            format!("looks like codes; use --column '{column}=numerical' to treat it as a quantity");
        Warning::of_column(Topic::Schema, column, message)
    }

    #[test]
    fn what_is_said_of_several_columns_is_said_once() {
        let others =
            [Warning::new(Topic::Reading, "2 blank lines"), Warning::new(Topic::Reading, "2 blank lines")];
        let alone = codes("a");
        assert_eq!(sentences(std::slice::from_ref(&alone)), [alone.to_string()]);
        let advice = "looks like codes; use --column 'NAME=numerical' to treat it as a quantity";

        let mut warnings = vec![codes("a")];
        warnings.extend(others);
        warnings.extend([codes("b"), codes("b")]);
        assert_eq!(
            sentences(&warnings),
            [&*format!("columns \"a\" and \"b\": {advice}"), "2 blank lines", "2 blank lines"]
        );
        let three: Vec<Warning> = ["a", "b", "c"].map(codes).to_vec();
        assert_eq!(sentences(&three), [format!("columns \"a\", \"b\" and \"c\": {advice}")]);
        let six: Vec<Warning> = ["PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6"].map(codes).to_vec();
        assert_eq!(sentences(&six), [format!("columns \"PAY_0\", \"PAY_2\" and 4 more: {advice}")]);
    }
}
