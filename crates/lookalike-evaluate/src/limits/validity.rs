use super::Limits;

/// Of whether values are possible.
pub(super) const LIMITS: &[Limits] = &[
    Limits {
        of: &["validity"],
        cannot_tell: "whether cells that are possible one by one are possible together, and whether they are at all \
                      likely. A true but new value beyond the training column's range counts as a fault",
        gamed_by: "by pulling numbers into the training column's range and putting a common level in the place of an \
                   unknown one; a part of the training rows scores 1",
    },
    Limits {
        of: &["constraint-adherence"],
        cannot_tell: "whether rows are likely, or break a rule that nobody declared: a declared constraint that is wrong in the \
                      world is met all the same",
        gamed_by: "by leaving out the rows that break one, which changes all else; a table of one correct row, again and again, \
                   scores 1",
    },
    Limits {
        of: &["boundary-adherence"],
        cannot_tell: "whether values within the range are likely, or fit the rest of their row: it looks at the two \
                      ends only",
        gamed_by: "by cutting values off at the ends of the training column; a column that holds one and the same \
                   value within them scores 1",
    },
    Limits {
        of: &["category-adherence"],
        cannot_tell: "how often each level occurs, or which levels are lacking: only whether those that occur exist",
        gamed_by: "by writing one known level into every cell: that scores 1",
    },
    Limits {
        of: &["key-uniqueness"],
        cannot_tell: "whether keys look like real ones, fit the rest of their row, or were copied from the training \
                      table",
        gamed_by: "by numbering the rows; unchanged training keys score 1 too",
    },
    Limits {
        of: &["format-adherence"],
        cannot_tell: "whether a key or date of the right form is a possible one, such as one with a right check digit: only \
                      its digits, letters and signs are looked at",
        gamed_by: "by writing any one text of a known form into every cell",
    },
];
