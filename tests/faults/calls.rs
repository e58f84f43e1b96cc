//! The six calls that the tables have a column for, made in the same way of a raw server
//! and of a sandbox, and what came of one in a few words.

use casewire::{
    Config, Error, Failure, Outcome, Part, ResponseValue,
    callback::{self, Endpoints},
    contractor::{self, error::GetCallTaskAttachmentError, types::CallInputDto},
    crpt,
};
use casewire_sandbox::contractor::{EXTERNAL_SYSTEM_KEY, SAMPLE_JPEG};
use serde_json::json;
use support::raw::{Response, SignIn};

/// What a call is to the server.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Column {
    /// `getCall` of contractor: idempotent.
    Read,
    /// `createCall` of contractor: not idempotent.
    Write,
    /// `uploadSharedAttachment` of contractor, multipart: not idempotent.
    Upload,
    /// `attachFile` of crpt, a file as it is: not idempotent.
    Attach,
    /// `getCallTaskAttachment` of contractor: idempotent.
    Download,
    /// `commitBatch` of callback: a GET that is not idempotent.
    Commit,
}

impl Column {
    pub const ALL: [Self; 6] = [Self::Read, Self::Write, Self::Upload, Self::Attach, Self::Download, Self::Commit];

    pub const fn operation(self) -> &'static str {
        match self {
            Self::Read => "getCall",
            Self::Write => "createCall",
            Self::Upload => "uploadSharedAttachment",
            Self::Attach => "attachFile",
            Self::Download => "getCallTaskAttachment",
            Self::Commit => "commitBatch",
        }
    }

    pub const fn is_idempotent(self) -> bool {
        matches!(self, Self::Read | Self::Download)
    }

    /// What a raw server answers when nothing is wrong.
    pub fn response(self) -> Response {
        let json = match self {
            Self::Download => {
                return Response::new(200, SAMPLE_JPEG).header("content-type", "application/octet-stream");
            }
            Self::Read => format!(r#"{{"id":{CALL}}}"#),
            Self::Write => r#"{"id":683914}"#.to_owned(),
            Self::Upload => r#"{"id":70001,"name":"act.pdf"}"#.to_owned(),
            Self::Attach => r#"{"ok":true,"data":"http://10.200.199.1:84/file/1/2"}"#.to_owned(),
            Self::Commit => r#"{"statusCode":200}"#.to_owned(),
        };
        Response::new(200, json).header("content-type", "application/json")
    }

    pub fn connect(self, config: Config) -> Caller {
        let client = match self {
            Self::Attach => Client::Crpt(crpt::Client::connect(config, participant()).unwrap()),
            Self::Commit => {
                Client::Callback(callback::Client::connect(config, organisation(), Endpoints::default()).unwrap())
            }
            _ => Client::Contractor(contractor::Client::connect(config, desk()).unwrap()),
        };
        Caller { column: self, client }
    }
}

/// What the sandboxes have at the start.
pub const CALL: i64 = 683_913;
pub const TASK: i64 = 91_001;
pub const CASE: &str = "SR00683913";
/// What a sandbox has to be given: a file of [`TASK`], and the first batch by fetching it.
pub const FILE: i64 = 5001;
pub const BATCH: &str = "batch-111";

pub fn desk() -> contractor::Auth {
    contractor::Auth::external_system(EXTERNAL_SYSTEM_KEY)
}

pub fn participant() -> crpt::Auth {
    crpt::Auth::user("ivan.petrov", "Petr0v-1")
}

pub fn organisation() -> callback::Auth {
    callback::Auth::user("integration@oip.example", "Petr0v-1")
}

/// How a raw server lets everyone in.
pub const SIGN_INS: &[SignIn] = &[
    ("/user/signin", tokens),
    ("/user/token", tokens),
    ("/AuthService.svc/Login", |number| {
        Response::new(200, SIGNED_IN).header("set-cookie", &format!("BPMCSRF=csrf-{number}; path=/"))
    }),
    ("/api/v1/auth/", |number| Response::new(200, format!(r#"{{"statusCode":200,"data":{{"token":"{number}"}}}}"#))),
];

const SIGNED_IN: &str = r#"{"Code":0,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#;

fn tokens(number: u64) -> Response {
    let token = |name: &str| json!({ "expiresIn": null, "token": format!("{name}-{number}") });
    Response::new(200, json!({ "access": token("access"), "service": token("service") }).to_string())
}

/// What came of a call in a few words, and the outcome of one that failed.
pub type Came = (String, Option<Outcome>);

/// A client that makes the call of one column.
pub struct Caller {
    column: Column,
    client: Client,
}

enum Client {
    Contractor(contractor::Client),
    Crpt(crpt::Client),
    Callback(callback::Client),
}

impl Caller {
    /// The token of the link to the call, for the upload.
    pub const LINK: &str = "3f0c1d52";

    /// Makes the call, with this file for an upload.
    pub async fn call(&self, file: &'static [u8]) -> Came {
        match (&self.client, self.column) {
            (Client::Contractor(client), Column::Read) => {
                told(client.get_call().id(CALL).send().await, |call| call.id == Some(CALL))
            }
            (Client::Contractor(client), Column::Write) => {
                told(client.create_call().body(new_call()).send().await, |created| created.id.is_some())
            }
            (Client::Contractor(client), Column::Upload) => {
                let part = Part::bytes(file).file_name("act.pdf");
                let upload = client.upload_shared_attachment().id(TASK).token(Self::LINK).attachment(part);
                told(upload.send().await, |stored| stored.name.as_deref() == Some("act.pdf"))
            }
            (Client::Contractor(client), _) => {
                match client.get_call_task_attachment().id(TASK).attachment_id(FILE).send().await {
                    Ok(response) => read(response.into_inner()).await,
                    Err(e) => failed(&e),
                }
            }
            (Client::Crpt(client), _) => {
                let attach = client.attach_file().number(CASE).filename("act.pdf").body(file);
                told(attach.send().await, |link| link.contains("/file/"))
            }
            (Client::Callback(client), _) => {
                told(client.commit_batch().code(BATCH).send().await, |done| done.status_code == 200)
            }
        }
    }
}

/// The call of the spec's example.
pub fn new_call() -> CallInputDto {
    serde_json::from_value(json!({
        "availableExpenditureItems": [{ "name": "Проезд" }],
        "clientName": "ООО «Ромашка»",
        "contactPersonName": "Анна Смирнова",
        "created": "2026-03-02T11:15:00+03:00",
        "critical": true,
        "descriptionHtmlText": "<p>Касса 2 не печатает чеки.</p>",
        "descriptionTextForFieldEmployee": "Касса 2 не печатает чеки.",
        "ownerId": 7,
        "serviceObjectAddress": "Москва, ул. Лесная, д. 5",
        "serviceObjectLatitude": 55.7793,
        "serviceObjectLongitude": 37.5863,
        "serviceObjectName": "Магазин № 12",
        "tasks": [{ "title": "Заменить чековый принтер" }],
        "ttf": "2026-03-03T18:00:00Z",
    }))
    .unwrap()
}

/// What came of a download whose response came.
async fn read(mut content: casewire::ByteStream) -> Came {
    let mut all = Vec::new();
    loop {
        match content.chunk().await {
            Ok(Some(chunk)) => all.extend_from_slice(&chunk),
            Ok(None) if all == SAMPLE_JPEG => return ("ok".to_owned(), None),
            Ok(None) if SAMPLE_JPEG.starts_with(&all) => return ("ok, but cut short".to_owned(), None),
            Ok(None) => return ("ok, but other bytes".to_owned(), None),
            Err(e) => {
                let (text, outcome) = failed(&Error::<GetCallTaskAttachmentError>::Transport(e));
                return (text.replace("/Transport", "/stream"), outcome);
            }
        }
    }
}

fn told<T, E: Failure>(result: Result<ResponseValue<T>, Error<E>>, is_it: impl FnOnce(&T) -> bool) -> Came {
    match result {
        Ok(response) if is_it(&response) => ("ok".to_owned(), None),
        Ok(_) => ("ok, but something else".to_owned(), None),
        Err(e) => failed(&e),
    }
}

/// What [`told_error`] says, and the outcome.
pub fn failed<E: Failure>(error: &Error<E>) -> Came {
    (format!("{} {}", told_error(error), error.outcome().name()), Some(error.outcome()))
}

/// The kind and the variant; a star when the same call may be made again. The text has to
/// name the operation.
pub fn told_error<E: Failure>(error: &Error<E>) -> String {
    assert!(error.to_string().starts_with(&format!("{} at http", E::OPERATION)), "{error}");
    let variant = match error {
        Error::InvalidRequest(_) => "InvalidRequest",
        Error::Session(_) => "Session",
        Error::Transport(_) => "Transport",
        Error::ErrorResponse(_) => "ErrorResponse",
        Error::UnexpectedStatus(_) => "UnexpectedStatus",
        Error::Undecodable(_) => "Undecodable",
        _ => panic!("a new sort of error: {error:?}"),
    };
    format!("{}/{variant}{}", error.kind(), if error.is_retryable() { "*" } else { "" })
}
