//! The one binary: parses, calls `app`, prints. Data on stdout, everything else on stderr.

mod args;
mod breach_args;
mod build;
mod commands;
mod desk_args;
mod law_args;
mod output;
mod review_args;
mod settings;

use std::process::ExitCode;

use app::AppError;
use clap::Parser;

use crate::args::Cli;
use crate::output::Failure;

fn main() -> ExitCode {
    let cli = Cli::parse();
    settings::log(&cli);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("privity: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::run(&cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let code = code(&error);
            output::failure(&error, cli.json);
            ExitCode::from(code)
        }
    }
}

/// Exit codes, as documented in docs/command-line.md.
fn code(error: &anyhow::Error) -> u8 {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return match failure {
            Failure::SomeRefused(_) => 5,
            Failure::NotVerified(_) => 6,
            Failure::Unhealthy(_) => 7,
            Failure::Sighted(_) => 8,
        };
    }
    match error.downcast_ref::<AppError>() {
        Some(AppError::Denied(_)) => 3,
        Some(AppError::NotFound { .. }) => 4,
        Some(AppError::Input(_) | AppError::Query { .. } | AppError::Id(_)) => 2,
        _ => 1,
    }
}
