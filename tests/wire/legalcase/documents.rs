//! Documents that are uploaded as the part `file` and downloaded as a stream.

use std::{path::PathBuf, sync::Arc};

use bytes::Bytes;
use casewire::Part;
use futures_util::stream;
use support::{
    multipart::{self, Field},
    outcome::outcome,
    recorder::{Lane, Recorder, Response},
};
use tokio::sync::Notify;

use super::{connect, connect_with, requests};
use crate::streams;

const ADDED: &str = r#"Ok(Created { id: "d-4001" })"#;

/// What arrives when `part` is uploaded; with a `length`, the request announces its own,
/// and otherwise it is chunked.
async fn check(part: Part, disposition: &str, media_type: &str, content: &[u8], length: bool) {
    let partner = Recorder::start().await;
    partner.script(Lane::Operations, [Response::json(201, r#"{"id":"d-4001"}"#)]);
    let client = connect(&partner);
    let upload = client.add_document().client_id("c").legal_case_id("l").comment_id("m").file(part);
    assert_eq!(outcome(upload.send().await).text, ADDED);
    let request = requests(&partner).remove(0);
    let headers = vec![format!("Content-Disposition: form-data; {disposition}"), format!("Content-Type: {media_type}")];
    let fields = multipart::parse(request.header("content-type").unwrap(), &request.body);
    assert_eq!(fields, [Field { headers, content: content.to_vec() }]);
    let announced = request.header("content-length").map(|length| length.parse().unwrap());
    assert_eq!(announced, length.then_some(request.body.len()));
    assert_eq!(request.header("transfer-encoding"), (!length).then_some("chunked"));
}

/// A file in a folder of its own, removed when dropped.
struct Temporary(PathBuf);

impl Temporary {
    fn new(name: &str, content: &[u8]) -> Self {
        let folder = std::env::temp_dir().join(format!("casewire-wire-legalcase-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), content).unwrap();
        Self(folder.join(name))
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).ok();
        self.0.parent().map(std::fs::remove_dir);
    }
}

#[tokio::test]
async fn documents_from_memory_a_file_and_a_stream() {
    const OCTETS: &str = "application/octet-stream";
    check(Part::bytes("x"), r#"name="file""#, OCTETS, b"x", true).await;
    check((&b"x"[..]).into(), r#"name="file""#, OCTETS, b"x", true).await;
    check(vec![0, 255, 13, 10].into(), r#"name="file""#, OCTETS, &[0, 255, 13, 10], true).await;
    check(Bytes::from_static(b"").into(), r#"name="file""#, OCTETS, b"", true).await;
    let named = Part::bytes("x").file_name("договор № 12.pdf").media_type("application/pdf");
    check(named, r#"name="file"; filename="договор № 12.pdf""#, "application/pdf", b"x", true).await;

    let content: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let file = Temporary::new("акт.pdf", &content);
    let part = Part::file(&file.0);
    check(part, r#"name="file"; filename="акт.pdf""#, "application/pdf", &content, true).await;

    let part = Part::stream(streams::body(["один ", "", "два"])).file_name("a.zip").media_type("application/zip");
    check(part, r#"name="file"; filename="a.zip""#, "application/zip", "один два".as_bytes(), false).await;
    let part = Part::stream_with_length(streams::body(["one ", "two"]), 7);
    check(part, r#"name="file""#, OCTETS, b"one two", true).await;
}

#[tokio::test]
async fn documents_that_cannot_be_sent() {
    let gone = Temporary::new("gone.pdf", b"x");
    let part = Part::file(&gone.0);
    std::fs::remove_file(&gone.0).unwrap();
    for (part, reason) in [
        (part, format!("part file: can't read {}: ", gone.0.display())),
        (Part::bytes("x").media_type("pdf"), "part file: `pdf` is not a media type".to_owned()),
        (Part::bytes("x").file_name("a\r\nX: 1"), "part file: the file name has control characters in it".to_owned()),
    ] {
        let partner = Recorder::start().await;
        let client = connect(&partner);
        let upload = client.add_document().client_id("c").legal_case_id("l").comment_id("m").file(part);
        let outcome = outcome(upload.send().await);
        assert!(outcome.text.starts_with(&format!("InvalidRequest: {reason}")), "{}", outcome.text);
        assert_eq!(requests(&partner), []);
    }
}

/// The server sends the second half only when the client has seen the first; there is no
/// limit of size.
#[tokio::test]
async fn downloads_are_streamed() {
    let partner = Recorder::start().await;
    let gate = Arc::new(Notify::new());
    partner.script(Lane::Operations, [streams::halves(&gate)]);
    let client = connect_with(&partner, super::AcceptSpelling::Latin, |config| config.max_body(4));
    let download = client.download_document().client_id("c").legal_case_id("l").comment_id("m").document_id("d");
    streams::check_halves(download.send().await.unwrap(), &gate).await;
}

/// Whether the response names the file isn't documented; its headers are there for who looks.
#[tokio::test]
async fn headers_of_a_download_can_be_read() {
    let partner = Recorder::start().await;
    let disposition = r#"attachment; filename="dogovor-12.pdf""#;
    partner.script(Lane::Operations, [Response::bytes(200, "x").header("content-disposition", disposition)]);
    let client = connect(&partner);
    let download = client.download_document().client_id("c").legal_case_id("l").comment_id("m").document_id("d");
    let response = download.send().await.unwrap();
    assert_eq!(response.headers().get("content-disposition").unwrap(), disposition);
    assert_eq!(response.file_name(), Some("dogovor-12.pdf"));
}

#[tokio::test]
async fn transfers_that_break_off_are_errors() {
    let partner = Recorder::start().await;
    partner.script(Lane::Operations, [Response::CutOff(b"first".to_vec())]);
    let client = connect(&partner);
    let download = client.download_document().client_id("c").legal_case_id("l").comment_id("m").document_id("d");
    streams::check_broken(download.send().await.unwrap()).await;

    let failing = stream::iter([Ok("half"), Err(std::io::Error::other("disk"))]);
    let part = Part::stream(failing);
    let upload = client.add_document().client_id("c").legal_case_id("l").comment_id("m").file(part);
    let outcome = outcome(upload.send().await);
    let reason = "part file: its stream failed after 4 bytes: disk";
    assert_eq!(outcome.text, format!("InvalidRequest: {reason}"));
    let seen = outcome.error.unwrap();
    assert!(seen.display.ends_with(&format!("(addDocument): the request broke off: {reason}")), "{}", seen.display);
    assert!(seen.sources.is_empty(), "{:?}", seen.sources);
}
