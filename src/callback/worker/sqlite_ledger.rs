//! A ledger in a file of SQLite.

use std::{
    fs::OpenOptions,
    io,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};

use super::{
    Status,
    ledger::{End, Lease, Leased, Ledger, LedgerError, LedgerFuture, Progress, SetAside, millis, now, unreadable},
};
use crate::callback::types::Application;

/// The version of the schema, which the file has as `user_version`.
const VERSION: i64 = 1;

/// The first version. `due` is when the application may be leased: when a lease runs out, or a pause is over.
const SCHEMA: &str = "
    CREATE TABLE casewire_application (
        age INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        application TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'set aside')),
        lease INTEGER NOT NULL DEFAULT 0,
        leased INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        due INTEGER NOT NULL DEFAULT 0,
        reported TEXT,
        uncertain TEXT,
        reason TEXT
    );
    CREATE INDEX casewire_application_open ON casewire_application (age) WHERE state = 'open';
    PRAGMA user_version = 1;
";

/// A ledger in a file of SQLite, for the processes of one machine. Its clones are the same ledger.
///
/// A write is on the disk when it returns. The file must not be on a network drive, whose locks SQLite can't trust; for workers
/// on several machines there is `PostgresLedger`, with the feature `ledger-postgres`. Leases go by the clock of the machine.
#[derive(Debug, Clone)]
pub struct SqliteLedger {
    connection: Arc<Mutex<Connection>>,
}

impl SqliteLedger {
    /// Opens the ledger in this file, and makes both if they aren't there, on Unix with rights for nobody else. Waits up to 30
    /// seconds for other processes.
    ///
    /// # Errors
    /// When the file can't be opened or is not of SQLite, and when a later version of casewire made it.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, LedgerError> {
        let path = path.as_ref().to_owned();
        let open = tokio::task::spawn_blocking(move || {
            create(&path).map_err(LedgerError::new)?;
            prepare(Connection::open(path).map_err(LedgerError::new)?)
        });
        let connection = open.await.map_err(LedgerError::new)??;
        Ok(Self { connection: Arc::new(Mutex::new(connection)) })
    }

    /// Does something in a transaction that may write, on a thread that may block.
    fn with<'a, T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> LedgerFuture<'a, T> {
        let connection = Arc::clone(&self.connection);
        Box::pin(async move {
            let work = move || {
                let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
                let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let result = work(&transaction)?;
                transaction.commit().map(|()| result)
            };
            tokio::task::spawn_blocking(work).await.map_err(LedgerError::new)?.map_err(LedgerError::new)
        })
    }

    /// Changes the entry if the lease is running.
    fn leased<'a>(
        &self,
        lease: &Lease,
        work: impl FnOnce(&Connection, &str) -> rusqlite::Result<usize> + Send + 'static,
    ) -> LedgerFuture<'a, bool> {
        let Lease { id, number } = lease.clone();
        self.with(move |connection| {
            let sql = "SELECT 1 FROM casewire_application WHERE id = ? AND lease = ? AND leased = 1 AND due > ?";
            let is_running = connection.query_row(sql, params![id, number, now()], |_| Ok(())).optional()?.is_some();
            Ok(is_running && work(connection, &id)? > 0)
        })
    }
}

/// Makes the file, if it isn't there, for the user of the program alone: it is about people. What SQLite puts next to it has
/// its rights.
fn create(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

/// Makes the connection dependable, and the schema if it isn't there.
fn prepare(mut connection: Connection) -> Result<Connection, LedgerError> {
    let schema = |connection: &mut Connection| {
        connection.busy_timeout(Duration::from_secs(30))?;
        // One process makes it, the others wait.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if version == 0 {
            transaction.execute_batch(SCHEMA)?;
        }
        transaction.commit()?;
        // With `FULL`, a failure of the power right after a commit may undo it.
        connection.pragma_update(None, "synchronous", "EXTRA")?;
        // What is deleted is overwritten.
        connection.pragma_update(None, "secure_delete", true)?;
        Ok::<_, rusqlite::Error>(version)
    };
    match schema(&mut connection).map_err(LedgerError::new)? {
        0 | VERSION => Ok(connection),
        other => Err(LedgerError::new(format!("its version is {other}, and this program knows up to {VERSION}"))),
    }
}

/// The application, or why it can't be read any more.
fn application(row: &Row<'_>) -> rusqlite::Result<serde_json::Result<Application>> {
    Ok(serde_json::from_str(&row.get::<_, String>("application")?))
}

fn progress(row: &Row<'_>) -> rusqlite::Result<Progress> {
    let status = |column| {
        let name: Option<String> = row.get(column)?;
        Ok::<_, rusqlite::Error>(name.and_then(|name| Status::of_name(&name)))
    };
    Ok(Progress { reported: status("reported")?, uncertain: status("uncertain")? })
}

impl Ledger for SqliteLedger {
    fn store<'a>(&'a self, applications: &'a [Application]) -> LedgerFuture<'a, usize> {
        let rows: Result<Vec<_>, _> = applications
            .iter()
            .map(|one| Ok((one.application_id.clone(), serde_json::to_string(one)?)))
            .collect::<serde_json::Result<_>>();
        let rows = match rows {
            Ok(rows) => rows,
            Err(e) => return Box::pin(std::future::ready(Err(LedgerError::new(e)))),
        };
        self.with(move |connection| {
            let sql = "INSERT INTO casewire_application (id, application) VALUES (?, ?) ON CONFLICT (id) DO NOTHING";
            let mut insert = connection.prepare(sql)?;
            rows.into_iter().try_fold(0, |new, row| Ok(new + insert.execute(row)?))
        })
    }

    fn lease(&self, limit: usize, duration: Duration) -> LedgerFuture<'_, Vec<Leased>> {
        self.with(move |connection| {
            let sql = "UPDATE casewire_application SET lease = lease + 1, leased = 1, attempts = attempts + 1, due = ?1
                WHERE age IN (SELECT age FROM casewire_application WHERE state = 'open' AND due <= ?2 ORDER BY age LIMIT ?3)
                RETURNING *";
            let now = now();
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map(params![now + millis(duration), now, limit], |row| {
                let lease = Lease::new(row.get::<_, String>("id")?, row.get("lease")?);
                Ok(match application(row)? {
                    Ok(application) => Ok(Leased::new(lease, application, row.get("attempts")?, progress(row)?)),
                    Err(e) => Err((lease, unreadable(&e))),
                })
            })?;
            let mut all = Vec::new();
            for leased in rows.collect::<rusqlite::Result<Vec<_>>>()? {
                match leased {
                    Ok(leased) => all.push(leased),
                    Err((lease, aside)) => {
                        ending(connection, &lease.id, aside)?;
                    }
                }
            }
            Ok(all)
        })
    }

    fn extend<'a>(&'a self, lease: &'a Lease, duration: Duration) -> LedgerFuture<'a, bool> {
        self.leased(lease, move |connection, id| {
            let until = now() + millis(duration);
            connection.execute("UPDATE casewire_application SET due = ? WHERE id = ?", params![until, id])
        })
    }

    fn end<'a>(&'a self, lease: &'a Lease, end: End) -> LedgerFuture<'a, bool> {
        self.leased(lease, move |connection, id| ending(connection, id, end))
    }

    fn reporting<'a>(&'a self, lease: &'a Lease, status: Status) -> LedgerFuture<'a, bool> {
        self.leased(lease, move |connection, id| {
            connection.execute("UPDATE casewire_application SET uncertain = ? WHERE id = ?", params![status.name(), id])
        })
    }

    fn reported<'a>(&'a self, lease: &'a Lease, reported: bool) -> LedgerFuture<'a, bool> {
        self.leased(lease, move |connection, id| settle(connection, id, reported))
    }

    fn open<'a>(&'a self, ids: Option<&'a [String]>) -> LedgerFuture<'a, usize> {
        let ids = ids.map(<[String]>::to_vec);
        self.with(move |connection| {
            let all = "SELECT count(*) FROM casewire_application WHERE state = 'open'";
            let Some(ids) = ids else { return connection.query_row(all, [], |row| row.get(0)) };
            let mut one =
                connection.prepare("SELECT count(*) FROM casewire_application WHERE state = 'open' AND id = ?")?;
            ids.iter().try_fold(0, |open, id| Ok(open + one.query_row([id], |row| row.get::<_, usize>(0))?))
        })
    }

    fn set_aside(&self) -> LedgerFuture<'_, Vec<SetAside>> {
        self.with(|connection| {
            let sql = "SELECT * FROM casewire_application WHERE state = 'set aside' ORDER BY age";
            let mut statement = connection.prepare(sql)?;
            let rows = statement.query_map([], |row| {
                let (id, application) = (row.get::<_, String>("id")?, application(row)?.ok());
                Ok(SetAside::new(id, application, row.get("attempts")?, progress(row)?, row.get("reason")?))
            })?;
            rows.collect()
        })
    }

    fn put_back<'a>(&'a self, id: &'a str, was_reported: Option<bool>) -> LedgerFuture<'a, bool> {
        let id = id.to_owned();
        self.with(move |connection| {
            let sql = "UPDATE casewire_application SET state = 'open', attempts = 0, due = 0, reason = NULL
                WHERE id = ? AND state = 'set aside'";
            let found = connection.execute(sql, [&id])? > 0;
            if let Some(reported) = was_reported.filter(|_| found) {
                settle(connection, &id, reported)?;
            }
            Ok(found)
        })
    }
}

/// Ends a lease.
fn ending(connection: &Connection, id: &str, end: End) -> rusqlite::Result<usize> {
    let (state, pause, reason) = end.columns();
    let sql = "UPDATE casewire_application SET state = ?1, leased = 0, due = ?2, reason = ?3,
            application = CASE ?1 WHEN 'done' THEN '' ELSE application END
        WHERE id = ?4";
    connection.execute(sql, params![state, now() + pause, reason, id])
}

/// Notes whether the uncertain status was reported.
fn settle(connection: &Connection, id: &str, reported: bool) -> rusqlite::Result<usize> {
    let sql = "UPDATE casewire_application
        SET reported = CASE WHEN ? THEN coalesce(uncertain, reported) ELSE reported END, uncertain = NULL WHERE id = ?";
    connection.execute(sql, params![reported, id])
}
