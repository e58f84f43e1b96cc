//! The generated client of ContractorPersonalArea on the wire: what it sends, byte for
//! byte, and what it makes of every response. Real HTTP to a recording server on loopback;
//! nothing inside the client is replaced.

mod connections;
mod decoded;
mod reading;
mod requests;
mod secrets;
mod sessions;
mod uploads;

use casewire::contractor::{Auth, Client, Config};
use support::{
    interfaces::{Contractor, spec},
    quick::quick,
    recorder::Recorder,
    spec::Spec,
};

/// A user and an external system.
fn everyone() -> Auth {
    Auth::user("ivanov", "Passw0rd").and_external_system("desk-key")
}

/// A client whose base URL has a path of its own and a slash at its end.
fn connect(recorder: &Recorder, auth: Auth) -> Client {
    connect_with(recorder, auth, |config| config)
}

fn connect_with(recorder: &Recorder, auth: Auth, change: impl FnOnce(Config) -> Config) -> Client {
    let config = quick(&format!("{}/api/v1/", recorder.origin()));
    Client::connect(change(config), auth).unwrap()
}

fn documented() -> &'static Spec {
    spec::<Contractor>()
}

/// The credential that goes with an operation, as the header `authorization`.
fn authorization(id: &str) -> Option<&'static str> {
    match id {
        "createCallTempLink"
        | "raiseJeopardy"
        | "addUserMessage"
        | "setCallStatus"
        | "createCallCost"
        | "addExpense"
        | "removeExpense"
        | "updateExpense"
        | "addMaterial"
        | "removeMaterial"
        | "updateMaterial"
        | "submitCallCost"
        | "uploadCallTaskAttachment"
        | "downloadCallTaskAttachment"
        | "getCallTaskResult"
        | "setCallTaskStatus"
        | "markAllNotificationsRead"
        | "markNotificationRead"
        | "getSelf" => Some("x-user access-1"),
        "createCall"
        | "listJeopardyChanges"
        | "listMessageChanges"
        | "listCallChanges"
        | "getCall"
        | "updateCall"
        | "closeCall"
        | "addDispatcherMessage"
        | "clearJeopardy"
        | "getCallCost"
        | "setCallCostApproval"
        | "listCallTasks"
        | "getCallTask"
        | "getCallTaskAttachment"
        | "updateSystemSettings"
        | "registerUser"
        | "changePassword"
        | "lockUser" => Some("x-external-system desk-key"),
        "renewTokens" => Some("x-user-service service-1"),
        "getSharedCall"
        | "completeSharedCall"
        | "uploadSharedAttachment"
        | "downloadSharedAttachment"
        | "getSharedTaskResult"
        | "signIn" => None,
        _ => panic!("no credential is written down for {id}"),
    }
}
