//! What the documented failures become: a variant for every status, with the body and the error code that the document
//! gives it. That no status and no code is forgotten is checked against the spec's text.

use std::collections::BTreeMap;

use casewire::{ErrorKind, contractor::OPERATIONS};
use support::{
    interfaces::contractor::rows::ROWS,
    outcome::compact,
    recorder::{Answer, Lane, Recorder},
    row::row,
};

use super::{connect, documented, everyone, successes::SUCCESSES};

/// What the document says about the body of a failure. Codes are numbers with the names of their variants.
enum Body {
    /// None.
    Bare(&'static str),
    /// `ErrorDTO`.
    Required(&'static str),
    /// `ErrorDTO` with documented codes.
    Coded(&'static str, Codes),
    /// The same, but it may be missing.
    Optional(&'static str, Codes),
}
use Body::{Bare, Coded, Optional, Required};

type Codes = &'static [(i64, &'static str)];

const HTML: &str = "<html><body>nginx</body></html>";
const IS_EMPTY: &str = "Undecodable at .: it is empty";
const IS_HTML: &str = "Undecodable at .: it looks like HTML or XML, not JSON";

/// Every documented failure of every operation, in the order of the document.
const FAILURES: &[(&str, &[(u16, Body)])] = &[
    (
        "createCall",
        &[
            (400, Required("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Optional("NotFound", &[(1, "ClientNotFound"), (2, "ServiceObjectNotFound"), (3, "UserNotFound")])),
        ],
    ),
    ("listJeopardyChanges", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden"))]),
    ("listMessageChanges", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden"))]),
    ("listCallChanges", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden"))]),
    (
        "createCallTempLink",
        &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Required("NotFound")), (409, Bare("Conflict"))],
    ),
    ("getCall", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Required("NotFound"))]),
    (
        "updateCall",
        &[
            (400, Required("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Required("NotFound")),
        ],
    ),
    (
        "closeCall",
        &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Bare("NotFound")), (409, Bare("Conflict"))],
    ),
    (
        "addDispatcherMessage",
        &[
            (400, Required("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Bare("NotFound")),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "raiseJeopardy",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Bare("NotFound")),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "addUserMessage",
        &[
            (400, Required("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Bare("NotFound")),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "setCallStatus",
        &[
            (400, Optional("BadRequest", &[(6, "CommentEmpty")])),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Bare("NotFound")),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "clearJeopardy",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Bare("NotFound")),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "createCallCost",
        &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Bare("NotFound")), (409, Bare("Conflict"))],
    ),
    ("getCallCost", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Required("NotFound"))]),
    (
        "setCallCostApproval",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (
                404,
                Optional(
                    "NotFound",
                    &[(1, "CallNotFound"), (2, "CallCostNotFound"), (3, "ExpenseNotFound"), (4, "MaterialNotFound")],
                ),
            ),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "addExpense",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Optional("NotFound", &[(1, "CallNotFound"), (2, "CallCostNotFound"), (3, "ExpenseNotFound")])),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "removeExpense",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Optional("NotFound", &[(1, "CallNotFound"), (2, "CallCostNotFound"), (3, "ExpenseNotFound")])),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "updateExpense",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Optional("NotFound", &[(1, "CallNotFound"), (2, "CallCostNotFound"), (3, "ExpenseNotFound")])),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "addMaterial",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Optional("NotFound", &[(1, "CallNotFound"), (2, "CallCostNotFound")])),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "removeMaterial",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Optional("NotFound", &[(1, "CallNotFound"), (2, "CallCostNotFound"), (4, "MaterialNotFound")])),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "updateMaterial",
        &[
            (400, Bare("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Optional("NotFound", &[(1, "CallNotFound"), (2, "CallCostNotFound"), (4, "MaterialNotFound")])),
            (409, Bare("Conflict")),
        ],
    ),
    (
        "submitCallCost",
        &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Bare("NotFound")), (409, Bare("Conflict"))],
    ),
    ("listCallTasks", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden"))]),
    ("getCallTask", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Required("NotFound"))]),
    (
        "uploadCallTaskAttachment",
        &[
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Bare("NotFound")),
            (409, Bare("Conflict")),
            (422, Bare("UnprocessableContent")),
        ],
    ),
    (
        "getCallTaskAttachment",
        &[
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Coded("NotFound", &[(1, "CallTaskNotFound"), (2, "AttachmentNotFound")])),
        ],
    ),
    (
        "downloadCallTaskAttachment",
        &[
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (404, Coded("NotFound", &[(1, "CallTaskNotFound"), (2, "AttachmentNotFound")])),
        ],
    ),
    ("getCallTaskResult", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Required("NotFound"))]),
    (
        "setCallTaskStatus",
        &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Bare("NotFound")), (409, Bare("Conflict"))],
    ),
    (
        "markAllNotificationsRead",
        &[(401, Bare("Unauthorized")), (403, Required("Forbidden")), (404, Required("NotFound"))],
    ),
    ("markNotificationRead", &[(401, Bare("Unauthorized")), (403, Required("Forbidden")), (404, Required("NotFound"))]),
    ("getSharedCall", &[(400, Required("BadRequest")), (404, Required("NotFound"))]),
    (
        "completeSharedCall",
        &[
            (400, Required("BadRequest")),
            (404, Required("NotFound")),
            (409, Coded("Conflict", &[(3, "CallTaskStatusChangeFailed"), (7, "CallStatusChangeFailed")])),
        ],
    ),
    (
        "uploadSharedAttachment",
        &[(404, Bare("NotFound")), (409, Bare("Conflict")), (422, Bare("UnprocessableContent"))],
    ),
    (
        "downloadSharedAttachment",
        &[
            (403, Required("Forbidden")),
            (404, Coded("NotFound", &[(1, "CallTaskNotFound"), (2, "AttachmentNotFound")])),
        ],
    ),
    ("getSharedTaskResult", &[(404, Required("NotFound"))]),
    (
        "updateSystemSettings",
        &[
            (400, Required("BadRequest")),
            (401, Bare("Unauthorized")),
            (403, Bare("Forbidden")),
            (409, Required("Conflict")),
        ],
    ),
    ("registerUser", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (409, Bare("Conflict"))]),
    ("getSelf", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden"))]),
    (
        "signIn",
        &[(401, Coded("Unauthorized", &[(1, "InvalidUserNameOrPassword"), (2, "SaltAlreadyUsed"), (5, "UserLocked")]))],
    ),
    ("renewTokens", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden"))]),
    (
        "changePassword",
        &[
            (400, Optional("BadRequest", &[(4, "CurrentPasswordIncorrect")])),
            (401, Optional("Unauthorized", &[(3, "UserLocked")])),
            (403, Bare("Forbidden")),
            (404, Bare("NotFound")),
        ],
    ),
    ("lockUser", &[(401, Bare("Unauthorized")), (403, Bare("Forbidden")), (404, Required("NotFound"))]),
];

impl Body {
    /// Bodies that a server may send, and what each becomes.
    fn cases(&self) -> Vec<(String, String)> {
        let error = |code: i64| (format!(r#"{{"errorCode":{code}}}"#), format!("ErrorDto {{ error_code: {code} }}"));
        let mut cases = Vec::new();
        match self {
            Bare(variant) => {
                for body in ["", HTML, r#"{"errorCode":1}"#] {
                    cases.push((body.to_owned(), (*variant).to_owned()));
                }
            }
            Required(variant) => {
                let (body, read) = error(1);
                cases.push((body, format!("{variant}({read})")));
            }
            Coded(variant, codes) | Optional(variant, codes) => {
                let some =
                    |text: &str| if matches!(self, Optional(..)) { format!("Some({text})") } else { text.to_owned() };
                for (code, name) in codes.iter().copied().chain([(77, "Unknown(77)"), (-1, "Unknown(-1)")]) {
                    let (body, read) = error(code);
                    cases.push((body, format!("{variant} {{ code: {}, body: {} }}", some(name), some(&read))));
                }
            }
        }
        match self {
            Bare(_) => {}
            Required(_) | Coded(..) => {
                cases.push((String::new(), IS_EMPTY.to_owned()));
                cases.push((HTML.to_owned(), IS_HTML.to_owned()));
            }
            Optional(variant, _) => {
                for body in ["", HTML, "null", r#"{"message":"no"}"#, r#"{"errorCode":"#] {
                    cases.push((body.to_owned(), format!("{variant} {{ code: None, body: None }}")));
                }
            }
        }
        cases
    }

    fn codes(&self) -> Codes {
        match self {
            Bare(_) | Required(_) => &[],
            Coded(_, codes) | Optional(_, codes) => codes,
        }
    }
}

/// Answers operation `id` with `status` and `body`, as often as it asks.
async fn check(id: &str, status: u16, codes: Codes, body: &str, expect: &str) {
    let recorder = Recorder::start().await;
    let answer = if body == HTML { Answer::html(status, body) } else { Answer::json(status, body) };
    let lane = match id {
        "signIn" => Lane::SignIns,
        "renewTokens" => Lane::Renewals,
        _ => Lane::Operations,
    };
    // A 401 is asked for once more with a new credential.
    recorder.script(lane, [answer.clone(), answer.clone()]);
    if (id, status) == ("renewTokens", 401) {
        recorder.script(lane, [answer]);
    }
    let client = connect(&recorder, everyone());
    let outcome = row(ROWS, id).outcome(&client).await;
    assert_eq!(outcome.text, compact(expect), "{id} {status} {body}");

    let seen = outcome.error.unwrap();
    assert_eq!((seen.operation, seen.status), (id, Some(status)), "{id} {status} {body}");
    if expect.starts_with("Undecodable") {
        // The status says what sort of failure it is, even when its body can't be read.
        assert_eq!((seen.kind, seen.code), (kind(status), None), "{id} {status} {body}");
        let operation = OPERATIONS.iter().find(|operation| operation.id == id).unwrap().to_string();
        let begin = format!("{operation}: can't read the body of the {status} ");
        assert!(seen.display.starts_with(&begin) && seen.display.contains(" at .: "), "{}", seen.display);
    } else {
        assert_eq!(seen.kind, kind(status), "{id} {status} {body}");
        let number = expect.contains("error_code").then(|| serde_json::from_str::<Code>(body).unwrap().error_code);
        assert_eq!(seen.code.map(|(number, _)| number), number, "{id} {status} {body}");
        // The meaning is the name of the variant, in words.
        let name = codes.iter().find(|(code, _)| Some(*code) == number).map(|(_, name)| name.to_lowercase());
        let meaning = seen.code.and_then(|(_, meaning)| meaning).map(|words| words.replace(' ', ""));
        assert_eq!(meaning, name, "{id} {status} {body}");
    }
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Code {
    error_code: i64,
}

fn kind(status: u16) -> ErrorKind {
    match status {
        401 => ErrorKind::Authentication,
        403 => ErrorKind::Permission,
        404 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        _ => ErrorKind::InvalidRequest,
    }
}

#[tokio::test]
async fn every_documented_failure_is_decoded() {
    for (id, failures) in FAILURES {
        for (status, body) in *failures {
            for (sent, expect) in body.cases() {
                check(id, *status, body.codes(), &sent, &expect).await;
            }
        }
    }
}

/// The statuses of each operation, and the error codes of each status.
type Documented = BTreeMap<String, BTreeMap<u16, Vec<i64>>>;

/// What the spec documents.
fn statuses() -> Documented {
    let spec = documented();
    let codes = |id: &str, status: &str| {
        (status.parse().expect("a status"), spec.error_codes(id, status).into_keys().collect())
    };
    let all = spec.statuses().into_iter();
    all.map(|(id, all)| (id.to_owned(), all.into_iter().map(|status| codes(id, status)).collect())).collect()
}

#[test]
fn no_status_and_no_code_is_forgotten() {
    let mut tables = Documented::new();
    for (id, status, _) in SUCCESSES {
        tables.entry((*id).to_owned()).or_default().insert(*status, Vec::new());
    }
    for (id, failures) in FAILURES {
        let statuses =
            failures.iter().map(|(status, body)| (*status, body.codes().iter().map(|(code, _)| *code).collect()));
        tables.entry((*id).to_owned()).or_default().extend(statuses.collect::<BTreeMap<_, _>>());
    }
    assert_eq!(tables, statuses());
}

#[test]
fn the_spec_is_read() {
    let spec = statuses();
    assert_eq!(spec.len(), 44);
    assert_eq!(spec.values().map(BTreeMap::len).sum::<usize>(), SPEC_STATUSES);
    assert_eq!(spec["createCall"][&404], [1, 2, 3]);
    assert_eq!(spec["removeMaterial"][&404], [1, 2, 4]);
    assert_eq!(spec["getCall"].keys().copied().collect::<Vec<_>>(), [200, 401, 403, 404]);
}

/// `grep -c "^        '[0-9]*':$" specs/contractor.yaml`
const SPEC_STATUSES: usize = 208;
