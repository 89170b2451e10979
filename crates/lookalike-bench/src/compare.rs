//! Our methods and a peer's beside each other on every table of a folder, as a page: means over several splits, and
//! whether the forest's are lower by more than luck.

use std::path::Path;

use lookalike::synth::Error::RareTargetClass;
use lookalike::{AnySynthesizer, Error};

use crate::measure::Cost;
use crate::peer;
use crate::protocol::{self, Figures, Trial};
use crate::significance::{self, Verdict};
use crate::tables::{self, tables_in};

/// The columns of a table of scores.
const SCORES: [&str; 6] = ["trend", "c2st", "tstr", "dcr-share", "copies", "fit s"];
/// So many of them, the first, say which method is better.
const DECISIVE: usize = 3;

/// One figure for each of [`SCORES`], NaN where there is none.
type Scores = [f64; SCORES.len()];

/// Who makes look-alikes.
enum Contestant<'a> {
    Ours(AnySynthesizer),
    /// SDV's Gaussian copula, run by this Python interpreter.
    Peer(&'a Path),
}

impl Contestant<'_> {
    /// All of them, the forest first.
    fn all<'a>(
        methods: &[String],
        python: Option<&'a Path>,
    ) -> Result<Vec<Contestant<'a>>, Box<dyn std::error::Error>> {
        let others = methods.iter().filter(|name| *name != "forest");
        let names = std::iter::once("forest").chain(others.map(String::as_str));
        let ours = names.map(|name| protocol::method(name, None).map(Contestant::Ours));
        ours.chain(python.map(|python| Ok(Contestant::Peer(python)))).collect()
    }

    fn name(&self) -> &'static str {
        match self {
            Contestant::Ours(method) => method.name(),
            Contestant::Peer(_) => "SDV's copula",
        }
    }

    /// What comes of a trial, or in a few words why nothing does.
    fn run(&self, trial: &Trial) -> Result<Figures, String> {
        let judged = match self {
            Contestant::Ours(method) => match trial.run(method, trial.target) {
                // That a class is too rare is an error on purpose; the page shows what can be done without the target.
                Err(Error::Synth(RareTargetClass { .. })) => trial.run(method, None),
                done => done,
            }
            .map(|(_, figures)| figures),
            Contestant::Peer(python) => {
                let (draws, wall) = peer::gaussian_copula(python, &trial.sides.train)?;
                trial.judge(&draws, Cost { wall, cpu: None })
            }
        };
        judged.map_err(|error| error.to_string())
    }
}

/// What came of one table.
struct Results {
    floor: Vec<Scores>,
    /// For each contestant its name, and its scores in each split.
    lines: Vec<(&'static str, Result<Vec<Scores>, String>)>,
}

pub(crate) fn run(
    folder: &Path,
    output: Option<&Path>,
    splits: u64,
    methods: &[String],
    python: Option<&Path>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut page = head(splits, python.is_some());
    println!("{page}");
    let mut tally = Tally::default();
    for file in tables_in(folder)? {
        let name = file.strip_prefix(folder)?.with_extension("").display().to_string();
        let section = match results(&file, splits, methods, python) {
            Ok((size, results)) => {
                tally.count(&name, &results);
                format!("## {name}\n\n{size}\n\n{}\n", results.table())
            }
            Err(error) => format!("## {name}\n\nThere are no scores: {error}.\n\n"),
        };
        // Shown as it comes, since the whole takes long.
        print!("{section}");
        page.push_str(&section);
    }
    let summary = tally.summary(splits);
    println!("{summary}");
    if let Some(path) = output {
        std::fs::write(path, page + &summary + "\n")?;
    }
    Ok(())
}

/// What the page is about. A paragraph is one line.
fn head(splits: u64, with_peer: bool) -> String {
    let peer = if with_peer { " --python PATH" } else { "" };
    let mut paragraphs = vec![
        "# Scores".to_owned(),
        format!(
            "Made by `cargo run --release -p lookalike-bench -- compare FOLDER --splits {splits}{peer}`: in each split \
             (50 : 50, the same for all methods) one half of a table's rows is learned, as many rows are drawn twice, and \
             the other half judges them. Figures are means over the splits."
        ),
    ];
    if with_peer {
        paragraphs.push(
            "SDV's copula is the Gaussian copula of SDV in the version that `peers/requirements.txt` names, with its \
             usual options. It is told the kinds of the columns that lookalike found, and no target."
                .to_owned(),
        );
    }
    paragraphs.push(
        "- The *floor* is what real rows reach in the place of the look-alike; for `tstr` it is what trees that learned \
         from real rows reach (TRTR).\n\
         - `trend`: how like the original the dependence of each pair of columns is, 1 at best.\n\
         - `c2st`: 1 if boosted trees that learned from one draw cannot tell another from real rows, 0 if they always \
         can.\n\
         - `tstr`: how well boosted trees that learned from the look-alike predict the target of real rows: area under \
         the ROC curve, or R² for numbers. The target is the last column that is neither key nor text, whatever it \
         means. Our methods are told which it is, unless a class of it is too rare to be protected.\n\
         - `dcr-share`: the share of rows that lie nearer to a training than to a holdout row, ties not counted; above \
         0.5 is evidence of copying. It has a floor only where more rows were learned than it compares.\n\
         - `copies`: the share of rows that equal a training row.\n\
         - `fit s`: seconds of learning, indicative only: measured once per split, beside whatever else the machine \
         did.\n\
         - A dash: there is no such score. Keys and free text count in none."
            .to_owned(),
    );
    if splits > 1 {
        paragraphs.push(format!(
            "A figure is **bold** where it is significantly better than the forest's: the forest's mean of `trend`, \
             `c2st` or `tstr` is lower, and Student's t-test of the differences in the {splits} splits has a two-sided \
             p-value below 0.05. Such a test is only approximate: the splits are few and share rows, so that it misses \
             what is neither large nor steady, and of methods that are equally good one in forty would be called \
             worse by luck alone."
        ));
    }
    paragraphs.join("\n\n") + "\n\n"
}

/// The size of a table and what the contestants reach on it.
fn results(
    file: &Path,
    splits: u64,
    methods: &[String],
    python: Option<&Path>,
) -> Result<(String, Results), Box<dyn std::error::Error>> {
    let table = tables::read(file)?;
    let target = tables::target(&table);
    let trials =
        (1..=splits).map(|split| Trial::new(&table, target, split)).collect::<Result<Vec<_>, _>>()?;
    let figures: Vec<_> = Contestant::all(methods, python)?
        .into_iter()
        .map(|who| (who.name(), trials.iter().map(|trial| who.run(trial)).collect::<Result<Vec<_>, _>>()))
        .collect();
    // The floors are the same whoever is judged.
    let any = figures.iter().find_map(|(_, figures)| figures.as_ref().ok());
    let floor = any.map_or_else(Vec::new, |figures| {
        figures.iter().zip(&trials).map(|(figures, trial)| floors(figures, trial)).collect()
    });
    let scored = |figures: Vec<Figures>| figures.iter().map(scores).collect();
    let lines = figures.into_iter().map(|(name, figures)| (name, figures.map(scored))).collect();
    let target = target
        .map_or("no target".to_owned(), |column| format!("target `{}`", table.schema().columns[column].name));
    let size = format!("{} rows x {} columns, {target}", table.n_rows(), table.n_columns());
    Ok((size, Results { floor, lines }))
}

fn scores(figures: &Figures) -> Scores {
    let value = |name| figures.value(name);
    [value("trend"), figures.c2st, value("tstr"), value("dcr-share"), value("copies"), figures.fit.wall]
}

fn floors(figures: &Figures, trial: &Trial) -> Scores {
    let floor = |name| figures.floor(name);
    let trtr = figures.value("trtr");
    [floor("trend"), trial.c2st_floor(), trtr, floor("dcr-share"), floor("copies"), f64::NAN]
}

fn mean(splits: &[Scores], score: usize) -> f64 {
    splits.iter().map(|scores| scores[score]).sum::<f64>() / splits.len() as f64
}

/// What the forest is beside another method in one score; `None` where that cannot be told.
fn verdict(forest: &[Scores], other: &[Scores], score: usize) -> Option<Verdict> {
    let column = |splits: &[Scores]| splits.iter().map(|scores| scores[score]).collect::<Vec<f64>>();
    (score < DECISIVE).then(|| significance::compare(&column(forest), &column(other))).flatten()
}

impl Results {
    /// The forest's scores, if it has any.
    fn forest(&self) -> Option<&[Scores]> {
        self.lines.first().and_then(|(_, scores)| scores.as_deref().ok())
    }

    /// The scores as a table in Markdown; the first cell of who failed says why.
    fn table(&self) -> String {
        let mut lines = vec![row("", &SCORES.map(str::to_owned)), "|---".repeat(SCORES.len() + 1) + "|"];
        lines.push(row("*floor*", &cells(&self.floor, None)));
        lines.extend(self.lines.iter().map(|(name, scores)| match scores {
            Ok(scores) => row(name, &cells(scores, self.forest())),
            Err(reason) => {
                let mut cells = SCORES.map(|_| String::new());
                cells[0] = reason.replace('|', " ");
                row(name, &cells)
            }
        }));
        lines.join("\n") + "\n"
    }
}

fn row(name: &str, cells: &[String; SCORES.len()]) -> String {
    format!("| {name} | {} |", cells.join(" | "))
}

/// The mean of each score, bold where it is significantly better than the forest's.
fn cells(splits: &[Scores], forest: Option<&[Scores]>) -> [String; SCORES.len()] {
    std::array::from_fn(|score| {
        let loss = forest.and_then(|forest| verdict(forest, splits, score)) == Some(Verdict::Worse);
        match mean(splits, score) {
            mean if !mean.is_finite() => "–".to_owned(),
            mean if SCORES[score] == "fit s" => format!("{mean:.2}"),
            mean if loss => format!("**{mean:.4}**"),
            mean => format!("{mean:.4}"),
        }
    })
}

/// What the comparisons of the forest with every other method came to.
#[derive(Debug, Default)]
struct Tally {
    losses: Vec<String>,
    better: usize,
    open: usize,
}

impl Tally {
    fn count(&mut self, table: &str, results: &Results) {
        let Some(forest) = results.forest() else { return };
        for (name, other) in &results.lines[1..] {
            let Ok(other) = other else { continue };
            for score in 0..DECISIVE {
                match verdict(forest, other, score) {
                    Some(Verdict::Worse) => self.losses.push(format!(
                        "{table}, `{}`: {:.4}, {name} {:.4}",
                        SCORES[score],
                        mean(forest, score),
                        mean(other, score)
                    )),
                    Some(Verdict::Better) => self.better += 1,
                    Some(Verdict::Open) => self.open += 1,
                    None => {}
                }
            }
        }
    }

    /// The last words of the page.
    fn summary(&self, splits: u64) -> String {
        if splits < 2 {
            return "There is no verdict on a single split.".to_owned();
        }
        let losses = self.losses.len();
        let all = losses + self.better + self.open;
        let mut text = format!(
            "In {} of {all} comparisons forest is significantly better, and in {} the splits do not tell.\n\n\
             forest loses significantly in {losses} of {all} comparisons",
            self.better, self.open
        );
        if losses > 0 {
            text.push_str(": ");
            text.push_str(&self.losses.join("; "));
        }
        text.push('.');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scores of three splits that are steadily `trend` and `tstr`.
    fn splits(trend: f64, tstr: f64) -> Vec<Scores> {
        (0..3).map(|split| [trend + f64::from(split) * 1e-3, 0.5, tstr, 0.5, 0.0, 1.0]).collect()
    }

    fn results() -> Results {
        let lines = vec![
            ("forest", Ok(splits(0.9, f64::NAN))),
            ("copula", Ok(splits(0.95, 0.7))),
            ("independent", Ok(splits(0.8, f64::NAN))),
            ("peer", Err("fitting failed".to_owned())),
        ];
        Results { floor: splits(0.97, 0.8), lines }
    }

    #[test]
    fn losses_are_bold_and_failures_told() {
        let table = results().table();
        let lines: Vec<&str> = table.lines().collect();
        assert_eq!(lines[2], "| *floor* | 0.9710 | 0.5000 | 0.8000 | 0.5000 | 0.0000 | 1.00 |");
        assert_eq!(lines[3], "| forest | 0.9010 | 0.5000 | – | 0.5000 | 0.0000 | 1.00 |");
        assert_eq!(lines[4], "| copula | **0.9510** | 0.5000 | 0.7000 | 0.5000 | 0.0000 | 1.00 |");
        assert_eq!(lines[6], "| peer | fitting failed |  |  |  |  |  |");
    }

    #[test]
    fn the_summary_counts_what_can_be_compared() {
        let mut tally = Tally::default();
        tally.count("plants", &results());
        assert_eq!(
            tally.summary(3),
            "In 1 of 4 comparisons forest is significantly better, and in 2 the splits do not tell.\n\n\
             forest loses significantly in 1 of 4 comparisons: plants, `trend`: 0.9010, copula 0.9510."
        );
    }
}
