use lookalike_evaluate::RunRecord;
use maud::{Markup, html};

use super::origin::fact;
use crate::text::{count, printable};

/// What the run took of time and memory.
pub(super) fn cost(record: &RunRecord) -> Markup {
    let rate = |rate: Option<f64>| {
        rate.map_or_else(
            || "not told".to_owned(),
            |rate| format!("{} per second", count(rate.round() as u64)),
        )
    };
    let memory = record.peak_memory_bytes.map_or_else(|| "not told by this system".to_owned(), bytes);
    html! {
        section #cost aria-labelledby="cost-title" {
            h2 #cost-title { "What it cost" }
            p.quiet { "Measured in this one run, on a machine that may have had other work; another run differs. Processor seconds are those of all threads together." }
            div.scroll { table {
                thead { tr {
                    th scope="col" { "step" }
                    th.number scope="col" { "seconds" }
                    th.number scope="col" { "processor seconds" }
                } }
                tbody {
                    @for phase in &record.phases { tr {
                        th scope="row" { (printable(&phase.phase)) }
                        td.number { (seconds(Some(phase.wall_seconds))) }
                        td.number { (seconds(phase.cpu_seconds)) }
                    } }
                    tr {
                        th scope="row" { "together" }
                        td.number { (seconds(Some(record.wall_seconds()))) }
                        td.number { (seconds(record.cpu_seconds())) }
                    }
                }
            } }
            div.scroll { table { tbody {
                (fact("method", &html! { (printable(&record.method)) }))
                (fact("threads", &html! { (record.threads) }))
                (fact("most memory at any time", &html! { (memory) }))
                (fact("rows learned from", &html! { (count(record.rows_learned)) ", " (rate(record.rows_learned_per_second)) }))
                (fact("rows drawn", &html! { (count(record.rows_sampled)) ", " (rate(record.rows_sampled_per_second)) }))
                (fact("size of the model file", &html! { (bytes(record.model_bytes)) }))
                (fact("measured by", &html! { "lookalike " (printable(&record.version)) }))
            } } }
        }
    }
}

fn seconds(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{seconds:.2}"))
}

/// A number of bytes with a unit of a thousand times a thousand.
pub(crate) fn bytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 1.0 { format!("{} bytes", count(bytes)) } else { format!("{megabytes:.1} MB") }
}
