//! Errors stay on one line and in one direction, whoever wrote what they say.

use bytes::Bytes;
use casewire::{
    Error, Failure, Part,
    contractor::{Auth, Client},
};
use futures_util::stream;
use support::raw::{Play, Raw, Response};

use super::{
    calls::{SIGN_INS, TASK, desk},
    config,
};

#[track_caller]
fn check<T, E: Failure>(result: Result<T, Error<E>>, says: &str) {
    let Err(error) = result else { panic!("a success") };
    let is_seen = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{202e}');
    for text in [error.to_string(), format!("{error:?}"), error.message().unwrap_or_default()] {
        assert!(text.chars().all(is_seen), "{text:?}");
    }
    assert!(error.to_string().contains(says), "{error}");
}

#[tokio::test]
async fn control_characters_are_not_kept() {
    let raw = Raw::start(SIGN_INS, Play::response(&Response::new(200, "{}").last())).await;
    let client = Client::connect(config(&raw), desk()).unwrap();
    let upload = |part: Part| client.upload_shared_attachment().id(TASK).token("t").attachment(part).send();

    let failing = stream::iter([Err::<Bytes, _>(std::io::Error::other("one\ntwo \u{202e}txt"))]);
    check(upload(Part::stream(failing)).await, "one two  txt");
    let path = std::env::temp_dir().join(format!("a\nb {}", std::process::id()));
    std::fs::write(&path, "x").unwrap();
    let gone = Part::file(&path).file_name("a");
    std::fs::remove_file(&path).unwrap();
    check(upload(gone).await, "a b ");
    check(upload(Part::bytes("x").media_type("text\n\u{202e}")).await, "`text  ` is not a media type");

    let vault = Auth::user_from(|| async { Err("the vault says:\n\tsealed \u{202e}".into()) });
    let user = Client::connect(config(&raw), vault).unwrap();
    check(user.get_self().send().await, "the vault says:  sealed  ");

    let said = r"a\nb\u2028c\u202ed\u001b";
    for (status, body) in [
        (404, format!(r#"{{"errorCode":6,"errorMessage":"{said}"}}"#)),
        (400, format!(r#"{{"title":"{said}","errors":{{"{said}":["{said}"]}}}}"#)),
    ] {
        raw.arm([], Play::response(&Response::new(status, body).header("content-type", "application/json").last()));
        check(client.get_call().id(1).send().await, "(getCall) at ");
    }
}
