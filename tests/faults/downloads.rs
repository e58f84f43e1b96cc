//! Downloads that are saved, collected or read, from a server that lies and breaks off: a
//! file is saved whole or not at all, and nothing is left next to it.

use std::{
    env, fs,
    path::PathBuf,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use casewire::{ByteStream, DownloadError, Progress, ResponseValue, TransportError};
use support::raw::{
    Play, Raw, Response,
    Step::{self, Body, Close, Hang, Head, Reset, Send},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt},
    time::{sleep, timeout},
};

use super::{
    calls::{TASK, desk},
    limits::{PATIENCE, connect, start},
};

/// More than is written at once.
static CONTENT: &[u8] = &[7; 1_500_000];
const OLD: &[u8] = b"what was there";

/// A folder of its own, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("casewire-saved-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// One with an old file in it.
    fn with_old() -> (Self, PathBuf) {
        let folder = Self::new();
        let path = folder.0.join("act.pdf");
        fs::write(&path, OLD).unwrap();
        (folder, path)
    }

    fn names(&self) -> Vec<String> {
        let names = fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Waits until the old file is all that there is.
    async fn until_alone(&self) {
        while self.names() != ["act.pdf"] {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

fn file(content: impl Into<Bytes>) -> Response {
    Response::new(200, content).header("content-type", "application/octet-stream").last()
}

/// The content in chunks, without its length.
fn chunked(content: &[u8]) -> String {
    let head = format!("{}transfer-encoding: chunked\r\n\r\n", file("").open_head());
    let text = String::from_utf8(content.to_vec()).unwrap();
    let chunk = |chunk: &[u8]| format!("{:x}\r\n{}\r\n", chunk.len(), String::from_utf8_lossy(chunk));
    head + &text.as_bytes().chunks(100_000).map(chunk).collect::<String>() + "0\r\n\r\n"
}

/// The response of a server that sends this and then does that.
async fn respond(bytes: impl Into<Bytes>, then: Step) -> (Raw, ResponseValue<ByteStream>) {
    let raw = start().await;
    raw.arm([], Play::of([Head, Body, Send(bytes.into()), then]));
    let client = connect(&raw, desk(), |config| config);
    let response = client.get_call_task_attachment().id(TASK).attachment_id(1).send().await.unwrap();
    (raw, response)
}

/// Whatever comes before the end, nothing is changed.
#[tokio::test]
async fn a_connection_that_breaks_anywhere() {
    let (sized, chunks) = (file(CONTENT).bytes(), Bytes::from(chunked(CONTENT)));
    let body = sized.len() - CONTENT.len();
    let mut cases = vec![];
    for length in [body, body + 1, body + 65_536, body + 1_000_000, sized.len() - 1] {
        cases.push((sized.slice(..length), "sized"));
    }
    let first = chunks.len() - chunked(CONTENT).split_once("\r\n\r\n").unwrap().1.len();
    // Within a size, after it, within a chunk, between two, before the end, and within it.
    let next = first + "186a0\r\n".len() + 100_000 + 2;
    for length in [first, first + 2, first + 7, first + 1000, next - 1, next, chunks.len() - 5, chunks.len() - 1] {
        cases.push((chunks.slice(..length), "chunked"));
    }
    for (bytes, what) in cases {
        for then in [Close, Reset] {
            let case = format!("{what}, {} bytes", bytes.len());
            let (folder, path) = Folder::with_old();
            let (_raw, response) = respond(bytes.clone(), then).await;
            let failed = response.save(&path).await.expect_err(&case);
            assert!(matches!(failed, DownloadError::Transport(_)), "{case}: {failed}");
            assert!(format!("{failed:#}").contains("(getCallTaskAttachment): the connection broke: "), "{failed}");
            assert_eq!(
                (fs::read(&path).unwrap(), folder.names()),
                (OLD.to_vec(), vec!["act.pdf".to_owned()]),
                "{case}"
            );
            // Where there was none, there is none.
            let (_raw, response) = respond(bytes.clone(), Close).await;
            response.save(folder.0.join("new.pdf")).await.expect_err(&case);
            assert_eq!(folder.names(), ["act.pdf"], "{case}");
        }
    }
}

/// A length that is too large is a connection that breaks; of one that is too small, the
/// rest is no content.
#[tokio::test]
async fn a_length_that_is_wrong() {
    let (folder, path) = Folder::with_old();
    for (length, expect) in [(CONTENT.len() + 1, None), (CONTENT.len() - 1, Some(CONTENT.len() - 1)), (0, Some(0))] {
        fs::write(&path, OLD).unwrap();
        let bytes = [&file("").head(length)[..], CONTENT].concat();
        let (_raw, response) = respond(bytes, Close).await;
        let saved = response.save(&path).await;
        assert_eq!(saved.ok(), expect.map(|length| length as u64));
        assert_eq!(fs::read(&path).unwrap().len(), expect.unwrap_or(OLD.len()));
        assert_eq!(folder.names(), ["act.pdf"]);
    }
}

#[tokio::test]
async fn what_is_complete_takes_the_place() {
    for bytes in [file(CONTENT).bytes(), chunked(CONTENT).into()] {
        let (folder, path) = Folder::with_old();
        let kept = fs::File::open(&path).unwrap();
        let (_raw, response) = respond(bytes.clone(), Close).await;
        assert_eq!(response.save(&path).await.unwrap(), CONTENT.len() as u64);
        assert!(fs::read(&path).unwrap() == CONTENT);
        // Whoever reads the old file reads it to its end.
        assert_eq!(std::io::read_to_string(kept).unwrap().as_bytes(), OLD);
        let (_raw, response) = respond(bytes, Close).await;
        response.save(folder.0.join("new.pdf")).await.unwrap();
        assert!(fs::read(folder.0.join("new.pdf")).unwrap() == CONTENT);
        assert_eq!(folder.names(), ["act.pdf", "new.pdf"]);
    }
}

/// What can't be saved, and why.
async fn refused(path: &PathBuf) -> String {
    let (_raw, response) = respond(file(CONTENT).bytes(), Close).await;
    let failed = response.save(path).await.unwrap_err();
    let DownloadError::File { path: named, error, operation, .. } = &failed else { panic!("{failed:?}") };
    assert_eq!((named, operation.id), (path, "getCallTaskAttachment"));
    let begin = format!("{operation}: can't save {}: ", path.display());
    let reason = failed.to_string().strip_prefix(&begin).expect(&begin).to_owned();
    assert_eq!(reason, error.to_string());
    reason
}

#[tokio::test]
async fn targets_that_cannot_be_written() {
    let (folder, path) = Folder::with_old();
    let missing = fs::File::open(folder.0.join("missing/act.pdf")).unwrap_err().to_string();
    assert_eq!(refused(&folder.0.join("missing/act.pdf")).await, missing);
    assert_eq!(refused(&folder.0).await, "not a regular file");
    assert_eq!(refused(&PathBuf::new()).await, missing);
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions.clone()).unwrap();
    assert_eq!(refused(&path).await, "the file is read-only");
    assert_eq!((fs::read(&path).unwrap(), folder.names()), (OLD.to_vec(), vec!["act.pdf".to_owned()]));
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let (folder, path) = Folder::with_old();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    fs::create_dir(folder.0.join("links")).unwrap();
    let link = folder.0.join("links/link");
    symlink("../act.pdf", &link).unwrap();
    symlink("link", folder.0.join("links/to-a-link")).unwrap();
    let (_raw, response) = respond(file(CONTENT).bytes(), Close).await;
    response.save(folder.0.join("links/to-a-link")).await.unwrap();
    assert!(fs::read(&path).unwrap() == CONTENT);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_link(&link).unwrap(), PathBuf::from("../act.pdf"));
    // What a link leads to may not be there yet.
    fs::remove_file(&path).unwrap();
    let (_raw, response) = respond(file(CONTENT).bytes(), Close).await;
    response.save(&link).await.unwrap();
    assert!(fs::read(&path).unwrap() == CONTENT);
    symlink("loop", folder.0.join("links/loop")).unwrap();
    refused(&folder.0.join("links/loop")).await;
    assert_eq!(fs::read_dir(folder.0.join("links")).unwrap().count(), 3);
}

/// A disk that is full: files of this process can't be longer. It is one of its own, as
/// that holds for all of its files.
#[cfg(unix)]
#[tokio::test]
async fn a_full_disk() {
    const WITH_SMALL_FILES: &str = "CASEWIRE_TEST_WITH_SMALL_FILES";
    if env::var_os(WITH_SMALL_FILES).is_none() {
        let script = "trap '' XFSZ; ulimit -f 1000 || exit 77; exec \"$0\" --exact faults::downloads::a_full_disk";
        let mut shell = Command::new("sh");
        let output = shell.arg("-c").arg(script).arg(env::current_exe().unwrap()).env(WITH_SMALL_FILES, "").output();
        let output = output.unwrap();
        if output.status.code() == Some(77) {
            eprintln!("skipped: the length of files can't be limited here");
            return;
        }
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success() && said.contains("1 passed"), "{said}");
        return;
    }
    let (folder, path) = Folder::with_old();
    // It is said at once, while the rest is still to come, and when all has come.
    let bytes = [&file("").head(CONTENT.len() + 1)[..], CONTENT].concat();
    for (bytes, then) in [(bytes.into(), Hang), (file(CONTENT).bytes(), Close)] {
        let (_raw, response) = respond(bytes, then).await;
        let failed = timeout(PATIENCE, response.save(&path).into_future()).await.expect("an end").unwrap_err();
        let begin = format!("can't save {}: File too large", path.display());
        assert!(failed.to_string().contains(&begin), "{failed}");
        assert_eq!((fs::read(&path).unwrap(), folder.names()), (OLD.to_vec(), vec!["act.pdf".to_owned()]));
    }
}

#[tokio::test]
async fn limits() {
    let too_large = |failed: DownloadError, limit: usize| {
        let expect = format!("the content is longer than the limit of {limit} bytes");
        assert!(matches!(failed, DownloadError::TooLarge { .. }) && failed.to_string().ends_with(&expect), "{failed}");
    };
    for bytes in [file(CONTENT).bytes(), chunked(CONTENT).into()] {
        let (folder, path) = Folder::with_old();
        for limit in [0, 10, CONTENT.len() - 1] {
            let (_raw, response) = respond(bytes.clone(), Hang).await;
            too_large(response.save(&path).limit(limit as u64).await.unwrap_err(), limit);
            let (_raw, response) = respond(bytes.clone(), Hang).await;
            too_large(response.collect(limit).await.unwrap_err(), limit);
        }
        assert_eq!((fs::read(&path).unwrap(), folder.names()), (OLD.to_vec(), vec!["act.pdf".to_owned()]));
        let (_raw, response) = respond(bytes.clone(), Close).await;
        assert_eq!(response.save(&path).limit(CONTENT.len() as u64).await.unwrap(), CONTENT.len() as u64);
        let (_raw, response) = respond(bytes.clone(), Close).await;
        assert!(response.collect(CONTENT.len()).await.unwrap() == CONTENT);
    }
    // A length alone is enough.
    let (_folder, path) = Folder::with_old();
    let (_raw, response) = respond(file("").head(CONTENT.len()), Hang).await;
    too_large(response.save(&path).limit(10).await.unwrap_err(), 10);
    let (_raw, response) = respond(file("").bytes(), Close).await;
    assert_eq!(response.collect(0).await.unwrap(), "");
}

#[tokio::test]
async fn progress_of_a_download() {
    let folder = Folder::new();
    for (bytes, total) in [(file(CONTENT).bytes(), Some(CONTENT.len() as u64)), (chunked(CONTENT).into(), None)] {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let report = {
            let seen = Arc::clone(&seen);
            move |progress: Progress| seen.lock().unwrap().push(progress)
        };
        let (_raw, response) = respond(bytes, Close).await;
        response.save(folder.0.join("act.pdf")).progress(report).await.unwrap();
        let seen = seen.lock().unwrap();
        assert!(seen.is_sorted_by(|one, next| one.bytes < next.bytes) && seen.len() > 1, "{seen:?}");
        assert!(seen.iter().all(|progress| (progress.total, progress.attempt) == (total, 1)), "{seen:?}");
        assert_eq!(seen.last().unwrap().bytes, CONTENT.len() as u64);
    }
}

/// A save that is given up while it waits for more.
#[tokio::test]
async fn a_save_that_is_dropped() {
    let (folder, path) = Folder::with_old();
    let bytes = [&file("").head(CONTENT.len() + 1)[..], CONTENT].concat();
    let (_raw, response) = respond(bytes, Hang).await;
    let (all, has_all) = tokio::sync::oneshot::channel();
    let mut all = Some(all);
    let save = response.save(&path).progress(move |at| {
        if at.bytes == CONTENT.len() as u64 {
            all.take().unwrap().send(()).unwrap();
        }
    });
    tokio::select! {
        saved = save.into_future() => panic!("{saved:?}"),
        all = has_all => all.unwrap(),
    }
    timeout(PATIENCE, folder.until_alone()).await.expect("nothing is left");
    assert_eq!(fs::read(&path).unwrap(), OLD);
}

/// A save that is given up after so many polls, wherever that is: the file is the old one
/// or the new one.
#[tokio::test]
async fn a_save_that_is_dropped_anywhere() {
    let (folder, path) = Folder::with_old();
    for polls in 1.. {
        fs::write(&path, OLD).unwrap();
        let (_raw, response) = respond(file(CONTENT).bytes(), Close).await;
        let saved = super::cancelled::polled(response.save(&path).into_future(), polls).await;
        timeout(PATIENCE, folder.until_alone()).await.expect("nothing is left");
        let now = fs::read(&path).unwrap();
        match saved {
            Some(saved) => {
                assert_eq!((saved.unwrap(), now == CONTENT, polls > 1), (CONTENT.len() as u64, true, true));
                return;
            }
            None => assert!(now == OLD || now == CONTENT, "{} bytes after {polls} polls", now.len()),
        }
    }
}

#[tokio::test]
async fn readers() {
    let (_raw, response) = respond(file("one\ntwo\nthree").bytes(), Close).await;
    let mut lines = response.into_inner().into_async_read().lines();
    let mut read = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        read.push(line);
    }
    assert_eq!(read, ["one", "two", "three"]);

    let bytes = file(CONTENT).bytes();
    let (_raw, response) = respond(bytes.slice(..bytes.len() - 1), Close).await;
    let mut all = Vec::new();
    let failed = response.into_inner().into_async_read().read_to_end(&mut all).await.unwrap_err();
    assert_eq!((all.len(), failed.kind()), (CONTENT.len() - 1, std::io::ErrorKind::ConnectionAborted));
    assert!(format!("{failed:#}").contains("(getCallTaskAttachment): the connection broke: "), "{failed}");
    assert!(failed.get_ref().unwrap().is::<TransportError>());
}

/// A name is a suggestion, whatever the server writes.
#[tokio::test]
async fn names() {
    for (header, expect) in [
        ("attachment; filename=\"../../etc/../act\u{202e}fdp.exe\"", Some("act fdp.exe")),
        ("attachment; filename=\"a.pdf\"; filename*=UTF-8''..%2F%D0%90%D0%BA%D1%82.pdf", Some("Акт.pdf")),
        ("attachment; filename=\"..\"", None),
    ] {
        let (_raw, response) = respond(file("x").header("content-disposition", header).bytes(), Close).await;
        assert_eq!(response.file_name(), expect);
    }
    let (_raw, response) = respond(file("x").bytes(), Close).await;
    assert_eq!(response.file_name(), None);
}
