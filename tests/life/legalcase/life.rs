//! The way of a case through the typed client, and the events that the partner records meanwhile.

use casewire::{
    Part,
    legalcase::types::{LegalCaseEvent, LegalCaseEventCode},
};
use casewire_sandbox::legalcase::{CaseStatus, EventCode};

use crate::life::{
    common::{Staged, read, refused},
    legalcase::stage::{
        CASE, CASE_OF_PARTNER, CLIENT, COMMENT, COMMENT_OF_PARTNER, DOCUMENT, OTHER_CLIENT, Stage, accept, change,
        comment, delete_comment, download, file, mark, open, read_comment, register, upload, withdraw,
    },
};
use crate::streams;

#[tokio::test]
async fn a_client_comes_changes_and_goes() {
    let stage = Stage::start().await;
    let client = register(&stage.bank).send().await.unwrap().into_inner().id;
    assert_eq!(client, "c-1003");
    let stored = |stage: &Stage| stage.sandbox.state(|state| state.clients.get("c-1003").cloned());
    let before = stored(&stage).unwrap();
    assert_eq!((before.inn.as_str(), before.ogrn.as_str()), ("771928339012", "318774612345678"));
    assert_eq!((before.organization.as_str(), before.tariff.as_str()), ("ИП Петров Иван Сергеевич", "Базовый"));

    let case = open(&stage.bank, &client).send().await.unwrap().into_inner().id;
    let renamed =
        |body| crate::life::legalcase::stage::entrepreneur(body).organization("ИП Петров плюс").tariff("Премиум");
    stage.bank.update_client().client_id(client.as_str()).body_map(renamed).send().await.unwrap();
    let after = stored(&stage).unwrap();
    assert_eq!((after.organization.as_str(), after.tariff.as_str()), ("ИП Петров плюс", "Премиум"));
    assert_eq!(after.cases.keys().collect::<Vec<_>>(), [&case], "the cases stay");

    stage.bank.delete_client().client_id(client.as_str()).send().await.unwrap();
    assert_eq!(stored(&stage), None);
    assert_eq!(refused(change(&stage.bank, &client).send().await).failure, "NotFound");
    assert!(stage.sandbox.state(|state| state.clients.contains_key(OTHER_CLIENT)), "others stay");
}

#[tokio::test]
async fn a_case_is_opened_priced_accepted_and_closed() {
    let stage = Stage::start().await;
    let case = open(&stage.bank, CLIENT).send().await.unwrap().into_inner().id;
    assert_eq!(case, "lc-2004");
    let now = |stage: &Stage| stage.sandbox.state(|state| state.case("lc-2004").cloned().unwrap());
    let opened = now(&stage);
    assert_eq!((opened.text.as_str(), opened.status), ("Поставщик не вернул предоплату", CaseStatus::Unpaid));
    let representative = opened.representative;
    assert_eq!((representative.surname.as_str(), representative.name.as_str()), ("Ли", "Мария"));
    assert_eq!((representative.patronymic, representative.telephone.as_deref()), (None, Some("+7 495")));

    // The partner names a price.
    stage.sandbox.state(|state| state.happen("lc-2004", EventCode::PaymentConfirmationWaiting));
    accept(&stage.bank, &case).send().await.unwrap();
    assert_eq!((now(&stage).accepted, now(&stage).status), (Some(true), CaseStatus::InWork));
    // Once more changes nothing.
    accept(&stage.bank, &case).send().await.unwrap();
    stage.sandbox.state(|state| {
        state.happen("lc-2004", EventCode::Processed);
        state.happen("lc-2004", EventCode::Closed);
    });
    assert_eq!(now(&stage).status, CaseStatus::Closed);
    let expect = ["Created", "PaymentConfirmationWaiting", "Accepted", "TookToWork", "Processed", "Closed"];
    assert_eq!(stage.events(), expect.map(|code| format!("{code} lc-2004")));
}

#[tokio::test]
async fn marks_are_independent() {
    let stage = Stage::start().await;
    let marks =
        |case: &str| stage.sandbox.state(|state| state.case(case).map(|case| (case.read, case.accepted)).unwrap());
    mark(&stage.bank, CASE_OF_PARTNER, |body| body.read(true)).send().await.unwrap();
    assert_eq!(marks(CASE_OF_PARTNER), (true, None));
    mark(&stage.bank, CASE, |body| body.accept(false)).send().await.unwrap();
    assert_eq!(marks(CASE), (false, Some(false)));
    assert_eq!(stage.events(), [""; 0], "no price was accepted");
    mark(&stage.bank, CASE, |body| body.read(true).accept(true)).send().await.unwrap();
    assert_eq!(marks(CASE), (true, Some(true)));
    assert_eq!(stage.events(), ["Accepted lc-2001", "TookToWork lc-2001"]);
}

#[tokio::test]
async fn a_case_that_is_too_dear_is_withdrawn() {
    let stage = Stage::start().await;
    withdraw(&stage.bank, CASE).send().await.unwrap();
    assert!(stage.sandbox.state(|state| state.case(CASE).is_none()));
    assert_eq!(refused(withdraw(&stage.bank, CASE).send().await).failure, "NotFound");
}

#[tokio::test]
async fn comments_are_written_read_and_deleted() {
    let stage = Stage::start().await;
    let written = comment(&stage.bank, CASE).send().await.unwrap().into_inner().id;
    assert_eq!(stage.comment(&written).unwrap().text, "Приложу «сегодня»");

    let of_partner = stage.sandbox.state(|state| state.comment_by_partner(CASE, "Пришлите акт").unwrap());
    for id in [of_partner.as_str(), COMMENT_OF_PARTNER] {
        assert!(!stage.comment(id).unwrap().read_by_client);
        read_comment(&stage.bank, id).send().await.unwrap();
        assert!(stage.comment(id).unwrap().read_by_client);
    }
    delete_comment(&stage.bank, &written).send().await.unwrap();
    assert_eq!(stage.comment(&written), None);
    assert_eq!(stage.events(), ["CommentAdded lc-2001", "CommentAdded lc-2001"]);
}

#[tokio::test]
async fn documents_come_back_as_they_went() {
    let stage = Stage::start().await;
    let seeded = download(&stage.bank, COMMENT, DOCUMENT).send().await.unwrap();
    assert_eq!(read(seeded).await.unwrap(), "%PDF-1.4\n% Договор № 12\n".as_bytes());

    let content = streams::content();
    let length = content.len() as u64;
    for (name, part, expect) in [
        ("акт №1.pdf", file(), b"%PDF-1.4".as_slice()),
        ("пустой.txt", Part::bytes("").file_name("пустой.txt"), b""),
        ("memory.bin", Part::bytes(content.clone()).file_name("memory.bin"), &content),
        ("stream.bin", Part::stream(streams::body_of(&content)).file_name("stream.bin"), &content),
        ("sized.bin", Part::stream_with_length(streams::body_of(&content), length).file_name("sized.bin"), &content),
    ] {
        let document = upload(&stage.bank, COMMENT, part).send().await.unwrap().into_inner().id;
        assert_eq!(stage.comment(COMMENT).unwrap().documents[&document].name, name);
        let back = download(&stage.bank, COMMENT, &document).send().await.unwrap();
        assert!(read(back).await.unwrap() == expect, "{name} came back changed");
    }
    assert_eq!(stage.events(), ["DocumentAdded lc-2001"; 5]);
}

/// What the partner would send is what a receiver with these types can read.
#[tokio::test]
async fn every_event_can_be_read() {
    let stage = Stage::start().await;
    let (bodies, statuses) = stage.sandbox.state(|state| {
        EventCode::ALL.into_iter().for_each(|code| state.happen(CASE, code));
        let statuses = EventCode::ALL.map(|code| code.status().map(CaseStatus::name));
        (state.events.iter().map(casewire_sandbox::legalcase::Event::body).collect::<Vec<_>>(), statuses)
    });
    let codes = [
        LegalCaseEventCode::Created,
        LegalCaseEventCode::CommentAdded,
        LegalCaseEventCode::DocumentAdded,
        LegalCaseEventCode::PaymentConfirmationWaiting,
        LegalCaseEventCode::Accepted,
        LegalCaseEventCode::TypeChanged,
        LegalCaseEventCode::TookToWork,
        LegalCaseEventCode::Processed,
        LegalCaseEventCode::Closed,
    ];
    assert_eq!(bodies.len(), codes.len());
    for ((body, code), status) in bodies.into_iter().zip(codes).zip(statuses) {
        let event: LegalCaseEvent = serde_json::from_value(body.clone()).unwrap();
        assert_eq!((&event.event, event.event.status()), (&code, status));
        assert_eq!((event.client_id.as_deref(), event.legal_case_id.as_deref()), (Some(CLIENT), Some(CASE)));
        assert!(event.description.is_some_and(|text| !text.is_empty()));
    }
}
