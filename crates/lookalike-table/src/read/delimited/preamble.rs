//! Lines above the header: a title, a date of export, comments.

use super::dialect::{DELIMITERS, Given, is_header, is_surely_header, split};
use super::leading_blank;
use super::record::{End, Field, split_record};

/// A table with more lines above it than this is not looked for.
const MOST_LINES: usize = 20;

/// Lines above the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Preamble {
    /// How many bytes they take, blank lines between and after them included.
    pub(super) bytes: usize,
    /// How many lines hold something.
    pub(super) lines: usize,
}

/// The lines above the header, if there surely are some: lines of one cell, or of any number but that of the table
/// if they begin with `#`, above a header and rows that all have one number of cells.
///
/// To be asked only where the first line does not fit the others. Such text is otherwise refused, or one column, so the
/// header has to prove that it is one where cells of text could look like this.
pub(super) fn preamble(sample: &[u8], complete: bool, given: &Given<'_>) -> Option<Preamble> {
    if given.header == Some(false) {
        return None;
    }
    let delimiters = DELIMITERS.into_iter().filter(|&own| given.delimiter.is_none_or(|it| it == own));
    let besides = given.delimiter.filter(|delimiter| !DELIMITERS.contains(delimiter));
    delimiters.chain(besides).find_map(|delimiter| {
        let (marks, records) = split(sample, complete, delimiter);
        let width = records.last()?.len();
        let above = records.iter().position(|record| record.len() == width)?;
        let (titles, table) = records.split_at(above);
        let fits = (1..=MOST_LINES).contains(&above)
            && titles.iter().all(|record| is_title(record))
            && table.iter().all(|record| record.len() == width)
            && is_table(table, width, delimiter, given);
        if !fits {
            return None;
        }
        let mut bytes = 0;
        let mut left = above;
        while left > 0 {
            let (record, next, end) = split_record(sample, bytes, marks);
            debug_assert!(end == End::Line, "a table follows");
            let is_blank = matches!(record.as_slice(), [only] if only.text.is_empty() && !only.quoted);
            left -= usize::from(!is_blank);
            bytes = next;
        }
        Some(Preamble { bytes: bytes + leading_blank(&sample[bytes..]), lines: above })
    })
}

fn is_title(record: &[Field]) -> bool {
    record.len() == 1 || record.first().is_some_and(|first| first.text.starts_with(b"#"))
}

/// Whether these records are a header and rows of a table.
fn is_table(records: &[Vec<Field>], width: usize, delimiter: u8, given: &Given<'_>) -> bool {
    let Some((header, rows)) = records.split_first() else { return false };
    let mut names: Vec<&[u8]> = header.iter().map(|field| field.text.trim_ascii()).collect();
    names.sort_unstable();
    names.dedup();
    // A delimiter at the end of each line of a single column is none, and lists in one column have no names.
    let named = names.len() == width && !names.contains(&b"".as_slice());
    // Text of a single column may well hold semicolons, bars or a comma in every row, hardly the same two commas.
    let could_be_text = width == 2 || matches!(delimiter, b';' | b'|');
    width > 1
        && rows.len() > 1
        && named
        && is_header(records, given.names.as_deref())
        && (!could_be_text || is_surely_header(records))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sample: &str) -> Option<(usize, usize)> {
        let found = preamble(sample.as_bytes(), true, &Given::default())?;
        Some((found.lines, found.bytes))
    }

    #[test]
    fn titles_and_comments_are_found() {
        let table = "name,city,age\nAda,London,36\nAlan,Wilmslow,41\n";
        for (above, lines) in [
            ("People\n", 1),
            ("People of 1950\n\"as of today\"\n", 2),
            ("# made by hand, and checked\n#\n", 2),
            ("# a, b, c, d\r\n", 1),
            ("\nPeople\n\nof 1950\n\r\n\n", 2),
        ] {
            assert_eq!(of(&format!("{above}{table}")), Some((lines, above.len())), "{above:?}");
        }
        let table = table.replace(',', ";");
        assert_eq!(of(&format!("People, and where they lived\n{table}")), Some((1, 29)));
        assert_eq!(of("Ages\nname\tage\nAda\t36\nAlan\t41\n"), Some((1, 5)));
    }

    #[test]
    fn what_may_be_a_column_of_text_is_left_alone() {
        for text in [
            // Texts with signs that could be delimiters.
            "quote\nwell, yes\nno, thanks\nso, so\n",
            "tags\na;b;c\nd;e;f\ng;h;i\n",
            "color\n1;2;3\n4;5;6\n7;8;9\n",
            "path\nusr|bin\nusr|lib\n",
            // A delimiter at the end of each line.
            "a\n1,\n2,\n3,\n",
            // Nothing tells the header from the rows.
            "title\n1,2,3\n4,5,6\n",
            // One row proves little, and so do rows that differ.
            "title\na,b,c\n1,2,3\n",
            "title\na,b,c\n1,2,3\n4,5\n6,7,8\n",
            // The header begins with the sign of comments.
            "#id,b,c\n1,2,3\n4,5,6\n",
            "a\nx\ny\n",
            "",
        ] {
            assert_eq!(of(text), None, "{text:?}");
        }
        let headless = Given { header: Some(false), ..Given::default() };
        assert_eq!(preamble(b"t\na,b,c\n1,2,3\n4,5,6\n", true, &headless), None);
    }
}
