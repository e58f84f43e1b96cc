//! Any bytes as the response to a call, over HTTP: the call comes to a value, or to an error that names the operation.
//!
//! The first byte chooses the operation, the second the status, the third the media type; the rest is the body.

#![no_main]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, LazyLock, Mutex},
};

use casewire::{
    AnyError, Config, Error, Failure, Outcome, ResponseValue, RetryPolicy, callback, contractor, crpt, legalcase,
};
use futures_util::TryStreamExt;
use libfuzzer_sys::fuzz_target;
use tokio::runtime::Runtime;

const STATUSES: [u16; 16] = [200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503];
const MEDIA_TYPES: [&str; 5] =
    ["application/json", "text/json; charset=utf-8", "text/html", "application/octet-stream", ""];

fuzz_target!(|data: &[u8]| {
    let [operation, status, media_type, body @ ..] = data else { return };
    let response = Response {
        status: STATUSES[usize::from(*status) % STATUSES.len()],
        media_type: MEDIA_TYPES[usize::from(*media_type) % MEDIA_TYPES.len()],
        body: body.to_vec(),
    };
    *SERVER.response.lock().expect("no thread panicked") = response;
    SERVER.runtime.block_on(call(usize::from(*operation), &SERVER.clients));
});

/// One operation of each sort: every shape of result, failures with and without codes, envelopes, sign-ins, files.
async fn call(which: usize, clients: &Clients) {
    let Clients { contractor, crpt, legalcase, callback } = clients;
    match which % 22 {
        0 => check(contractor.get_call().id(1).send().await),
        1 => check(contractor.list_call_changes().timestamp(1).send().await),
        2 => check(contractor.list_message_changes().timestamp(1).send().await),
        3 => check(contractor.list_jeopardy_changes().timestamp(1).send().await),
        4 => check(contractor.get_self().send().await),
        5 => check(contractor.create_call_temp_link().call_id(1).send().await),
        6 => check(contractor.close_call().id(1).send().await),
        7 => check(contractor.get_shared_call().token("t").send().await),
        8 => check(contractor.renew_tokens().send().await),
        9 => check(
            contractor
                .update_system_settings()
                .body(contractor::types::PatchSystemSettingsInputDto::default())
                .send()
                .await,
        ),
        10 => match contractor.get_call_task_attachment().id(1).attachment_id(1).send().await {
            Ok(download) => drop(download.into_inner().try_collect::<Vec<_>>().await),
            Err(e) => check::<(), _>(Err(e)),
        },
        11 => check(crpt.get_case().number("SR1").send().await),
        12 => {
            check(crpt.login().force_use_session("true").body_map(|b| b.user_name("u").user_password("p")).send().await)
        }
        13 => check(crpt.create_case().body_map(|b| b.subject("s").symptoms("s")).send().await),
        14 => check(crpt.list_cases().body(cases()).send().await),
        15 => check(legalcase.delete_client().client_id("1").send().await),
        16 => {
            check(legalcase.add_comment().client_id("1").legal_case_id("1").body_map(|b| b.comment("c")).send().await)
        }
        17 => check(legalcase.delete_comment().client_id("1").legal_case_id("1").comment_id("1").send().await),
        18 => check(callback.authenticate().body_map(|b| b.login("l").password("p")).send().await),
        19 => check(callback.fetch_applications().limit(2).send().await),
        20 => check(callback.commit_batch().code("b").send().await),
        _ => check(contractor.get_call_cost().call_id(1).send().await),
    }
}

fn cases() -> crpt::types::CasesRequest {
    serde_json::from_str(r#"{"number":"SR1"}"#).expect("a map")
}

fn check<T, E: Failure>(result: Result<ResponseValue<T>, Error<E>>) {
    let Err(error) = result else { return };
    let text = error.to_string();
    assert!(text.contains(error.operation().id), "{text}");
    if let Error::Undecodable(e) = &error {
        assert!(!e.path().is_empty() && e.offset().is_none_or(|at| at <= SERVER.response.lock().unwrap().body.len()));
    }
    let _ = (format!("{error:?}"), error.kind(), error.outcome(), error.code(), error.message());
    // Whatever is worth another try can't have had its effect twice.
    assert!(!error.is_retryable() || error.operation().idempotent || error.outcome() != Outcome::Unknown, "{text}");
    assert!(text == AnyError::from(error).to_string());
}

struct Clients {
    contractor: contractor::Client,
    crpt: crpt::Client,
    legalcase: legalcase::Client,
    callback: callback::Client,
}

struct Server {
    runtime: Runtime,
    clients: Clients,
    response: Arc<Mutex<Response>>,
}

#[derive(Default)]
struct Response {
    status: u16,
    media_type: &'static str,
    body: Vec<u8>,
}

/// A server in a thread of its own, and the clients that talk to it.
static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    let response = Arc::new(Mutex::new(Response::default()));
    let shared = Arc::clone(&response);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || serve(stream, &shared));
        }
    });
    let config = || Config::new(&origin).expect("a URL").retry(RetryPolicy::never()).http(|http| http.no_proxy());
    let clients = Clients {
        contractor: contractor::Client::connect(config(), contractor::Auth::user("u", "p").and_external_system("k"))
            .expect("a client"),
        crpt: crpt::Client::connect(config(), crpt::Auth::user("u", "p")).expect("a client"),
        legalcase: legalcase::Client::connect(config(), legalcase::AcceptSpelling::Latin).expect("a client"),
        callback: callback::Client::connect(
            config(),
            callback::Auth::user("u", "p"),
            callback::Endpoints { authenticate: "/session/".to_owned(), ..callback::Endpoints::default() },
        )
        .expect("a client"),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    Server { runtime, clients, response }
});

/// Serves request after request. Sessions are given freely.
fn serve(mut stream: TcpStream, response: &Mutex<Response>) {
    stream.set_nodelay(true).expect("a socket");
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(count) => received.extend_from_slice(&buffer[..count]),
            }
            continue;
        };
        let head = String::from_utf8_lossy(&received[..end]).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        if received.len() < end + 4 + length {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(count) => received.extend_from_slice(&buffer[..count]),
            }
            continue;
        }
        received.drain(..end + 4 + length);
        let session = match head.split(' ').nth(1) {
            Some("/user/signin") => Some(TOKENS),
            Some("/session/") => Some(JWT),
            Some(target) if target.starts_with("/servicemodel/") && !head.contains("\r\ncookie:") => Some(SIGNED_IN),
            _ => None,
        };
        let reply = match session {
            Some(session) => {
                let cookie = "set-cookie: BPMCSRF=c; path=/\r\ncontent-type: application/json\r\n";
                format!("HTTP/1.1 200 OK\r\n{cookie}content-length: {}\r\n\r\n{session}", session.len()).into_bytes()
            }
            None => {
                let Response { status, media_type, body } = &*response.lock().expect("no thread panicked");
                let length = if *status == 204 { 0 } else { body.len() };
                let head =
                    format!("HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n\r\n");
                [head.as_bytes(), &body[..length]].concat()
            }
        };
        if stream.write_all(&reply).is_err() {
            return;
        }
    }
}

const TOKENS: &str = r#"{"access":{"token":"a"},"service":{"token":"s"}}"#;
const JWT: &str = r#"{"statusCode":200,"data":{"token":"t"}}"#;
const SIGNED_IN: &str = r#"{"Code":0,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#;
