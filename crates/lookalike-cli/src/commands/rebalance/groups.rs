//! `lookalike rebalance --study --by`

use std::io::{self, Write};

use lookalike::evaluate::PairedDifference;
use lookalike::study::{GROUP_METHODS, GroupOptions, GroupStudy, GroupVariant, groups};
use serde::Serialize;

use super::RebalanceArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::reading::read;
use crate::session::{Session, WarningJson, warnings_json, width};
use crate::text::{GridColumn, ellipsis, grid, percent, plural, printable, wrap};

#[derive(Debug, Serialize)]
struct GroupsJson<'a> {
    groups: &'a GroupStudy,
    warnings: Vec<WarningJson<'a>>,
}

/// Asks of a table whether balancing groups makes their errors more alike.
pub(super) fn run(args: &RebalanceArgs, session: &Session) -> Result<Exit> {
    if args.study_args.page().is_some() {
        return Err(Failure::options("a study of groups has no page: leave --report out, or --by"));
    }
    let methods =
        if args.method.is_empty() { GROUP_METHODS.map(str::to_owned).to_vec() } else { args.method.clone() };
    for name in &methods {
        lookalike::rebalance::method(name)?;
    }
    let json = session.json(None)?;
    let (reading, mut warnings) = read(&args.file, &args.reading, session.progress())?;
    let schema = reading.table.schema();
    let column = |name: &str| schema.index_of(name).map_err(lookalike::Error::from);
    let options = GroupOptions {
        study: args.study_args.options(column(&args.target)?),
        by: args.by.iter().map(|name| column(name)).collect::<std::result::Result<_, _>>()?,
        within: args.within,
        methods,
    };
    let found = groups(&reading.table, &options, &session.context())?;
    warnings.extend_from_slice(&found.warnings);
    show(&found, &mut session.out()).map_err(Failure::Output)?;
    session.warn(&warnings);
    json.write(&GroupsJson { groups: &found, warnings: warnings_json(&warnings) })?;
    Ok(Exit::Fine)
}

/// What is shown of each variant: the measure, its title in few signs, and whether its difference is shown.
const COLUMNS: [(&str, &str, bool); 6] = [
    ("error", "error", true),
    ("balanced-accuracy", "bal.", false),
    ("roc-auc", "ROC", false),
    ("average-precision", "PR", false),
    ("equalized-odds-difference", "odds", true),
    ("demographic-parity-difference", "parity", false),
];

fn show(study: &GroupStudy, out: &mut dyn Write) -> io::Result<()> {
    let width = width();
    let [negative, positive] = &study.classes;
    let head = format!(
        "{} by {}: {positive} against {negative}, {} learns from {}, {} to judge with, {}",
        study.target,
        study.by.join(", "),
        study.learner,
        plural(study.rows[0] as u64, "row"),
        plural(study.rows[1] as u64, "row"),
        plural(study.repeats as u64, "repeat"),
    );
    write!(out, "{}", wrap(&printable(&head), "", width))?;
    writeln!(out)?;
    let column = |title, right, widest| GridColumn { title, right, widest };
    let mut columns = vec![column("learned from", false, 24)];
    for (_, title, differs) in COLUMNS {
        columns.push(column(title, true, 8));
        if differs {
            columns.push(column("to untouched", true, 20));
        }
    }
    let rows: Vec<Vec<String>> = study.variants.iter().map(cells).collect();
    write!(out, "{}", grid(&columns, &rows, width, ellipsis()))?;
    writeln!(out)?;
    let legend = "Means over the repeats, on test rows, at the threshold 0.5. bal.: balanced accuracy; ROC, PR: areas under \
                  these curves; odds: equalised odds difference; parity: demographic parity difference; differences with \
                  95 % intervals";
    write!(out, "{}", wrap(legend, "", width))?;
    writeln!(out)?;
    let columns = [
        column("learned from", false, 24),
        column("group", false, 30),
        column("rows", true, 12),
        column("positive", true, 9),
        column("TPR", true, 8),
        column("FPR", true, 8),
    ];
    let rate = |rate: Option<f64>| rate.map_or_else(|| "-".to_owned(), |rate| format!("{rate:.3}"));
    let mut rows = Vec::new();
    for variant in &study.variants {
        for (number, group) in variant.groups.iter().enumerate() {
            rows.push(vec![
                if number == 0 { variant.name.clone() } else { String::new() },
                printable(&group.group).into_owned(),
                lookalike::report::count(group.rows as u64),
                percent(group.positive_share),
                rate(group.true_positive_rate),
                rate(group.false_positive_rate),
            ]);
        }
    }
    write!(out, "{}", grid(&columns, &rows, width, ellipsis()))?;
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

fn cells(variant: &GroupVariant) -> Vec<String> {
    let mut cells = vec![variant.name.clone()];
    for (name, _, differs) in COLUMNS {
        let figure = variant.figure(name);
        let mean = figure.and_then(|own| own.mean);
        cells.push(mean.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}")));
        if differs {
            let difference: Option<PairedDifference> = figure.and_then(|own| own.to_untouched);
            cells.push(
                difference.map_or_else(String::new, |own| format!("{:+.3} ± {:.3}", own.mean, own.reach())),
            );
        }
    }
    cells
}
