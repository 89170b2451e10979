//! Resamplers under imbalanced-learn's names, with its parameters and defaults.

use lookalike::options::{Family, MethodOptions};

use super::class::{Class, Literal, Parameter};
use super::module::Module;
use super::{examples, of_family, parameter, strategy, text};

/// A class: its name in imbalanced-learn, the method behind it, and its parameters.
struct Resampler {
    name: &'static str,
    method: &'static str,
    /// Said instead of the method's own first paragraphs, where those are written for several methods.
    doc: &'static [&'static str],
    positional: usize,
    given: &'static [Given],
}

/// A parameter.
enum Given {
    /// How many rows each class is to have, of a method that adds some.
    Adds,
    /// How many rows each class is to have, of a method that leaves some out.
    Leaves,
    /// Which classes may lose rows, of a method that decides itself which ones go.
    Cleans,
    /// The seed.
    Seed,
    /// Accepted, and without effect.
    Jobs,
    /// An option of the method: the name here, the name there.
    Own(&'static str, &'static str),
    /// The same with another default.
    OwnWith(&'static str, &'static str, &'static str),
    /// An option whose values are called otherwise here: names, values, hint, type in words, and what it means.
    Called(
        &'static str,
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static str,
        &'static str,
        &'static str,
    ),
    /// A parameter of imbalanced-learn that has no meaning here: name, hint, the values that are accepted (the first is the
    /// default), and what it is there.
    Refused(&'static str, &'static str, &'static [&'static str], &'static str),
    /// Which columns are levels.
    Categorical,
    /// Turns repeated rows into those of another method, when it is given: the name here, the method, the option there.
    Turns(&'static str, &'static str, &'static str),
    /// Distances as imbalanced-learn measures them.
    RawUnits,
    /// Made-up numbers as they were calculated; the default.
    Textbook(&'static str),
    /// A resampler that is one of two steps: the name here, and what it does.
    Part(&'static str, &'static str),
}

use Given::{
    Adds, Called, Categorical, Cleans, Jobs, Leaves, Own, OwnWith, Part, RawUnits, Refused, Seed, Textbook,
    Turns,
};

/// As imbalanced-learn has it, whose code is to give the same numbers here.
const TEXTBOOK: Given = Textbook("True");

const fn resampler(name: &'static str, method: &'static str, given: &'static [Given]) -> Resampler {
    Resampler { name, method, doc: &[], positional: 0, given }
}

const OVER: [Resampler; 10] = [
    Resampler {
        doc: &[
            "Random oversampling: rows of a class are drawn with replacement and repeated.",
            "With shrinkage it is the smoothed bootstrap, as ROSE.",
        ],
        ..resampler(
            "RandomOverSampler",
            "random",
            &[Adds, Seed, Turns("shrinkage", "rose", "shrinkage"), TEXTBOOK],
        )
    },
    resampler("ROSE", "rose", &[Adds, Seed, Own("shrinkage", "shrinkage"), Textbook("False")]),
    resampler("GaussianNoiseOverSampler", "noise", &[Adds, Seed, Own("spread", "spread"), Textbook("False")]),
    Resampler {
        doc: &[
            "SMOTE, for tables of numbers.",
            "A new row lies at a random place between a row of the class and one of its nearest neighbours in the class.",
        ],
        ..resampler("SMOTE", "smote", &[Adds, Seed, Own("k_neighbors", "neighbors"), RawUnits, TEXTBOOK])
    },
    Resampler {
        doc: &[
            "SMOTE for tables of numbers and levels.",
            "Numbers of a new row lie at a random place between those of a row of the class and of one of its nearest \
             neighbours in the class; levels become the most frequent ones among the row's neighbours.",
        ],
        positional: 1,
        ..resampler(
            "SMOTENC",
            "smotenc",
            &[
                Categorical,
                Refused("categorical_encoder", "Any", &["None"], "the encoder of levels"),
                Adds,
                Seed,
                Own("k_neighbors", "neighbors"),
                RawUnits,
                TEXTBOOK,
            ],
        )
    },
    Resampler {
        positional: 1,
        ..resampler(
            "SMOTEN",
            "smoten",
            &[
                Refused("categorical_encoder", "Any", &["None"], "the encoder of levels"),
                Adds,
                Seed,
                Own("k_neighbors", "neighbors"),
            ],
        )
    },
    resampler(
        "BorderlineSMOTE",
        "borderline-smote",
        &[
            Adds,
            Seed,
            Own("k_neighbors", "neighbors"),
            Own("m_neighbors", "danger_neighbors"),
            Called(
                "kind",
                "version",
                &[("borderline-1", "1"), ("borderline-2", "2")],
                "Literal[\"borderline-1\", \"borderline-2\"]",
                "{'borderline-1', 'borderline-2'}, default='borderline-1'",
                "With 'borderline-1', new rows lie between a row in danger and its neighbours in the class. With \
                 'borderline-2', half of them lie between it and its neighbours in other classes instead, in the nearer half \
                 of the way.",
            ),
            RawUnits,
            TEXTBOOK,
        ],
    ),
    resampler(
        "SVMSMOTE",
        "svm-smote",
        &[
            Adds,
            Seed,
            Own("k_neighbors", "neighbors"),
            Own("m_neighbors", "danger_neighbors"),
            Refused("svm_estimator", "Any", &["None"], "the support vector machine"),
            Own("out_step", "out_step"),
            Own("C", "penalty"),
            RawUnits,
            TEXTBOOK,
        ],
    ),
    resampler(
        "KMeansSMOTE",
        "kmeans-smote",
        &[
            Adds,
            Seed,
            OwnWith("k_neighbors", "neighbors", "2"),
            Jobs,
            OwnWith("kmeans_estimator", "clusters", "None"),
            Called(
                "cluster_balance_threshold",
                "balance_threshold",
                &[("auto", "None")],
                "float | Literal[\"auto\"]",
                "float or 'auto', default='auto'",
                "A cluster counts where the class has at least this share of its rows; with 'auto', the class's share of all \
                 rows.",
            ),
            Called(
                "density_exponent",
                "density_exponent",
                &[("auto", "None")],
                "float | Literal[\"auto\"]",
                "float or 'auto', default='auto'",
                "To which power the mean distance is raised; with 'auto', the number of columns.",
            ),
            RawUnits,
            TEXTBOOK,
        ],
    ),
    resampler("ADASYN", "adasyn", &[Adds, Seed, Own("n_neighbors", "neighbors"), RawUnits, TEXTBOOK]),
];

const ONE_NEIGHBOUR: Given =
    Refused("n_neighbors", "int | None", &["None", "1"], "the number of neighbours, one here");
const ONE_SEED: Given =
    Refused("n_seeds_S", "int", &["1"], "how many rows of a class to begin with, one here");

const UNDER: [Resampler; 11] = [
    resampler(
        "RandomUnderSampler",
        "random-under",
        &[Leaves, Seed, Refused("replacement", "bool", &["False"], "whether a row may be drawn twice")],
    ),
    resampler(
        "NearMiss",
        "nearmiss",
        &[
            Leaves,
            Own("version", "version"),
            Own("n_neighbors", "neighbors"),
            Own("n_neighbors_ver3", "proposed"),
            Jobs,
            RawUnits,
        ],
    ),
    resampler("TomekLinks", "tomek", &[Cleans, Jobs, RawUnits]),
    resampler(
        "EditedNearestNeighbours",
        "enn",
        &[Cleans, Own("n_neighbors", "neighbors"), Own("kind_sel", "agreement"), Jobs, RawUnits],
    ),
    resampler(
        "RepeatedEditedNearestNeighbours",
        "repeated-enn",
        &[
            Cleans,
            Own("n_neighbors", "neighbors"),
            Refused("max_iter", "int", &["100"], "the most rounds; here they end by themselves"),
            Own("kind_sel", "agreement"),
            Jobs,
            RawUnits,
        ],
    ),
    resampler(
        "AllKNN",
        "all-knn",
        &[
            Cleans,
            Own("n_neighbors", "neighbors"),
            Own("kind_sel", "agreement"),
            Refused(
                "allow_minority",
                "bool",
                &["False"],
                "whether the largest class may become the smallest",
            ),
            Jobs,
            RawUnits,
        ],
    ),
    resampler(
        "CondensedNearestNeighbour",
        "condensed-nn",
        &[Cleans, Seed, ONE_NEIGHBOUR, ONE_SEED, Jobs, RawUnits],
    ),
    resampler(
        "OneSidedSelection",
        "one-sided-selection",
        &[Cleans, Seed, ONE_NEIGHBOUR, ONE_SEED, Jobs, RawUnits],
    ),
    resampler(
        "NeighbourhoodCleaningRule",
        "neighbourhood-cleaning",
        &[
            Cleans,
            Refused("edited_nearest_neighbours", "Any", &["None"], "the resampler of the first step"),
            Own("n_neighbors", "neighbors"),
            Own("threshold_cleaning", "threshold"),
            Jobs,
            RawUnits,
        ],
    ),
    resampler(
        "InstanceHardnessThreshold",
        "instance-hardness",
        &[
            Refused("estimator", "Any", &["None"], "the classifier, a random forest here"),
            Leaves,
            Seed,
            Own("cv", "folds"),
            Own("n_estimators", "trees"),
            Jobs,
        ],
    ),
    resampler(
        "ClusterCentroids",
        "cluster-centroids",
        &[
            Leaves,
            Seed,
            Refused("estimator", "Any", &["None"], "what finds clusters, k-means here"),
            Refused(
                "voting",
                "str",
                &["\"auto\"", "\"soft\""],
                "whether centres or the rows nearest to them are taken, centres here",
            ),
            RawUnits,
            TEXTBOOK,
        ],
    ),
];

const COMBINED: [Resampler; 2] = [
    resampler(
        "SMOTEENN",
        "smote-enn",
        &[
            Adds,
            Seed,
            Part("smote", "makes rows, SMOTE"),
            Part("enn", "cleans, EditedNearestNeighbours of all classes"),
            Jobs,
            Own("k_neighbors", "neighbors"),
            RawUnits,
            TEXTBOOK,
        ],
    ),
    resampler(
        "SMOTETomek",
        "smote-tomek",
        &[
            Adds,
            Seed,
            Part("smote", "makes rows, SMOTE"),
            Part("tomek", "cleans, TomekLinks of all classes"),
            Jobs,
            Own("k_neighbors", "neighbors"),
            RawUnits,
            TEXTBOOK,
        ],
    ),
];

pub(super) fn over_sampling() -> String {
    Module {
        doc: "Resamplers that add rows to classes.",
        imports: &["from lookalike._resampling import GenerativeOverSampler, Resampler"],
        passed: &["GenerativeOverSampler"],
        classes: classes(&OVER),
    }
    .text()
}

pub(super) fn under_sampling() -> String {
    let imports = &["from lookalike._resampling import Resampler"];
    Module {
        doc: "Resamplers that leave rows of classes out.",
        imports,
        passed: &[],
        classes: classes(&UNDER),
    }
    .text()
}

pub(super) fn combine() -> String {
    let imports = &["from lookalike._resampling import Resampler"];
    let doc = "Resamplers that add rows to classes and then leave rows out.";
    Module { doc, imports, passed: &[], classes: classes(&COMBINED) }.text()
}

fn classes(resamplers: &[Resampler]) -> Vec<Class> {
    let methods = of_family(Family::Resampler);
    let class = |resampler: &Resampler| {
        let method = methods.iter().find(|one| one.name == resampler.method).expect("a method of this name");
        class(resampler, method)
    };
    resamplers.iter().map(class).collect()
}

/// What a class says of its parameters beside their signature.
#[derive(Default)]
struct Said {
    own: Vec<(String, String)>,
    called: Vec<(String, String)>,
    refused: Vec<(String, String)>,
    ignored: Vec<String>,
    parts: Vec<String>,
    turns: Vec<(String, String)>,
    balance: Vec<String>,
}

fn class(resampler: &Resampler, method: &MethodOptions) -> Class {
    let mut said = Said::default();
    let parameters = resampler.given.iter().map(|given| described(given, method, &mut said)).collect();
    let mut attributes =
        vec![("_method", Literal::One(format!("\"{}\"", method.name))), ("_own", Literal::Dict(said.own))];
    for (name, items) in [("_words", said.called), ("_refused", said.refused), ("_turns", said.turns)] {
        if !items.is_empty() {
            attributes.push((name, Literal::Dict(items)));
        }
    }
    for (name, items) in [("_ignored", said.ignored), ("_parts", said.parts), ("_balance", said.balance)] {
        if !items.is_empty() {
            attributes.push((name, Literal::Tuple(items)));
        }
    }
    let plain = |paragraph: &str| text::plain(paragraph, &|_| None);
    let doc: Vec<String> = if resampler.doc.is_empty() {
        method.doc.iter().map(|paragraph| plain(paragraph)).collect()
    } else {
        resampler.doc.iter().map(|paragraph| (*paragraph).to_owned()).collect()
    };
    Class {
        name: resampler.name.to_owned(),
        base: "Resampler",
        doc,
        attributes,
        parameters,
        positional: resampler.positional,
        references: method.references.iter().map(|reference| plain(reference)).collect(),
        example: examples::of("Resampler", resampler.name),
    }
}

fn described(given: &Given, method: &MethodOptions, said: &mut Said) -> Parameter {
    match *given {
        Adds => strategy::of_a_method_that_adds(),
        Leaves => strategy::of_a_method_that_leaves_out(),
        Cleans => strategy::of_a_method_that_cleans(),
        Seed => fixed(
            "random_state",
            "Any",
            "None",
            "int, NumPy generator or None, default=None",
            "The seed. The same seed gives the same rows on any number of threads. None takes it from NumPy's global numbers, as \
             scikit-learn does, so that `numpy.random.seed` fixes it; without NumPy it is another one each time.",
        ),
        Jobs => {
            said.ignored.push("\"n_jobs\"".to_owned());
            fixed(
                "n_jobs",
                "int | None",
                "None",
                "int or None, default=None",
                "Accepted for code that sets it, and without effect: all processors are used, and the rows do not depend on how \
                 many there are.",
            )
        }
        Own(name, ours) => own(name, ours, None, method, said),
        OwnWith(name, ours, default) => own(name, ours, Some(default), method, said),
        Called(name, ours, values, hint, words, doc) => {
            option(method, ours);
            said.own.push((name.to_owned(), format!("\"{ours}\"")));
            let values: Vec<String> =
                values.iter().map(|(word, value)| format!("\"{word}\": {value}")).collect();
            said.called.push((name.to_owned(), format!("{{{}}}", values.join(", "))));
            let default =
                words.rsplit_once("default=").map_or("None", |(_, default)| default).replace('\'', "\"");
            fixed(name, hint, &default, words, doc)
        }
        Refused(name, hint, accepted, doc) => {
            let comma = if accepted.len() == 1 { "," } else { "" };
            said.refused.push((name.to_owned(), format!("({}{comma})", accepted.join(", "))));
            let default = accepted[0];
            let allowed = accepted.join(" or ").replace('"', "'");
            let words = if hint == "Any" {
                allowed.clone()
            } else {
                format!("{hint}, default={default}").replace('"', "'")
            };
            let words = words.replace(" | ", " or ");
            let doc = format!("In imbalanced-learn, {doc}. Only {allowed} is accepted.");
            fixed(name, hint, default, &words, &doc)
        }
        Categorical => fixed(
            "categorical_features",
            "Any",
            "\"auto\"",
            "'auto', sequence of str, of int or of bool, default='auto'",
            "The columns that are levels, by name, by place, or as a mask; with 'auto', those whose type says so, and those that \
             hold texts.",
        ),
        Turns(name, turned, ours) => {
            said.turns.push((name.to_owned(), format!("(\"{turned}\", \"{ours}\")")));
            fixed(
                name,
                "float | None",
                "None",
                "float or None, default=None",
                "How much of the bandwidth of the smoothed bootstrap is used, at least 0; None to repeat rows as they are.",
            )
        }
        RawUnits => {
            said.balance.push("\"raw_units\"".to_owned());
            fixed(
                "raw_units",
                "bool",
                "True",
                "bool, default=True",
                "True to measure distances in the columns' own units, as imbalanced-learn does: the column with the largest \
                 numbers then decides who is near. False to divide numbers by their standard deviation first.",
            )
        }
        Textbook(default) => {
            said.balance.push("\"textbook\"".to_owned());
            fixed(
                "textbook",
                "bool",
                default,
                &format!("bool, default={default}"),
                "True to leave made-up numbers as they were calculated, so far as their type can hold them. False to give them \
                 the decimal places that their column has, and to keep them within what it has.",
            )
        }
        Part(name, doc) => {
            said.parts.push(format!("\"{name}\""));
            let doc = format!("The resampler that {doc} if none is given.");
            fixed(name, "Any", "None", "resampler or None, default=None", &doc)
        }
    }
}

/// Numbers of neighbours, for which scikit-learn's objects stand too.
const NEIGHBOURS: [&str; 4] = ["k_neighbors", "m_neighbors", "n_neighbors", "n_neighbors_ver3"];

fn option<'a>(method: &'a MethodOptions, ours: &str) -> &'a lookalike::options::MethodOption {
    let found = method.options.iter().find(|option| option.name == ours);
    found.unwrap_or_else(|| panic!("{} has no option {ours}", method.name))
}

fn own(name: &str, ours: &str, default: Option<&str>, method: &MethodOptions, said: &mut Said) -> Parameter {
    let option = option(method, ours);
    said.own.push((name.to_owned(), format!("\"{}\"", option.name)));
    let mut parameter = Parameter { name: name.to_owned(), ..parameter(option, &[]) };
    if let Some(default) = default {
        let kept = parameter.default.replace(default.to_owned()).unwrap_or_default();
        let (words, _) = parameter.words.split_once(", default=").unwrap_or((&parameter.words, ""));
        let none = default == "None";
        parameter.words = format!("{words}{}, default={default}", if none { " or None" } else { "" });
        if none {
            parameter.annotation.push_str(" | None");
            parameter.doc.push(format!("None stands for {kept}."));
        }
    }
    if NEIGHBOURS.contains(&name) {
        "Any".clone_into(&mut parameter.annotation);
        parameter.words = parameter.words.replacen("int", "int or object with n_neighbors", 1);
    }
    for paragraph in &mut parameter.doc {
        *paragraph = text::plain(paragraph, &|_| None);
    }
    parameter
}

fn fixed(name: &str, hint: &str, default: &str, words: &str, doc: &str) -> Parameter {
    super::tables::common(name, hint, default, words, doc)
}
