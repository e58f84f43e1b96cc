//! The ledger in SQLite.

use casewire::callback::{
    types::Application,
    worker::{Ledger, SqliteLedger},
};

use super::{
    folder::Folder,
    ledgers::{DONE, check, unreadable},
};

#[tokio::test]
async fn it_is_a_ledger() {
    let folder = Folder::new();
    let path = folder.0.join("ledger");
    // Both make the schema.
    let (one, other) = tokio::join!(SqliteLedger::open(&path), SqliteLedger::open(&path));
    check(&one.unwrap(), &other.unwrap()).await;
    let file = std::fs::read(&path).unwrap();
    let has = |text: &str| file.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    assert!(has("applicationId") && !has(DONE), "of what is done, only the id is kept");
}

#[tokio::test]
async fn what_can_not_be_read_any_more_is_set_aside() {
    let folder = Folder::new();
    let path = folder.0.join("ledger");
    let ledger = SqliteLedger::open(&path).await.unwrap();
    ledger.store(&[Application::new("1".to_owned()), Application::new("2".to_owned())]).await.unwrap();
    drop(ledger);
    // As if the schema had been another one.
    let mut file = std::fs::read(&path).unwrap();
    let text = br#"{"applicationId":"1"}"#;
    let at = file.windows(text.len()).position(|bytes| bytes == text).unwrap();
    file[at + 2] = b'A';
    std::fs::write(&path, file).unwrap();
    unreadable(&SqliteLedger::open(&path).await.unwrap()).await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o077, 0, "nobody else reads it");
    }
}

#[tokio::test]
async fn a_file_that_is_none_is_refused() {
    let folder = Folder::new();
    let path = folder.0.join("ledger");
    std::fs::write(&path, "not of SQLite at all, and long enough to have a header of its own").unwrap();
    assert!(SqliteLedger::open(&path).await.is_err());
}

#[tokio::test]
async fn one_of_a_later_version_is_refused() {
    let folder = Folder::new();
    let path = folder.0.join("ledger");
    drop(SqliteLedger::open(&path).await.unwrap());
    // Where the format of the file has `user_version`.
    let mut file = std::fs::read(&path).unwrap();
    assert_eq!(file[60..64], [0, 0, 0, 1]);
    file[63] = 2;
    std::fs::write(&path, file).unwrap();
    assert!(SqliteLedger::open(&path).await.unwrap_err().to_string().contains("its version is 2"));
}
