use super::Limits;

/// Of single columns.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["shape"],
        cannot_tell: "anything about how columns belong together, how many cells are missing, or columns that are \
                      ids or free text; and a mean over many columns hides one that is wrong",
        gamed_by: "by drawing every column by itself from the training values, which destroys all that rows say; \
                   training rows drawn again score nearly 1",
    },
    Limits {
        of: &["ks-complement"],
        cannot_tell: "how values fit other columns, how many are missing, and how far off tails are: one row in a \
                      hundred at an impossible value costs a hundredth, wherever it lies. A small spike that was \
                      smeared over its neighbourhood costs little",
        gamed_by: "by drawing the column by itself from the training values; the mean over the columns hides a bad \
                   one",
    },
    Limits {
        of: &["tv-complement"],
        cannot_tell: "how levels fit other columns, how many cells are missing, and what became of rare levels: all \
                      of those that a hundredth of the rows have together cost a hundredth",
        gamed_by: "by drawing levels by their shares in the training table, whatever the rest of the row is; \
                   dropping rare levels hardly costs anything",
    },
    Limits {
        of: &["wasserstein"],
        cannot_tell: "how values fit other columns, or whether spikes were kept: values that moved a little cost a \
                      little, though every one of them be impossible. A few far training values make the standard \
                      deviation, its unit, large and all else look near",
        gamed_by: "by drawing the column by itself from the training values, or these with some noise",
    },
    Limits {
        of: &["jensen-shannon"],
        cannot_tell: "how values fit other columns, how many are missing, and where within its twentieth a number \
                      lies: the outer ones are open, so that even absurdly far values count as near the end",
        gamed_by: "by drawing the right level or twentieth for each cell by itself, and then any number within it",
    },
    Limits {
        of: &["range-coverage"],
        cannot_tell: "what lies between the lowest and the highest value, or beyond the training column's range: \
                      only these two are looked at",
        gamed_by: "by adding two cells, the ends of the training column, which are somebody's values; or by values \
                   that are far too low and far too high",
    },
    Limits {
        of: &["category-coverage"],
        cannot_tell: "how often levels occur, and whether others occur that do not exist: one cell per level is \
                      enough",
        gamed_by: "by writing every training level once, also those that only one person has: what raises it may \
                   give people away",
    },
    Limits {
        of: &["missing-value-similarity"],
        cannot_tell: "which cells are missing: whether those of the right rows, and together with those of other \
                      columns",
        gamed_by: "by emptying cells at random until their share is right",
    },
    Limits {
        of: &["mean-similarity", "median-similarity"],
        cannot_tell: "anything about a column but where its middle lies: neither its spread, nor its shape, nor its \
                      ties to others. Where the range is long, a difference that matters looks like none",
        gamed_by: "by writing the training column's middle into every cell, or by shifting the column afterwards",
    },
    Limits {
        of: &["std-similarity"],
        cannot_tell: "anything about a column but its spread: neither where it lies, nor its shape, nor its ties to \
                      others. Where the range is long, a difference that matters looks like none",
        gamed_by: "by stretching the column afterwards until its spread is right; two values in the right distance \
                   do",
    },
    Limits {
        of: &["accuracy-1"],
        cannot_tell: "how columns belong together, and where within its tenth a number lies: the outer tenths are \
                      open to absurdly far values. Levels beyond the hundred commonest are one",
        gamed_by: "by drawing every column by itself, and numbers from anywhere within the right tenth",
    },
];
