//! A study of rebalancing.

use lookalike_evaluate::{
    CHOSEN_GENERATOR, MOVED_THRESHOLD, PairedDifference, STUDY_MEASURES, Series, Shape, Study, StudyFigure,
    StudyVariant, UNTOUCHED, VariantKind, VariantSeconds,
};
use maud::{Markup, html};

use super::frame;
use super::scores::key;
use crate::chart;
use crate::chart::intervals::Row;
use crate::text::{count, figure, name, printable, sentence, short};

/// What no figure of a study can say.
const CAUTIONS: [&str; 4] = [
    "What holds for this table, target and learner may not hold for others.",
    "Repeats divide the same rows again, so they are not independent. Intervals are widened for that (Nadeau and Bengio \
     2003), and still say nothing of rows from elsewhere.",
    "Among many variants one is ahead by luck. The generator that is compared was chosen on validation rows, before test \
     rows were looked at.",
    "Rows that were added are no evidence: they hold nothing that the real ones do not.",
];

/// The variants whose confusion is drawn.
const DRAWN: [&str; 4] = [UNTOUCHED, MOVED_THRESHOLD, "class weights", CHOSEN_GENERATOR];

pub(crate) fn page(study: &Study, seconds: &[VariantSeconds]) -> Markup {
    let sections = html! {
        li { a href="#short-title" { "In short" } }
        li { a href="#figures" { "Figures" } }
        li { a href="#differences" { "Differences" } }
        li { a href="#confusion" { "Confusion" } }
        li { a href="#classes" { "Classes" } }
        li { a href="#settings" { "Settings" } }
    };
    let content = html! {
        (in_short(study))
        (figures(study, seconds))
        (differences(study))
        (confusion(study))
        (classes(study))
        (settings(study))
    };
    frame("lookalike study", &head(study), &sections, &content)
}

fn head(study: &Study) -> Markup {
    let rows = study.rows;
    html! {
        header {
            h1 { "Does rebalancing help?" }
            p.lead {
                "To predict: " (name(&study.target)) ", " (name(&study.classes[1])) " against " (name(&study.classes[0])) ". "
                "Learned from " (count(rows.train)) " rows, chosen by " (count(rows.validation)) ", judged by "
                (count(rows.test)) "; " (study.repeats) @if study.repeats == 1 { " division." } @else { " divisions." }
            }
        }
    }
}

fn in_short(study: &Study) -> Markup {
    html! {
        section aria-labelledby="short-title" {
            h2 #short-title { "In short" }
            ul { @for one in &study.sentences { li { (sentence(one)) } } }
            div.caution role="note" aria-label="What this cannot say" {
                h3 { "What this cannot say" }
                ul { @for caution in CAUTIONS { li { (caution) } } }
            }
            @if !study.not_tried.is_empty() {
                h3 { "Not tried" }
                ul { @for not in &study.not_tried { li { (printable(&not.name)) ": " (sentence(&not.reason)) } } }
            }
        }
    }
}

fn figures(study: &Study, seconds: &[VariantSeconds]) -> Markup {
    let value = |own: &StudyFigure| own.mean.map_or_else(|| "–".to_owned(), |mean| format!("{mean:.3}"));
    html! {
        section #figures aria-labelledby="figures-title" {
            h2 #figures-title { "Figures" }
            p.lead { "How each variant does on test rows, on average." }
            div.scroll tabindex="0" role="region" aria-label="figures of variants" { table.scores.sorts {
                caption { "Errors are shares of the rows, of the positive and of the negative ones. Seconds are those of making rows and learning from them." }
                thead { tr {
                    th scope="col" { "variant" }
                    th scope="col" { "sort" }
                    @for measure in STUDY_MEASURES { th.number scope="col" { (measure.title) } }
                    @if !seconds.is_empty() { th.number scope="col" { "seconds" } }
                } }
                tbody { @for variant in &study.variants { tr {
                    th scope="row" { (printable(&variant.name)) }
                    td { (kind(variant.kind)) }
                    @for own in &variant.figures { td.number data-key=(key(own.mean)) { (value(own)) } }
                    @if !seconds.is_empty() {
                        @let own = seconds.iter().find(|own| own.name == variant.name);
                        td.number { @if let Some(own) = own { (format!("{:.1}", own.seconds)) } }
                    }
                } } }
            } }
        }
    }
}

fn kind(kind: VariantKind) -> &'static str {
    match kind {
        VariantKind::Control => "control",
        VariantKind::Resampler => "resampler",
        VariantKind::Generative => "generator",
        _ => "other",
    }
}

fn colour(kind: VariantKind) -> &'static str {
    match kind {
        VariantKind::Control => "c-training",
        VariantKind::Generative => "c-synthetic",
        _ => "c-baseline",
    }
}

fn differences(study: &Study) -> Markup {
    let rows = |measure: &str, against: fn(&StudyFigure) -> Option<PairedDifference>| -> Vec<Row<'_>> {
        let of = |variant: &'_ StudyVariant| variant.figure(measure).and_then(against);
        study
            .variants
            .iter()
            .filter_map(|variant| {
                let difference = of(variant)?;
                Some(Row {
                    name: &variant.name,
                    colour: colour(variant.kind),
                    value: difference.mean,
                    interval: difference.interval,
                })
            })
            .collect()
    };
    let panels = [
        (
            "balanced-accuracy",
            "Balanced accuracy, against the moved threshold",
            rows("balanced-accuracy", |own| own.to_moved_threshold),
        ),
        (
            "average-precision",
            "PR-AUC, against untouched rows",
            rows("average-precision", |own| own.to_untouched),
        ),
        ("roc-auc", "ROC-AUC, against untouched rows", rows("roc-auc", |own| own.to_untouched)),
        (
            "brier",
            "Brier score (lower is better), against untouched rows",
            rows("brier", |own| own.to_untouched),
        ),
    ];
    html! {
        section #differences aria-labelledby="differences-title" {
            h2 #differences-title { "Differences" }
            p.lead { "What each variant adds, division by division, with intervals of 95 %." }
            @if study.repeats < 2 { p { "One division tells nothing of chance, so there is no interval." } }
            @for (id, title, rows) in &panels { @if !rows.is_empty() {
                figure.exhibit {
                    h3 { (title) }
                    figcaption { "To the right of the line a variant has more. Controls are grey, generators orange." }
                    (chart::intervals::draw(&format!("difference-{id}"), title, rows))
                    details {
                        summary { "Values as a table" }
                        div.scroll { table.parts {
                            thead { tr { th scope="col" { "variant" } th.number scope="col" { "difference" } th.number scope="col" { "95 % interval" } } }
                            tbody { @for row in rows { tr {
                                th scope="row" { (printable(row.name)) }
                                td.number { (figure(row.value)) }
                                td.number { (figure(row.interval[0])) " – " (figure(row.interval[1])) }
                            } } }
                        } }
                    }
                }
            } }
        }
    }
}

fn confusion(study: &Study) -> Markup {
    let names: Vec<String> = study.classes.to_vec();
    let drawn = study.variants.iter().filter(|variant| DRAWN.contains(&variant.name.as_str()));
    let shares = |variant: &StudyVariant| -> Vec<Vec<Option<f64>>> {
        variant
            .confusion
            .iter()
            .map(|row| {
                let all = row[0] + row[1];
                row.iter().map(|cell| (all > 0.0).then_some(cell / all)).collect()
            })
            .collect()
    };
    let shape = Shape::Matrix {
        row_title: "true class".to_owned(),
        column_title: "taken for".to_owned(),
        rows: names.clone(),
        columns: names,
        series: drawn.map(|variant| Series::new(&variant.name, shares(variant))).collect(),
        scale: [0.0, 1.0],
    };
    html! {
        section #confusion aria-labelledby="confusion-title" {
            h2 #confusion-title { "Confusion" }
            p.lead { "What test rows of each class were taken for." }
            figure.exhibit {
                figcaption { "Shares of the rows of each true class." }
                (chart::draw("figure-confusion", "Confusion of classes", &shape))
            }
            details {
                summary { "Rows of all variants" }
                div.scroll { table.parts {
                    caption { "Test rows on average: of the negative class taken for negative and positive, of the positive class taken for negative and positive." }
                    thead { tr {
                        th scope="col" { "variant" }
                        @for title in ["true negatives", "false positives", "false negatives", "true positives"] { th.number scope="col" { (title) } }
                    } }
                    tbody { @for variant in &study.variants { tr {
                        th scope="row" { (printable(&variant.name)) }
                        @for cell in variant.confusion.concat() { td.number { (format!("{cell:.1}")) } }
                    } } }
                } }
            }
        }
    }
}

fn classes(study: &Study) -> Markup {
    let before = study.variants.first().map_or([0.0; 2], |variant| variant.learned[0]);
    let different: Vec<&StudyVariant> =
        study.variants.iter().filter(|variant| variant.learned[1] != before).collect();
    let mut names = vec!["before".to_owned()];
    names.extend(different.iter().map(|variant| variant.name.clone()));
    let mut counts = vec![before];
    counts.extend(different.iter().map(|variant| variant.learned[1]));
    let series = |class: usize| {
        let values = counts.iter().map(|own| own[class]).collect();
        Series::new(&short(&study.classes[class]), values)
    };
    let shape = Shape::Bars {
        value_title: "rows learned from".to_owned(),
        names,
        series: vec![series(0), series(1)],
    };
    html! {
        section #classes aria-labelledby="classes-title" {
            h2 #classes-title { "Classes" }
            p.lead { "How many rows of each class there are to learn from, before and after." }
            figure.exhibit { (chart::draw("figure-classes", "Rows of each class", &shape)) }
        }
    }
}

fn settings(study: &Study) -> Markup {
    let setting = |text: &str| if text.is_empty() { "–".to_owned() } else { printable(text) };
    html! {
        section #settings aria-labelledby="settings-title" {
            h2 #settings-title { "Settings" }
            p.lead { "What validation chose in each division." }
            div.scroll { table.parts {
                thead { tr {
                    th scope="col" { "variant" }
                    @for number in 1..=study.repeats { th scope="col" { (number) } }
                } }
                tbody { @for variant in &study.variants { tr {
                    th scope="row" { (printable(&variant.name)) }
                    @for text in &variant.settings { td { (setting(text)) } }
                } } }
            } }
            p.quiet { "Learner: " (printable(&study.learner)) ". Seed: " (study.seed) "." }
        }
    }
}
