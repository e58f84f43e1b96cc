//! Tells the story: scenes, steps, what was seen, and where it stopped.

use std::{error::Error, fmt::Display};

/// What is being told.
#[derive(Default)]
pub struct Story {
    step: String,
}

/// A step that went differently from the story.
#[derive(Debug)]
struct Otherwise(String);

impl Display for Otherwise {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Otherwise {}

impl Story {
    /// Begins a scene.
    pub fn scene(&mut self, title: &str) {
        println!("\n== {title}");
    }

    /// Begins a step; an error from here on is reported as this step's.
    pub fn step(&mut self, what: &str) {
        what.clone_into(&mut self.step);
        println!("\n{what}");
    }

    /// Says what the result was.
    pub fn saw(&self, what: impl Display) {
        println!("    {what}");
    }

    /// Insists that `fact` holds.
    pub fn expect(&self, fact: bool, otherwise: &str) -> Result<(), Box<dyn Error>> {
        if fact { Ok(()) } else { Err(Box::new(Otherwise(otherwise.to_owned()))) }
    }

    /// Insists that a call failed, and gives the failure.
    pub fn refused<T, E>(&self, result: Result<T, E>) -> Result<E, Box<dyn Error>> {
        match result {
            Ok(_) => Err(Box::new(Otherwise("the server accepted what it should have refused".to_owned()))),
            Err(e) => Ok(e),
        }
    }

    /// Says where and why the story stopped.
    pub fn stopped(&self, reason: &dyn Error) {
        eprintln!("\nThe tour stopped at: {}\n    {reason}", self.step);
        let mut source = reason.source();
        while let Some(cause) = source {
            eprintln!("    because: {cause}");
            source = cause.source();
        }
    }
}
