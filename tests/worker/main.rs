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
#[cfg(all(unix, any(feature = "ledger-postgres", feature = "ledger-sqlite")))]
use casewire_sandbox::{Callback, callback};

fn connect(url: &str, configure: impl FnOnce(Config) -> Config) -> Client {
    let auth = Auth::user("integration@oip.example", "Petr0v-1");
    Client::connect(configure(Config::new(url).unwrap()), auth, Endpoints::default()).unwrap()
}

/// This many applications more than the sandbox has at first.
#[cfg(all(unix, any(feature = "ledger-postgres", feature = "ledger-sqlite")))]
fn more(sandbox: &Callback, count: usize) {
    sandbox.state(|state| {
        let one = state.applications["114"].clone();
        for i in 200..200 + count {
            let id = i.to_string();
            state.applications.insert(id.clone(), callback::Application { id, ..one.clone() });
        }
    });
}
