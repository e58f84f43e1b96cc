//! What the client has beyond single operations: a case with files, waiting for one, and searching.

use std::time::Duration;

use casewire::{
    ErrorKind, Part,
    crpt::{CaseFilter, Error, OpenCase, OpenCaseError, WaitError, case_status, error::GetCaseError},
};
use casewire_sandbox::{
    Crpt, Fault,
    crpt::{ATTENTION, CLOSED, OPEN},
};
use support::interfaces::{self, spec};

use crate::life::{
    common::{Staged, read},
    crpt::stage::{CASE, NO_CASE, SOLVED_CASE, Stage},
};

fn with_files(stage: &Stage, files: &[&str]) -> OpenCase {
    let opening = stage.ivan.open_case().body_map(|body| body.subject("Не приходит УПД").symptoms("Не виден"));
    files.iter().fold(opening, |opening, name| opening.file(*name, Part::bytes(name.to_string())))
}

#[tokio::test]
async fn a_case_is_opened_with_files() {
    let stage = Stage::start().await;
    let case = with_files(&stage, &["журнал №1.csv", "b.txt"]).send().await.unwrap();
    assert_eq!(case.number, "SR00684155");
    for (file, name) in case.files.iter().zip(["журнал №1.csv", "b.txt"]) {
        assert_eq!(file.name, name);
        let content = stage.ivan.download_link(&file.link).unwrap().send().await.unwrap();
        assert_eq!(read(content).await.unwrap(), name.as_bytes());
    }
    let log = [("login", 200), ("createCase", 200), ("attachFile", 200), ("attachFile", 200)];
    assert_eq!(stage.log()[..4], log);
    assert_eq!(case.files.len(), 2);

    let none = with_files(&stage, &[]).send().await.unwrap();
    assert_eq!((none.number.as_str(), none.files.len()), ("SR00684156", 0));
}

/// Nothing is opened twice, and the files behind the one that fails are attached.
#[tokio::test]
async fn a_file_fails() {
    let stage = Stage::start().await;
    let opening = with_files(&stage, &["a.txt", "b.txt", "c.txt"]);
    // The second of three.
    stage.sandbox.fault("attachFile", Fault::Delay(Duration::ZERO));
    stage.sandbox.fault("attachFile", Fault::Status(503));
    let error = opening.send().await.unwrap_err();
    let text = error.to_string();
    assert!(
        text.starts_with("case SR00684155 is open, but 1 of 3 files were not attached, the first since POST "),
        "{text}"
    );
    assert!(text.contains("(attachFile) at http://") && text.contains("503"), "{text}");
    let OpenCaseError::Files { case, failed, .. } = error else { panic!("{error}") };
    let attached: Vec<_> = case.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!((case.number.as_str(), attached), ("SR00684155", vec!["a.txt", "c.txt"]));
    let [file] = &failed[..] else { panic!("{failed:?}") };
    assert_eq!((file.name.as_str(), file.error.kind()), ("b.txt", ErrorKind::Server));
    assert_eq!(stage.sandbox.count("createCase"), 1);
}

#[tokio::test]
async fn a_case_is_not_opened() {
    let stage = Stage::start().await;
    stage.sandbox.fault("createCase", Fault::Status(500));
    let error = with_files(&stage, &["a.txt"]).send().await.unwrap_err();
    let OpenCaseError::Create(e) = error else { panic!("{error}") };
    assert_eq!((e.status().unwrap().as_u16(), stage.sandbox.count("attachFile")), (500, 0));
    // Without its body.
    let error = stage.ivan.open_case().file("a", Part::bytes("b")).send().await.unwrap_err();
    assert!(matches!(error, OpenCaseError::Create(Error::InvalidRequest(_))), "{error}");
}

const PAUSE: Duration = Duration::from_millis(10);

/// Changes the case once it was looked at so often.
async fn after(sandbox: &Crpt, looks: usize, change: impl FnOnce(&mut casewire_sandbox::crpt::Case)) {
    while sandbox.count("getCase") < looks {
        tokio::time::sleep(PAUSE / 5).await;
    }
    sandbox.state(|state| change(state.cases.get_mut(CASE).unwrap()));
}

#[tokio::test]
async fn a_case_is_waited_for() {
    let stage = Stage::start().await;
    // Passing failures between the looks.
    stage.sandbox.fault("getCase", Fault::Delay(Duration::ZERO));
    stage.sandbox.fault("getCase", Fault::Status(503));
    stage.sandbox.fault("getCase", Fault::Drop);
    let solved = stage.ivan.wait_for_case(CASE).every(PAUSE).until(|case| !case.solution.is_empty());
    let solve = after(&stage.sandbox, 5, |case| case.solve("Отправлен повторно"));
    let (case, ()) = tokio::join!(solved.send(), solve);
    let case = case.unwrap();
    assert_eq!((case.status.as_str(), case.solution.as_str()), (ATTENTION, "Отправлен повторно"));
    assert!(stage.sandbox.count("getCase") > 5);

    // By default, for another status.
    let before = stage.sandbox.count("getCase");
    let change = after(&stage.sandbox, before + 2, |case| case.status = CLOSED.to_owned());
    let (case, ()) = tokio::join!(stage.ivan.wait_for_case(CASE).every(PAUSE).send(), change);
    assert_eq!(case.unwrap().status, CLOSED);
}

#[tokio::test]
async fn waiting_ends() {
    let stage = Stage::start().await;
    let wait = |number| stage.ivan.wait_for_case(number).every(PAUSE).within(PAUSE * 5);

    let error = wait(CASE).until(|_| false).send().await.unwrap_err();
    assert!(error.to_string().contains("; it was last seen with the status «Открыто»"), "{error}");
    let WaitError::OutOfTime { last: Some(case), error: None, within, .. } = error else { panic!("{error}") };
    assert_eq!((case.number.as_str(), within), (CASE, PAUSE * 5));

    let error = wait(NO_CASE).send().await.unwrap_err();
    let WaitError::Call(e) = error else { panic!("{error}") };
    assert!(matches!(e.failure(), Some(GetCaseError::Refused(_))), "{e}");

    stage.sandbox.fault("getCase", Fault::Status(503).times(100_000));
    let error = wait(CASE).send().await.unwrap_err();
    assert!(error.to_string().contains("; the last look failed: GET "), "{error}");
    let WaitError::OutOfTime { last: None, error: Some(e), .. } = error else { panic!("{error}") };
    assert_eq!(e.kind(), ErrorKind::Server);

    // It looks once, however short the time is.
    let stage = Stage::start().await;
    let at_once = stage.ivan.wait_for_case(CASE).within(Duration::ZERO).until(|case| case.status == OPEN);
    assert_eq!(at_once.send().await.unwrap().number, CASE);
    assert_eq!(stage.sandbox.count("getCase"), 1);
}

#[tokio::test]
async fn cases_are_searched_for() {
    let stage = Stage::start().await;
    let search = async |filter: CaseFilter| {
        let cases = stage.ivan.list_cases().body(filter).send().await.unwrap().into_inner();
        cases.into_iter().filter_map(|case| case.number).collect::<Vec<_>>()
    };
    assert_eq!(search(CaseFilter::new().number(CASE)).await, [CASE]);
    assert_eq!(search(CaseFilter::new().status(case_status::NEEDS_ATTENTION)).await, [SOLVED_CASE, "SR00684154"]);
    assert_eq!(search(CaseFilter::new().status(case_status::OPEN).number(SOLVED_CASE)).await, <[&str; 0]>::default());
    assert_eq!(search(CaseFilter::new().with("number", CASE).with("number", SOLVED_CASE)).await, [SOLVED_CASE]);
    let sent = CaseFilter::new().subject("УКЭП").priority(4).with("page", 2);
    let sent = serde_json::to_value(casewire::crpt::types::CasesRequest::from(sent)).unwrap();
    assert_eq!(sent, serde_json::json!({"subject": "УКЭП", "priority": 4, "page": 2}));

    let nothing = stage.ivan.list_cases().body(CaseFilter::new()).send().await.unwrap_err();
    assert_eq!((nothing.kind(), nothing.attempts()), (ErrorKind::InvalidRequest, 0));
}

#[test]
fn the_statuses_are_those_of_the_spec() {
    let spec = spec::<interfaces::Crpt>();
    let known = spec.at("/components/schemas/Case/properties/status/x-known-values");
    assert_eq!(*known, serde_json::json!([case_status::OPEN, case_status::NEEDS_ATTENTION]));
}
