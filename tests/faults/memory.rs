//! Responses that are small to send and large to keep. What they take is measured by
//! `tests/peak_memory`; here is what becomes of them, and that what is ordinary or
//! ignored is read.

use casewire::{Config, Error, Failure, callback, contractor, crpt};
use support::raw::{Play, Raw, Response};

use super::{
    calls::{CASE, SIGN_INS, desk, organisation, participant},
    config,
};

/// In bytes, what values may take by default.
const MOST: usize = 112 << 20;
/// And in tests for which a smaller limit does as well and takes a fraction of the time.
const LESS: usize = MOST >> 5;

/// A call as a feed has it, of about 920 bytes.
const CALL: &str = r#"{"clientName":"ООО «Ромашка»","comments":"Принтер заменён","commited":"2026-03-02T09:00:00Z",
"contactPersonEmail":"anna@romashka.example","contactPersonName":"Анна Смирнова","contactPersonPhone":"+7 495 000-00-12",
"created":"2026-03-02T08:15:00Z","critical":true,"descriptionHtmlText":"<p>Касса 2 не печатает чеки.</p>","id":683913,
"number":"SR00683913","serviceObjectAddress":"Москва, ул. Лесная, д. 5","serviceObjectLatitude":55.7793,
"serviceObjectLongitude":37.5863,"serviceObjectName":"Магазин № 12","serviceObjectType":"Магазин","status":"Done",
"tasks":[{"id":91001,"status":"Done","title":"Заменить чековый принтер"}],"timestamp":1010,
"ttf":"2026-03-03T18:00:00Z","tto":"2026-03-02T12:00:00Z","userId":7,"finished":"2026-03-02T11:30:00Z"}"#;

fn list(element: &str, count: usize) -> String {
    format!("[{}]", vec![element; count].join(","))
}

async fn answering(body: String) -> (Raw, Config) {
    let response = Response::new(200, body).header("content-type", "application/json").last();
    let raw = Raw::start(SIGN_INS, Play::response(&response)).await;
    let config = config(&raw);
    (raw, config)
}

async fn calls(most: usize, body: String) -> Result<usize, Error<contractor::error::ListCallChangesError>> {
    let (_raw, config) = answering(body).await;
    let client = contractor::Client::connect(config.max_decoded(most), desk()).unwrap();
    client.list_call_changes().timestamp(0).send().await.map(|calls| calls.len())
}

async fn case(most: usize, body: String) -> Result<String, Error<crpt::error::GetCaseError>> {
    let (_raw, config) = answering(body).await;
    let client = crpt::Client::connect(config.max_decoded(most), participant()).unwrap();
    client.get_case().number(CASE).send().await.map(|case| case.into_inner().number)
}

#[track_caller]
fn assert_exceeded<T: std::fmt::Debug, E: Failure>(most: usize, path: &str, result: Result<T, Error<E>>) {
    let Err(Error::Undecodable(e)) = result else { panic!("{result:?}") };
    let reason = format!("it exceeds the limit max_decoded of {most} bytes at line ");
    assert!(e.path().starts_with(path) && e.reason().starts_with(&reason), "{e}");
}

#[tokio::test]
async fn what_takes_too_much_is_refused() {
    assert_exceeded(MOST, "[", calls(MOST, list("{}", 1 << 20)).await);
    assert_exceeded(LESS, "[", calls(LESS, list(r#"{"tasks":[{}]}"#, 1 << 13)).await);
    let jeopardies = format!(r#"[{{"jeopardies":{}}}]"#, list("{}", 1 << 16));
    assert_exceeded(LESS, "[0].jeopardies[", calls(LESS, jeopardies).await);
    let status_code = |value: String| format!(r#"{{"ok":true,"data":{{"number":"1","statusCode":{value}}}}}"#);
    for (element, count) in [("[[]]", 1 << 16), ("\"a\"", 1 << 17), (r#"{"a":0}"#, 1 << 15)] {
        assert_exceeded(LESS, "data.statusCode[", case(LESS, status_code(list(element, count))).await);
    }
    let entries: Vec<_> = (0..1 << 16).map(|i| format!("\"{i}\":0")).collect();
    assert_exceeded(LESS, "data.statusCode", case(LESS, status_code(format!("{{{}}}", entries.join(",")))).await);
}

#[tokio::test]
async fn what_is_ignored_takes_nothing() {
    let later =
        format!(r#""later":{},"deeper":{}"#, list(r#"[{"a":0}]"#, 1 << 16), "[".repeat(1 << 16) + &"]".repeat(1 << 16));
    let body = format!(
        r#"{{{later},"ok":true,"data":{{"number":"1","priority":0,"solution":"","status":"","subject":"","symptoms":"","files":[],"messages":[]}}}}"#
    );
    assert_eq!(case(LESS, body).await.unwrap(), "1");
    let body = format!(r#"{{{later},"error":"no"}}"#);
    assert!(matches!(case(LESS, body).await, Err(Error::ErrorResponse(_))));
    let (_raw, config) = answering(format!(r#"{{"statusCode":200,{later}}}"#)).await;
    let config = config.max_decoded(LESS);
    let client = callback::Client::connect(config, organisation(), callback::Endpoints::default()).unwrap();
    client.commit_batch().code("1").send().await.unwrap();
}

#[tokio::test]
async fn an_ordinary_feed_is_read() {
    // Just below the default of `Config::max_body`.
    let count = ((56 << 20) - 2) / (CALL.len() + 1);
    assert_eq!(calls(MOST, list(CALL, count)).await.unwrap(), count);
}
