//! `cargo run --example tour --features sandbox`: every client against the embedded sandbox, over real HTTP.
//!
//! Prints what happens, step by step. Ends with exit code 1 and the reason when a step doesn't go as the story says.

mod contractor;
mod story;

use std::process::ExitCode;

use story::Story;

#[tokio::main]
async fn main() -> ExitCode {
    let mut story = Story::default();
    match contractor::scene(&mut story).await {
        Ok(()) => {
            println!("\nAll of it went as documented.");
            ExitCode::SUCCESS
        }
        Err(e) => {
            story.stopped(&*e);
            ExitCode::FAILURE
        }
    }
}
