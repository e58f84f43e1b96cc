//! Pages and redirects in place of a response. Those that prove that the operation was not
//! executed lead to a new session and a retry; the others fail what must not be
//! executed twice. What a response is, its body says, and not `Content-Type`.

use std::{collections::BTreeMap, fs, path::Path};

use casewire::{
    ErrorKind, Outcome,
    crpt::{Client, Config},
};
use support::{interfaces::crpt::rows::ROWS, recorder::Response, row::row};

use super::{connect_with, portal};

const CREATED: &str = r#"{"ok":true,"data":"SR00683913"}"#;
const OK: &str = r#"Ok("SR00683913")"#;
const LOOKS_LIKE_A_PAGE: &str = "Undecodable at .: it looks like HTML or XML, not JSON";
const IS_SIGN_IN_PAGE: &str = "Undecodable at .: it is the sign-in page";

/// The operations that must not be executed twice.
const WRITES: [&str; 4] = ["createCase", "attachFile", "addMessage", "updateCase"];
const MEDIA_TYPES: [Option<&str>; 3] = [Some("text/html; charset=utf-8"), Some("TEXT/HTML"), Some("text/plain")];

/// What becomes of a call after its first response.
#[derive(Debug, Clone, Copy)]
enum Then<'a> {
    /// That was the response, and the session goes on.
    Decoded(&'a str),
    /// An error that leaves open whether it was executed. The next call signs in first.
    Failed(&'a str),
    /// It is sent again in a new session, and succeeds.
    SentAgain,
}

/// Calls an operation whose first response is `first`, and createCase after it. All later
/// responses are good.
async fn check(change: impl FnOnce(Config) -> Config, id: &str, first: Response, then: Then<'_>) {
    let portal = portal().await;
    portal.responses([first.clone()]);
    portal.then(|request| match request.method.as_str() {
        "GET" => Response::bytes(200, "the file"),
        _ => Response::json(200, CREATED),
    });
    let client = connect_with(&portal, change);
    let outcome = row(ROWS, id).outcome(&client).await;
    let good = if id == "downloadFile" { r#"Ok(b"the file")"# } else { OK };
    let (expect, counts, later) = match then {
        Then::Decoded(expect) => (expect, [1, 1], [2, 1]),
        Then::Failed(expect) => (expect, [1, 1], [2, 2]),
        Then::SentAgain => (good, [2, 2], [3, 2]),
    };
    assert_eq!(outcome.text, expect, "{id} {first:?}");
    assert_eq!(portal.counts(), counts, "{id} {first:?}");
    if matches!(then, Then::Failed(_)) {
        let seen = outcome.error.unwrap();
        assert_eq!((seen.kind, seen.outcome), (ErrorKind::Undecodable, Outcome::Unknown), "{id} {first:?}");
    }
    assert_eq!(row(ROWS, "createCase").outcome(&client).await.text, OK, "{id} {first:?}");
    assert_eq!(portal.counts(), later, "{id} {first:?}");
    let requests = portal.requests();
    let tokens: Vec<_> = requests.iter().map(|request| request.header("bpmcsrf").unwrap()).collect();
    let expect = if later[1] == 1 { ["csrf-1"; 3] } else { ["csrf-1", "csrf-2", "csrf-2"] };
    assert_eq!(tokens, expect[..later[0]], "{id} {first:?}");
}

fn unchanged(config: Config) -> Config {
    config
}

fn typed(media_type: Option<&str>, body: impl Into<Vec<u8>>) -> Response {
    let response = Response::bytes(200, body);
    media_type.into_iter().fold(response, |response, media_type| response.header("content-type", media_type))
}

/// The files in a folder of `tests/data/sign-in-pages`, by name, of which there are `count`.
fn files(folder: &str, count: usize) -> BTreeMap<String, Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sign-in-pages").join(folder);
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap());
    let files: BTreeMap<_, _> =
        entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect();
    assert_eq!(files.len(), count, "{folder}");
    files
}

/// A page as a response to this operation: all of them are written for createCase. ASP.NET
/// writes the addresses of forms relative to what was asked for, and other operations lie
/// deeper.
fn page_for(id: &str, page: &[u8]) -> Vec<u8> {
    let up = match id {
        "downloadFile" => "../../../../../../Login/",
        "getCase" => "../../../../../Login/",
        _ => "../../../../Login/",
    };
    let (from, to) = (b"../../../../Login/", up.as_bytes());
    match page.windows(from.len()).position(|window| window == from) {
        Some(at) => [&page[..at], to, &page[at + from.len()..]].concat(),
        None => page.to_vec(),
    }
}

/// Some servers call their JSON HTML: executing twice what succeeded would be worse than any error.
#[tokio::test]
async fn json_is_json_whatever_it_is_called() {
    for id in WRITES {
        for media_type in MEDIA_TYPES {
            check(unchanged, id, typed(media_type, CREATED), Then::Decoded(OK)).await;
            let refused = r#"Refused(Failure { error: Some("x"), ok: Some(false) })"#;
            check(unchanged, id, typed(media_type, r#"{"ok":false,"error":"x"}"#), Then::Decoded(refused)).await;
        }
    }
}

/// As a portal sends them in place of JSON, in English and in Russian.
#[tokio::test]
async fn sign_in_pages_are_known_by_what_is_in_them() {
    let pages = files("pages", 8);
    assert!(["nui-login-en.html", "nui-login-ru.html"].iter().all(|name| pages.contains_key(*name)));
    for page in pages.into_values() {
        for media_type in [Some("text/html; charset=utf-8"), Some("application/json"), None] {
            for id in ["createCase", "downloadFile"] {
                check(unchanged, id, typed(media_type, page_for(id, &page)), Then::SentAgain).await;
            }
        }
    }
}

#[tokio::test]
async fn every_write_is_repeated_after_the_sign_in_page() {
    let pages = files("pages", 8);
    for id in WRITES {
        for name in ["nui-login-en.html", "nui-login-ru.html"] {
            check(unchanged, id, Response::html(200, str::from_utf8(&pages[name]).unwrap()), Then::SentAgain).await;
        }
        for status in [301, 302, 303, 307, 308] {
            let redirect = Response::empty(status).header("location", "/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fssp");
            check(unchanged, id, redirect, Then::SentAgain).await;
        }
    }
}

/// The operation may have been executed, so it is not sent again.
#[tokio::test]
async fn redirects_to_elsewhere() {
    for id in WRITES {
        for (status, expect) in [(302, "UnexpectedStatus(302)"), (303, "UnexpectedStatus(303)")] {
            for location in ["/0/Shell/", "/Login", "/0/ssp/rest/PublicWebServices/case/SR00683913", ""] {
                let redirect = Response::empty(status).header("location", location);
                check(unchanged, id, redirect, Then::Failed(expect)).await;
            }
        }
    }
}

#[tokio::test]
async fn other_pages() {
    for (name, body) in files("others", 38) {
        let text = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&body).trim_ascii_start();
        let then = match text.first() {
            Some(b'<') => Then::Failed(LOOKS_LIKE_A_PAGE),
            None => Then::Decoded("Undecodable at .: it is empty"),
            Some(_) => match name.as_str() {
                "json.json" => {
                    let data =
                        r#"<!DOCTYPE html><html><form action=\"/Login/\"><input type=\"password\"></form></html>"#;
                    check(unchanged, "createCase", typed(None, body), Then::Decoded(&format!(r#"Ok("{data}")"#))).await;
                    continue;
                }
                "json-string.json" => Then::Decoded("Undecodable at data: it is missing"),
                // The status that it begins with is a number.
                "text-before.txt" => Then::Decoded("Undecodable at .: trailing characters at line 1 column 5"),
                "utf-16.html" => Then::Decoded("Undecodable at .: expected value at line 1 column 1"),
                _ => panic!("{name} is new here"),
            },
        };
        for media_type in [Some("text/html"), Some("application/json"), None] {
            check(unchanged, "createCase", typed(media_type, body.clone()), then).await;
        }
    }
    let page = files("others", 38).remove("iis-502.html").unwrap();
    for id in WRITES {
        check(unchanged, id, typed(Some("text/html"), page.clone()), Then::Failed(LOOKS_LIKE_A_PAGE)).await;
    }
    // A page that is downloaded is the file.
    let file = format!("Ok({:?})", bytes::Bytes::from(page.clone()));
    check(unchanged, "downloadFile", typed(Some("text/html"), page), Then::Decoded(&file)).await;
}

/// A call that fails as one does that nobody is signed in for, and without an effect.
async fn check_refused(client: &Client, id: &str, expect: &str) {
    let outcome = row(ROWS, id).outcome(client).await;
    assert_eq!(outcome.text, expect, "{id}");
    let seen = outcome.error.unwrap();
    assert_eq!((seen.kind, seen.outcome), (ErrorKind::Authentication, Outcome::Refused), "{id}");
}

/// Not even a download takes it for what was asked for.
#[tokio::test]
async fn the_sign_in_page_in_a_new_session() {
    let pages = files("pages", 8);
    for (id, name) in [
        ("createCase", "nui-login-en.html"),
        ("getCase", "nui-login-en.html"),
        ("getCase", "nui-login-ru.html"),
        ("attachFile", "classic-windows-1251.html"),
        ("downloadFile", "nui-login-en.html"),
        ("downloadFile", "classic-windows-1251.html"),
    ] {
        let portal = portal().await;
        let page = page_for(id, &pages[name]);
        portal.then(move |_| Response::bytes(200, page.clone()).header("content-type", "text/html"));
        let client = connect_with(&portal, unchanged);
        for counts in [[2, 2], [3, 2]] {
            check_refused(&client, id, IS_SIGN_IN_PAGE).await;
            assert_eq!(portal.counts(), counts, "{id}");
        }
    }
}

/// A rule of one's own is the only one.
#[tokio::test]
async fn the_configuration_tells_sign_in_pages() {
    let rule = |config: Config| {
        config.sign_in_page(|status, headers, body| {
            let is_redirect = headers.get("location").is_some_and(|to| to.as_bytes().starts_with(b"/sso/"));
            status.as_u16() == 302 && is_redirect || body.starts_with(br#"{"signedOut":"#)
        })
    };
    let sign_in_page = files("pages", 8).remove("nui-login-en.html").unwrap();
    let sso = Response::empty(302).header("location", "/sso/in");
    let signed_out = Response::json(200, r#"{"signedOut":true,"data":"SR1"}"#);
    for id in WRITES.into_iter().chain(["downloadFile"]) {
        check(rule, id, sso.clone(), Then::SentAgain).await;
        check(rule, id, signed_out.clone(), Then::SentAgain).await;
    }
    for id in WRITES {
        check(unchanged, id, sso.clone(), Then::Failed("UnexpectedStatus(302)")).await;
        check(unchanged, id, signed_out.clone(), Then::Decoded(r#"Ok("SR1")"#)).await;
        let built_in = Response::empty(302).header("location", "/Login/NuiLogin.aspx");
        check(rule, id, built_in, Then::Failed("UnexpectedStatus(302)")).await;
        check(rule, id, typed(Some("text/html"), sign_in_page.clone()), Then::Failed(LOOKS_LIKE_A_PAGE)).await;
    }
    // What comes as a file is known by its headers.
    let marked = |config: Config| config.sign_in_page(|_, headers, _| headers.contains_key("x-signed-out"));
    let file = || Response::bytes(200, "out").header("content-disposition", "attachment");
    for media_type in ["application/octet-stream", "application/pdf", "text/html"] {
        let file = || file().header("content-type", media_type);
        check(marked, "downloadFile", file().header("x-signed-out", "1"), Then::SentAgain).await;
        check(marked, "downloadFile", file(), Then::Decoded(r#"Ok(b"out")"#)).await;
    }
    for (id, response, expect) in [
        ("createCase", &sso, "UnexpectedStatus(302)"),
        ("createCase", &signed_out, IS_SIGN_IN_PAGE),
        ("downloadFile", &signed_out, IS_SIGN_IN_PAGE),
    ] {
        let portal = portal().await;
        portal.responses(vec![response.clone(); 2]);
        check_refused(&connect_with(&portal, rule), id, expect).await;
        assert_eq!(portal.counts(), [2, 2], "{id}");
    }
}

/// However far in the page the password is asked for, within 256 KiB.
#[tokio::test]
async fn a_long_sign_in_page_in_place_of_a_file() {
    for before in [1 << 10, 70 << 10, 250 << 10] {
        let script = "x".repeat(before);
        let page = format!("<!DOCTYPE html><html><script>{script}</script><form><input type=password></form></html>");
        check(unchanged, "downloadFile", typed(Some("text/html"), page), Then::SentAgain).await;
    }
}
