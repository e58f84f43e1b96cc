//! Every documented failure of every operation, provoked at the sandbox by the typed
//! client: one row per failure. What is documented is read from the spec, and the table has
//! to hold all of it and nothing else.

mod calls;
mod cost;
mod credentials;
mod files;
mod people;

use casewire::contractor::types::ErrorDto;
use support::interfaces::{Contractor, spec};

use super::stage::Stage;
use crate::life::common::rows::{self, call, row, words};

type Row = rows::Row<Stage>;
type Call = rows::Call<Stage>;

/// A [`call!`] through a gateway for whose header the sandbox answers 400:
/// `behind_a_gateway!(|client| builder)`. For requests that the client sends only as the
/// spec has them.
macro_rules! behind_a_gateway {
    (|$client:ident| $builder:expr) => {
        (concat!("behind a gateway: ", stringify!($builder)), |stage| {
            Box::pin(async move {
                let $client = stage.behind_a_gateway().await;
                $crate::life::common::refused($builder.send().await)
            })
        })
    };
}
use behind_a_gateway;

/// A failure with a code, and with the body that carries it, though it may be missing:
/// `coded!(GetCallError::NotFound, GetCallNotFoundCode::CallNotFound, 1)`.
macro_rules! coded {
    ($failure:ident::$variant:ident, $code:ident::$name:ident, $number:literal) => {
        $failure::$variant { code: Some($code::$name), body: dto($number) }
    };
}
use coded;

fn dto(error_code: i32) -> Option<ErrorDto> {
    Some(ErrorDto::new(error_code))
}

fn table() -> Vec<Row> {
    [calls::table(), cost::table(), files::table(), people::table()].into_iter().flatten().collect()
}

#[tokio::test]
async fn every_documented_failure_is_typed() {
    rows::check::<Contractor, _>(table()).await;
}

#[test]
fn the_table_holds_what_the_spec_documents() {
    let with_credential = credentials::table().into_iter();
    let with_credential = with_credential.flat_map(|(id, (call, _))| ["401", "403"].map(|status| ((id, status), call)));
    rows::check_complete_with::<Contractor, _>(&table(), with_credential, 155);
}

/// Numbers found with a YAML parser and by hand, so that a reader that sees too little
/// does not go unseen.
#[test]
fn the_scan_sees_everything() {
    let spec = spec::<Contractor>();
    let failures = spec.failures();
    let codes: Vec<_> = failures.iter().map(|(id, status)| spec.error_codes(id, status)).collect();
    assert_eq!(failures.len(), 155, "operations and statuses");
    assert_eq!(codes.iter().map(|codes| codes.len()).sum::<usize>(), 38, "operations, statuses and codes");
    assert_eq!(codes.iter().filter(|codes| !codes.is_empty()).count(), 16, "responses with codes");
    assert_eq!(spec.places("x-error-codes"), 11, "places that list codes");
    for (id, status, expect) in [
        ("signIn", "401", "1 invalidUserNameOrPassword, 2 saltAlreadyUsed, 5 userLocked"),
        ("downloadSharedAttachment", "404", "1 callTaskNotFound, 2 attachmentNotFound"),
        ("closeCall", "409", ""),
    ] {
        let codes = spec.error_codes(id, status);
        let codes: Vec<_> = codes.iter().map(|(number, name)| format!("{number} {name}")).collect();
        assert_eq!(codes.join(", "), expect, "{id} {status}");
    }
    assert_eq!(words("callCostNotFound"), "call cost not found");
}
