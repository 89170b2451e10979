use std::collections::BTreeSet;

use lookalike_evaluate::{Evaluation, Family};

/// The families that an evaluation says anything about, in the order of a report.
pub(crate) fn families(evaluation: &Evaluation) -> BTreeSet<Family> {
    let measured = evaluation.metrics.iter().map(|metric| metric.family);
    measured.chain(evaluation.exhibits.iter().map(|exhibit| exhibit.family)).collect()
}

/// What the rows of an evaluation are to a reader: `images` where it is about these, else `rows`.
pub(crate) fn things(evaluation: &Evaluation) -> &'static str {
    if evaluation.metrics.iter().any(|metric| metric.name.starts_with("image-")) { "images" } else { "rows" }
}

/// A family's name.
pub(crate) fn name(family: Family) -> String {
    format!("{family:?}")
}

/// What a family asks.
pub(crate) fn question(family: Family, things: &str) -> String {
    let question = match family {
        Family::Validity => "Can the values be values of this table at all?",
        Family::Fidelity if things == "images" => "How like real images are synthetic ones?",
        Family::Fidelity => "How like the training table is the synthetic one?",
        Family::Utility => "Can one learn from the synthetic rows what one would learn from real ones?",
        Family::Privacy => "Were training rows copied, or do they show through?",
        _ => "How do groups of rows fare?",
    };
    question.replace("rows", things)
}

/// What to do about the weakest point of a family.
pub(crate) fn advice(family: Family, things: &str) -> &'static str {
    match family {
        Family::Fidelity if things == "images" => {
            "Look at the grids: are whole kinds lacking, or is every image a little wrong? A method that learns longer \
             (--epochs) or more training images usually help."
        }
        Family::Utility if things == "images" => {
            "Look at the classes that are told worst, learn from more images of them, and use the set for what it was \
             tested for only."
        }
        Family::Validity => {
            "Look at the columns with the most impossible cells: a wrong kind (see lookalike inspect) or a tool that \
             writes values differently is the usual cause."
        }
        Family::Fidelity => {
            "Look at the column or pair named here. A method that learns more (--effort high, or forest in the \
             place of copula), more training rows, or a corrected kind of the column usually helps."
        }
        Family::Utility => {
            "Name the target when learning (--target), learn from more rows, and check that its ties to the columns \
             that matter are kept; use the table for what it was tested for only."
        }
        Family::Privacy => {
            "Passing is no evidence of privacy. Decide with the people responsible for the data who may see this \
             table, and keep the protection of rare values on."
        }
        _ => "Look at the groups that fare worst, and do not use the table for decisions about them.",
    }
}
