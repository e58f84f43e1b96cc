//! What an answer may cost at most: for every operation with a JSON body, the worst bodies that its schema leads to, as long
//! as the default limits allow, and the peak of the memory of a process that makes this one call. Fails if one is more than
//! 256 MiB. `cargo bench --all-features --bench peak_memory`; arguments: the operations, all unless given. Linux only.
//!
//! Candidates are made of the schemas: lists of the cheapest elements, with and without each of their properties, at every
//! depth; the strings; what the schema doesn't know. The two that take the most for each byte of a short body are made as
//! long as may be, alone and before a long string that serde_json has to unescape, where the parser needs memory itself.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod bodies;
mod outcome;
#[path = "../../tests/support/recorder.rs"]
#[allow(dead_code)] // not all of it is looked at
mod recorder;
#[path = "../../tests/support/interfaces/row.rs"]
#[allow(dead_code)] // likewise
mod row;
#[path = "../../tests/support/spec.rs"]
#[allow(dead_code)] // likewise
mod spec;
#[path = "../../tests/support/yaml.rs"]
mod yaml;

#[path = "../../tests/wire-callback/rows.rs"]
#[allow(dead_code)] // likewise, and of the next three
mod callback;
#[path = "../../tests/wire/rows.rs"]
#[allow(dead_code)]
mod contractor;
#[path = "../../tests/wire-crpt/rows.rs"]
#[allow(dead_code)]
mod crpt;
#[path = "../../tests/wire-legalcase/rows.rs"]
#[allow(dead_code)]
mod legalcase;

use std::{env, process::Command};

use bodies::{Body, candidates};
use casewire::{Config, Operation, RetryPolicy};
use recorder::{Answer, Lane, Recorder};
use spec::Spec;

/// What no call may take, in KiB.
const MOST: usize = 256 << 10;
/// The default of `Config::max_body`.
const MAX_BODY: usize = 56 << 20;
/// How long the bodies are that show what takes much.
const SHORT: usize = 2 << 20;

struct Interface {
    operations: &'static [Operation],
    spec: &'static str,
    /// The ends of the paths where clients sign in, and what they get there.
    sign_ins: &'static [&'static str],
    signed_in: fn() -> Answer,
}

const INTERFACES: &[Interface] = &[
    Interface {
        operations: casewire::contractor::OPERATIONS,
        spec: include_str!("../../specs/contractor.yaml"),
        sign_ins: &["/user/signin", "/user/token"],
        signed_in: || Answer::tokens(1, "3600000"),
    },
    Interface {
        operations: casewire::crpt::OPERATIONS,
        spec: include_str!("../../specs/crpt.yaml"),
        sign_ins: &["/ServiceModel/AuthService.svc/Login"],
        signed_in: || {
            Answer::json(200, r#"{"Code":0,"Message":"","Exception":null,"PasswordChangeUrl":null,"RedirectUrl":null}"#)
                .header("set-cookie", "BPMLOADER=1; path=/0; HttpOnly")
                .header("set-cookie", ".ASPXAUTH=2; path=/; HttpOnly")
                .header("set-cookie", "BPMCSRF=3; path=/")
        },
    },
    Interface {
        operations: casewire::legalcase::OPERATIONS,
        spec: include_str!("../../specs/legalcase.yaml"),
        sign_ins: &[],
        signed_in: || Answer::empty(404),
    },
    Interface {
        operations: casewire::callback::OPERATIONS,
        spec: include_str!("../../specs/callback.yaml"),
        sign_ins: &["/api/v1/auth/"],
        signed_in: || Answer::json(200, r#"{"statusCode":200,"data":{"token":"t"}}"#),
    },
];

#[tokio::main]
async fn main() {
    let arguments: Vec<_> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [call, id, origin] = arguments.as_slice()
        && call == "call"
    {
        return print_call(id, origin).await;
    }
    let mut too_much = false;
    println!("{:22} {:>8} {:>8}  worst body", "operation", "base MiB", "peak MiB");
    for interface in INTERFACES {
        let spec = Spec::read(interface.spec);
        for operation in interface.operations {
            if arguments.is_empty() || arguments.iter().any(|id| id == operation.id) {
                too_much |= worst(interface, &spec, operation).await > MOST;
            }
        }
    }
    if too_much {
        eprintln!("a call takes more than {} MiB", MOST >> 10);
        std::process::exit(1);
    }
}

/// Searches for the worst body of an operation and prints it; returns the peak in KiB.
async fn worst(interface: &Interface, spec: &Spec, operation: &Operation) -> usize {
    let mut found: Vec<(usize, u16, Body)> = Vec::new();
    for (status, schema) in bodies::schemas(spec, operation.id) {
        for body in candidates(spec, schema) {
            found.push((measure(interface, operation, status, &body.text(SHORT, 1.0)).await.0, status, body));
        }
    }
    let Some(base) = found.iter().map(|(peak, ..)| *peak).min() else { return 0 };
    found.sort_by_key(|(peak, ..)| std::cmp::Reverse(*peak));
    let mut worst = (0, String::new());
    for (_, status, body) in found.iter().take(2) {
        for share in [1.0, 0.5, 0.25, 0.1, 0.04, 0.01] {
            // A failure is read to 1 MiB, and a longer body is no worse.
            let (peak, told) = measure(interface, operation, *status, &body.text(MAX_BODY, share)).await;
            if peak > worst.0 {
                worst = (peak, format!("{status} {body} of {share}: {told}"));
            }
        }
    }
    let (peak, told) = worst;
    println!("{:22} {:8} {:8}  {told}", operation.id, base >> 10, peak >> 10);
    peak
}

/// The peak of a process that makes the call, in KiB, and what the call came to.
async fn measure(interface: &Interface, operation: &Operation, status: u16, body: &str) -> (usize, String) {
    let recorder = Recorder::start().await;
    let answer = Answer::json(status, body);
    let (sign_ins, signed_in) = (interface.sign_ins, interface.signed_in);
    let is_sign_in = sign_ins.iter().any(|end| operation.path.ends_with(end));
    for lane in [Lane::Operations, Lane::SignIns, Lane::Renewals] {
        let answer = answer.clone();
        recorder.then(lane, move |request| {
            let path = request.target.split('?').next().unwrap_or_default();
            if !is_sign_in && sign_ins.iter().any(|end| path.ends_with(end)) { signed_in() } else { answer.clone() }
        });
    }
    let (id, origin) = (operation.id, recorder.origin());
    let call = move || Command::new(env::current_exe().unwrap()).args(["call", id, &origin]).output().unwrap();
    let output = tokio::task::spawn_blocking(call).await.unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let (peak, told) = printed.trim().split_once(' ').unwrap_or_else(|| panic!("{id} printed {printed:?}"));
    (peak.parse().unwrap(), told.to_owned())
}

/// In a process of its own: makes one call, and prints the peak so far and what became of it.
async fn print_call(id: &str, origin: &str) {
    let config = Config::new(origin).unwrap().retry(RetryPolicy::never()).http(|http| {
        #[cfg(feature = "rustls")]
        let http = http.tls_backend_rustls();
        http.tls_certs_only([]).no_proxy()
    });
    macro_rules! call_if_in {
        ($($interface:ident($($argument:expr),*))*) => {$(
            if let Some(row) = $interface::ROWS.iter().find(|row| row.id == id) {
                let client = casewire::$interface::Client::connect(config, $($argument),*).unwrap();
                let (peak, told) = (row.call)(&client).await;
                return println!("{peak} {told}");
            }
        )*};
    }
    call_if_in! {
        callback(casewire::callback::Auth::user("u", "p"), Default::default())
        contractor(casewire::contractor::Auth::user("u", "p").and_external_system("k"))
        crpt(casewire::crpt::Auth::user("u", "p"))
        legalcase(Default::default())
    }
    panic!("no row for {id}");
}
