//! The ledger in PostgreSQL, with a server in a temporary folder where its programs are installed.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use casewire::{
    callback::worker::{LedgerError, PostgresLedger},
    tokio_postgres::{self, Client, NoTls},
};

use super::{folder::Folder, ledgers::check};

#[tokio::test]
async fn it_is_a_ledger() {
    let Some(server) = Server::start() else { return };
    let (one, other) = tokio::join!(server.ledger(), server.ledger());
    check(&one.unwrap(), &other.unwrap()).await;
}

#[tokio::test]
async fn one_of_a_later_version_is_refused() {
    let Some(server) = Server::start() else { return };
    server.ledger().await.unwrap();
    server.client().await.execute("UPDATE casewire_version SET version = 2", &[]).await.unwrap();
    assert!(server.ledger().await.unwrap_err().to_string().contains("its version is 2"));
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
        let config = format!("host=127.0.0.1 port={} user=worker dbname=postgres", self.port);
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
