//! `cargo run --example tour`: every client against the embedded sandbox, over real HTTP.
//!
//! Prints what happens, step by step. Ends with exit code 1 and the reason when a step
//! doesn't go as the story says.

mod callback;
mod contractor;
mod crpt;
mod legalcase;
mod story;

use std::{error::Error, process::ExitCode};

use story::Story;

#[tokio::main]
async fn main() -> ExitCode {
    let mut story = Story::default();
    match tell(&mut story).await {
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

async fn tell(story: &mut Story) -> Result<(), Box<dyn Error>> {
    contractor::scene(story).await?;
    crpt::scene(story).await?;
    legalcase::scene(story).await?;
    callback::scene(story).await
}
