//! Reading a large CSV file.

use std::io::{BufWriter, Write as _};
use std::path::Path;

use lookalike::{ReadOptions, Silent};

use crate::measure::{Target, least, peak_megabytes, report};
use crate::peer;

pub(crate) fn run(megabytes: u64, python: Option<&Path>) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    lookalike::demo::write(folder.path(), 1)?;
    let text = std::fs::read_to_string(folder.path().join("adult.csv"))?;
    let (header, rows) = text.split_once('\n').ok_or("the demo data has a header")?;
    let path = folder.path().join("large.csv");
    let mut file = BufWriter::new(std::fs::File::create(&path)?);
    writeln!(file, "{header}")?;
    let mut written = 0;
    while written < megabytes * 1_000_000 {
        file.write_all(rows.as_bytes())?;
        written += rows.len() as u64;
    }
    file.into_inner()?.sync_all()?;
    let size = std::fs::metadata(&path)?.len() as f64 / 1e6;

    let (reading, cost) = least(2, || lookalike::read(&path, &ReadOptions::default(), &Silent));
    let rows = reading?.table.n_rows();
    let speed = size / cost.wall;
    report(&format!("read {size:.0} MB of CSV ({rows} rows)"), speed, "MB/s", Target::AtLeast(200.0), cost);
    if let Some(peak) = peak_megabytes() {
        println!("  peak memory {peak:.0} MB, {:.2} times the file", peak / size);
    }
    if let Some(python) = python {
        let figures = peer::figures(python, "pandas_read.py", &[&path.display().to_string()])?;
        let theirs = figures.get("megabytes_per_second").copied().unwrap_or(f64::NAN);
        peer::compare("pandas", "read_csv", theirs, speed, false, "MB/s");
    }
    Ok(())
}
