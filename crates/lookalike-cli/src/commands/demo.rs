//! `lookalike demo`

use std::path::PathBuf;

use clap::Args;
use lookalike::demo;

use crate::commands::run;
use crate::exit::Exit;
use crate::failure::Result;
use crate::session::Session;

const EXAMPLES: &str = "\
Examples:
  lookalike demo
  lookalike demo --out somewhere --seed 7

The folder then holds adult.csv, the table; plan.toml, the plan that was run on it; and what came of it. Change the plan
and run it again with `lookalike run`.";

/// Do the whole job on a table that is built in
///
/// The table is UCI Adult: 48,842 people from a census in 1994.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DemoArgs {
    /// The folder for everything; it is created if need be
    #[arg(long, value_name = "DIR", default_value = "lookalike-demo")]
    out: PathBuf,
}

pub(crate) fn run(args: &DemoArgs, session: &Session) -> Result<Exit> {
    let (path, plan) = demo::write(&args.out, session.seed.unwrap_or(0))?;
    session.note(demo::ATTRIBUTION);
    let exit = run::execute(&plan, session)?;
    session.note(&format!(
        "\nThe plan is {}. Next: lookalike inspect {}",
        path.display(),
        plan.input.file.display()
    ));
    Ok(exit)
}
