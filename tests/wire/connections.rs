//! Connections that fail. What contractor makes of them is in its own module, since a
//! token in a query must not be seen then.

use std::time::Duration;

use casewire::{Config, ErrorKind};
use futures_util::future::join_all;
use support::{
    interfaces::{Callback, Crpt, Interface, Legalcase, Server, is_sign_in},
    quick::quick,
    recorder::{Request, Response},
    row::row,
};

/// A server where sign-ins succeed.
async fn server<I: Interface>(response: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Server {
    Server::start(move |request| if is_sign_in::<I>(request) { I::signed_in() } else { response(request) }).await
}

/// How many operations and sign-ins came so far.
fn counts<I: Interface>(server: &Server) -> [usize; 2] {
    let requests = server.requests();
    let sign_ins = requests.iter().filter(|request| is_sign_in::<I>(request)).count();
    [requests.len() - sign_ins, sign_ins]
}

#[tokio::test]
async fn nobody_listens() {
    async fn check<I: Interface>(id: &str, first: &str) {
        // Bound and not listening, so that nobody else gets the port.
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let origin = format!("http://{}", socket.local_addr().unwrap());
        let client = I::connect(Config::new(&origin).unwrap());
        let outcome = row(I::ROWS, id).outcome(&client).await;
        assert!(outcome.text.contains(&format!("({first}): could not connect")), "{}", outcome.text);
        let seen = outcome.error.unwrap();
        assert_eq!((seen.kind, seen.operation, seen.status), (ErrorKind::Transport, id, None));
        assert!(!seen.display.contains(&origin), "{}", seen.display);
    }
    check::<Callback>("commitBatch", "authenticate").await;
    check::<Crpt>("getCase", "login").await;
    check::<Legalcase>("deleteClient", "deleteClient").await;
}

/// It may have had its effect: whether it is sent again is the caller's to decide.
#[tokio::test]
async fn a_connection_that_breaks_is_not_tried_again() {
    async fn check<I: Interface>(sign_in: Option<&str>) {
        let server = server::<I>(|_| Response::Close).await;
        let client = I::connect(quick(&server.origin()));
        for (before, row) in I::ROWS.iter().filter(|row| Some(row.id) != sign_in).enumerate() {
            let outcome = row.outcome(&client).await;
            assert!(outcome.text.contains("the connection broke: "), "{}: {}", row.id, outcome.text);
            assert_eq!(outcome.error.unwrap().kind, ErrorKind::Transport);
            assert_eq!(counts::<I>(&server), [before + 1, usize::from(sign_in.is_some())], "{} is sent once", row.id);
        }
    }
    check::<Callback>(Some("authenticate")).await;
    check::<Crpt>(Some("login")).await;
    check::<Legalcase>(None).await;
}

/// The first call signs in; the limit is wide enough for that on a busy machine. Files
/// have no limit as a whole, only between two bytes.
#[tokio::test]
async fn no_response_in_time() {
    const LIMIT: Duration = Duration::from_secs(2);
    async fn check<I: Interface>(first: (&'static str, &'static str), calls: [&str; 3]) {
        let (id, body) = first;
        let it = row(I::ROWS, id);
        let once = std::sync::atomic::AtomicBool::new(true);
        let server = server::<I>(move |request| {
            let is_first = it.is_it(request) && once.swap(false, std::sync::atomic::Ordering::SeqCst);
            if is_first { Response::json(200, body) } else { Response::Silence }
        })
        .await;
        let client = I::connect(quick(&server.origin()).timeout(LIMIT).idle_timeout(LIMIT));
        assert!(it.outcome(&client).await.text.starts_with("Ok("));
        for outcome in join_all(calls.map(|id| row(I::ROWS, id).outcome(&client))).await {
            let limits = ["timeout", "idle_timeout"].map(|limit| format!("gave up after 2 s (Config::{limit})"));
            assert!(limits.iter().any(|limit| outcome.text.ends_with(limit)), "{}", outcome.text);
            assert_eq!(outcome.error.unwrap().kind, ErrorKind::Timeout);
        }
        assert_eq!(counts::<I>(&server)[1], 1);
    }
    let callback = ("commitBatch", r#"{"statusCode":200}"#);
    let crpt = ("createCase", r#"{"ok":true,"data":"SR00683913"}"#);
    tokio::join!(
        check::<Callback>(callback, ["fetchApplications", "commitBatch", "reportStatus"]),
        check::<Crpt>(crpt, ["getCase", "attachFile", "downloadFile"]),
    );
}
