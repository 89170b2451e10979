use super::Limits;

/// Of two or three columns at a time.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["trend"],
        cannot_tell: "what only three columns say together, and ties of two numbers that do not lie along a line. It \
                      looks at no number's place: a column that is shifted or stretched as a whole pairs as before. \
                      Where most pairs have little to do with each other, independent columns score high too",
        gamed_by: "by drawing training rows again, which reaches the floor or better; by pulling in far values, \
                   which keeps the bins of both tables alike",
    },
    Limits {
        of: &["trend-sdmetrics"],
        cannot_tell: "what became of weak ties, and whether ties were invented between columns that have none in the \
                      training table: such pairs do not count. It is blind to what `trend` is blind to as well",
        gamed_by: "by keeping the few strong ties and nothing else; by drawing training rows again",
    },
    Limits {
        of: &["correlation-similarity"],
        cannot_tell: "ties that do not lie along a line, and ties of more than two columns. A few far values decide \
                      it, and halving the difference makes much of little: a correlation of 0.4 that was lost \
                      altogether still scores 0.8",
        gamed_by: "by a normal distribution with the right correlations, whatever the columns look like",
    },
    Limits {
        of: &["spearman-similarity"],
        cannot_tell: "ties that rise and then fall, ties of more than two columns, and what the values are: it knows \
                      their order only",
        gamed_by: "by drawing columns by themselves, even from wrong distributions, and sorting them until their \
                   ranks go together as they should",
    },
    Limits {
        of: &["contingency-similarity"],
        cannot_tell: "what only three columns say together, and what became of rare combinations, which are too \
                      small a share to matter. Where levels are many, chance alone costs much: read it beside its \
                      floor",
        gamed_by: "by keeping the common combinations and dropping rare ones; by drawing training rows again",
    },
    Limits {
        of: &["association-similarity"],
        cannot_tell: "what the tie is: levels that were exchanged for each other, or a correlation that was turned \
                      round, score as the right one does. Many rare levels make ties look stronger than they are",
        gamed_by: "by any ties of the right strength, though they say the opposite",
    },
    Limits {
        of: &["wnmis"],
        cannot_tell: "what a tie says, only how much: levels that were exchanged for each other score as the right \
                      ones do. Where a few far values make the ten parts wide, most rows lie in one and ties within \
                      it are not seen; pairs that say little of each other hardly count",
        gamed_by: "by any ties that tell as much, though they tell something else; by drawing training rows again",
    },
    Limits {
        of: &["accuracy-2"],
        cannot_tell: "what only three columns say together, and where within its tenth a number lies: the outer \
                      tenths are open to absurdly far values. Levels beyond the hundred commonest are one",
        gamed_by: "by drawing training rows again, which reaches the floor or better; noise that leaves numbers \
                   within their tenth costs nothing",
    },
    Limits {
        of: &["accuracy-3"],
        cannot_tell: "what only four columns say together, and where within its tenth a number lies. Where \
                      combinations are many, most of the distance is chance: read it beside `expected` and its \
                      floor. It is a mean over triples, of which wide tables have so many that a wrong one is not \
                      seen",
        gamed_by: "by drawing training rows again, which reaches the floor or better; noise that leaves numbers \
                   within their tenth costs nothing",
    },
];
