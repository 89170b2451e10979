use lookalike_evaluate::Series;
use maud::{Markup, html};

use crate::text::{name, printable, short};

/// Rows of tables, one grid for each.
pub(super) fn draw(columns: &[String], series: &[Series<Vec<Option<String>>>]) -> Markup {
    html! {
        @for one in series {
            h4 { (printable(&one.name)) }
            div.scroll tabindex="0" role="region" aria-label={"rows of " (printable(&one.name))} {
                table.parts.rows {
                    thead { tr { @for column in columns { th scope="col" { (name(column)) } } } }
                    tbody { @for row in &one.values {
                        tr { @for cell in row { td {
                            @if let Some(cell) = cell { bdi { (short(cell)) } } @else { span.unknown { "missing" } }
                        } } }
                    } }
                }
            }
        }
    }
}
