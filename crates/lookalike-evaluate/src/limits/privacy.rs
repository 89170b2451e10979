use super::Limits;

/// Of copied rows and what they give away.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["copies"],
        cannot_tell: "whether rows were copied and changed ever so little: a last digit is enough. Ids, free text \
                      and columns that a table lacks are not compared, and where rows repeat by nature, copies look \
                      like chance",
        gamed_by: "by changing one cell of every copied row",
    },
    Limits {
        of: &["near-copies"],
        cannot_tell: "whether rows were copied and one of their levels exchanged: that alone may count as further \
                      than is near. It counts rows and does not know which of them would hurt",
        gamed_by: "by noise a little larger than what one in a hundred holdout rows has by nature; by exchanging one \
                   level in every copied row",
    },
    Limits {
        of: &["dcr-share"],
        cannot_tell: "anything about single rows: a hundred copies among ten thousand rows move it by 0.005. It is a \
                      smoke test, no attack, and passing it is no evidence of privacy. Where rows are often equally \
                      near, ties lower it",
        gamed_by: "by noise that takes copied rows further than the next real row; by adding common rows that lie in \
                   both tables, which are ties and count as not nearer",
    },
    Limits {
        of: &["dcr-share-tie-split"],
        cannot_tell: "anything about single rows: a hundred copies among ten thousand rows move it by 0.005. It is a \
                      smoke test, no attack, and passing it is no evidence of privacy",
        gamed_by: "by noise that takes copied rows further than the next real row; by mixing copied rows with rows \
                   from anywhere, which pull it back to a half",
    },
    Limits {
        of: &["nndr-share"],
        cannot_tell: "anything about single rows, since it is a share of all; and copies of training rows that have \
                      an equal twin, which single out neither of the two",
        gamed_by: "by rows halfway between two neighbouring training rows: they are equally far from both and seem \
                   to single out none",
    },
    Limits {
        of: &["mia-tpr"],
        cannot_tell: "what a stronger attacker would find: this one knows distances only, and a reference of half \
                      the holdout. With few rows its interval is wide. `lookalike audit` asks more",
        gamed_by: "by hiding copies from this very distance, with noise or one exchanged level in each; another \
                   attack may still see them",
    },
    Limits {
        of: &["mia-auc"],
        cannot_tell: "whether a few rows leak entirely: where one training row in a hundred does and the others do \
                      not, it rises by no more than 0.005",
        gamed_by: "by leaking few rows; by noise or one exchanged level in each copied row",
    },
    Limits {
        of: &["mia-auc-outliers"],
        cannot_tell: "what leaks of ordinary rows, or what a stronger attacker would find of outlying ones. A \
                      twentieth of the rows is few, and its interval wide",
        gamed_by: "by dropping outlying rows from what is copied, and copying all others",
    },
    Limits {
        of: &["outliers-found"],
        cannot_tell: "what leaks of all other rows, or of an outlying row of which only parts were copied: all \
                      columns count in its distance",
        gamed_by: "by dropping or pulling in outlying rows; by moving a copied one more than a tenth of its distance \
                   to the next real row",
    },
    Limits {
        of: &["attribute-inference"],
        cannot_tell: "what is learned of everybody, members and others alike: that does not count here, though it \
                      may harm people. The attacker knows all other cells and asks the nearest row only, and a mean \
                      over columns hides one that leaks",
        gamed_by: "by noise larger than a twentieth of a number's spread in copied rows, or by exchanging their \
                   levels: guesses miss by a little, and count as wrong",
    },
    Limits {
        of: &["replicated-uniques"],
        cannot_tell: "whether the rest of a row is true of the person, or what columns that were not named as keys \
                      give away",
        gamed_by: "by naming few keys; by writing every synthetic row twice: no keys then occur exactly once, and \
                   the figure is 0",
    },
    Limits {
        of: &["disco"],
        cannot_tell: "what an attacker learns who is almost certain: a single synthetic row that disagrees makes it \
                      count as nothing learned. Keys that were not named are not tried",
        gamed_by: "by one dissenting row for each combination of keys; by naming few keys",
    },
    Limits {
        of: &["k-anonymity"],
        cannot_tell: "anything about the synthetic table. Nor does it tell what those who share their keys have in \
                      common otherwise, or what columns that were not named as keys give away",
        gamed_by: "by naming few keys, which raises it; no synthetic table changes it",
    },
    Limits {
        of: &["l-diversity"],
        cannot_tell: "anything about the synthetic table. It counts different values and not how often each occurs: \
                      one row in a thousand that differs makes two, though the target is all but given away; nor \
                      does it know how alike values are",
        gamed_by: "by naming few keys, or a target with many values of little difference",
    },
];
