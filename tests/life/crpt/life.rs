//! The story of a case through the typed client: opened, answered, given files, closed
//! and reopened.

use casewire::{Part, crpt::types::CaseAction};
use casewire_sandbox::crpt::{ATTENTION, CLOSED, ENTITY_SCHEMA_UID, FILE_HOST, File, OPEN, REOPENED};
use serde_json::json;

use crate::life::{
    common::{Staged, read},
    crpt::stage::{CASE, CLOSED_CASE, FILE, FILE_BYTES, SOLVED_CASE, Stage, attach, download, message, search, update},
};
use crate::streams;

#[tokio::test]
async fn a_case_is_opened_worked_on_and_closed() {
    let Stage { sandbox, ivan } = Stage::start().await;
    let opened = ivan
        .create_case()
        .body_map(|body| body.subject("Не приходит УПД").symptoms("Документ не отображается «нигде»"))
        .send()
        .await
        .unwrap();
    assert_eq!(*opened, "SR00684155");

    let link = attach(&ivan, &opened, "журнал №1 & 2.csv", b"a;b\n1;2\n").send().await.unwrap();
    let id = "00000001-ee50-4376-baab-000000000000";
    assert_eq!(*link, format!("{FILE_HOST}/0/ssp/rest/PublicWebServices/file/{ENTITY_SCHEMA_UID}/{id}"));
    let message_id = message(&ivan, &opened, "Приложил журнал").send().await.unwrap();

    let case = ivan.get_case().number(opened.as_str()).send().await.unwrap();
    assert_eq!(
        (case.subject.as_str(), case.symptoms.as_str()),
        ("Не приходит УПД", "Документ не отображается «нигде»")
    );
    assert_eq!((case.status.as_str(), case.priority, case.solution.as_str()), (OPEN, 2, ""));
    let [bare, written] = case.messages.as_slice() else { panic!("two messages: {:?}", case.messages) };
    assert_eq!((bare.text.as_str(), written.text.as_str()), ("", "Приложил журнал"));
    assert_eq!((written.id.as_str(), written.contact.as_str()), (message_id.as_str(), "Иван Петров"));
    assert_eq!(written.createdon.civil().unwrap().to_string(), "2026-03-02T09:00:00");
    let [file] = bare.files.as_slice() else { panic!("one file: {bare:?}") };
    assert_eq!((file.name.as_str(), file.size.value(), &file.url), ("журнал №1 & 2.csv", Some(8), &*link));
    let content = ivan.download_link(&file.url).unwrap().send().await.unwrap();
    assert_eq!(read(content).await.unwrap(), b"a;b\n1;2\n");

    // The operator's desk finds a solution.
    sandbox.state(|state| state.cases.get_mut(opened.as_str()).unwrap().solve("Документ отправлен повторно"));
    let waiting = ivan.list_cases().body(search("status", ATTENTION)).send().await.unwrap();
    let numbers: Vec<_> = waiting.iter().filter_map(|one| one.number.as_deref()).collect();
    assert_eq!(numbers, [SOLVED_CASE, "SR00684154", "SR00684155"]);

    let thanks = |body: casewire::crpt::types::builder::CaseUpdateBuilder| {
        let body = body.number(opened.as_str()).status(CaseAction::Close);
        body.satisfactionlevel(5).satisfactioncomment("Спасибо!".to_owned())
    };
    assert_eq!(*ivan.update_case().body_map(thanks).send().await.unwrap(), *opened);
    let case = sandbox.state(|state| state.cases[opened.as_str()].clone());
    assert_eq!((case.status.as_str(), case.satisfaction_level), (CLOSED, Some(5)));
    assert_eq!(case.satisfaction_comment.as_deref(), Some("Спасибо!"));
    assert_eq!(sandbox.count("login"), 1);
}

#[tokio::test]
async fn a_case_with_a_solution_is_reopened() {
    let stage = Stage::start().await;
    assert_eq!(*update(&stage.ivan, SOLVED_CASE, CaseAction::Reopen).send().await.unwrap(), SOLVED_CASE);
    let case = stage.ivan.get_case().number(SOLVED_CASE).send().await.unwrap();
    assert_eq!((case.status.as_str(), case.priority), (REOPENED, 2));
}

#[tokio::test]
async fn a_case_is_read_as_documented() {
    let stage = Stage::given(|state| {
        let case = state.cases.get_mut(CASE).unwrap();
        case.status_code = Some(json!({ "id": 3, "name": "Открыто" }));
        case.files.push(File {
            id: FILE.replace("840a", "840b"), name: "решение.pdf".to_owned(), data: "%PDF".into()
        });
    })
    .await;
    let case = stage.ivan.get_case().number(CASE).send().await.unwrap();
    assert_eq!((case.number.as_str(), case.priority, case.messages.len()), (CASE, 4, 2));
    assert_eq!(case.messages[0].createdon.as_str(), "13.11.2020 11:59:06");
    assert_eq!(case.messages[1].files[0].size.value(), Some(FILE_BYTES as u64));
    assert_eq!(case.status_code, Some(json!({ "id": 3, "name": "Открыто" })));
    let solution = stage.ivan.download_link(&case.files[0].url).unwrap().send().await.unwrap();
    assert_eq!(read(solution).await.unwrap(), b"%PDF");
}

#[tokio::test]
async fn cases_are_found_by_what_the_server_knows() {
    let stage = Stage::start().await;
    let found = async |name, value: &str| {
        let found = stage.ivan.list_cases().body(search(name, value)).send().await.unwrap().into_inner();
        found.into_iter().map(|one| one.number.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(found("number", CASE).await, [CASE]);
    assert_eq!(found("subject", "Нужна выписка").await, [CLOSED_CASE]);
    assert_eq!(found("status", "Отложено").await, [""; 0]);
    let case = stage.ivan.list_cases().body(search("number", CASE)).send().await.unwrap().into_inner().remove(0);
    assert_eq!((case.subject.as_deref(), case.priority), (Some("Проблема с авторизацией"), Some(4)));
    assert_eq!((case.createdon, case.messages, case.symptoms), (None, vec![], None));
}

/// A file of every byte value and of some size, from memory and in chunks, and one without a byte.
#[tokio::test]
async fn files_come_back_as_they_went() {
    let stage = Stage::start().await;
    let content = streams::content();
    let streamed = Part::stream_with_length(streams::body_of(&content), content.len() as u64);
    for (name, body, length, expect) in [
        ("memory.bin", Part::from(content.clone()), Some(content.len()), content.as_slice()),
        ("stream.bin", streamed, None, content.as_slice()),
        ("empty.bin", Part::bytes(""), Some(0), b"".as_slice()),
    ] {
        let upload = stage.ivan.attach_file().number(CASE).filename(name).body(body);
        let upload = match length {
            Some(length) => upload.totallength(i64::try_from(length).unwrap()),
            None => upload,
        };
        let link = upload.send().await.unwrap();
        let back = stage.ivan.download_link(&link).unwrap().send().await.unwrap();
        assert!(read(back).await.unwrap() == expect, "{name} came back changed");
    }
    let names: Vec<_> =
        stage.case(CASE).messages.iter().flat_map(|one| &one.files).map(|one| one.name.clone()).collect();
    assert_eq!(names, ["case.xlsx", "memory.bin", "stream.bin", "empty.bin"]);
    let seeded = read(download(&stage.ivan, FILE).send().await.unwrap()).await.unwrap();
    assert_eq!((seeded.len(), seeded[250], seeded[251]), (FILE_BYTES, 250, 0));
}

/// A link can point at any host: only its path is used.
#[tokio::test]
async fn nothing_is_sent_to_the_host_in_a_link() {
    let private = Stage::start().await;
    let stage = Stage::given(|state| state.file_host = private.sandbox.url().to_owned()).await;
    let case = stage.ivan.get_case().number(CASE).send().await.unwrap();
    let url = &case.messages[1].files[0].url;
    assert!(url.starts_with(private.sandbox.url()), "{url}");
    let content = stage.ivan.download_link(url).unwrap().send().await.unwrap();
    assert_eq!(read(content).await.unwrap().len(), FILE_BYTES);
    let link = attach(&stage.ivan, CASE, "a.txt", b"a").send().await.unwrap();
    let content = stage.ivan.download_link(&link).unwrap().send().await.unwrap();
    assert_eq!(read(content).await.unwrap(), b"a");
    assert_eq!(private.sandbox.requests(), []);
    assert_eq!(stage.sandbox.count("downloadFile"), 2);
}
