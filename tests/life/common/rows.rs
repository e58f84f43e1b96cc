//! Tables of documented failures: one row per failure, provoked at the sandbox by the
//! typed client. What is documented is read from the spec, and a table has to hold all of
//! it and nothing else.

use std::{any::type_name, pin::Pin};

use casewire::Failure;
use support::{
    complete,
    interfaces::{Interface, spec},
};

use super::{Refused, Staged};

/// A call, and how it is written.
pub type Call<Stage> = (&'static str, for<'a> fn(&'a Stage) -> Pin<Box<dyn Future<Output = Refused> + 'a>>);

type Change<State> = Box<dyn Fn(&mut State)>;

/// A failure and how to get it.
pub struct Row<Stage: Staged> {
    operation: &'static str,
    /// The status in the spec, `default` included; under 400 for a failure that only the
    /// body tells.
    documented: &'static str,
    /// The status of the response.
    status: u16,
    given: Change<Stage::State>,
    /// What `given` is called.
    state: &'static str,
    call: Call<Stage>,
    /// The failure, as `Debug` writes it.
    expect: String,
    /// Its error code, if the number means something.
    code: Option<i64>,
    /// What it says for people.
    message: Option<String>,
}

/// A failure with a documented status.
pub fn row<Stage: Staged, E: Failure, Given: Fn(&mut Stage::State) + 'static>(
    documented: &'static str,
    given: Given,
    call: Call<Stage>,
    expect: E,
) -> Row<Stage> {
    let status = documented.parse().expect("a status; any other has by_default");
    assert_eq!(expect.status().unwrap_or(200), status, "{expect:?}");
    Row { documented, ..by_default(status, given, call, expect) }
}

/// A failure with this status, which is documented as any other.
pub fn by_default<Stage: Staged, E: Failure, Given: Fn(&mut Stage::State) + 'static>(
    status: u16,
    given: Given,
    call: Call<Stage>,
    expect: E,
) -> Row<Stage> {
    Row {
        operation: E::OPERATION.id,
        documented: "default",
        status,
        given: Box::new(given),
        state: type_name::<Given>(),
        call,
        expect: format!("{expect:?}"),
        code: expect.code().filter(|code| code.name.is_some()).map(|code| code.number),
        message: expect.message().map(str::to_owned),
    }
}

/// The call that a row makes: `call!(|stage| builder)`, which is sent and has to be refused.
macro_rules! call {
    (|$stage:ident| $builder:expr) => {
        (stringify!($builder), |$stage| Box::pin(async move { $crate::life::common::refused($builder.send().await) }))
    };
}
pub(crate) use call;

/// Makes the call of every row in a state of its own, and compares what comes of it.
pub async fn check<I: Interface, Stage: Staged>(rows: Vec<Row<Stage>>) {
    let spec = spec::<I>();
    let mut wrong = Vec::new();
    for row in rows {
        let stage = Stage::given(row.given).await;
        let got = (row.call.1)(&stage).await;
        let expect = (row.operation, Some(row.status), row.expect.as_str());
        if (got.operation, got.status, got.failure.as_str()) != expect {
            wrong.push(format!("expected {expect:?}, got {got:?}"));
        }
        if let Some(code) = row.code {
            let codes = spec.error_codes(row.operation, row.documented);
            let meaning = words(codes.get(&code).expect("the code is documented"));
            if got.code != Some((code, Some(&meaning))) {
                wrong.push(format!("expected code {code} ({meaning}), got {got:?}"));
            }
            if !got.text.ends_with(&format!(", code {code}: {meaning}")) {
                wrong.push(format!("the text doesn't say code {code}: {meaning}: {}", got.text));
            }
        }
        let said = row.message.is_none_or(|message| {
            let behind = got.text.split_once(&format!(", saying: {message}")).map(|(_, behind)| behind);
            behind.is_some_and(|behind| behind.is_empty() || behind.starts_with("; the credential was "))
        });
        if !said {
            wrong.push(format!("the message is not in: {}", got.text));
        }
    }
    assert!(wrong.is_empty(), "{} rows are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A name as the generated meanings write it: `clientNotFound` is `client not found`.
pub fn words(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

/// The rows have every failure of every operation, and every error code. Of failures
/// there are `count`, counted by hand, so that a reader that sees too little does not go
/// unseen.
#[track_caller]
pub fn check_complete<I: Interface, Stage: Staged>(rows: &[Row<Stage>], count: usize) {
    check_complete_with::<I, _>(rows, [], count);
}

/// The same where another table has the calls of `more` operations and statuses.
#[track_caller]
pub fn check_complete_with<I: Interface, Stage: Staged>(
    rows: &[Row<Stage>],
    more: impl IntoIterator<Item = ((&'static str, &'static str), &'static str)>,
    count: usize,
) {
    let spec = spec::<I>();
    let documented = spec.failures();
    assert_eq!(documented.len(), count);
    let rest = |row: &Row<Stage>| (row.state, row.call.0, row.status, row.expect.clone());
    let more = more.into_iter().map(|(key, call)| (key, ("", call, 0, String::new())));
    let keyed = rows.iter().map(|row| ((row.operation, row.documented), rest(row)));
    complete::check_complete(keyed.chain(more), documented.iter().copied());
    let coded = rows.iter().filter_map(|row| Some(((row.operation, row.documented, row.code?), rest(row))));
    complete::check_complete(coded, spec.all_error_codes());
    for operation in I::OPERATIONS {
        assert!(documented.iter().any(|(id, _)| *id == operation.id), "{operation}: it can fail");
    }
}
