//! The histogram engine against naive searches on small data, and its promises.

use lookalike_core::{Cancelled, Progress, Seed, Silent};
use lookalike_learn::tree::{
    Binned, Binning, Boosting, BoostingOptions, Cart, CartOptions, Feature, Forest, ForestOptions, Target,
    Training, Validation,
};
use proptest::prelude::*;

fn matrix(features: &[Feature<'_>]) -> Binned {
    Binning::fit(features, 255).apply(features)
}

fn rows(count: usize) -> Vec<u32> {
    (0..count as u32).collect()
}

fn uniform(label: &str, count: usize) -> Vec<f64> {
    let mut stream = Seed::new(11).stream(label, 0);
    (0..count).map(|_| stream.unit()).collect()
}

/// A small random problem: numbers with missing values, levels, targets and weights.
#[derive(Debug, Clone)]
struct Problem {
    numbers: Vec<f64>,
    levels: Vec<u32>,
    target: Vec<f64>,
    weights: Vec<f64>,
}

fn problem() -> impl Strategy<Value = Problem> {
    let row = (
        prop_oneof![1 => Just(f64::NAN), 5 => (0..6).prop_map(f64::from)],
        prop_oneof![1 => Just(u32::MAX), 5 => 0..5_u32],
        (-20..20).prop_map(f64::from),
        (1..4).prop_map(f64::from),
    );
    proptest::collection::vec(row, 2..40).prop_map(|rows| Problem {
        numbers: rows.iter().map(|row| row.0).collect(),
        levels: rows.iter().map(|row| row.1).collect(),
        target: rows.iter().map(|row| row.2).collect(),
        weights: rows.iter().map(|row| row.3).collect(),
    })
}

impl Problem {
    fn features(&self) -> [Feature<'_>; 2] {
        [Feature::Numeric(&self.numbers), Feature::Categorical { codes: &self.levels, levels: 5 }]
    }

    /// Every way to cut the rows in two: thresholds with missing values on either side, and all groupings of
    /// levels.
    fn cuts(&self) -> Vec<Vec<bool>> {
        let mut cuts = Vec::new();
        for threshold in 0..7 {
            for missing in [false, true] {
                let left = |x: &f64| if x.is_nan() { missing } else { *x < f64::from(threshold) };
                cuts.push(self.numbers.iter().map(left).collect());
            }
        }
        for set in 0..64_u32 {
            cuts.push(self.levels.iter().map(|&level| set >> level.min(5) & 1 == 1).collect());
        }
        cuts
    }

    /// The weighted sum of squares around the mean of the rows that `chosen` holds for.
    fn squares(&self, chosen: impl Fn(usize) -> bool) -> f64 {
        let inside: Vec<usize> = (0..self.target.len()).filter(|&row| chosen(row)).collect();
        let weight: f64 = inside.iter().map(|&row| self.weights[row]).sum();
        let sum: f64 = inside.iter().map(|&row| self.weights[row] * self.target[row]).sum();
        inside.iter().map(|&row| self.weights[row] * (self.target[row] - sum / weight).powi(2)).sum()
    }

    fn best_of_all_cuts(&self) -> f64 {
        let whole = self.squares(|_| true);
        self.cuts()
            .iter()
            .filter(|cut| cut.contains(&true) && cut.contains(&false))
            .map(|cut| self.squares(|row| cut[row]) + self.squares(|row| !cut[row]))
            .fold(whole, f64::min)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_single_cut_is_the_best_of_all(problem in problem()) {
        let matrix = matrix(&problem.features());
        let training = Training::new(&matrix, Target::Numbers(&problem.target)).weighted(&problem.weights);
        let stump = CartOptions { max_depth: 1, min_leaf: 1e-9, ..CartOptions::default() };
        let (cart, leaves) = Cart::fit(&training, &stump, Seed::new(1));
        let reached: f64 = leaves.iter().map(|leaf| problem.squares(|row| leaf.contains(&(row as u32)))).sum();
        let best = problem.best_of_all_cuts();
        prop_assert!((reached - best).abs() <= 1e-9 * (1.0 + best), "{reached} but {best} is possible");
        for (number, leaf) in leaves.iter().enumerate() {
            for &row in leaf {
                prop_assert_eq!(cart.tree().leaf_of(&matrix, row as usize), number);
            }
        }
    }

    #[test]
    fn a_single_cut_for_two_classes_is_the_best_of_all(mut problem in problem()) {
        // Gini's impurity of two classes is the variance of a zero-one target, times two.
        let classes: Vec<u32> = problem.target.iter().map(|&value| u32::from(value > 0.0)).collect();
        problem.target = classes.iter().map(|&class| f64::from(class)).collect();
        let matrix = matrix(&problem.features());
        let target = Target::Classes { classes: &classes, count: 2 };
        let training = Training::new(&matrix, target).weighted(&problem.weights);
        let stump = CartOptions { max_depth: 1, min_leaf: 1e-9, ..CartOptions::default() };
        let (_, leaves) = Cart::fit(&training, &stump, Seed::new(1));
        let reached: f64 = leaves.iter().map(|leaf| problem.squares(|row| leaf.contains(&(row as u32)))).sum();
        let best = problem.best_of_all_cuts();
        prop_assert!((reached - best).abs() <= 1e-9 * (1.0 + best), "{reached} but {best} is possible");
    }

    #[test]
    fn a_deep_tree_leaves_only_what_features_cannot_tell_apart(problem in problem()) {
        let matrix = matrix(&problem.features());
        let training = Training::new(&matrix, Target::Numbers(&problem.target)).weighted(&problem.weights);
        let options = CartOptions { min_leaf: 1e-9, ..CartOptions::default() };
        let (cart, leaves) = Cart::fit(&training, &options, Seed::new(1));
        let mut listed: Vec<u32> = leaves.concat();
        listed.sort_unstable();
        prop_assert_eq!(listed, rows(problem.target.len()));
        for (number, leaf) in leaves.iter().enumerate() {
            let weight: f64 = leaf.iter().map(|&row| problem.weights[row as usize]).sum();
            let sum: f64 = leaf.iter().map(|&row| problem.weights[row as usize] * problem.target[row as usize]).sum();
            prop_assert!((cart.tree().leaf_values(number)[0] - sum / weight).abs() < 1e-12);
        }
    }

    #[test]
    fn a_boosted_cut_is_the_best_of_all(problem in problem()) {
        let matrix = matrix(&problem.features());
        let training = Training::new(&matrix, Target::Numbers(&problem.target)).weighted(&problem.weights);
        let options = BoostingOptions { rounds: 1, learning_rate: 1.0, max_depth: 1, min_hessian: 0.0, lambda: 0.0 };
        let model = Boosting::fit(&training, &options, None, &Silent).unwrap();
        let predicted = model.predict(&matrix, &rows(problem.target.len()));
        let reached: f64 = (0..predicted.len())
            .map(|row| problem.weights[row] * (problem.target[row] - predicted[row]).powi(2))
            .sum();
        let best = problem.best_of_all_cuts();
        prop_assert!((reached - best).abs() <= 1e-4 * (1.0 + best), "{reached} but {best} is possible");
    }

    #[test]
    fn a_weight_is_a_number_of_copies(problem in problem()) {
        let repeated: Vec<usize> =
            (0..problem.target.len()).flat_map(|row| std::iter::repeat_n(row, problem.weights[row] as usize)).collect();
        let copies = Problem {
            numbers: repeated.iter().map(|&row| problem.numbers[row]).collect(),
            levels: repeated.iter().map(|&row| problem.levels[row]).collect(),
            target: repeated.iter().map(|&row| problem.target[row]).collect(),
            weights: vec![1.0; repeated.len()],
        };
        let binning = Binning::fit(&problem.features(), 255);
        let (one, many) = (binning.apply(&problem.features()), binning.apply(&copies.features()));
        // One split: among equally good ones either may be taken, and deeper trees would then differ.
        let options = CartOptions { max_depth: 1, ..CartOptions::default() };
        let weighted = Training::new(&one, Target::Numbers(&problem.target)).weighted(&problem.weights);
        let plain = Training::new(&many, Target::Numbers(&copies.target));
        let (a, b) = (Cart::fit(&weighted, &options, Seed::new(1)).0, Cart::fit(&plain, &options, Seed::new(1)).0);
        let loss = |cart: &Cart| -> f64 {
            (0..problem.target.len())
                .map(|row| problem.weights[row] * (problem.target[row] - cart.leaf(&one, row)[0]).powi(2))
                .sum()
        };
        let (a, b) = (loss(&a), loss(&b));
        prop_assert!((a - b).abs() <= 1e-4 * (1.0 + a), "{a} with weights, {b} with copies");
    }
}

#[test]
fn exclusive_or_is_learned() {
    let (x, y) = (uniform("x", 1000), uniform("y", 1000));
    let classes: Vec<u32> = x.iter().zip(&y).map(|(x, y)| u32::from((*x > 0.5) != (*y > 0.5))).collect();
    let matrix = matrix(&[Feature::Numeric(&x), Feature::Numeric(&y)]);
    let target = Target::Classes { classes: &classes, count: 2 };
    let (train, test) = (rows(700), (700..1000).collect::<Vec<u32>>());
    let training = Training::new(&matrix, target).on_rows(&train);
    let right = |probability: &[f64]| {
        let hits =
            probability.iter().zip(&test).filter(|(p, row)| (**p > 0.5) == (classes[**row as usize] == 1));
        hits.count() as f64 / test.len() as f64
    };
    let boosting = Boosting::fit(&training, &BoostingOptions::default(), None, &Silent).unwrap();
    let probabilities: Vec<f64> = boosting.probabilities(&matrix, &test).chunks(2).map(|p| p[1]).collect();
    assert!(right(&probabilities) > 0.95, "{}", right(&probabilities));
    let forest = Forest::fit(&training, &ForestOptions::default(), Seed::new(2), &Silent).unwrap();
    let probabilities: Vec<f64> = forest.predict(&matrix, &test).chunks(2).map(|p| p[1]).collect();
    assert!(right(&probabilities) > 0.9, "{}", right(&probabilities));
    let (cart, _) = Cart::fit(&training, &CartOptions::default(), Seed::new(2));
    let shares: Vec<f64> = test.iter().map(|&row| cart.leaf(&matrix, row as usize)[1]).collect();
    assert!(right(&shares) > 0.9, "{}", right(&shares));
}

#[test]
fn missing_values_go_where_they_fit() {
    let x: Vec<f64> = (0..300).map(|row| if row % 3 == 0 { f64::NAN } else { f64::from(row) }).collect();
    let y: Vec<f64> = x.iter().map(|x| if x.is_nan() || *x > 200.0 { 5.0 } else { 1.0 }).collect();
    let matrix = matrix(&[Feature::Numeric(&x)]);
    let training = Training::new(&matrix, Target::Numbers(&y));
    let stump = CartOptions { max_depth: 1, ..CartOptions::default() };
    let (cart, _) = Cart::fit(&training, &stump, Seed::new(0));
    assert!((0..300).all(|row| cart.leaf(&matrix, row)[0] == y[row]));
    // Where nothing was missing in training, a missing value goes with the heavier side.
    let present: Vec<u32> = rows(300).into_iter().filter(|row| row % 3 != 0).collect();
    let (cart, leaves) = Cart::fit(&training.on_rows(&present), &stump, Seed::new(0));
    let heavier = leaves.iter().map(Vec::len).enumerate().max_by_key(|(_, rows)| *rows).unwrap().0;
    assert_eq!(cart.tree().leaf_of(&matrix, 0), heavier);
}

#[test]
fn levels_are_grouped_in_one_cut() {
    let codes: Vec<u32> = (0..600).map(|row| row % 12).collect();
    let classes: Vec<u32> = codes.iter().map(|code| u32::from([1, 4, 7, 10, 11].contains(code))).collect();
    let matrix = matrix(&[Feature::Categorical { codes: &codes, levels: 12 }]);
    let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
    let (cart, _) = Cart::fit(&training, &CartOptions::default(), Seed::new(0));
    assert_eq!(cart.tree().n_leaves(), 2);
    assert_eq!(cart.tree().depth(), 1);
    assert!((0..600).all(|row| cart.leaf(&matrix, row)[classes[row] as usize] == 1.0));
}

#[test]
fn many_classes_are_learned_by_all() {
    let x = uniform("classes", 1200);
    let classes: Vec<u32> = x.iter().map(|x| (x * 4.0) as u32).collect();
    let matrix = matrix(&[Feature::Numeric(&x)]);
    let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 4 });
    let options =
        BoostingOptions { rounds: 20, learning_rate: 0.3, max_depth: 3, ..BoostingOptions::default() };
    let all = rows(1200);
    let boosted = Boosting::fit(&training, &options, None, &Silent).unwrap();
    let probabilities = boosted.probabilities(&matrix, &all);
    assert!(probabilities.chunks(4).all(|row| (row.iter().sum::<f64>() - 1.0).abs() < 1e-12));
    let sure =
        probabilities.chunks(4).zip(&classes).filter(|(row, class)| row[**class as usize] > 0.9).count();
    assert!(sure > 1150, "{sure}");
    let forest = Forest::fit(
        &training,
        &ForestOptions { trees: 10, ..ForestOptions::default() },
        Seed::new(1),
        &Silent,
    );
    let shares = forest.unwrap().predict(&matrix, &all);
    let sure = shares.chunks(4).zip(&classes).filter(|(row, class)| row[**class as usize] > 0.5).count();
    assert!(sure > 1150, "{sure}");
}

/// Enough rows that histograms are built on several threads, and that gradients and hessians need a number each.
#[test]
fn threads_do_not_matter() {
    let n = 70_000;
    let columns: Vec<Vec<f64>> = (0..5).map(|k| uniform(&format!("column {k}"), n)).collect();
    let codes: Vec<u32> = columns[4].iter().map(|x| (x * 40.0) as u32).collect();
    let mut features: Vec<Feature<'_>> = columns.iter().map(|column| Feature::Numeric(column)).collect();
    features.push(Feature::Categorical { codes: &codes, levels: 40 });
    let classes: Vec<u32> = (0..n).map(|row| u32::from(columns[0][row] * columns[1][row] > 0.3)).collect();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let matrix = matrix(&features);
            let few = rows(3000);
            let binary = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
            let options = BoostingOptions { rounds: 5, ..BoostingOptions::default() };
            let large = Boosting::fit(&binary, &options, None, &Silent).unwrap();
            let small = Boosting::fit(&binary.on_rows(&few), &options, None, &Silent).unwrap();
            let numbers = Training::new(&matrix, Target::Numbers(&columns[2])).on_rows(&few);
            let trees = ForestOptions { trees: 5, ..ForestOptions::default() };
            let forest = Forest::fit(&numbers, &trees, Seed::new(3), &Silent).unwrap();
            let flags = codes.iter().map(|code| f64::from(code % 2)).collect::<Vec<_>>();
            let columns = [Feature::Numeric(&flags), Feature::Numeric(&columns[0]), features[5]];
            let matrix = Binning::fit(&columns, 255).apply(&columns);
            let binary = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
            let pair = Forest::fit(&binary.on_rows(&few), &trees, Seed::new(3), &Silent).unwrap();
            (large, small, forest, pair)
        })
    };
    assert_eq!(run(1), run(2));
}

/// With weights that make classes equal, a rare class is found as often as the frequent one; the shares of the classes in
/// leaves are weighted.
#[test]
fn balanced_weights_let_a_rare_class_be_heard() {
    let n = 4000;
    let (x, noise) = (uniform("rare", n), uniform("noise", n));
    let classes: Vec<u32> = (0..n).map(|row| u32::from(noise[row] < 0.12 * x[row])).collect();
    let matrix = matrix(&[Feature::Numeric(&x)]);
    let all = rows(n);
    let weights = lookalike_learn::weights::balanced_weights(&classes, 2);
    let plain = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 });
    let positives = |probabilities: &[f64]| probabilities.chunks(2).filter(|p| p[1] >= 0.5).count();
    let leaf =
        |min_leaf| ForestOptions { trees: 20, tree: CartOptions { min_leaf, ..CartOptions::default() } };
    let forest = |training: &Training<'_>| {
        Forest::fit(training, &leaf(100.0), Seed::new(1), &Silent).unwrap().predict(&matrix, &all)
    };
    assert_eq!(positives(&forest(&plain)), 0);
    let found = positives(&forest(&plain.weighted(&weights)));
    assert!((1000..3000).contains(&found), "{found}");
    let options = BoostingOptions { rounds: 20, max_depth: 2, ..BoostingOptions::default() };
    let boosted = |training: &Training<'_>| {
        Boosting::fit(training, &options, None, &Silent).unwrap().probabilities(&matrix, &all)
    };
    assert_eq!(positives(&boosted(&plain)), 0);
    let found = positives(&boosted(&plain.weighted(&weights)));
    assert!((1000..3000).contains(&found), "{found}");
}

#[test]
fn rows_and_features_can_be_left_out_without_copying() {
    let (x, y) = (uniform("x", 500), uniform("y", 500));
    let target: Vec<f64> = x.iter().map(|x| x * 10.0).collect();
    let matrix = matrix(&[Feature::Numeric(&x), Feature::Numeric(&y)]);
    let training = Training::new(&matrix, Target::Numbers(&target)).on_features(&[1]);
    let model = Boosting::fit(&training, &BoostingOptions::default(), None, &Silent).unwrap();
    let used = model
        .trees()
        .iter()
        .flat_map(lookalike_learn::tree::Tree::nodes)
        .filter(|node| node.cut != lookalike_learn::tree::Cut::Leaf);
    assert!(used.clone().count() > 0 && used.clone().all(|node| node.feature == 1));
    // Rows that are not learned from may have any target.
    let mut spoiled = target.clone();
    spoiled[250..].fill(1e9);
    let half = rows(250);
    let fit = |target| {
        let training = Training::new(&matrix, Target::Numbers(target)).on_rows(&half);
        Boosting::fit(&training, &BoostingOptions::default(), None, &Silent).unwrap()
    };
    assert_eq!(fit(&target), fit(&spoiled));
}

#[test]
fn boosting_stops_when_others_rows_do_not_gain() {
    let (x, noise) = (uniform("x", 600), uniform("noise", 600));
    let classes: Vec<u32> = noise.iter().map(|noise| u32::from(*noise > 0.5)).collect();
    let matrix = matrix(&[Feature::Numeric(&x)]);
    let (train, watched) = (rows(400), (400..600).collect::<Vec<u32>>());
    let training = Training::new(&matrix, Target::Classes { classes: &classes, count: 2 }).on_rows(&train);
    let validation = Validation { rows: &watched, patience: 5 };
    let model = Boosting::fit(&training, &BoostingOptions::default(), Some(validation), &Silent).unwrap();
    assert!(model.trees().len() < 20, "{} trees on noise", model.trees().len());
}

#[test]
fn degenerate_problems_have_an_answer() {
    let x = [1.0, 1.0, 1.0];
    let matrix = matrix(&[Feature::Numeric(&x)]);
    let one_class = Training::new(&matrix, Target::Classes { classes: &[1, 1, 1], count: 2 });
    let model = Boosting::fit(&one_class, &BoostingOptions::default(), None, &Silent).unwrap();
    assert!(model.probabilities(&matrix, &[0])[1] > 0.99);
    let single = Training::new(&matrix, Target::Classes { classes: &[0, 0, 0], count: 1 });
    let model = Boosting::fit(&single, &BoostingOptions::default(), None, &Silent).unwrap();
    assert_eq!(model.probabilities(&matrix, &[0, 1]), [1.0, 1.0]);
    let none = Training::new(&matrix, Target::Numbers(&[1.0, 2.0, 3.0])).on_rows(&[]);
    let model = Boosting::fit(&none, &BoostingOptions::default(), None, &Silent).unwrap();
    assert!(model.predict(&matrix, &[0])[0].is_finite());
    let (cart, leaves) = Cart::fit(&none, &CartOptions::default(), Seed::new(0));
    assert_eq!((cart.leaf(&matrix, 0), leaves.len()), ([0.0].as_slice(), 1));
    let constant = Training::new(&matrix, Target::Numbers(&[4.0, 4.0, 4.0]));
    let model = Boosting::fit(&constant, &BoostingOptions::default(), None, &Silent).unwrap();
    assert_eq!(model.predict(&matrix, &[2]), [4.0]);
    let empty = Binning::fit(&[], 255).apply(&[]);
    let nothing = Training::new(&empty, Target::Numbers(&[]));
    assert!(Boosting::fit(&nothing, &BoostingOptions::default(), None, &Silent).is_ok());
}

#[test]
fn boosting_and_forests_stop_when_told_to() {
    struct Stop;
    impl Progress for Stop {
        fn cancelled(&self) -> bool {
            true
        }
    }
    let x = uniform("x", 50);
    let matrix = matrix(&[Feature::Numeric(&x)]);
    let training = Training::new(&matrix, Target::Numbers(&x));
    assert_eq!(Boosting::fit(&training, &BoostingOptions::default(), None, &Stop), Err(Cancelled));
    assert_eq!(Forest::fit(&training, &ForestOptions::default(), Seed::new(0), &Stop), Err(Cancelled));
}
