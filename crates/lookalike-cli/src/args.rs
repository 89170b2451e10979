//! What can be typed.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand};

use crate::commands;
use crate::exit::EXIT_CODES;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  lookalike demo
  lookalike inspect patients.csv
  lookalike split patients.csv --share 0.2 -o parts
  lookalike fit parts/train.csv -o patients.model --target outcome
  lookalike sample patients.model -n 10000 -o synthetic.csv
  lookalike evaluate --real parts/train.csv --holdout parts/holdout.csv --synthetic synthetic.csv
  cat patients.csv | lookalike fit - -o patients.model

";

/// Learn a table, sample its look-alike, judge it
///
/// Reads CSV, TSV, JSON lines, Excel, Parquet and Arrow; everything about a file is detected. The same input,
/// options and seed give the same bytes, on any number of threads. Nothing reaches the network.
#[derive(Debug, Parser)]
#[command(name = "lookalike", version, styles = STYLES, max_term_width = 100, after_help = format!("{EXAMPLES}{EXIT_CODES}"))]
#[command(disable_help_subcommand = true, infer_subcommands = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be said with every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct GlobalArgs {
    /// Where all randomness comes from: the same number gives the same result [default: 0]
    #[arg(long, global = true, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many threads to work with [default: one per processor]
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
    pub(crate) threads: Option<u16>,
    /// Show neither progress nor warnings
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Write the result as JSON too; - is standard output, and replaces what is shown there
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Inspect(commands::inspect::InspectArgs),
    Split(commands::split::SplitArgs),
    Fit(commands::fit::FitArgs),
    Sample(commands::sample::SampleArgs),
    Impute(commands::impute::ImputeArgs),
    Rebalance(commands::rebalance::RebalanceArgs),
    Evaluate(commands::evaluate::EvaluateArgs),
    Audit(commands::audit::AuditArgs),
    Report(commands::report::ReportArgs),
    Explain(commands::explain::ExplainArgs),
    Demo(commands::demo::DemoArgs),
    Simulate(commands::simulate::SimulateArgs),
    Augment(commands::augment::AugmentArgs),
    Run(commands::run::RunArgs),
    Completions(commands::completions::CompletionsArgs),
}
