//! Whether measures tell good from bad: fresh real rows, the forest, the copula and independent columns, judged on every
//! table of a folder, must never be significantly out of this order.

use std::path::Path;

use lookalike::evaluate::Wanted;
use lookalike::{AnySynthesizer, Context, FitOptions, Judging, SampleRequest, Seed, Table};

use crate::sides::Sides;
use crate::significance::{self, Verdict};
use crate::tables::{self, tables_in};

/// Measures of how columns belong together, and whether the lower figure is the better one.
const MEASURES: [(&str, bool); 9] = [
    ("trend", false),
    ("accuracy-2", false),
    ("association-similarity", false),
    ("wnmis", false),
    ("c2st", false),
    ("coverage", false),
    ("alpha-precision", false),
    ("mmd", true),
    ("tstr", false),
];

/// From the best to the worst.
const ORDER: [&str; 4] = ["real rows", "forest", "copula", "independent"];

/// One figure per measure, NaN where there is none.
type Figures = [f64; MEASURES.len()];

pub(crate) fn run(
    folder: &Path,
    output: Option<&Path>,
    splits: u64,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut page = format!(
        "# Do measures tell good from bad?\n\n\
         Made by `cargo run --release -p lookalike-bench -- discrimination FOLDER --splits {splits}`: generators learn from \
         two fifths of a table's rows. Of the others a third is what all are judged against, a third is its holdout, and a \
         third stands for a perfect generator; so neither the generators nor the real rows have an advantage. Figures are \
         means over the splits; all are better when higher, but for `mmd`. Two neighbours are *out of order* where the one \
         that should be worse is better by Student's paired t-test at 5 %, two-sided.\n\n\
         Three things are expected. Where few rows are learned, the forest may truly be worse than the copula. `trend`, \
         as SDMetrics defines it, cuts numbers into bins of each table's own range, which the outermost value decides: tables \
         without such values can agree better than two samples of real rows do. And of pairs that are equal, one in forty is \
         out of order by luck.\n\n\
         Judged against the very rows that were learned, as people do who have no others, a generator can score above fresh \
         real rows, and copies would score best of all: which is why floors and privacy stand beside every score.\n\n"
    );
    println!("{page}");
    let (mut compared, mut wrong) = (0, Vec::new());
    for file in tables_in(folder)? {
        let name = file.strip_prefix(folder)?.with_extension("").display().to_string();
        let section = match lines(&file, splits) {
            Ok(lines) => {
                for place in 1..lines.len() {
                    for (measure, &(title, lower)) in MEASURES.iter().enumerate() {
                        let column = |line: &Vec<Figures>| -> Vec<f64> {
                            line.iter()
                                .map(|figures| figures[measure] * if lower { -1.0 } else { 1.0 })
                                .collect()
                        };
                        let verdict =
                            significance::compare(&column(&lines[place - 1]), &column(&lines[place]));
                        compared += usize::from(verdict.is_some());
                        if verdict == Some(Verdict::Worse) {
                            wrong.push(format!(
                                "{name}, `{title}`: {} and {}",
                                ORDER[place - 1],
                                ORDER[place]
                            ));
                        }
                    }
                }
                format!("## {name}\n\n{}\n", table(&lines))
            }
            Err(error) => format!("## {name}\n\nThere are no figures: {error}.\n\n"),
        };
        print!("{section}");
        page.push_str(&section);
    }
    let mut summary = format!("Of {compared} pairs of neighbours {} are out of order", wrong.len());
    if !wrong.is_empty() {
        summary = summary + ": " + &wrong.join("; ");
    }
    println!("{summary}.");
    if let Some(path) = output {
        std::fs::write(path, page + &summary + ".\n")?;
    }
    Ok(())
}

/// The figures of each split, for each of [`ORDER`].
fn lines(file: &Path, splits: u64) -> Result<[Vec<Figures>; ORDER.len()], Box<dyn std::error::Error>> {
    let whole = tables::read(file)?;
    let target = tables::target(&whole);
    let mut lines: [Vec<Figures>; ORDER.len()] = Default::default();
    for split in 1..=splits {
        let context = Context::new(Seed::new(split));
        let Sides { train: learned, holdout: unseen } = Sides::of(&whole, 0.6, &context)?;
        let Sides { train: judged, holdout: perfect } =
            Sides::of(&unseen, 1.0 / 3.0, &Context::new(Seed::new(split + 1000)))?;
        let sides = Sides::of(&judged, 0.5, &Context::new(Seed::new(split + 2000)))?;
        for (line, name) in lines.iter_mut().zip(ORDER) {
            line.push(match AnySynthesizer::from_name(name) {
                None => figures(&sides, &perfect, target, &context)?,
                Some(method) => {
                    let options = |target| FitOptions { target, ..FitOptions::default() };
                    // A class may be too rare to be protected; then the target is learned as any column.
                    let model = method
                        .fit(&learned, &options(target), &context)
                        .or_else(|_| method.fit(&learned, &options(None), &context))?;
                    let rows = SampleRequest::rows(perfect.n_rows() as u64);
                    figures(&sides, &model.sample(&rows, &context)?.collect_table()?, target, &context)?
                }
            });
        }
    }
    Ok(lines)
}

fn figures(
    sides: &Sides,
    synthetic: &Table,
    target: Option<usize>,
    context: &Context<'_>,
) -> lookalike::Result<Figures> {
    let judging = Judging {
        holdout: Some(&sides.holdout),
        roles: FitOptions { target, ..FitOptions::default() },
        wanted: Wanted::These(MEASURES.iter().map(|(name, _)| (*name).to_owned()).collect()),
        intervals: false,
        ..Judging::new(&sides.train, synthetic)
    };
    let evaluation = lookalike::judge(&judging, context)?;
    Ok(MEASURES.map(|(name, _)| {
        evaluation.metric(name).and_then(|measurement| measurement.value).unwrap_or(f64::NAN)
    }))
}

/// The means in Markdown.
fn table(lines: &[Vec<Figures>; ORDER.len()]) -> String {
    let titles: Vec<&str> = MEASURES.iter().map(|(name, _)| *name).collect();
    let mut rows = vec![format!("| | {} |", titles.join(" | ")), "|---".repeat(MEASURES.len() + 1) + "|"];
    for (name, splits) in ORDER.iter().zip(lines) {
        let cells: Vec<String> = (0..MEASURES.len())
            .map(|measure| {
                let mean = splits.iter().map(|figures| figures[measure]).sum::<f64>() / splits.len() as f64;
                if mean.is_finite() { format!("{mean:.4}") } else { "–".to_owned() }
            })
            .collect();
        rows.push(format!("| {name} | {} |", cells.join(" | ")));
    }
    rows.join("\n") + "\n"
}
