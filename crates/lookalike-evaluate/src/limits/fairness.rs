use super::Limits;

/// Of how groups of people fare.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["representation"],
        cannot_tell: "what the rows of a group say, only how many there are; small groups hardly count, see \
                      `lowest_ratio`. Shares as in the training table are no fair shares, if people are missing \
                      there",
        gamed_by: "by drawing the sensitive columns by themselves from the training values: shares are right, and \
                   belong to anybody's rows",
    },
    Limits {
        of: &["subgroup-fidelity"],
        cannot_tell: "how columns belong together within a group, and what became of groups of fewer than 50 \
                      training rows",
        gamed_by: "by drawing every column by itself within each group; by leaving a group between one and 19 rows, \
                   too few to be told, which `groups_not_told` shows",
    },
    Limits {
        of: &["demographic-parity-difference"],
        cannot_tell: "whether predictions are right, or whether equal shares would be fair where truth differs. It \
                      is one learner, and what is said of groups of fewer than 30 holdout rows is nothing",
        gamed_by: "by rows that teach nothing: who always predicts the commonest class treats all groups alike, and \
                   scores 0",
    },
    Limits {
        of: &["equalized-odds-difference"],
        cannot_tell: "whether predictions are good, or probabilities equally right for all groups. It is one \
                      learner, at one threshold, and what is said of groups with few holdout rows is nothing",
        gamed_by: "by rows that teach nothing: who always predicts the commonest class errs alike in all groups, and \
                   scores 0",
    },
];
