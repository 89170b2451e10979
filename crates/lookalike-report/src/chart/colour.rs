use lookalike_evaluate::Series;
use maud::{Markup, html};

use crate::text::printable;

/// Every colour's class. The first four belong to tables wherever they are shown.
const COLOURS: [&str; 6] = ["c-training", "c-holdout", "c-synthetic", "c-baseline", "c-fifth", "c-sixth"];

/// A colour for each series: a table's own where the name says which, others by their order.
pub(crate) fn colours<T>(series: &[Series<T>]) -> Vec<&'static str> {
    let own = |name: &str| {
        let name = name.to_lowercase();
        let tables = [
            ("synthetic", 2),
            ("tstr", 2),
            ("holdout", 1),
            ("baseline", 3),
            ("training", 0),
            ("trtr", 0),
            ("real", 0),
        ];
        tables.iter().find(|(word, _)| name.contains(word)).map(|(_, place)| COLOURS[*place])
    };
    let mut taken: Vec<&str> = Vec::new();
    let mut chosen = Vec::new();
    for one in series {
        let free = || COLOURS.iter().rev().copied().find(|colour| !taken.contains(colour));
        let colour =
            own(&one.name).filter(|colour| !taken.contains(colour)).or_else(free).unwrap_or(COLOURS[4]);
        taken.push(colour);
        chosen.push(colour);
    }
    chosen
}

/// What the colours of a chart mean. `mark` draws what stands for a series, 22 wide and 12 high.
pub(crate) fn legend<T>(series: &[Series<T>], mark: impl Fn(usize, &str) -> Markup) -> Markup {
    let colours = colours(series);
    html! {
        ul.legend {
            @for (place, (one, colour)) in series.iter().zip(colours).enumerate() {
                li { svg viewBox="0 0 22 12" aria-hidden="true" { (mark(place, colour)) } (printable(&one.name)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_keep_their_colours_and_no_two_series_share_one() {
        let series: Vec<Series<f64>> = ["holdout", "synthetic", "synthetic, forest", "x"]
            .map(|name| Series::new(name, Vec::new()))
            .into();
        let colours = colours(&series);
        assert_eq!(colours[..2], ["c-holdout", "c-synthetic"]);
        assert!((0..4).all(|a| (0..a).all(|b| colours[a] != colours[b])), "{colours:?}");
    }
}
