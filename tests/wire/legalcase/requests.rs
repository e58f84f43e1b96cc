//! What is sent: method, target, headers and body of all operations, and how ids get into paths.

use casewire::legalcase::{AcceptSpelling, Client, Config, types};
use support::{
    interfaces::Legalcase,
    interfaces::legalcase::rows::ROWS,
    outcome::{Call, call},
    recorder::Recorder,
    row::{Row, check_complete, check_sent},
    spec::Spec,
};

use super::{connect, connect_with, documented, requests};

async fn check(row: &Row<Legalcase>, base: &str, spec: &Spec) {
    let partner = Recorder::start().await;
    let config = Config::new(&format!("{}{base}", partner.origin())).unwrap();
    row.outcome(&Client::connect(config, AcceptSpelling::default()).unwrap()).await;
    let requests = requests(&partner);
    assert_eq!(requests.len(), 1, "{}", row.id);
    // No Authorization, and nothing else of the kind.
    check_sent(row, &requests[0], (&partner.origin(), base.trim_end_matches('/')), &[], spec);
}

#[tokio::test]
async fn every_operation_sends_what_the_spec_says() {
    let spec = documented();
    for row in ROWS {
        check(row, "", spec).await;
        check(row, "/ppo24/v1/", spec).await;
    }
}

#[test]
fn no_operation_and_no_example_is_forgotten() {
    check_complete::<Legalcase>();
    assert_eq!(super::OPERATIONS.len(), 11);
    assert!(super::OPERATIONS.iter().all(|operation| operation.security.is_none()));
}

/// The Cyrillic spelling changes the name of one property of one operation.
#[tokio::test]
async fn the_cyrillic_spelling_changes_one_name() {
    assert_eq!((AcceptSpelling::Latin.name(), AcceptSpelling::Cyrillic.name()), ("Accept", "Ассепт"));
    assert!(!AcceptSpelling::Cyrillic.name().contains(|c: char| c.is_ascii()), "all of its letters are Cyrillic");
    assert_eq!(documented().at("/components/schemas/LegalCaseUpdate/properties/Accept/x-source-spelling"), "Ассепт");
    for row in ROWS.iter().filter(|row| row.id != "addDocument") {
        let (latin, cyrillic) = (Recorder::start().await, Recorder::start().await);
        row.outcome(&connect(&latin)).await;
        row.outcome(&connect_with(&cyrillic, AcceptSpelling::Cyrillic, |config| config)).await;
        let (mut latin, cyrillic) = (requests(&latin).remove(0), requests(&cyrillic).remove(0));
        if row.id == "updateLegalCase" && latin.text().contains("Accept") {
            let renamed: Vec<_> = latin.json().as_object().unwrap().clone().into_iter().collect();
            let renamed = renamed.into_iter().map(|(k, v)| (k.replace("Accept", "Ассепт"), v)).collect();
            assert_eq!(cyrillic.json(), serde_json::Value::Object(renamed));
            assert_eq!(cyrillic.header("content-length"), Some(cyrillic.body.len().to_string().as_str()));
            assert_eq!(cyrillic.header("content-type"), Some("application/json"));
            latin.body = cyrillic.body.clone();
        }
        // Everything else is the same, but for lengths and ports.
        let comparable = |request: &super::Request| {
            let headers =
                request.headers.iter().filter(|(name, _)| !["host", "content-length"].contains(&name.as_str()));
            (request.method.clone(), request.target.clone(), headers.cloned().collect::<Vec<_>>(), request.body.clone())
        };
        assert_eq!(comparable(&latin), comparable(&cyrillic), "{}", row.id);
    }
}

/// Only an own property is renamed, not what looks like one.
#[tokio::test]
async fn texts_are_not_renamed() {
    let partner = Recorder::start().await;
    let client = connect_with(&partner, AcceptSpelling::Cyrillic, |config| config);
    client
        .add_comment()
        .client_id("Accept")
        .legal_case_id("1")
        .body_map(|b| b.comment(r#"{"Accept":true}"#))
        .send()
        .await
        .unwrap_err();
    let request = requests(&partner).remove(0);
    assert_eq!(request.text(), r#"{"comment":"{\"Accept\":true}"}"#);
    assert_eq!(request.target, "/client/Accept/legalcase/1/comment");
}

/// Ids that have to be escaped.
const AWKWARD: [&str; 8] = [
    "a/b?c#d",
    "%2F%",
    "клиент № 1",
    "a b+c&d=e;f:g@h",
    "\"<>^`{|}[]",
    "line\r\nbreak\0",
    "../../client",
    "back\\slash",
];

/// What is sent when the ids of an operation are `id`: the target, or the outcome of a
/// call that sent nothing.
async fn targets(id: &str) -> Vec<(&'static str, Result<String, String>)> {
    let partner = Recorder::start().await;
    let client = connect(&partner);
    let mut found = Vec::new();
    macro_rules! send {
        ($template:literal, $call:expr) => {
            let before = requests(&partner).len();
            let error = $call.send().await.map(|_| ()).unwrap_err().to_string();
            let sent = requests(&partner).into_iter().nth(before).map(|request| request.target);
            found.push(($template, sent.ok_or(error)));
        };
    }
    let input = |body: types::builder::ClientInputBuilder| {
        body.inn("7719283390").ogrn("1187746123452").organization("").tariff("")
    };
    send!("/client/*", client.update_client().client_id(id).body_map(input));
    send!("/client/*", client.delete_client().client_id(id));
    send!(
        "/client/c/legalcase/*",
        client.update_legal_case().client_id("c").legal_case_id(id).body_map(|body| body.read(true))
    );
    send!("/client/c/legalcase/*", client.delete_legal_case().client_id("c").legal_case_id(id));
    send!(
        "/client/*/legalcase/*/comment",
        client.add_comment().client_id(id).legal_case_id(id).body_map(|body| body.comment(""))
    );
    send!(
        "/client/c/legalcase/l/comment/*",
        client.update_comment().client_id("c").legal_case_id("l").comment_id(id).body_map(|body| body.read(true))
    );
    send!("/client/*/legalcase/*/comment/*", client.delete_comment().client_id(id).legal_case_id(id).comment_id(id));
    send!(
        "/client/c/legalcase/*/comments/*/document",
        client.add_document().client_id("c").legal_case_id(id).comment_id(id).file(&b"x"[..])
    );
    send!(
        "/client/*/legalcase/l/comments/m/document/*",
        client.download_document().client_id(id).legal_case_id("l").comment_id("m").document_id(id)
    );
    found
}

#[tokio::test]
async fn ids_arrive_as_data() {
    for id in AWKWARD {
        for (template, sent) in targets(id).await {
            let sent = sent.unwrap();
            assert!(sent.is_ascii() && !sent.contains([' ', '#', '"', '<', '>', '?']), "{sent} is not escaped");
            let read: Vec<_> = sent.split('/').map(percent_decoded).collect();
            let expect: Vec<_> = template.split('/').map(|part| if part == "*" { id } else { part }).collect();
            assert_eq!(read, expect, "{sent}");
        }
    }
}

fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
        bytes.extend_from_slice(&part.as_bytes()[2..]);
    }
    String::from_utf8(bytes).unwrap()
}

/// No escaping saves these: a URL with them leads to another operation, so that deleting
/// a comment could delete its case. So nothing may be sent.
#[tokio::test]
async fn ids_that_no_path_can_carry_are_not_sent() {
    let mut sent = Vec::new();
    for id in ["..", ".", ""] {
        for (template, target) in targets(id).await {
            match target {
                Ok(target) => sent.push(format!("{template} with {id:?} led to {target}")),
                Err(error) => assert!(error.contains("nothing was sent"), "{template} with {id:?}: {error}"),
            }
        }
    }
    assert_eq!(sent, Vec::<String>::new());
}

/// What the spec doesn't allow is not sent, and the error says what is wrong.
#[tokio::test]
async fn what_the_spec_forbids_is_not_sent() {
    let inn = r#"must match the pattern ^([0-9]{10}|[0-9]{12})$"#;
    let ogrn = r#"must match the pattern ^([0-9]{13}|[0-9]{15})$"#;
    let invalid = |name: &str, why: &str| format!("body: {name}: {why}");
    let cases: [(&str, Call<Client>, String); 15] = [
        ("registerClient", call!(client.register_client()), "body was not given".into()),
        (
            "registerClient",
            call!(client.register_client().body_map(|b| b.inn("771928339"))),
            invalid("ClientInput: inn", inn),
        ),
        (
            "registerClient",
            call!(client.register_client().body_map(|b| b.inn("77192833901"))),
            invalid("ClientInput: inn", inn),
        ),
        (
            "registerClient",
            call!(client.register_client().body_map(|b| b.inn("7719283390\n"))),
            invalid("ClientInput: inn", inn),
        ),
        (
            "registerClient",
            call!(client.register_client().body_map(|b| b.inn("771928339О"))),
            invalid("ClientInput: inn", inn),
        ),
        (
            "createLegalCase",
            call!(
                client
                    .create_legal_case()
                    .client_id("c")
                    .body_map(|b| { b.deal(types::Deal::builder().text("").build().unwrap()).ogrn("11877461234521") })
            ),
            invalid("LegalCaseInput: ogrn", ogrn),
        ),
        ("updateClient", call!(client.update_client()), "clientId was not given".into()),
        ("deleteClient", call!(client.delete_client()), "clientId was not given".into()),
        ("deleteLegalCase", call!(client.delete_legal_case().client_id("c")), "legalCaseId was not given".into()),
        ("addComment", call!(client.add_comment().client_id("c").legal_case_id("l")), "body was not given".into()),
        (
            "updateComment",
            call!(client.update_comment().client_id("c").legal_case_id("l").comment_id("m")),
            "body was not given".into(),
        ),
        (
            "deleteComment",
            call!(client.delete_comment().client_id("c").legal_case_id("l")),
            "commentId was not given".into(),
        ),
        (
            "addDocument",
            call!(client.add_document().client_id("c").legal_case_id("l").comment_id("m")),
            "part file was not given".into(),
        ),
        (
            "downloadDocument",
            call!(download client.download_document().client_id("c").legal_case_id("l").comment_id("m")),
            "documentId was not given".into(),
        ),
        // Neither mark is no update.
        (
            "updateLegalCase",
            call!(client.update_legal_case().client_id("c").legal_case_id("l").body_map(|body| body)),
            "body: LegalCaseUpdate: at least one of Accept, Read is needed".into(),
        ),
    ];
    for (id, call, reason) in cases {
        let partner = Recorder::start().await;
        let outcome = call(&connect(&partner)).await.outcome().await;
        assert_eq!(outcome.text, format!("InvalidRequest: {reason}"));
        assert_eq!(outcome.error.unwrap().operation, id);
        assert_eq!(requests(&partner), [], "{id}: nothing may be sent");
    }
}
