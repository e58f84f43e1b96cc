//! The way of applications through the typed client: fetched in batches, confirmed, and
//! reported on.

use casewire::{
    callback::{
        CreationDate,
        types::{Application, Opf, RegisteredOrRendered, RegisteredOrRenderedStatus},
    },
    jiff::civil::date,
};
use casewire_sandbox::callback::Status;

use crate::life::callback::stage::{PASSWORD, Stage, authenticate, ids, register, reject, render};
use crate::life::common::Staged;

#[tokio::test]
async fn batches_come_until_there_is_nothing_new() {
    let Stage { sandbox, client } = Stage::start().await;
    let token = authenticate(&client, PASSWORD).send().await.unwrap();
    assert_eq!(token.data.token.expose().split('.').count(), 3, "a JWT");
    assert!(!format!("{token:?}").contains(token.data.token.expose()), "the token shows");

    let mut batches = Vec::new();
    loop {
        let batch = client.fetch_applications().limit(3).send().await.unwrap();
        let Some(code) = batch.commit.as_deref() else {
            assert_eq!((batch.status_code, batch.applications.len()), (200, 0));
            break;
        };
        batches.push((code.to_owned(), ids(&batch).join(" ")));
        assert_eq!(client.commit_batch().code(code).send().await.unwrap().status_code, 200);
    }
    assert_eq!(
        batches,
        [("batch-111".to_owned(), "111 112 113".to_owned()), ("batch-112".to_owned(), "114".to_owned())]
    );
    assert!(sandbox.state(|state| state.applications.values().all(|one| one.delivered)));
    assert_eq!((sandbox.count("fetchApplications"), sandbox.count("commitBatch")), (3, 2));
    assert_eq!(sandbox.count("authenticate"), 2, "by hand, and by the client");
}

/// Until it is confirmed, the same batch comes, whatever limit is asked for.
#[tokio::test]
async fn a_batch_comes_again_until_it_is_confirmed() {
    let stage = Stage::start().await;
    let batch = stage.fetch().await;
    assert_eq!(stage.fetch().await, batch);
    let unlimited = stage.client.fetch_applications().send().await.unwrap().into_inner();
    assert_eq!((&unlimited, ids(&batch)), (&batch, vec!["111", "112"]));
    assert_eq!(stage.delivered(), [""; 0]);
    // After a new token, too.
    stage.withdraw();
    assert_eq!(stage.fetch().await, batch);
    assert_eq!(stage.sandbox.count("authenticate"), 2);
    stage.client.commit_batch().code(batch.commit.unwrap()).send().await.unwrap();
    assert_eq!(stage.delivered(), ["111", "112"]);
    assert_eq!(ids(&stage.fetch().await), ["113", "114"]);
}

#[tokio::test]
async fn applications_are_read_as_documented() {
    let stage = Stage::start().await;
    let batch = stage.client.fetch_applications().send().await.unwrap();
    let [company, entrepreneur, self_employed, person] = batch.applications.as_slice() else { panic!("{batch:?}") };
    let mut expect = Application::new("111".to_owned());
    expect.date_creation = Some("2022-29-12".to_owned());
    expect.firstname = Some("Иван".to_owned());
    expect.inn = Some("7719283390".to_owned());
    expect.opf = Some(Opf::LegalEntity);
    expect.organization_name = Some("ООО Ромашка".to_owned());
    expect.patronymic = Some("Иванович".to_owned());
    expect.phone = Some("+7 (999) 999-99-99".to_owned());
    expect.surname = Some("Иванов".to_owned());
    assert_eq!(*company, expect, "the space before the legal form is gone");
    assert_eq!((&entrepreneur.opf, entrepreneur.inn.as_deref()), (&Some(Opf::Entrepreneur), Some("771928339012")));
    for (one, opf) in [(self_employed, Opf::SelfEmployed), (person, Opf::Person)] {
        assert_eq!((&one.opf, &one.inn, &one.organization_name), (&Some(opf), &None, &None));
    }
    assert_eq!(person.patronymic, None);
    let dates = batch.applications.iter().map(|one| one.date_creation.as_ref().unwrap().parse().unwrap());
    let ambiguous = CreationDate::Ambiguous { year_day_month: date(2022, 4, 5), year_month_day: date(2022, 5, 4) };
    let certain = |day| CreationDate::Certain(date(2022, 12, day));
    assert_eq!(dates.collect::<Vec<CreationDate>>(), [certain(29), certain(30), ambiguous, certain(31)]);
}

#[tokio::test]
async fn every_status_can_be_reported() {
    let stage = Stage::start().await;
    for id in ["111", "112"] {
        assert_eq!(register(&stage.client, id).send().await.unwrap().status_code, 200);
        assert_eq!(stage.reported(id), (Some(Status::Registered), None));
    }
    render(&stage.client, "111").send().await.unwrap();
    assert_eq!(stage.reported("111"), (Some(Status::Rendered), None));
    reject(&stage.client, "112", "Трижды не ответил").send().await.unwrap();
    assert_eq!(stage.reported("112"), (Some(Status::Rejected), Some("Трижды не ответил".to_owned())));

    let report = RegisteredOrRendered::builder().application_id("113").comment("текст комментария");
    let report = report.status(RegisteredOrRenderedStatus::Registered);
    stage.client.report_status().body(report).send().await.unwrap();
    assert_eq!(stage.reported("113"), (Some(Status::Registered), Some("текст комментария".to_owned())));
}

/// A code is sent as it came, whatever is in it.
#[tokio::test]
async fn a_code_with_unusual_characters_reaches_the_server() {
    let stage = Stage::start().await;
    stage.fetch().await;
    let odd = "../auth/?x=1#/%2F ъ";
    stage.sandbox.state(|state| odd.clone_into(&mut state.batch.as_mut().unwrap().code));
    let code = stage.fetch().await.commit.unwrap();
    assert_eq!(code, odd);
    stage.client.commit_batch().code(code).send().await.unwrap();
    assert_eq!(stage.delivered(), ["111", "112"]);
}
