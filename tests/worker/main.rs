//! The worker of callback: what every ledger does; what becomes of applications when handlers fail; when processes are killed.
//! A program of its own, as it runs itself as the process that is killed.

// Here a panic is the report.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[cfg(any(feature = "ledger-postgres", feature = "ledger-sqlite"))]
mod folder;
#[cfg(all(unix, feature = "ledger-sqlite"))]
mod killed;
mod ledgers;
#[cfg(all(unix, feature = "ledger-postgres"))]
mod postgres;
mod runs;
#[cfg(feature = "ledger-sqlite")]
mod sqlite;

use casewire::callback::{Auth, Client, Config, Endpoints};

fn connect(url: &str, configure: impl FnOnce(Config) -> Config) -> Client {
    let auth = Auth::user("integration@oip.example", "Petr0v-1");
    Client::connect(configure(Config::new(url).unwrap()), auth, Endpoints::default()).unwrap()
}
