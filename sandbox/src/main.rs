//! The sandboxes of all four interfaces as a program; `casewire-sandbox --help` says what it takes.

use std::process::ExitCode;

use casewire_sandbox::program;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match program::run(std::env::args_os()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("casewire-sandbox: {e}");
            ExitCode::from(2)
        }
    }
}
