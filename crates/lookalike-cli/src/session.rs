//! What every command is given, and how it speaks to the user.

use std::io::{self, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use console::Style;
use lookalike::{Context, OutputFile, Progress, Seed, Warning};
use serde::Serialize;

use crate::args::GlobalArgs;
use crate::failure::{Failure, Result};
use crate::progress::TerminalProgress;
use crate::text;
use lookalike::warnings;

/// Warnings beyond this many are counted, not shown: a table may have thousands of columns.
const WARNINGS_SHOWN: usize = 20;

/// One run of the program.
pub(crate) struct Session {
    /// The seed that was asked for, if one was.
    pub(crate) seed: Option<u64>,
    quiet: bool,
    json: Option<PathBuf>,
    progress: TerminalProgress,
}

impl Session {
    pub(crate) fn new(args: &GlobalArgs) -> Self {
        Session {
            seed: args.seed,
            quiet: args.quiet,
            json: args.json.clone(),
            progress: TerminalProgress::new(args.quiet),
        }
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context::new(Seed::new(self.seed.unwrap_or(0))).with_progress(&self.progress)
    }

    pub(crate) fn progress(&self) -> &dyn Progress {
        &self.progress
    }

    /// True when what is shown goes to standard output, which JSON or a table may have for itself.
    pub(crate) fn shows(&self) -> bool {
        self.json.as_deref() != Some(Path::new("-"))
    }

    /// Where results for people go. Nowhere, when standard output is for JSON.
    pub(crate) fn out(&self) -> Box<dyn Write> {
        if self.shows() { Box::new(io::stdout().lock()) } else { Box::new(io::sink()) }
    }

    /// Makes ready to write the JSON that was asked for, before the work starts. `table_out` is where the command
    /// writes a table.
    pub(crate) fn json(&self, table_out: Option<&Path>) -> Result<JsonResult> {
        if !self.shows() && table_out == Some(Path::new("-")) {
            return Err(Failure::options(
                "the table and the JSON cannot both go to standard output; give a file for one of them",
            ));
        }
        let file = self.json.as_deref().map(OutputFile::create).transpose()?;
        Ok(JsonResult { file })
    }

    /// Refuses `--json` for a command that has no result to write.
    pub(crate) fn no_json(&self, command: &str) -> Result<()> {
        match self.json {
            Some(_) => Err(Failure::options(format!("{command} has no result that --json could write"))),
            None => Ok(()),
        }
    }

    /// Says something on standard error that is not a result.
    pub(crate) fn note(&self, message: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{message}");
        }
    }

    /// Shows what was done differently from what one may expect.
    pub(crate) fn warn(&self, warnings: &[Warning]) {
        if self.quiet {
            return;
        }
        let label = Style::new().for_stderr().yellow().bold().apply_to("warning:").to_string();
        let sentences = warnings::sentences(warnings);
        for sentence in sentences.iter().take(WARNINGS_SHOWN) {
            let _ = writeln!(io::stderr(), "{label} {}", text::printable(sentence));
        }
        if sentences.len() > WARNINGS_SHOWN {
            let more = sentences.len() - WARNINGS_SHOWN;
            let _ = writeln!(io::stderr(), "{label} and {more} more; --json FILE has them all");
        }
    }
}

/// Where the JSON goes, if anywhere.
#[derive(Debug)]
pub(crate) struct JsonResult {
    file: Option<OutputFile>,
}

impl JsonResult {
    /// Writes the result, if it was asked for.
    pub(crate) fn write(self, result: &impl Serialize) -> Result<()> {
        let Some(mut file) = self.file else { return Ok(()) };
        let mut text = serde_json::to_vec_pretty(result).map_err(|error| Failure::Output(error.into()))?;
        text.push(b'\n');
        file.write_all(&text).map_err(Failure::Output)?;
        Ok(file.finish()?)
    }
}

/// A warning as JSON has it.
#[derive(Debug, Serialize)]
pub(crate) struct WarningJson<'a> {
    topic: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    message: &'a str,
}

/// Warnings as JSON has them.
pub(crate) fn warnings_json(warnings: &[Warning]) -> Vec<WarningJson<'_>> {
    warnings
        .iter()
        .map(|warning| WarningJson {
            topic: warning.topic.name(),
            column: warning.column.as_deref(),
            message: &warning.message,
        })
        .collect()
}

/// How many signs fit in a line of standard output.
pub(crate) fn width() -> usize {
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let seen = io::stdout().is_terminal().then(|| usize::from(console::Term::stdout().size().1));
    asked.or(seen).unwrap_or(100).clamp(20, 400)
}
