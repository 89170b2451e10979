//! The program `lookalike`: learn a table, sample its look-alike, judge it.
//!
//! It understands what was typed, shows progress and prints results; the work is done by the library `lookalike`.

mod args;
mod commands;
mod exit;
mod failure;
mod interrupt;
mod progress;
mod reading;
mod session;
mod text;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::session::Session;

fn main() -> ExitCode {
    report_panics();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are asked for; everything else is a mistake in the options.
            let exit = if error.use_stderr() { Exit::Refused } else { Exit::Fine };
            let _ = error.print();
            return exit.into();
        }
    };
    interrupt::listen();
    match run(cli) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if let Some(message) = failure.message() {
                let label = console::Style::new().for_stderr().red().bold().apply_to("error:").to_string();
                let _ = writeln!(std::io::stderr(), "{label} {}", text::printable(&message));
            }
            failure.exit().into()
        }
    }
}

fn run(cli: Cli) -> Result<Exit> {
    if let Some(threads) = cli.global.threads {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global().map_err(|_| {
            Failure::options(format!("the system does not allow {threads} threads; ask for fewer"))
        })?;
    }
    let session = Session::new(&cli.global);
    match cli.command {
        Command::Inspect(args) => commands::inspect::run(&args, &session),
        Command::Split(args) => commands::split::run(&args, &session),
        Command::Fit(args) => commands::fit::run(&args, &session),
        Command::Sample(args) => commands::sample::run(&args, &session),
        Command::Impute(args) => commands::impute::run(&args, &session),
        Command::Rebalance(args) => commands::rebalance::run(&args, &session),
        Command::Evaluate(args) => commands::evaluate::run(&args, &session),
        Command::Audit(args) => commands::audit::run(&args, &session),
        Command::Report(args) => commands::report::run(&args, &session),
        Command::Explain(args) => commands::explain::run(&args, &session),
        Command::Demo(args) => commands::demo::run(&args, &session),
        Command::Simulate(args) => commands::simulate::run(&args, &session),
        Command::Augment(args) => commands::augment::run(&args, &session),
        Command::Run(args) => commands::run::run(&args, &session),
        Command::Completions(args) => commands::completions::run(&args, &session),
    }
}

/// A panic is a bug. What is shown of it is where it happened: its message might hold a value from a cell.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place =
            panic.location().map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        let _ = writeln!(
            std::io::stderr(),
            "bug: lookalike {} stopped{place}; please report this line and the command, without your data",
            env!("CARGO_PKG_VERSION"),
        );
    }));
}
