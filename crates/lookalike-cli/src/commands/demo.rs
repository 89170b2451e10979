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
  The same on pictures, a minute or two long:
  lookalike demo --images

The folder then holds adult.csv, the table; plan.toml, the plan that was run on it; and what came of it. Change the plan
and run it again with `lookalike run`.";

/// Do the whole job on a table that is built in, or on pictures
///
/// The table is UCI Adult: 48,842 people from a census in 1994. The pictures are 2,000 of Fashion-MNIST.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DemoArgs {
    /// The folder for everything; it is created if need be
    #[arg(long, value_name = "DIR", default_value = "lookalike-demo")]
    out: PathBuf,
    /// Learn pictures instead of the table
    #[arg(long)]
    images: bool,
}

pub(crate) fn run(args: &DemoArgs, session: &Session) -> Result<Exit> {
    let seed = session.seed.unwrap_or(0);
    let (path, plan) =
        if args.images { demo::write_pictures(&args.out, seed)? } else { demo::write(&args.out, seed)? };
    session.note(if args.images { demo::ATTRIBUTION_OF_PICTURES } else { demo::ATTRIBUTION });
    let exit = run::execute(&plan, session)?;
    let next = if args.images {
        let model = args.out.join("model.lookalike");
        format!("lookalike sample {} -n 25 --where label=8 --grid bags.png", model.display())
    } else {
        format!("lookalike inspect {}", plan.input.file.display())
    };
    session.note(&format!("\nThe plan is {}. Next: {next}", path.display()));
    Ok(exit)
}
