//! Files that are uploaded as they are and downloaded as they come, and links that lead to them.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use casewire::{
    ErrorKind, Outcome, Part,
    crpt::{Client, InvalidLink},
};
use futures_util::{StreamExt, stream};
use support::{
    interfaces::Crpt,
    interfaces::crpt::rows::LINK,
    outcome::{assert_no_secrets, download, outcome},
    quick::quick,
    raw::{self, Play, Raw, SignIn, Step},
    recorder::{Recorder, Response},
};
use tokio::sync::Notify;

use super::{connect, connect_with, portal};
use crate::streams;

const STORED: &str = r#"{"ok":true,"data":"http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/a/b"}"#;
const READ: &str = r#"Ok("http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/a/b")"#;

#[tokio::test]
async fn uploads_are_the_bytes_and_nothing_else() {
    let everything: &'static [u8] = Box::leak((0..=255).collect::<Vec<u8>>().into_boxed_slice());
    for (name, content) in
        [("скриншот 1.png", everything), ("json.json", br#"{"number":"SR1"}"#), ("naive.txt", b"--boundary\r\n\r\n")]
    {
        let portal = portal().await;
        portal.responses([Response::json(200, STORED)]);
        let client = connect(&portal);
        let upload = client.attach_file().filename(name).number("SR00683913").totallength(content.len() as i64);
        assert_eq!(outcome(upload.body(content).send().await).text, READ);
        let request = portal.requests().pop().unwrap();
        assert_eq!(request.body, content);
        assert_eq!(request.header("content-type"), Some("application/octet-stream"));
        assert_eq!(request.header("content-length"), Some(content.len().to_string().as_str()));
        let url = reqwest::Url::parse(&portal.origin()).unwrap().join(&request.target).unwrap();
        let pairs: Vec<_> = url.query_pairs().into_owned().map(|(_, value)| value).collect();
        assert_eq!(pairs, [name, "SR00683913", &content.len().to_string()]);
        assert!(request.target.is_ascii(), "{}", request.target);
    }
}

/// RFC 9110, section 8.6; IIS, which Creatio runs on, answers 411 without it.
#[tokio::test]
async fn an_empty_upload_has_a_length() {
    let portal = portal().await;
    portal.responses([Response::json(200, STORED)]);
    let client = connect(&portal);
    let upload = client.attach_file().filename("empty.txt").number("SR1").totallength(0).body(b"");
    assert_eq!(outcome(upload.send().await).text, READ);
    assert_eq!(portal.requests()[0].header("content-length"), Some("0"));
}

/// An upload must arrive with this length in the query, and with this content under a
/// header that says how long it is.
async fn check_upload(body: Part, totallength: Option<i64>, query: &str, content: &str) {
    let portal = portal().await;
    portal.responses([Response::json(200, STORED)]);
    let client = connect(&portal);
    let upload = client.attach_file().filename("a.txt").number("SR1").body(body);
    let upload = match totallength {
        Some(length) => upload.totallength(length),
        None => upload,
    };
    assert_eq!(outcome(upload.send().await).text, READ);
    let request = portal.requests().pop().unwrap();
    let path = "/0/ssp/rest/PublicWebServices/file?filename=a.txt&number=SR1";
    assert_eq!(request.target, format!("{path}&totallength={query}"));
    assert_eq!(request.text(), content);
    assert_eq!(request.header("content-length"), Some(content.len().to_string().as_str()));
    assert_eq!(request.header("transfer-encoding"), None);
}

#[tokio::test]
async fn the_length_is_filled_in_unless_it_is_given() {
    let path = std::env::temp_dir().join(format!("casewire-length-{}.txt", std::process::id()));
    std::fs::write(&path, "of a file").unwrap();
    check_upload(Part::bytes("bytes"), None, "5", "bytes").await;
    check_upload(Part::bytes("bytes"), Some(7), "7", "bytes").await;
    check_upload(Part::bytes(""), None, "0", "").await;
    check_upload(Part::file(&path), None, "9", "of a file").await;
    check_upload(Part::file(&path), Some(0), "0", "of a file").await;
    std::fs::write(&path, "").unwrap();
    check_upload(Part::file(&path), None, "0", "").await;
    check_upload(Part::stream_with_length(streams::body(["of ", "", "6"]), 4), None, "4", "of 6").await;
    check_upload(Part::stream_with_length(streams::body(["of ", "6"]), 4), Some(9), "9", "of 6").await;
    check_upload(Part::stream_with_length(streams::body(["", ""]), 0), None, "0", "").await;
    check_upload(Part::reader_with_length(&b"by a reader"[..], 11), None, "11", "by a reader").await;
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_media_type_of_its_own() {
    for (body, expect) in [
        (Part::bytes("x").file_name("a\r\nb"), "application/octet-stream"),
        (Part::bytes("x").media_type("image/png"), "image/png"),
    ] {
        let portal = portal().await;
        portal.responses([Response::json(200, STORED)]);
        let upload = connect(&portal).attach_file().filename("a.txt").number("SR1").body(body).send().await;
        assert_eq!(outcome(upload).text, READ);
        assert_eq!(portal.requests().pop().unwrap().header("content-type"), Some(expect));
    }
}

/// What can't be sent as it has to be is not sent. Only a stream is not looked at before
/// there is a session.
#[tokio::test]
async fn bodies_that_cannot_be_sent() {
    for (sign_ins, body, reason) in [
        (0, Part::stream(streams::body(["x"])), "totallength was not given, and the length of the body is not known"),
        (0, Part::bytes("x").media_type("pdf"), "body: `pdf` is not a media type"),
        (0, Part::bytes("x").media_type("image/png\r\nX: 1"), "body: `image/png  X: 1` is not a media type"),
        (1, Part::stream_with_length(streams::body(["", "x"]), 0), "body: its stream goes on after 0 announced bytes"),
    ] {
        let portal = portal().await;
        let upload = connect(&portal).attach_file().filename("a.txt").number("SR1").body(body).send().await;
        assert_eq!(outcome(upload).text, format!("InvalidRequest: {reason}"));
        assert_eq!(portal.counts(), [0, sign_ins], "{reason}");
    }
}

#[tokio::test]
async fn uploads_are_streamed() {
    let portal = portal().await;
    portal.responses([Response::json(200, STORED)]);
    let client = connect(&portal);
    let body = streams::body(["один ", "", "два"]);
    let upload = client.attach_file().filename("a.txt").number("SR1").totallength(15).body(Part::stream(body));
    assert_eq!(outcome(upload.send().await).text, READ);
    let request = portal.requests().pop().unwrap();
    assert_eq!(request.text(), "один два");
    assert_eq!((request.header("transfer-encoding"), request.header("content-length")), (Some("chunked"), None));
}

/// A stream that fails on the way up is the reason of the call's failure; nothing that
/// looks whole arrives.
#[tokio::test]
async fn a_stream_that_fails() {
    let portal = portal().await;
    let client = connect(&portal);
    let failing = stream::iter([Ok("half"), Err(std::io::Error::other("disk"))]);
    let failing = Part::stream(failing);
    let upload = client.attach_file().filename("a").number("SR1").totallength(9).body(failing);
    let outcome = outcome(upload.send().await);
    assert_eq!(outcome.text, "InvalidRequest: body: its stream failed after 4 bytes: disk");
    assert_eq!(portal.counts(), [0, 1]);
}

/// The server sends the second half only when the client has seen the first.
#[tokio::test]
async fn downloads_are_streamed() {
    let portal = portal().await;
    let gate = Arc::new(Notify::new());
    portal.responses([streams::halves(&gate)]);
    let client = connect_with(&portal, |config| config.max_body(4));
    portal.sign_ins([super::with_cookies(Response::empty(200), 1)]);
    // The limit is for JSON, so the sign-in fails under it; downloads have none.
    assert!(outcome(client.get_case().number("SR1").send().await).text.starts_with("Session: "));
    let client = connect(&portal);
    streams::check_halves(client.download_link(LINK).unwrap().send().await.unwrap(), &gate).await;
}

#[tokio::test]
async fn a_download_that_breaks_off_is_an_error() {
    let portal = portal().await;
    portal.responses([Response::CutOff(b"first".to_vec())]);
    let client = connect(&portal);
    let response = client.download_link(LINK).unwrap().send().await.unwrap();
    assert_no_secrets::<Crpt>(&streams::check_broken(response).await);
}

/// Whatever is downloaded is the file, unless it is a failure.
#[tokio::test]
async fn a_download_is_anything() {
    for response in [
        Response::json(200, r#"{"number":"SR1"}"#),
        Response::bytes(200, "<html>"),
        Response::empty(200),
        Response::bytes(200, [0, 255, 13, 10]),
    ] {
        let Response::Reply { body, .. } = response.clone() else { panic!() };
        let portal = portal().await;
        portal.responses([response]);
        let client = connect(&portal);
        let text = download(client.download_link(LINK).unwrap().send().await).await.text;
        assert_eq!(text, format!("Ok({:?})", Bytes::from(body)));
        assert_eq!(portal.counts(), [1, 1]);
    }
}

/// A failure in place of the file, as the portal has it for any operation.
const FAILURE: &str = r#"{"ok":false,"error":"no"}"#;
const IS_FAILURE: &str = r#"Refused(Failure { error: Some("no"), ok: Some(false) })"#;

/// What is downloaded with this response; `None` for the bytes as they were sent.
async fn check_download(response: Response, expect: Option<&str>) {
    let Response::Reply { body, .. } = response.clone() else { panic!() };
    let portal = portal().await;
    portal.responses([response.clone()]);
    let outcome = download(connect(&portal).download_link(LINK).unwrap().send().await).await;
    let sent = format!("Ok({:?})", Bytes::from(body));
    // Not `assert_eq`: some are large.
    assert!(
        outcome.text == expect.unwrap_or(&sent),
        "{} for {}",
        short(&outcome.text),
        short(&format!("{response:?}"))
    );
    assert_eq!(outcome.error.is_some(), expect.is_some());
    if let Some(seen) = outcome.error {
        assert_eq!((seen.kind, seen.outcome, seen.status), (ErrorKind::Refused, Outcome::Refused, Some(200)));
        assert_eq!(seen.message.as_deref(), Some("no"));
    }
    assert_eq!(portal.counts(), [1, 1]);
}

fn short(text: &str) -> String {
    text.chars().take(300).collect()
}

fn typed(media_type: &str, body: &str) -> Response {
    Response::bytes(200, body).header("content-type", media_type)
}

#[tokio::test]
async fn a_failure_in_place_of_a_file() {
    for media_type in ["application/json", "Application/JSON;charset=UTF-8", "text/json", "text/html"] {
        let response = || typed(media_type, FAILURE);
        check_download(response(), Some(IS_FAILURE)).await;
        check_download(response().header("content-disposition", "inline; filename=attachment"), Some(IS_FAILURE)).await;
        // What is declared to be a file is one (RFC 6266).
        for attachment in ["attachment", "Attachment; filename=\"a.json\"", "attachment ;filename*=UTF-8''%D0%B0.json"]
        {
            check_download(response().header("content-disposition", attachment), None).await;
        }
    }
    check_download(Response::bytes(200, FAILURE), Some(IS_FAILURE)).await;
    check_download(typed("application/json", &format!("\u{feff}\r\n {FAILURE} ")), Some(IS_FAILURE)).await;
    for media_type in ["application/octet-stream", "text/plain", "image/png", "application/jsonl"] {
        check_download(typed(media_type, FAILURE), None).await;
    }
}

/// The mark is enough, whatever else the failure says.
#[tokio::test]
async fn a_failure_that_says_nothing_is_not_the_file() {
    for (body, kind) in [
        (r#"{"ok":false}"#, ErrorKind::Refused),
        (r#"{"ok":false,"error":null}"#, ErrorKind::Refused),
        (r#"{"ok":false,"data":null}"#, ErrorKind::Refused),
        (r#"{"error":{"text":"no"}}"#, ErrorKind::Undecodable),
        (r#"{"error":5}"#, ErrorKind::Undecodable),
        (r#"{"ok":false,"error":""}"#, ErrorKind::Refused),
        (r#"{"error":" "}"#, ErrorKind::Refused),
    ] {
        let portal = portal().await;
        for (response, is_file) in [
            (typed("application/json", body), false),
            (Response::bytes(200, body), false),
            (typed("application/json", body).header("content-disposition", "attachment"), true),
            (typed("application/octet-stream", body), true),
        ] {
            portal.responses([response]);
            let outcome = download(connect(&portal).download_link(LINK).unwrap().send().await).await;
            let seen = outcome.error.map(|seen| (seen.kind, seen.outcome, seen.status));
            let expect = (!is_file).then_some((kind, Outcome::Refused, Some(200)));
            assert_eq!(seen, expect, "{body}: {}", outcome.text);
        }
    }
}

/// JSON is what people attach, too.
#[tokio::test]
async fn json_without_the_mark_of_a_failure_is_the_file() {
    for body in [
        r#"{"ok":true,"data":"SR00683913"}"#,
        r#"{ "errors" : [ "no" ],  "ok" : true }"#,
        r#"{"data":{"error":"no"}}"#,
        r#"{"error":null}"#,
        r#"{"error":"","ok":true}"#,
        r#"{"ok":0}"#,
        r#"[{"ok":false,"error":"no"}]"#,
        r#"{"ok":false,"error":"no"} {"ok":false,"error":"no"}"#,
        r#"{"ok":false,"error":"no""#,
        r#""error""#,
        "\u{feff}{}\r\n",
        "{",
        "null",
        "",
    ] {
        for media_type in ["application/json", "text/html; charset=utf-8"] {
            check_download(typed(media_type, body), None).await;
        }
    }
}

/// No failure is larger than 256 KiB; beyond that, all of it is the file.
#[tokio::test]
async fn large_json_is_the_file() {
    for size in [256 << 10, (256 << 10) + 1, 1 << 20] {
        for begin in [r#"{"ok":false,"error":"no","x":""#, r#"{"ok":true,"data":""#, r#"[""#] {
            let end = if begin.starts_with('{') { "\"}" } else { "\"]" };
            let body = format!("{begin}{}{end}", "x".repeat(size - begin.len() - end.len()));
            assert_eq!(body.len(), size);
            let is_failure = begin.contains("error") && size <= 256 << 10;
            check_download(typed("application/json", &body), is_failure.then_some(IS_FAILURE)).await;
        }
    }
}

/// A portal that sends the body of a download byte by byte, under this media type.
async fn dripping(media_type: &str, body: &'static str, pause: Duration) -> Raw {
    let signed_in: SignIn =
        (super::LOGIN, |_| raw::Response::new(200, super::SIGNED_IN).header("set-cookie", "BPMCSRF=csrf-1; path=/"));
    let head = raw::Response::new(200, "").header("content-type", media_type).head(body.len());
    let steps = [Step::Head, Step::Body, Step::Send(head), Step::Drip(body.into(), pause)];
    Raw::start(Box::leak(Box::new([signed_in])), Play::of(steps)).await
}

fn connect_raw(raw: &Raw, limit: Duration) -> Client {
    let config = quick(&format!("http://{}", raw.address())).timeout(limit);
    Client::connect(config, super::participant()).unwrap()
}

/// Neither how it comes nor how long that takes makes a difference: only a pause ends a download.
#[tokio::test]
async fn dripping_json() {
    const FILE: &str = r#"{ "ok": true, "data": "SR00683913", "at": [1, 2.50] }"#;
    let (fast, slow) = (Duration::from_millis(1), Duration::from_millis(50));
    for (body, pause, limit, expect) in [
        (FAILURE, fast, Duration::from_secs(30), Some(IS_FAILURE)),
        (FILE, fast, Duration::from_secs(30), None),
        // Twice as long as a request may take.
        (FILE, slow, slow * u32::try_from(FILE.len()).unwrap() / 2, None),
    ] {
        let raw = dripping("application/json", body, pause).await;
        let client = connect_raw(&raw, limit);
        let text = download(client.download_link(LINK).unwrap().send().await).await.text;
        assert_eq!(text, expect.map_or(format!("Ok({:?})", Bytes::from(body)), str::to_owned));
        assert_eq!((raw.received().len(), raw.signed_in().len()), (1, 1));
    }
}

/// What came before the connection broke is not lost, though it was looked at first.
#[tokio::test]
async fn json_that_breaks_off() {
    for body in [FAILURE, "{", "[1,2"] {
        let portal = portal().await;
        portal.responses([Response::CutOff(body.into())]);
        let client = connect(&portal);
        let mut stream = client.download_link(LINK).unwrap().send().await.unwrap().into_inner();
        assert_eq!(stream.next().await.unwrap().unwrap(), body);
        let error = stream.next().await.unwrap().unwrap_err();
        assert!(error.to_string().contains(": the connection broke: "), "{error}");
        assert!(stream.next().await.is_none());
    }
}

/// Only the path of a link is used; where its host points is not asked.
#[tokio::test]
async fn links_lead_to_the_configured_server() {
    let elsewhere = Recorder::start().await;
    let path = "/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/e4ab3bc8-ee50";
    for link in [
        format!("{}{path}", elsewhere.origin()),
        format!("http://10.200.199.1:84{path}"),
        format!("https://user:pass@elsewhere.example{path}"),
        format!("//elsewhere.example{path}"),
        path.to_owned(),
        format!("{}/other/prefix{path}?name=case.xlsx#top", elsewhere.origin()),
    ] {
        let portal = portal().await;
        portal.responses([Response::bytes(200, "bytes")]);
        for base in ["", "/bpm"] {
            let client = connect_with(&portal, |config| {
                let moved = casewire::Config::new(&format!("{}{base}", portal.origin())).unwrap();
                if base.is_empty() { config } else { moved }
            });
            download(client.download_link(&link).unwrap().send().await).await;
            assert_eq!(portal.requests().pop().unwrap().target, format!("{base}{path}"), "{link}");
        }
        assert_eq!(portal.counts(), [2, 2]);
    }
    assert_eq!(elsewhere.counts(), [0, 0, 0]);
}

#[tokio::test]
async fn links_that_lead_elsewhere_are_refused() {
    let portal = portal().await;
    let client = connect(&portal);
    for link in [
        "",
        "case.xlsx",
        "http://10.200.199.1:84",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71/",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file//840a6198",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71/../case",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/../case",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71/840a%2F6198",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71/840a 6198",
        "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/case/SR00683913",
        "http://10.200.199.1:84/profile/55c1fe71/840a6198x/",
        "http://elsewhere.example/?/file/55c1fe71/840a6198",
    ] {
        let refused: InvalidLink = client.download_link(link).map(|_| ()).expect_err(link);
        assert_eq!(refused.to_string(), "not a link to a file: its path must end with `/file/` and two ids");
    }
    assert_eq!(portal.counts(), [0, 0]);
}
