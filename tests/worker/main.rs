//! The worker of callback: what every ledger does; what becomes of applications when handlers fail; when processes are killed.
//! A program of its own, as it runs itself as the process that is killed.

// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[cfg(unix)]
mod killed;
mod ledgers;
mod postgres;
mod runs;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use casewire::callback::{Auth, Client, Config, Endpoints};

fn connect(url: &str, configure: impl FnOnce(Config) -> Config) -> Client {
    let auth = Auth::user("integration@oip.example", "Petr0v-1");
    Client::connect(configure(Config::new(url).unwrap()), auth, Endpoints::default()).unwrap()
}

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("casewire-worker-{}-{number}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
