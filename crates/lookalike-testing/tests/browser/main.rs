//! Reports in a real browser. `./test` runs these; by themselves they need Chromium:
//! `cargo test -p lookalike-testing --test browser -- --ignored`. Pictures to look at are left in `target/tmp`.

mod chromium;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lookalike::evaluate::{LaysOpen, Wanted};
use lookalike::{Context, FitOptions, Judging, ReadOptions, SampleRequest, Seed, Silent, job, report};

use chromium::Page;

/// A report of a table: its first rows are learned independently of each other, the others held out.
fn report_of(table: &Path, target: &str, rows: usize) -> String {
    let context = Context::new(Seed::new(5));
    let table = lookalike::read(table, &ReadOptions::default(), &Silent).expect("the table is read").table;
    let (train, holdout) = (table.slice(0..rows), table.slice(rows..rows * 5 / 4));
    let model = job::method("independent").expect("it exists");
    let model = model.fit(&train, &FitOptions::default(), &context).expect("it fits");
    let sample = model.sample(&SampleRequest::rows(rows as u64), &context).expect("it samples");
    let synthetic = sample.collect_table().expect("a table");
    let judging = Judging {
        holdout: Some(&holdout),
        roles: FitOptions {
            target: Some(train.schema().index_of(target).expect("a target")),
            ..FitOptions::default()
        },
        wanted: Wanted::All,
        exhibits: Some(LaysOpen::Rows),
        ..Judging::new(&train, &synthetic)
    };
    let evaluation = lookalike::judge(&judging, &context).expect("it is judged");
    report::render(&evaluation, report::Options::default())
}

fn write(folder: &Path, page: &str) -> PathBuf {
    let path = folder.join("report.html");
    std::fs::write(&path, page).expect("the report is written");
    path
}

/// What must hold of every report, whatever its table.
fn check(page: &mut Page, path: &Path, name: &str) {
    let drawn = "[...document.querySelectorAll('svg.chart')].map(c => c.getBoundingClientRect().height)";
    let heights = page.value(drawn);
    let heights = heights.as_array().expect("charts");
    assert!(heights.len() > 6, "{} charts", heights.len());
    assert!(heights.iter().all(|height| height.as_f64() > Some(20.0)), "{heights:?}");

    page.picture(&format!("{name}-light"));
    page.emulate("screen", "light");
    let background = "getComputedStyle(document.body).backgroundColor";
    let day = page.value(background);
    page.emulate("screen", "dark");
    let night = page.value(background);
    assert_ne!(day, night);
    page.picture(&format!("{name}-dark"));
    // The button overrules the system.
    page.value("document.getElementById('theme').click()");
    assert_eq!(page.value(background), day);
    page.value("document.getElementById('theme').click()");
    assert_eq!(page.value(background), night);
    // Paper is white, and needs no buttons.
    page.emulate("print", "dark");
    assert_eq!(page.value(background), day);
    assert_eq!(page.value("getComputedStyle(document.querySelector('nav')).display"), "none");
    page.picture(&format!("{name}-print"));
    assert!(
        page.call("Page.printToPDF", &serde_json::json!({}))["data"].as_str().expect("a PDF").len() > 10_000
    );
    page.emulate("screen", "light");

    // Values: pointed at, and by keyboard.
    let tip = "document.getElementById('tip').textContent";
    page.hover(".card [data-t]");
    let pointed = page.value(tip);
    assert!(
        pointed.as_str().is_some_and(|text| text.contains("synthetic") && text.contains('%')),
        "{pointed}"
    );
    page.value("document.querySelector('.card svg.chart').focus()");
    page.press("ArrowRight");
    page.press("ArrowRight");
    let second = page.value(tip);
    assert!(second != pointed && second.as_str().is_some_and(|text| text.contains('%')), "{second}");
    page.press("Escape");
    assert_eq!(page.value(tip), "");

    // A phone: no part of the page is wider than it.
    page.resize(390);
    assert_eq!(page.value("document.documentElement.scrollWidth <= 390"), true);
    page.picture(&format!("{name}-narrow"));
    page.resize(1280);

    // Every button, link and chart can be reached and has a name.
    let nameless = "[...document.querySelectorAll('button, a, input, svg.chart')].filter(e => \
                    !(e.textContent.trim() || e.closest('label') || e.getAttribute('aria-label'))).length";
    assert_eq!(page.value(nameless), 0);
    let repeated = "(() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.length - new \
                    Set(ids).size; })()";
    assert_eq!(page.value(repeated), 0);

    let (requests, complaints) = page.requests_and_complaints();
    assert_eq!(requests, [format!("file://{}", path.display())], "a report loads nothing");
    assert!(complaints.is_empty(), "{complaints:?}");

    // Without scripts all of it can still be read.
    page.call("Emulation.setScriptExecutionDisabled", &serde_json::json!({ "value": true }));
    page.load(path);
    let again = page.value(drawn);
    assert_eq!(again.as_array().map(Vec::len), Some(heights.len()));
    assert_eq!(page.value("getComputedStyle(document.querySelector('.tools')).display"), "none");
}

#[test]
#[ignore = "needs Chromium"]
fn a_report_of_real_data_is_whole_and_alive() {
    let folder = tempfile::tempdir().expect("a folder");
    lookalike::demo::write(folder.path(), 1).expect("the demo's table");
    let path = write(folder.path(), &report_of(&folder.path().join("adult.csv"), "income", 2000));
    let mut page = Page::open(&path);

    let shown = "document.querySelectorAll('#columns .card:not(.hidden)').length";
    assert_eq!(page.value(shown), 15);
    page.value("document.querySelector('input[data-filters=columns]').focus()");
    page.call("Input.insertText", &serde_json::json!({ "text": "capital" }));
    assert_eq!(page.value(shown), 2);
    assert_eq!(page.value("document.getElementById('columns-count').textContent"), "2 of 15");
    page.value(
        "(() => { const i = document.querySelector('input[data-filters=columns]'); i.value = ''; \
                i.dispatchEvent(new Event('input')); })()",
    );

    let first = "document.querySelector('#worst-columns tbody th').textContent";
    let head = "document.querySelector('#worst-columns thead th button')";
    page.value(&format!("{head}.click()"));
    assert_eq!(page.value(first), "age");
    page.value(&format!("{head}.click()"));
    assert_eq!(page.value(first), "workclass");
    check(&mut page, &path, "adult");
}

#[test]
#[ignore = "needs Chromium"]
fn hostile_names_and_values_are_nothing_but_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let long = "a-very-long-name-".repeat(30);
    let names = [
        "</script><img src=x onerror=hacked()>",
        "\u{202e}desrever \u{5e9}\u{5dc}\u{5d5}\u{5dd}",
        "🦀 emoji 👩‍👩‍👧",
        &long,
        "'\"><svg onload=hacked()>",
        "target",
    ];
    let mut text = names.map(|name| format!("\"{}\"", name.replace('"', "\"\""))).join(",") + "\n";
    for row in 0..500_u32 {
        let level = ["<script>hacked()</script>", "]]><b>&amp;", "\u{645}\u{631}\u{62d}\u{628}\u{627}"]
            [row as usize % 3];
        let _ = writeln!(
            text,
            "{level},{},🦀{},{},</style>{},{}",
            row * 7919 % 83,
            row % 4,
            row * 31 % 1009,
            row % 2,
            if row * 13 % 7 < 3 { "yes" } else { "no" }
        );
    }
    let table = folder.path().join("hostile.csv");
    std::fs::write(&table, text).expect("the table is written");
    let path = write(folder.path(), &report_of(&table, "target", 400));
    let mut page = Page::open(&path);
    assert_eq!(page.value("typeof hacked"), "undefined");
    assert_eq!(page.value("document.images.length"), 0);
    assert_eq!(page.value("document.scripts.length"), 1);
    assert_eq!(page.value("document.querySelectorAll('[onerror], [onload], [style], svg script').length"), 0);
    let shown = page.value("document.body.textContent");
    assert!(shown.as_str().is_some_and(|text| text.contains("<script>hacked()") && text.contains("🦀")));
    check(&mut page, &path, "hostile");
}
