//! Stand-ins: how fast they are made beside Python's Faker, and whether anything personal comes out of a model.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use lookalike::synth::standin::{Fake, FakeColumn};
use lookalike::table::{Locale, Personal};
use lookalike::{
    AnySynthesizer, Column, ColumnSchema, Context, FitOptions, Kind, SampleRequest, Schema, Seed, Table,
};

use crate::peer;

type Failure = Box<dyn std::error::Error>;

/// Rows of a block, as models sample them.
const BLOCK: usize = 2048;

/// Makes `values` stand-ins of the sorts that Faker knows too, on one thread as Faker does.
pub(crate) fn speed(values: usize, locale: Locale, python: Option<&Path>) {
    let theirs = match python.map(|python| peer::figures(python, "faker_fakes.py", &["5000", locale.code()]))
    {
        Some(Ok(figures)) => Some(figures),
        Some(Err(problem)) => {
            println!("  Faker: {problem}");
            None
        }
        None => None,
    };
    println!("{values} stand-ins of each sort, {}, on one thread, in values per second", locale.code());
    println!("  {:<22}{:>14}{:>14}{:>10}", "sort", "lookalike", "Faker", "ratio");
    let (mut ours_total, mut theirs_total) = (0.0, 0.0);
    let mut least = f64::INFINITY;
    for sort in Personal::all() {
        let fake = FakeColumn::new(sort, locale);
        let start = Instant::now();
        let mut made = 0;
        while made < values {
            made += fake.column(Seed::new(1), 0, (made / BLOCK) as u64, made as u64, BLOCK, None).len();
        }
        let seconds = start.elapsed().as_secs_f64() / made as f64;
        let faker = theirs.as_ref().and_then(|figures| figures.get(sort.sdtype()).copied());
        if let Some(theirs) = faker {
            ours_total += seconds;
            theirs_total += theirs;
            least = least.min(theirs / seconds);
        }
        let (theirs, ratio) = faker.map_or(("-".into(), "-".into()), |theirs| {
            (format!("{:.0}", 1.0 / theirs), format!("{:.1}", theirs / seconds))
        });
        println!("  {:<22}{:>14.0}{theirs:>14}{ratio:>10}", sort.sdtype(), 1.0 / seconds);
    }
    if ours_total > 0.0 {
        println!(
            "  all that both make: {:.1} times as fast, the least {least:.1}; target 20",
            theirs_total / ours_total
        );
    }
}

/// Plants names, addresses and phrases that nobody else has, learns, samples `rows` rows, and counts what comes out again.
pub(crate) fn leaks(rows: u64, methods: &[String]) -> Result<(), Failure> {
    let (table, planted) = planted_table(20_000)?;
    println!("{} planted values of {} rows, {rows} sampled rows", planted.len(), table.n_rows());
    for name in methods {
        let method = AnySynthesizer::from_name(name).ok_or("there is no such method")?;
        let context = Context::new(Seed::new(3));
        let model = method.fit(&table, &FitOptions::default(), &context)?;
        let file = lookalike::model_file::to_bytes(&model);
        let in_file = planted.iter().filter(|value| contains(&file, value.as_bytes())).count();
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        let start = Instant::now();
        for batch in model.sample(&SampleRequest::rows(rows), &context)? {
            let batch = batch?;
            for (index, column) in batch.schema().columns.iter().enumerate() {
                let Some(texts) = batch.column(index).texts() else { continue };
                for text in texts.iter().flatten() {
                    let whole = planted.contains(text);
                    // Of prose, whether a planted phrase is part of it.
                    let part = column.name == "remark" && text.contains(PHRASE);
                    if whole || part {
                        *found.entry(column.name.clone()).or_default() += 1;
                    }
                }
            }
        }
        println!(
            "  {name}: {in_file} planted values in the model file, {} among {rows} rows {found:?}, {:.1} s",
            found.values().sum::<u64>(),
            start.elapsed().as_secs_f64()
        );
    }
    println!(
        "  expected by chance: {:.2e} of the planted names, none of the others",
        by_chance(rows, &planted)
    );
    Ok(())
}

/// How many of a planted name's parts our lists could put together: what chance makes of the planted names.
fn by_chance(rows: u64, planted: &BTreeSet<String>) -> f64 {
    let maker = Fake::new(Personal::Name, Locale::EnUs);
    let mut stream = Seed::new(9).stream("chance", 0);
    let tries = 1_000_000;
    let hits = (0..tries)
        .filter(|_| planted.contains(&maker.text(lookalike::synth::standin::Person::draw(&mut stream))))
        .count();
    hits as f64 / f64::from(tries) * rows as f64
}

const PHRASE: &str = "keeps the spare key under the blue flowerpot";

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Rows in which every name, address and number is of one person, and the values of the first two hundred.
fn planted_table(n_rows: usize) -> Result<(Table, BTreeSet<String>), Failure> {
    let mut stream = Seed::new(11).stream("planted", 0);
    let mut word = |length: usize| -> String {
        let mut word: String = (0..length).map(|_| char::from(b'a' + stream.below(26) as u8)).collect();
        word[..1].make_ascii_uppercase();
        word
    };
    let mut names = Vec::with_capacity(n_rows);
    let mut mails = Vec::with_capacity(n_rows);
    let mut phones = Vec::with_capacity(n_rows);
    for row in 0..n_rows {
        let (given, family) = (word(6), word(8));
        mails.push(format!(
            "{}.{}@{}.de",
            given.to_lowercase(),
            family.to_lowercase(),
            word(5).to_lowercase()
        ));
        names.push(format!("{given} {family}"));
        phones.push(format!("+49 171 {:07}", row * 487 + 1_000_003));
    }
    let mut stream = Seed::new(12).stream("remarks", 0);
    let mut one = |words: &[&'static str]| words[stream.below(words.len() as u64) as usize];
    let remarks: Vec<String> = (0..n_rows)
        .map(|row| {
            if row < 4 {
                // Four people only: one fewer than is reproduced.
                return format!("The customer {PHRASE}");
            }
            format!(
                "The customer {} {} and {}",
                one(&["asks about", "complains about", "praises", "returns"]),
                one(&["the delivery", "the invoice", "the warranty", "the manual"]),
                one(&["wants a call back", "is happy", "sends a letter", "waits for an answer"])
            )
        })
        .collect();
    let planted: BTreeSet<String> =
        [&names, &mails, &phones].iter().flat_map(|all| all[..200].to_vec()).collect();
    let column = |name: &str, personal| ColumnSchema { personal, ..ColumnSchema::new(name, Kind::Text) };
    let schema = Schema::new(vec![
        column("name", Some(Personal::Name)),
        column("email", Some(Personal::Email)),
        column("phone", Some(Personal::PhoneNumber)),
        column("remark", None),
        ColumnSchema::new("amount", Kind::Numerical(lookalike::table::schema::NumberFormat::whole())),
    ]);
    let texts = |all: &[String]| Column::from_texts(all.iter().map(Some));
    let amounts = Column::from_integers((0..n_rows as i64).map(|row| row * 7 % 1000).collect(), None);
    let columns = vec![texts(&names), texts(&mails), texts(&phones), texts(&remarks), amounts];
    Ok((Table::new(schema.into(), columns)?, planted))
}
