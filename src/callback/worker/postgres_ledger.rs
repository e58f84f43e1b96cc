//! A ledger in a database of PostgreSQL.

use std::{error::Error as StdError, iter::successors, sync::Arc, time::Duration};

use tokio_postgres::{Client, Row, types::ToSql};

use super::{
    Status,
    ledger::{End, Lease, Leased, Ledger, LedgerError, LedgerFuture, Progress, SetAside, millis, unreadable},
};
use crate::callback::types::Application;

/// The version of the schema.
const VERSION: i32 = 1;

/// Held while the schema is looked at and made, so that one process makes it. The number is arbitrary.
const LOCK: &str = "SELECT pg_advisory_xact_lock(4806128743325116931)";

/// The first version. `due` is when the application may be leased: when a lease runs out, or a pause is over.
const SCHEMA: &str = "
    CREATE TABLE casewire_version (version integer NOT NULL);
    INSERT INTO casewire_version VALUES (1);
    CREATE TABLE casewire_application (
        age bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        application text NOT NULL,
        state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'set aside')),
        lease bigint NOT NULL DEFAULT 0,
        leased boolean NOT NULL DEFAULT false,
        attempts bigint NOT NULL DEFAULT 0,
        due timestamptz NOT NULL DEFAULT '-infinity',
        reported text,
        uncertain text,
        reason text
    );
    CREATE INDEX casewire_application_open ON casewire_application (age) WHERE state = 'open';
";

/// A ledger in a database of PostgreSQL, version 10 or later, for workers on many machines. Leases go by the clock of the
/// server. Its clones are the same ledger.
///
/// It takes a connected client, so that the program decides about TLS: `tokio_postgres::connect` takes `NoTls`, or a connector
/// such as that of the crates `tokio-postgres-rustls` and `postgres-native-tls`. The tables, `casewire_version` and
/// `casewire_application`, are looked for along the connection's `search_path`, and made in the first schema of it. Where they
/// are there, the user needs `SELECT` of both, and `INSERT` and `UPDATE` of the second.
///
/// ```no_run
/// use casewire::{callback::worker::PostgresLedger, tokio_postgres::{self, NoTls}};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let (client, connection) = tokio_postgres::connect("host=db.example user=worker dbname=applications", NoTls).await?;
/// tokio::spawn(connection);
/// let ledger = PostgresLedger::open(client).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PostgresLedger {
    client: Arc<Client>,
}

impl PostgresLedger {
    /// Opens the ledger in the database, and makes its tables if they aren't there. A client that has lost its connection is
    /// not connected again: the worker ends with an error, and the program begins anew.
    ///
    /// # Errors
    /// When the database can't be reached or refuses, and when a later version of casewire made the tables.
    pub async fn open(mut client: Client) -> Result<Self, LedgerError> {
        match prepare(&mut client).await.map_err(failed)? {
            VERSION => Ok(Self { client: Arc::new(client) }),
            other => Err(LedgerError::new(format!("its version is {other}, and this program knows {VERSION}"))),
        }
    }

    async fn execute(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<bool, LedgerError> {
        Ok(self.client.execute(sql, values).await.map_err(failed)? > 0)
    }

    async fn query(&self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<Vec<Row>, LedgerError> {
        self.client.query(sql, values).await.map_err(failed)
    }
}

/// Makes the schema if it isn't there, and returns its version. What a later version made is left as it is.
async fn prepare(client: &mut Client) -> Result<i32, tokio_postgres::Error> {
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    let is_there = transaction.query_one("SELECT to_regclass('casewire_version') IS NOT NULL", &[]).await?;
    if !is_there.try_get::<_, bool>(0)? {
        transaction.batch_execute(SCHEMA).await?;
    }
    let version = transaction.query_one("SELECT version FROM casewire_version", &[]).await?.try_get(0)?;
    transaction.commit().await?;
    Ok(version)
}

impl std::fmt::Debug for PostgresLedger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresLedger").finish_non_exhaustive()
    }
}

/// What the server says, or what is at the bottom of it: tokio-postgres itself says `db error`. Not the detail, which quotes values.
fn failed(e: tokio_postgres::Error) -> LedgerError {
    if let Some(e) = e.as_db_error() {
        return LedgerError::new(format!("{} ({})", e.message(), e.code().code()));
    }
    let first: &(dyn StdError + 'static) = &e;
    let texts: Vec<_> = successors(Some(first), |e| (*e).source()).map(ToString::to_string).collect();
    LedgerError::new(texts.join(": "))
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

/// The application, or why it can't be read any more.
fn application(row: &Row) -> Result<serde_json::Result<Application>, LedgerError> {
    Ok(serde_json::from_str(row.try_get("application").map_err(failed)?))
}

fn attempts(row: &Row) -> Result<u32, LedgerError> {
    Ok(u32::try_from(row.try_get::<_, i64>("attempts").map_err(failed)?).unwrap_or(u32::MAX))
}

fn progress(row: &Row) -> Result<Progress, LedgerError> {
    let status = |column| {
        let name: Option<&str> = row.try_get(column).map_err(failed)?;
        Ok::<_, LedgerError>(name.and_then(Status::of_name))
    };
    Ok(Progress { reported: status("reported")?, uncertain: status("uncertain")? })
}

/// What is leased, or a lease to end.
fn leased(row: &Row) -> Result<Result<Leased, (Lease, End)>, LedgerError> {
    let id: String = row.try_get("id").map_err(failed)?;
    let lease = Lease::new(id, row.try_get("lease").map_err(failed)?);
    Ok(match application(row)? {
        Ok(application) => Ok(Leased::new(lease, application, attempts(row)?, progress(row)?)),
        Err(e) => Err((lease, unreadable(&e))),
    })
}

fn set_aside(row: &Row) -> Result<SetAside, LedgerError> {
    let (id, reason): (String, _) = (row.try_get("id").map_err(failed)?, row.try_get("reason").map_err(failed)?);
    Ok(SetAside::new(id, application(row)?.ok(), attempts(row)?, progress(row)?, reason))
}

impl Ledger for PostgresLedger {
    fn store<'a>(&'a self, applications: &'a [Application]) -> LedgerFuture<'a, usize> {
        Box::pin(async move {
            let texts = applications.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>();
            let texts = texts.map_err(LedgerError::new)?;
            let ids: Vec<&str> = applications.iter().map(|one| one.application_id.as_str()).collect();
            let sql = "INSERT INTO casewire_application (id, application)
                SELECT id, application FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS new (id, application, place)
                ORDER BY place ON CONFLICT (id) DO NOTHING";
            let new = self.client.execute(sql, &[&ids, &texts]).await.map_err(failed)?;
            Ok(usize::try_from(new).unwrap_or(usize::MAX))
        })
    }

    fn lease(&self, limit: usize, duration: Duration) -> LedgerFuture<'_, Vec<Leased>> {
        Box::pin(async move {
            // A row that another worker is about to lease is passed over.
            let sql = "WITH free AS MATERIALIZED (
                    SELECT age FROM casewire_application WHERE state = 'open' AND due <= clock_timestamp()
                    ORDER BY age LIMIT $1 FOR UPDATE SKIP LOCKED
                ), taken AS (
                    UPDATE casewire_application AS one SET lease = lease + 1, leased = true, attempts = attempts + 1,
                        due = clock_timestamp() + $2::bigint * interval '1 millisecond'
                    FROM free WHERE one.age = free.age RETURNING one.*
                ) SELECT * FROM taken ORDER BY age";
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut all = Vec::new();
            for row in &self.query(sql, &[&limit, &millis(duration)]).await? {
                match leased(row)? {
                    Ok(leased) => all.push(leased),
                    Err((lease, aside)) => {
                        self.end(&lease, aside).await?;
                    }
                }
            }
            Ok(all)
        })
    }

    fn extend<'a>(&'a self, lease: &'a Lease, duration: Duration) -> LedgerFuture<'a, bool> {
        Box::pin(async move {
            let sql = "UPDATE casewire_application SET due = clock_timestamp() + $3::bigint * interval '1 millisecond'
                WHERE id = $1 AND lease = $2 AND leased AND due > clock_timestamp()";
            self.execute(sql, &[&lease.id, &lease.number, &millis(duration)]).await
        })
    }

    fn end<'a>(&'a self, lease: &'a Lease, end: End) -> LedgerFuture<'a, bool> {
        Box::pin(async move {
            let (state, pause, reason) = end.columns();
            let sql = "UPDATE casewire_application SET state = $3, leased = false, reason = $5,
                    application = CASE $3 WHEN 'done' THEN '' ELSE application END,
                    due = clock_timestamp() + $4::bigint * interval '1 millisecond'
                WHERE id = $1 AND lease = $2 AND leased AND due > clock_timestamp()";
            self.execute(sql, &[&lease.id, &lease.number, &state, &pause, &reason]).await
        })
    }

    fn reporting<'a>(&'a self, lease: &'a Lease, status: Status) -> LedgerFuture<'a, bool> {
        Box::pin(async move {
            let sql = "UPDATE casewire_application SET uncertain = $3
                WHERE id = $1 AND lease = $2 AND leased AND due > clock_timestamp()";
            self.execute(sql, &[&lease.id, &lease.number, &status.name()]).await
        })
    }

    fn reported<'a>(&'a self, lease: &'a Lease, reported: bool) -> LedgerFuture<'a, bool> {
        Box::pin(async move {
            let sql = "UPDATE casewire_application SET uncertain = NULL,
                    reported = CASE WHEN $3::boolean THEN coalesce(uncertain, reported) ELSE reported END
                WHERE id = $1 AND lease = $2 AND leased AND due > clock_timestamp()";
            self.execute(sql, &[&lease.id, &lease.number, &reported]).await
        })
    }

    fn open<'a>(&'a self, ids: Option<&'a [String]>) -> LedgerFuture<'a, usize> {
        Box::pin(async move {
            let sql = "SELECT count(*) FROM casewire_application
                WHERE state = 'open' AND ($1::text[] IS NULL OR id = ANY ($1))";
            let row = self.client.query_one(sql, &[&ids]).await.map_err(failed)?;
            row.try_get(0).map(count).map_err(failed)
        })
    }

    fn set_aside(&self) -> LedgerFuture<'_, Vec<SetAside>> {
        Box::pin(async move {
            let sql = "SELECT * FROM casewire_application WHERE state = 'set aside' ORDER BY age";
            self.query(sql, &[]).await?.iter().map(set_aside).collect()
        })
    }

    fn put_back<'a>(&'a self, id: &'a str, was_reported: Option<bool>) -> LedgerFuture<'a, bool> {
        Box::pin(async move {
            let sql = "UPDATE casewire_application SET state = 'open', attempts = 0, due = '-infinity', reason = NULL,
                    reported = CASE WHEN $2::boolean THEN coalesce(uncertain, reported) ELSE reported END,
                    uncertain = CASE WHEN $2::boolean IS NULL THEN uncertain END
                WHERE id = $1 AND state = 'set aside'";
            self.execute(sql, &[&id, &was_reported]).await
        })
    }
}
