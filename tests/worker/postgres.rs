//! The ledger in PostgreSQL, with a server in a temporary folder where its programs are installed.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use casewire::{
    callback::{
        types::Application,
        worker::{Ledger, LedgerError, PostgresLedger},
    },
    tokio_postgres::{self, Client, NoTls},
};
use casewire_sandbox::Callback;

use super::{
    connect,
    folder::Folder,
    ledgers::{DONE, check, unreadable},
    more,
    runs::render,
};

#[tokio::test]
async fn it_is_a_ledger() {
    let Some(server) = Server::start() else { return };
    let (one, other) = tokio::join!(server.ledger(), server.ledger());
    check(&one.unwrap(), &other.unwrap()).await;
    let rows = server.client().await.query("SELECT application FROM casewire_application", &[]).await.unwrap();
    let kept: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(
        (kept.len(), kept.iter().filter(|one| one.is_empty()).count()),
        (6, 1),
        "of what is done, only the id is kept"
    );
    assert!(kept.iter().all(|one| !one.contains(DONE)));
}

#[tokio::test]
async fn what_can_not_be_read_any_more_is_set_aside() {
    let Some(server) = Server::start() else { return };
    let ledger = server.ledger().await.unwrap();
    ledger.store(&[Application::new("1".to_owned()), Application::new("2".to_owned())]).await.unwrap();
    let client = server.client().await;
    client.execute("UPDATE casewire_application SET application = '{}' WHERE id = '1'", &[]).await.unwrap();
    unreadable(&ledger).await;
}

#[tokio::test]
async fn an_error_says_what_the_server_says() {
    let Some(server) = Server::start() else { return };
    let ledger = server.ledger().await.unwrap();
    server.client().await.batch_execute("DROP TABLE casewire_application").await.unwrap();
    let text = ledger.open(None).await.unwrap_err().to_string();
    assert_eq!(text, "the ledger failed: relation \"casewire_application\" does not exist (42P01)");
}

#[tokio::test]
async fn one_of_a_later_version_is_refused() {
    let Some(server) = Server::start() else { return };
    server.ledger().await.unwrap();
    server.client().await.execute("UPDATE casewire_version SET version = 2", &[]).await.unwrap();
    assert!(server.ledger().await.unwrap_err().to_string().contains("its version is 2"));
}

#[tokio::test]
async fn what_a_later_version_made_is_left_as_it_is() {
    let Some(server) = Server::start() else { return };
    let client = server.client().await;
    client.batch_execute("CREATE TABLE casewire_version AS SELECT 2 AS version").await.unwrap();
    assert!(server.ledger().await.unwrap_err().to_string().contains("its version is 2"));
    let tables = client.query("SELECT FROM pg_tables WHERE tablename LIKE 'casewire%'", &[]).await.unwrap();
    assert_eq!(tables.len(), 1);
}

#[tokio::test]
async fn a_user_that_may_not_make_tables_uses_those_that_are_there() {
    let Some(server) = Server::start() else { return };
    server.ledger().await.unwrap();
    let rights = "CREATE USER clerk;
        REVOKE CREATE ON SCHEMA public FROM public;
        GRANT SELECT ON casewire_version TO clerk;
        GRANT SELECT, INSERT, UPDATE ON casewire_application TO clerk";
    server.client().await.batch_execute(rights).await.unwrap();
    let (one, other) = tokio::join!(server.client_of("clerk"), server.client_of("clerk"));
    check(&PostgresLedger::open(one).await.unwrap(), &PostgresLedger::open(other).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_workers_handle_each_once() {
    let Some(server) = Server::start() else { return };
    let sandbox = Callback::start().await.unwrap();
    more(&sandbox, 60);
    let handled = Arc::new(Mutex::new(Vec::new()));
    let worker = || async {
        let (ledger, handled) = (server.ledger().await.unwrap(), Arc::clone(&handled));
        let worker = connect(sandbox.url(), |config| config).worker(ledger).batch(7).concurrency(4).once();
        let summary = worker.every(Duration::from_millis(10)).run(move |job| {
            handled.lock().unwrap().push(job.key().to_owned());
            render(job)
        });
        summary.await.unwrap()
    };
    let (one, other) = tokio::join!(worker(), worker());
    let mut handled = std::mem::take(&mut *handled.lock().unwrap());
    handled.sort_unstable();
    let expected: Vec<_> = sandbox.state(|state| state.applications.keys().cloned().collect());
    assert_eq!(handled, expected);
    assert_eq!((one.handled + other.handled, one.stored + other.stored), (64, 64));
}

/// A running server, which ends with this.
struct Server {
    programs: PathBuf,
    folder: Folder,
    port: u16,
}

impl Server {
    /// Starts a server; `None` where it isn't installed, unless the environment demands it.
    fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            assert!(std::env::var_os("CASEWIRE_POSTGRES").is_none(), "PostgreSQL is not installed");
            eprintln!("skipped: PostgreSQL is not installed");
            return None;
        };
        let folder = Folder::new();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { programs, folder, port };
        if is_root() {
            assert!(Command::new("chown").arg("postgres").arg(&server.folder.0).status().unwrap().success());
        }
        server.run("initdb", &["--auth=trust", "--username=worker", "--no-sync", "--encoding=UTF8", "--locale=C"]);
        let options = format!("-p {port} -h 127.0.0.1 -c unix_socket_directories='' -c fsync=off");
        server.run("pg_ctl", &["start", "--wait", "--silent", "--options", &options, "--log", "log"]);
        Some(server)
    }

    /// A connected client.
    async fn client(&self) -> Client {
        self.client_of("worker").await
    }

    async fn client_of(&self, user: &str) -> Client {
        let config = format!("host=127.0.0.1 port={} user={user} dbname=postgres", self.port);
        let (client, connection) = tokio_postgres::connect(&config, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    async fn ledger(&self) -> Result<PostgresLedger, LedgerError> {
        PostgresLedger::open(self.client().await).await
    }

    /// Runs a program of PostgreSQL on the folder; not as root, which it refuses.
    fn run(&self, program: &str, arguments: &[&str]) {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        let data = self.folder.0.join("data");
        command.current_dir(&self.folder.0).arg("--pgdata").arg(data).args(arguments);
        // The server keeps what it inherits.
        let output =
            std::fs::File::create(std::env::temp_dir().join(format!("casewire-postgres-{}", self.port))).unwrap();
        let status = command.stdin(std::process::Stdio::null()).stdout(output.try_clone().unwrap()).stderr(output);
        assert!(status.status().unwrap().success(), "{program} failed");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.run("pg_ctl", &["stop", "--mode=immediate", "--silent"]);
        let _ = std::fs::remove_file(std::env::temp_dir().join(format!("casewire-postgres-{}", self.port)));
    }
}

/// Where the programs are: Debian has them outside the path, one folder per version.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    versions.filter_map(|one| Some(one.ok()?.path().join("bin"))).find(|bin| bin.join("initdb").exists())
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0)
}
