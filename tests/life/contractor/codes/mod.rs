//! Every documented failure of every operation, provoked at the sandbox by the typed client: one row a failure.
//! What is documented is read from the spec, and the table has to hold all of it and nothing else.

mod calls;
mod cost;
mod credentials;
mod files;
mod people;
mod spec;

use std::{collections::BTreeSet, pin::Pin};

use casewire::{contractor::OPERATIONS, sandbox::contractor::State};

use crate::life::contractor::stage::{Refused, Stage};

pub type Call = for<'a> fn(&'a Stage) -> Pin<Box<dyn Future<Output = Refused> + 'a>>;

/// A failure and how to get it.
pub struct Row {
    operation: &'static str,
    status: u16,
    /// The documented error code.
    code: Option<i64>,
    given: fn(&mut State),
    call: Call,
    /// The variant, as [`Refused::failure`] writes it.
    expect: &'static str,
}

/// A failure without a documented error code.
pub const fn row(operation: &'static str, status: u16, given: fn(&mut State), call: Call, expect: &'static str) -> Row {
    Row { operation, status, code: None, given, call, expect }
}

impl Row {
    /// The same with a documented error code.
    const fn code(self, code: i64) -> Self {
        Self { code: Some(code), ..self }
    }
}

/// The call that a row makes: `call!(|stage| builder)`, which is sent and has to be refused.
macro_rules! call {
    (|$stage:ident| $builder:expr) => {
        |$stage| Box::pin(async move { $crate::life::contractor::stage::refused($builder.send().await) })
    };
}
use call;

/// The same through a gateway for whose header the sandbox answers 400: `behind_a_gateway!(|client| builder)`. For
/// requests that the client sends only as the spec has them.
macro_rules! behind_a_gateway {
    (|$client:ident| $builder:expr) => {
        |stage| {
            Box::pin(async move {
                let $client = stage.behind_a_gateway().await;
                $crate::life::contractor::stage::refused($builder.send().await)
            })
        }
    };
}
use behind_a_gateway;

fn tables() -> Vec<Row> {
    [calls::table(), cost::table(), files::table(), people::table()].into_iter().flatten().collect()
}

#[tokio::test]
async fn every_documented_failure_is_typed() {
    let documented = spec::failures();
    let mut wrong = Vec::new();
    for row in tables() {
        let stage = Stage::given(row.given).await;
        let got = (row.call)(&stage).await;
        let meaning = row.code.map(|code| {
            let codes = documented.get(&(row.operation.to_owned(), row.status)).expect("the status is documented");
            spec::words(codes.get(&code).expect("the code is documented"))
        });
        let expect = (row.operation, Some(row.status), row.expect);
        if (got.operation, got.status, got.failure.as_str()) != expect {
            wrong.push(format!("expected {expect:?}, got {got:?}"));
        }
        if let (Some(code), Some(meaning)) = (row.code, meaning) {
            if got.code != Some((code, Some(&meaning))) {
                wrong.push(format!("expected code {code} ({meaning}), got {got:?}"));
            }
            if !got.text.ends_with(&format!(", code {code}: {meaning}")) {
                wrong.push(format!("the text doesn't say code {code}: {meaning}: {}", got.text));
            }
        }
    }
    assert!(wrong.is_empty(), "{} rows are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_holds_what_the_spec_documents() {
    let documented = spec::failures();
    let rows = tables();
    let with_credential = credentials::table();
    let mut got: BTreeSet<_> = rows.iter().map(|row| (row.operation.to_owned(), row.status)).collect();
    got.extend(with_credential.iter().flat_map(|(id, _)| [((*id).to_owned(), 401), ((*id).to_owned(), 403)]));
    assert_eq!(got, documented.keys().cloned().collect(), "operations and statuses");

    let got: BTreeSet<_> =
        rows.iter().filter_map(|row| Some((row.operation.to_owned(), row.status, row.code?))).collect();
    let codes =
        documented.iter().flat_map(|((id, status), codes)| codes.keys().map(|code| (id.clone(), *status, *code)));
    assert_eq!(got, codes.collect(), "operations, statuses and error codes");

    let ids: BTreeSet<_> = OPERATIONS.iter().map(|operation| operation.id.to_owned()).collect();
    assert_eq!(documented.keys().map(|(id, _)| id.clone()).collect::<BTreeSet<_>>(), ids, "operations that can fail");
}
