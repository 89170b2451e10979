//! Whether rebalancing helps, on several public tables, as a page in Markdown.

use std::fmt::Write as _;
use std::path::Path;

use lookalike::evaluate::{CHOSEN_GENERATOR, MOVED_THRESHOLD, PairedDifference, UNTOUCHED, VariantKind};
use lookalike::study::{Study, StudyLearner, StudyOptions, StudyOutcome, study, variants};
use lookalike::{Context, Seed};

use crate::tables::read;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// A table with a rare class.
struct Case {
    name: &'static str,
    file: &'static str,
    target: &'static str,
    /// Columns that would give the target away.
    without: &'static [&'static str],
    note: &'static str,
}

const CASES: [Case; 6] = [
    Case { name: "Adult", file: "adult_train.csv", target: "income", without: &[], note: "" },
    Case {
        name: "Bank marketing",
        file: "bank_marketing.csv",
        target: "y",
        without: &["duration"],
        note: "without `duration`, which is known only after the call",
    },
    Case {
        name: "Default of credit cards",
        file: "default_credit.csv",
        target: "default.payment.next.month",
        without: &["ID"],
        note: "",
    },
    Case { name: "Mammography", file: "imbalanced/mammography.csv", target: "class", without: &[], note: "" },
    Case {
        name: "AI4I 2020",
        file: "ai4i2020.csv",
        target: "Machine failure",
        without: &["UDI", "Product ID", "TWF", "HDF", "PWF", "OSF", "RNF"],
        note: "without the modes of failure, of which the target is made",
    },
    Case { name: "German credit", file: "german_credit.csv", target: "default", without: &[], note: "" },
];

/// What stands in the page's tables.
const MEASURES: [(&str, &str); 10] = [
    ("error", "error"),
    ("positive-error", "positives' error"),
    ("negative-error", "negatives' error"),
    ("balanced-accuracy", "balanced accuracy"),
    ("roc-auc", "ROC-AUC"),
    ("average-precision", "PR-AUC"),
    ("recall-at-precision-75", "recall at precision .75"),
    ("precision-at-recall-80", "precision at recall .80"),
    ("brier", "Brier"),
    ("calibration-error", "calibration error"),
];

const INTRODUCTION: &str = "\
# Does rebalancing help?

Made by `lookalike-bench study`; every figure is from one run. For each table the rows are divided class by class into a
part to learn from (64 %), one to choose by (16 %) and one to judge with (20 %), several times. Resamplers and generators see
the first part alone; how many rows are added, thresholds and the best generator are chosen on the second; the third is
looked at once. ± are half the widths of 95 % intervals of paired differences, by Student's t, widened for divisions that
share rows (Nadeau and Bengio 2003, <https://doi.org/10.1023/A:1024068626366>).

";

const CONCLUSIONS: &str = "\
## What one may conclude, and what not

- Where the threshold can be moved, move it on rows held out: compare every method with that, not with the threshold 0.5.
  A method that only moves rows from one kind of error to the other has learned nothing new; the areas under the curves tell.
- A difference whose interval holds 0 may be chance. One that does not may still be too small to matter.
- Rows that were added, and weights, make probabilities too high for the rare class. Calibrate them before they are used.
- Nothing here says that a method is better on other tables, for other learners or with fewer rows. `lookalike rebalance --study` asks
  the question of yours.
";

pub(crate) fn run(
    folder: &Path,
    output: Option<&Path>,
    repeats: usize,
    learner: &str,
    methods: &[String],
    only: &[String],
) -> Result<()> {
    let learner = StudyLearner::from_name(learner).ok_or("there are forest, boosting and logistic")?;
    let mut page = INTRODUCTION.to_owned();
    let _ = writeln!(
        page,
        "Here: {repeats} divisions, seed 1, the learner `{}` for all variants alike, and the methods {}.\n",
        learner.name(),
        methods.join(", ")
    );
    let mut sections = String::new();
    let mut summary = "\
| table | rows | positive | untouched: balanced accuracy, PR-AUC | threshold moved: balanced accuracy | chosen generator adds: balanced accuracy | chosen generator adds: PR-AUC | ahead by PR-AUC |
|---|---|---|---|---|---|---|---|
"
    .to_owned();
    let wanted = |case: &&Case| {
        only.is_empty() || only.iter().any(|word| case.file.to_lowercase().contains(&word.to_lowercase()))
    };
    for case in CASES.iter().filter(wanted) {
        let path = folder.join(case.file);
        if !path.exists() {
            let _ = writeln!(sections, "## {}\n\n`{}` was not there.\n", case.name, case.file);
            continue;
        }
        let table = read(&path)?;
        let kept: Vec<usize> = (0..table.n_columns())
            .filter(|&column| !case.without.contains(&table.schema().columns[column].name.as_str()))
            .collect();
        let table = table.select(&kept);
        let target = table.schema().index_of(case.target)?;
        let options = StudyOptions { target, learner, repeats, ..StudyOptions::default() };
        let outcome = study(&table, &variants(methods)?, &options, &Context::new(Seed::new(1)))?;
        let text = section(case, &outcome);
        println!("{text}");
        sections += &text;
        summary += &line(case, &outcome.study);
    }
    page += &summary;
    page.push('\n');
    page += &sections;
    page += CONCLUSIONS;
    println!("{summary}");
    if let Some(output) = output {
        std::fs::write(output, page)?;
    }
    Ok(())
}

fn section(case: &Case, StudyOutcome { study, seconds, .. }: &StudyOutcome) -> String {
    let mut text = format!("## {}\n\n", case.name);
    let rows = study.rows;
    let note = if case.note.is_empty() { String::new() } else { format!("; {}", case.note) };
    let _ = writeln!(
        text,
        "To predict `{}`: {} rows to learn from, {} to choose by, {} to judge with{note}.\n",
        study.target, rows.train, rows.validation, rows.test
    );
    let titles: Vec<&str> = MEASURES.iter().map(|(_, title)| *title).collect();
    let _ = writeln!(text, "| variant | {} | s |", titles.join(" | "));
    let _ = writeln!(text, "|---|{}", "---|".repeat(titles.len() + 1));
    for variant in &study.variants {
        let _ = write!(text, "| {} |", variant.name);
        for (name, _) in MEASURES {
            let value = variant.mean(name).map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
            let _ = write!(text, " {value} |");
        }
        let own = seconds.iter().find(|own| own.name == variant.name);
        let _ = writeln!(text, " {} |", own.map_or_else(String::new, |own| format!("{:.1}", own.seconds)));
    }
    text.push('\n');
    for sentence in &study.sentences {
        let _ = writeln!(text, "- {sentence}");
    }
    for not in &study.not_tried {
        let _ = writeln!(text, "- Not tried: {}: {}.", not.name, not.reason);
    }
    text.push('\n');
    text
}

fn line(case: &Case, study: &Study) -> String {
    let mean = |variant: &str, name: &str| {
        let value = study.variant(variant).and_then(|own| own.mean(name));
        value.map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"))
    };
    let chosen = |name: &str, moved: bool| -> String {
        let figure = study.variant(CHOSEN_GENERATOR).and_then(|own| own.figure(name));
        let paired: Option<PairedDifference> =
            figure.and_then(|own| if moved { own.to_moved_threshold } else { own.to_untouched });
        paired.map_or_else(|| "–".to_owned(), |own| format!("{:+.3} ± {:.3}", own.mean, own.reach()))
    };
    let ahead = study
        .variants
        .iter()
        .filter(|own| own.kind == VariantKind::Control || own.name == CHOSEN_GENERATOR)
        .filter_map(|own| Some((own.name.as_str(), own.mean("average-precision")?)))
        .reduce(|best, own| if own.1 > best.1 { own } else { best });
    let all = study.rows.train + study.rows.validation + study.rows.test;
    format!(
        "| {} | {all} | {:.1} % | {}, {} | {} | {} | {} | {} |\n",
        case.name,
        100.0 * study.rows.positive_share,
        mean(UNTOUCHED, "balanced-accuracy"),
        mean(UNTOUCHED, "average-precision"),
        mean(MOVED_THRESHOLD, "balanced-accuracy"),
        chosen("balanced-accuracy", true),
        chosen("average-precision", false),
        ahead.map_or("–", |(name, _)| name)
    )
}
