//! `lookalike rebalance --study`

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use lookalike::evaluate::{PairedDifference, StudyVariant, VariantSeconds};
use lookalike::study::{
    ALL_METHODS, Study, StudyLearner, StudyOptions, StudyOutcome, USUAL_METHODS, study, variants,
};
use lookalike::{OutputFile, Protection, record, report};
use serde::Serialize;

use crate::commands::fit::protection;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::{ReadArgs, read};
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{GridColumn, ellipsis, grid, plural, printable, wrap};

/// What is said of a study.
#[derive(Debug, Args)]
#[command(next_help_heading = "With --study")]
pub(super) struct StudyArgs {
    /// The class that matters, as it is spelled in the table [default: the rarer of two]
    #[arg(long, value_name = "CLASS", requires = "study")]
    positive: Option<String>,
    /// What learns: forest, boosting or logistic [default: forest]
    #[arg(long, value_name = "LEARNER", requires = "study", value_parser = learner)]
    learner: Option<StudyLearner>,
    /// How often the rows are divided and everything is done again [default: 5]
    #[arg(long, value_name = "N", requires = "study")]
    repeats: Option<usize>,
    /// How many rows must share what a generator reproduces, or none [default: 5]
    #[arg(long, value_name = "UNITS", requires = "study", value_parser = protection)]
    protect: Option<Protection>,
    /// A page for people, an HTML file
    #[arg(long, value_name = "FILE", requires = "study")]
    report: Option<PathBuf>,
}

impl StudyArgs {
    pub(super) fn options(&self, target: usize) -> StudyOptions {
        let usual = StudyOptions::default();
        StudyOptions {
            target,
            positive: self.positive.clone(),
            learner: self.learner.unwrap_or(usual.learner),
            repeats: self.repeats.unwrap_or(usual.repeats),
            protection: self.protect.unwrap_or(usual.protection),
        }
    }

    /// The file for a page, if one is asked for.
    pub(super) fn page(&self) -> Option<&Path> {
        self.report.as_deref()
    }
}

#[derive(Debug, Serialize)]
struct StudyJson<'a> {
    study: &'a Study,
    /// Not the same in two runs, unlike all else.
    seconds: &'a [VariantSeconds],
    warnings: Vec<WarningJson<'a>>,
}

/// Asks of a table whether balancing it by these methods helps.
pub(super) fn run(
    (file, target, methods): (&Path, &str, &[String]),
    args: &StudyArgs,
    reading: &ReadArgs,
    session: &Session,
) -> Result<Exit> {
    let methods: Vec<String> = match methods {
        [] => USUAL_METHODS.map(str::to_owned).to_vec(),
        [all] if all == "all" => ALL_METHODS.map(str::to_owned).to_vec(),
        named => named.to_vec(),
    };
    let variants = variants(&methods)?;
    let json = session.json(None)?;
    let page = args.page().map(OutputFile::create).transpose()?;
    let (reading, mut warnings) = read(file, reading, session.progress())?;
    let options = args.options(reading.table.schema().index_of(target).map_err(lookalike::Error::from)?);
    let outcome = study(&reading.table, &variants, &options, &session.context())?;
    warnings.extend_from_slice(&outcome.warnings);
    show(&outcome, &mut session.out()).map_err(Failure::Output)?;
    session.warn(&warnings);
    if let Some(mut page) = page {
        record::write_text(&mut page, &report::render_study(&outcome.study, &outcome.seconds))?;
        page.finish()?;
    }
    json.write(&StudyJson {
        study: &outcome.study,
        seconds: &outcome.seconds,
        warnings: warnings_json(&warnings),
    })?;
    Ok(Exit::Fine)
}

/// What is shown of each variant: the measure, and its title in few signs.
const COLUMNS: [(&str, &str); 10] = [
    ("error", "error"),
    ("positive-error", "pos."),
    ("negative-error", "neg."),
    ("balanced-accuracy", "bal."),
    ("roc-auc", "ROC"),
    ("average-precision", "PR"),
    ("recall-at-precision-75", "R@P75"),
    ("precision-at-recall-80", "P@R80"),
    ("brier", "Brier"),
    ("calibration-error", "calib"),
];

fn show(outcome: &StudyOutcome, out: &mut dyn Write) -> io::Result<()> {
    let (study, width) = (&outcome.study, width());
    let [negative, positive] = &study.classes;
    let head = format!(
        "{}: {positive} against {negative}, {} learns from {}, {} to choose by, {} to judge with, {}",
        study.target,
        study.learner,
        plural(study.rows.train as u64, "row"),
        plural(study.rows.validation as u64, "row"),
        plural(study.rows.test as u64, "row"),
        plural(study.repeats as u64, "repeat"),
    );
    write!(out, "{}", wrap(&printable(&head), "", width))?;
    writeln!(out)?;
    let number = |title| GridColumn { title, right: true, widest: 8 };
    let mut columns = vec![GridColumn { title: "learned from", right: false, widest: 24 }];
    columns.extend(COLUMNS.map(|(_, title)| number(title)));
    columns.push(number("s"));
    let rows: Vec<Vec<String>> = study.variants.iter().map(|variant| cells(variant, outcome)).collect();
    write!(out, "{}", grid(&columns, &rows, width, ellipsis()))?;
    writeln!(out)?;
    let legend = "Means over the repeats, on test rows. pos., neg.: share of the positive and negative rows that are taken \
                  for the other class; bal.: balanced accuracy; ROC, PR: areas under these curves; R@P75: recall at \
                  precision 0.75; P@R80: precision at recall 0.80; calib: calibration error; s: seconds. Indented: the same \
                  with the threshold chosen on validation";
    write!(out, "{}", wrap(legend, "", width))?;
    if study.repeats > 1 {
        writeln!(out)?;
        let difference = |title| GridColumn { title, right: true, widest: 30 };
        let columns = [
            GridColumn { title: "difference (95 %)", right: false, widest: 24 },
            difference("bal. to threshold moved"),
            difference("PR to untouched"),
            difference("ROC to untouched"),
        ];
        let rows: Vec<Vec<String>> = study.variants.iter().map(differences).collect();
        write!(out, "{}", grid(&columns, &rows, width, ellipsis()))?;
    }
    writeln!(out)?;
    for sentence in &study.sentences {
        write!(out, "{}", wrap(&printable(&format!("- {sentence}")), "  ", width))?;
    }
    if !study.not_tried.is_empty() {
        writeln!(out, "\nNot tried:")?;
        for not in &study.not_tried {
            write!(out, "{}", wrap(&printable(&format!("- {}: {}", not.name, not.reason)), "  ", width))?;
        }
    }
    Ok(())
}

/// A name where names repeat: the same rows with the threshold moved stand indented below those without.
fn short(variant: &StudyVariant) -> String {
    match variant.name.as_str() {
        "threshold moved" => "  threshold moved".to_owned(),
        "generator chosen on validation" => "chosen generator".to_owned(),
        name if name.ends_with(", threshold moved") => "  threshold moved".to_owned(),
        name => name.to_owned(),
    }
}

fn cells(variant: &StudyVariant, outcome: &StudyOutcome) -> Vec<String> {
    let seconds = outcome.seconds.iter().find(|own| own.name == variant.name);
    let mut cells = vec![short(variant)];
    cells.extend(
        COLUMNS.map(|(name, _)| {
            variant.mean(name).map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"))
        }),
    );
    cells.push(seconds.map_or_else(String::new, |own| format!("{:.1}", own.seconds)));
    cells
}

fn differences(variant: &StudyVariant) -> Vec<String> {
    let text = |difference: Option<PairedDifference>| {
        difference.map_or_else(|| "-".to_owned(), |own| format!("{:+.4} ± {:.4}", own.mean, own.reach()))
    };
    let of = |name: &str| variant.figure(name);
    vec![
        short(variant),
        text(of("balanced-accuracy").and_then(|own| own.to_moved_threshold)),
        text(of("average-precision").and_then(|own| own.to_untouched)),
        text(of("roc-auc").and_then(|own| own.to_untouched)),
    ]
}

fn learner(text: &str) -> std::result::Result<StudyLearner, String> {
    StudyLearner::from_name(text).ok_or_else(|| "there are forest, boosting and logistic".to_owned())
}
