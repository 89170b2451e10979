use super::Limits;

/// Of what can be learned.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["tstr"],
        cannot_tell: "whether anything else can be learned: it is one target and one learner, and columns that do \
                      not help to predict may be anything. For classes only the order of predictions counts, not \
                      whether probabilities are right",
        gamed_by: "by copying training rows, which reaches the ceiling; by letting a model that learned from real \
                   rows give the target to rows of any kind: what they teach is then what that model knows, though \
                   their target is too regular",
    },
    Limits {
        of: &["tstr-forest"],
        cannot_tell: "whether another target, or a learner that is not made of trees, would do as well. For classes \
                      only the order of predictions counts, not whether probabilities are right",
        gamed_by: "by copying training rows, which reaches the ceiling; by letting a model that learned from real \
                   rows give the target to rows of any kind: what they teach is then what that model knows, though \
                   their target is too regular",
    },
    Limits {
        of: &["tstr-logistic"],
        cannot_tell: "what columns say only together, and ties that are not along a line: a linear model cannot \
                      learn them, so their loss costs nothing",
        gamed_by: "by copying training rows, which reaches the ceiling; by a distribution with the right means, \
                   shares and linear ties and nothing else",
    },
    Limits {
        of: &["trtr"],
        cannot_tell: "anything about the values of synthetic rows: it says what the task allows. It learns from as \
                      many rows as the synthetic table has and from the columns that it has, so that it is lower for \
                      a short or narrow one",
        gamed_by: "by handing in few rows, or leaving out columns that matter: the ceiling falls, and what stands \
                   below it looks better",
    },
    Limits {
        of: &["tstr-ratio"],
        cannot_tell: "how much was lost of what can be predicted: an area of 0.5 is luck, so that 0.7 relative to \
                      0.9 looks like 0.78 though half of what can be known is gone. It is blind to what `tstr` is \
                      blind to as well",
        gamed_by: "as `tstr`; and by few rows or fewer columns, which lower what it is divided by",
    },
    Limits {
        of: &["tstr-difference"],
        cannot_tell: "whether another draw of synthetic rows, another target or another learner would lose as much: \
                      the interval is about the test rows alone, and the models stay as they are",
        gamed_by: "as `tstr`; and by few rows, from which real ones teach little too",
    },
    Limits {
        of: &["trts"],
        cannot_tell: "whether synthetic rows are diverse: a few typical ones, again and again, are predicted well. \
                      It says what a model of real rows expects, not what synthetic rows teach",
        gamed_by: "by giving each row the target that a model of real rows predicts, or dropping the rows that are \
                   hard to predict; training rows that were copied are predicted better than fresh ones",
    },
    Limits {
        of: &["augmentation"],
        cannot_tell: "whether synthetic rows are good: where training rows suffice, good ones add nothing, and 0 may \
                      mean either. A small gain is within what another draw would change, and repeating or smoothing \
                      real rows may bring the same",
        gamed_by: "by copying training rows, which costs little and reaches about 0; by a target that a model of \
                   real rows predicted, which may help learning and adds no knowledge",
    },
    Limits {
        of: &["tstr-accuracy"],
        cannot_tell: "what was learned of a rare class: always predicting the commonest class scores its share",
        gamed_by: "by dropping the rare class, which costs about its share at most; by copying training rows",
    },
    Limits {
        of: &["tstr-balanced-accuracy"],
        cannot_tell: "how good predictions are in practice, where classes are not equally frequent: a class of ten \
                      test rows weighs as much as one of a thousand, and is luck. It knows the most probable class \
                      only, no probabilities",
        gamed_by: "by making classes equally frequent among synthetic rows, which shifts predictions towards rare \
                   ones without better rows; by copying training rows",
    },
    Limits {
        of: &["tstr-pr-auc"],
        cannot_tell: "whether probabilities are right, and how it compares with other tables: luck scores the share \
                      of the class, which differs from table to table",
        gamed_by: "by copying training rows, which reaches the ceiling; by letting a model that learned from real \
                   rows give the target to rows of any kind: what they teach is then what that model knows, though \
                   their target is too regular",
    },
    Limits {
        of: &["tstr-f1"],
        cannot_tell: "whether probabilities are right, or what another threshold would give: of two classes it \
                      ignores rightly predicted rows of the commoner one",
        gamed_by: "by changing the shares of classes among synthetic rows until the threshold suits; by copying \
                   training rows",
    },
    Limits {
        of: &["tstr-brier"],
        cannot_tell: "whether predictions tell rows apart: where a class is rare, its share as the prediction for \
                      every row scores well. It mixes how right probabilities are with how much they say",
        gamed_by: "by the right shares of classes and nothing else, where one is rare; by copying training rows",
    },
    Limits {
        of: &["tstr-rmse", "tstr-r2"],
        cannot_tell: "whether most rows are predicted well: few far values of the target decide it. Nor does it tell \
                      whether the target of synthetic rows varies as it should",
        gamed_by: "by drawing the target in towards what the other columns predict: such rows teach its mean well \
                   and have lost its spread; by copying training rows",
    },
    Limits {
        of: &["importance-agreement"],
        cannot_tell: "how much more one column matters than another: only their order counts, also that of columns \
                      that do not matter, which is luck. Columns that say the same stand in for each other",
        gamed_by: "by copying training rows; by letting a model that learned from real rows give the target to rows \
                   of any kind: what they teach is then what that model knows, though their target is too regular",
    },
    Limits {
        of: &["coefficient-overlap"],
        cannot_tell: "what a regression without interactions does not ask. Wide intervals overlap easily, so that \
                      few rows score well; an overlap of all but one coefficient hides the one that changes its sign",
        gamed_by: "by handing in few rows: both regressions learn from as many, and their intervals widen; by \
                   copying training rows",
    },
];
