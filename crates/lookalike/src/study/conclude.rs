//! What may be concluded from a study, in sentences.

use lookalike_evaluate::{
    CHOSEN_GENERATOR, Goal, MOVED_THRESHOLD, PairedDifference, STUDY_MEASURES, Study, StudyVariant,
    UNTOUCHED, VariantKind,
};

/// The measures by which variants are held against each other: one at a threshold, one of the order of rows.
const COMPARED: [&str; 2] = ["balanced-accuracy", "average-precision"];

pub(super) fn sentences(study: &Study) -> Vec<String> {
    let mut sentences = Vec::new();
    let mean = |variant: &str, measure: &str| study.variant(variant).and_then(|own| own.mean(measure));
    if let (Some(error), Some(missed)) = (mean(UNTOUCHED, "error"), mean(UNTOUCHED, "positive-error")) {
        sentences.push(format!(
            "{:.1} % of the rows are positive; learned from untouched rows, the {} is wrong about {:.1} % of all test rows \
             and misses {:.1} % of the positive ones.",
            100.0 * study.rows.positive_share,
            study.learner,
            100.0 * error,
            100.0 * missed
        ));
    }
    let chosen = study.variant(CHOSEN_GENERATOR);
    if let Some(moved) = mean(MOVED_THRESHOLD, "balanced-accuracy") {
        let alone = format!("Moving the threshold alone gives a balanced accuracy of {moved:.3}");
        let adds = chosen.and_then(|own| Some((own, own.mean("balanced-accuracy")?)));
        sentences.push(match adds {
            Some((own, value)) => format!(
                "{alone}; {} adds {}.",
                generator(study),
                signed(value - moved, own.figure("balanced-accuracy").and_then(|own| own.to_moved_threshold))
            ),
            None => format!("{alone}; no generator could be tried."),
        });
    }
    if let (Some(own), Some(plain)) = (chosen, mean(UNTOUCHED, "average-precision"))
        && let Some(value) = own.mean("average-precision")
    {
        sentences.push(format!(
            "The PR-AUC of untouched rows is {plain:.3}; {} adds {}.",
            generator(study),
            signed(value - plain, own.figure("average-precision").and_then(|own| own.to_untouched))
        ));
    }
    if let Some(chosen) = chosen {
        sentences.extend(COMPARED.iter().filter_map(|measure| verdict(study, chosen, measure)));
    }
    sentences.extend(calibration(study));
    if study.repeats < 2 {
        sentences
            .push("One division does not tell what is chance: repeat the study for intervals.".to_owned());
    }
    sentences
}

/// What the generator is called that was chosen most often.
fn generator(study: &Study) -> String {
    let methods: Vec<&str> =
        study.chosen.iter().map(|chosen| chosen.split(':').next().unwrap_or_default()).collect();
    let mut different = methods.clone();
    different.sort_unstable();
    different.dedup();
    match different[..] {
        [only] => format!("the generator {only}"),
        _ => "the generator that validation chose".to_owned(),
    }
}

/// A difference with how far chance reaches.
fn signed(difference: f64, paired: Option<PairedDifference>) -> String {
    match paired {
        Some(paired) => format!("{:+.3} ± {:.3}", paired.mean, paired.reach()),
        None => format!("{difference:+.3}"),
    }
}

/// Whether the chosen generator or a control is ahead.
fn verdict(study: &Study, chosen: &StudyVariant, measure: &str) -> Option<String> {
    let described = STUDY_MEASURES.iter().find(|own| own.name == measure)?;
    debug_assert_eq!(described.goal, Goal::Higher, "higher is better for both");
    let value = chosen.mean(measure)?;
    let controls = study.variants.iter().filter(|own| own.kind == VariantKind::Control);
    let (control, best) = controls
        .filter_map(|own| Some((own, own.mean(measure)?)))
        .reduce(|best, own| if own.1 > best.1 { own } else { best })?;
    let generators = study.variants.iter().filter(|own| own.kind == VariantKind::Generative);
    let most = generators.filter_map(|own| own.mean(measure)).fold(value, f64::max);
    let title = described.title;
    if best >= most {
        // What is equal in all digits that are shown beats nothing.
        let ahead = if format!("{best:.3}") == format!("{most:.3}") {
            "no generator is ahead of the honest controls"
        } else {
            "an honest control beats every generator"
        };
        return Some(format!(
            "By {title}, {ahead}: {} has {best:.3}, the best generator {most:.3}.",
            control.name
        ));
    }
    if value <= best {
        return Some(format!(
            "By {title}, the generator chosen on validation ({value:.3}) is not ahead of the control {} ({best:.3}).",
            control.name
        ));
    }
    let pairs: Vec<(f64, f64)> = chosen
        .figure(measure)?
        .values
        .iter()
        .copied()
        .zip(control.figure(measure)?.values.iter().copied())
        .filter_map(|(ours, theirs)| Some((ours?, theirs?)))
        .collect();
    let paired = PairedDifference::of(&pairs, study.rows.test, study.rows.train);
    Some(match paired {
        Some(paired) if paired.interval[0] > 0.0 => format!(
            "By {title}, the generator chosen on validation is ahead of every control, of the best ({}) by {}.",
            control.name,
            signed(value - best, Some(paired))
        ),
        paired => format!(
            "By {title}, the generator chosen on validation is ahead of the best control ({}) by {}, which may be chance.",
            control.name,
            signed(value - best, paired)
        ),
    })
}

/// What rebalancing does to probabilities.
fn calibration(study: &Study) -> Option<String> {
    let mean = |own: &StudyVariant| own.mean("calibration-error");
    let plain = mean(study.variant(UNTOUCHED)?)?;
    let worst = study
        .variants
        .iter()
        .filter_map(|own| Some((own, mean(own)?)))
        .reduce(|worst, own| if own.1 > worst.1 { own } else { worst })?;
    (worst.1 > 2.0 * plain && worst.1 > 0.02).then(|| {
        format!(
            "Rows that were rebalanced give probabilities of another world: the calibration error is {plain:.3} for \
             untouched rows and up to {:.3} ({}). Calibrate them before they are used as probabilities.",
            worst.1, worst.0.name
        )
    })
}

#[cfg(test)]
mod tests {
    use lookalike_evaluate::{STUDY_VERSION, StudyFigure, StudyRows};

    use super::*;

    fn variant(name: &str, kind: VariantKind, values: [f64; 3]) -> StudyVariant {
        let moved = [Some(0.80), Some(0.82), Some(0.81)];
        let figures = STUDY_MEASURES.map(|measure| {
            let values = values.iter().copied().map(Some).collect();
            StudyFigure::new(measure.name, values, Some(&moved), Some(&moved), [20, 80])
        });
        StudyVariant {
            name: name.to_owned(),
            kind,
            threshold_moved: true,
            settings: Vec::new(),
            learned: [[0.0; 2]; 2],
            confusion: [[0.0; 2]; 2],
            figures: figures.to_vec(),
        }
    }

    fn study(generator: [f64; 3]) -> Study {
        Study {
            study_version: STUDY_VERSION,
            seed: 1,
            target: "y".to_owned(),
            classes: ["no".to_owned(), "yes".to_owned()],
            learner: "forest".to_owned(),
            repeats: 3,
            rows: StudyRows { train: 64, validation: 16, test: 20, positive_share: 0.25 },
            variants: vec![
                variant(UNTOUCHED, VariantKind::Control, [0.7, 0.7, 0.7]),
                variant(MOVED_THRESHOLD, VariantKind::Control, [0.80, 0.82, 0.81]),
                variant(CHOSEN_GENERATOR, VariantKind::Generative, generator),
            ],
            chosen: vec!["forest: a".to_owned(), "forest: b".to_owned(), "forest: a".to_owned()],
            not_tried: Vec::new(),
            sentences: Vec::new(),
        }
    }

    #[test]
    fn a_control_that_is_ahead_is_named() {
        let sentences = sentences(&study([0.79, 0.80, 0.80]));
        let plain = "Moving the threshold alone gives a balanced accuracy of 0.810; the generator forest adds -0.013 ±";
        assert!(sentences.iter().any(|sentence| sentence.starts_with(plain)), "{sentences:?}");
        let beaten =
            "By balanced accuracy, an honest control beats every generator: threshold moved has 0.810";
        assert!(sentences.iter().any(|sentence| sentence.starts_with(beaten)), "{sentences:?}");
    }

    #[test]
    fn chance_is_told_from_gain() {
        let clear = sentences(&study([0.90, 0.921, 0.91]));
        assert!(clear.iter().any(|sentence| sentence.contains("ahead of every control")), "{clear:?}");
        let unclear = sentences(&study([0.75, 0.95, 0.81]));
        assert!(unclear.iter().any(|sentence| sentence.contains("may be chance")), "{unclear:?}");
    }
}
