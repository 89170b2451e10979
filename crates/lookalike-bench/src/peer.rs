//! Peers, run by their own interpreter on the same files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Runs one of the scripts in `peers/`, which prints one JSON object of figures as its last line.
pub(crate) fn figures(
    python: &Path,
    script: &str,
    arguments: &[&str],
) -> Result<BTreeMap<String, f64>, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script);
    let output = Command::new(python)
        .arg(&script)
        .args(arguments)
        .output()
        .map_err(|error| format!("{} does not start: {error}", python.display()))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("the peer's script failed: {}", errors.lines().last().unwrap_or("no message")));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().last().unwrap_or_default();
    serde_json::from_str(line).map_err(|_| "the peer's script printed no figures".to_owned())
}

/// Prints the peer's figure and how many times better ours is.
pub(crate) fn compare(name: &str, what: &str, theirs: f64, ours: f64, lower_is_better: bool, unit: &str) {
    let ratio = if lower_is_better { theirs / ours } else { ours / theirs };
    println!("  {name}: {what:<38} {theirs:>12.3} {unit:<7} ours {ours:.3}, ratio {ratio:.1}");
}
