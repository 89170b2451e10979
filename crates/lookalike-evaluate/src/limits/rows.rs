use super::Limits;

/// Of whole rows and where they lie.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["c2st"],
        cannot_tell: "anything that boosted trees do not learn from at most 12,000 rows of each table: a score near \
                      1 says that this detector found nothing. It sees one row at a time and columns that both \
                      tables have, and it says nothing of privacy: copied training rows are real rows to it",
        gamed_by: "by copying training rows, which reaches the floor; by leaving out the columns that tell; by \
                   dropping the rows that such a detector recognizes; by rows that are balanced so as to offset each \
                   other across folds, against which a second sample helps",
    },
    Limits {
        of: &["c2st-train"],
        cannot_tell: "whether synthetic rows are like fresh rows or like these very training rows, and what `c2st` \
                      cannot tell either",
        gamed_by: "by emitting rare training values and rows again: they mislead the detector across folds, and its \
                   area falls to a half or below, which counts as 1",
    },
    Limits {
        of: &["c2st-logistic"],
        cannot_tell: "how columns belong together: it sees the means of numbers and the shares of levels, and not \
                      even the shapes of numbers",
        gamed_by: "by drawing every column by itself from the training values; right means and shares are enough",
    },
    Limits {
        of: &["telling-columns"],
        cannot_tell: "why a column tells, and how much is told in all: where two columns tell the same, each stands \
                      in for the other and neither seems to matter. A detector that finds little makes every column \
                      look innocent",
        gamed_by: "by spreading a flaw over several columns, or by giving it a twin; by whatever games `c2st-train`, \
                   where there is no holdout",
    },
    Limits {
        of: &["pmse-ratio"],
        cannot_tell: "how columns belong together: the regression knows no interactions. It grows with the number of \
                      rows, so that figures of tables of different sizes do not compare",
        gamed_by: "by drawing every column by itself from the training values; by handing in fewer rows, which \
                   lowers it",
    },
    Limits {
        of: &["alpha-precision"],
        cannot_tell: "where around the centre rows lie: rows on the wrong side of it, at the right distance, score \
                      as the right ones do. One far training value squeezes the rest of its column together, and \
                      different levels weigh more than numbers",
        gamed_by: "by any rows at the right distances from the centre; copied training rows score as fresh rows do",
    },
    Limits {
        of: &["beta-recall"],
        cannot_tell: "which training rows have a synthetic one near them, and why: rows that were learned well and \
                      rows that were copied raise it alike, rows out of place lower it",
        gamed_by: "by mixing copied training rows, which raise it, with rows from anywhere, which lower it, until it \
                   stands at a half",
    },
    Limits {
        of: &["density"],
        cannot_tell: "where synthetic rows are lacking: many in the middle make up for many that lie outside. Half \
                      the rows amid the crowd and half nowhere can make 1",
        gamed_by: "by crowding rows where training rows are dense until the mean is right; copied training rows \
                   score about as fresh rows do, or a little more",
    },
    Limits {
        of: &["coverage"],
        cannot_tell: "how many synthetic rows lie where no real row does: one row per neighbourhood is enough, and \
                      the others may be anything. It looks at a draw of 4096 rows at most, and misses kinds of rows \
                      that are rarer",
        gamed_by: "by scattering some copied training rows over the table: each covers the neighbourhoods around it",
    },
    Limits {
        of: &["mmd"],
        cannot_tell: "differences finer than the kernel's width, the median distance of real rows, or confined to \
                      few rows: small groups and rare values vanish in the mean. It looks at 2000 rows at most",
        gamed_by: "by drawing training rows again, with or without noise much smaller than that width",
    },
    Limits {
        of: &["log-likelihood"],
        cannot_tell: "how good the rows look that are drawn: a model that draws nonsense in 99 of 100 cases loses less than \
                      5 nats. One column weighs as much as it is uncertain, so that many decimals drown all else, and \
                      figures of different tables, columns or roundings do not compare. Keys and texts are not in it. It \
                      is of the model, not of the table that is judged",
        gamed_by: "by a model that calls the rows impossible which it finds unlikely, for those are not in the mean: read \
                   `impossible_rows` first; by narrow peaks at numbers that repeat, whose density has no bound",
    },
];
