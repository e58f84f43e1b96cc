//! What all ledgers have in common, by one function.

use std::time::Duration;

use casewire::callback::{
    types::Application,
    worker::{End, Ledger, MemoryLedger, Progress, Status},
};

const LONG: Duration = Duration::from_secs(600);

#[tokio::test]
async fn in_memory() {
    let ledger = MemoryLedger::new();
    check(&ledger, &ledger.clone()).await;
}

/// What the application has that is done in the end.
pub const DONE: &str = "0071928339";

/// Two workers' views of one ledger.
pub async fn check(one: &dyn Ledger, other: &dyn Ledger) {
    let mut applications: Vec<_> = (0..6).map(|i| Application::new(i.to_string())).collect();
    applications[0] = full();
    assert_eq!(one.store(&applications[..4]).await.unwrap(), 4);
    assert_eq!(other.store(&applications).await.unwrap(), 2, "what is there stays as it is");
    assert_eq!(one.store(&applications).await.unwrap(), 0);

    // Each is leased to one, in their order.
    let mut first = one.lease(4, LONG).await.unwrap();
    let second = other.lease(4, LONG).await.unwrap();
    let ids = |leased: &[casewire::callback::worker::Leased]| {
        let mut ids: Vec<_> = leased.iter().map(|one| one.application.application_id.clone()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&first), ["0", "1", "2", "3"]);
    assert_eq!(ids(&second), ["4", "5"]);
    first.sort_by_key(|one| one.lease.id.clone());
    assert_eq!(serde_json::to_value(&first[0].application).unwrap(), serde_json::to_value(full()).unwrap());
    let lease = |i: usize| &first[i].lease;

    // Done, again at once, later, aside.
    assert!(one.end(lease(0), End::Done).await.unwrap());
    assert!(!one.end(lease(0), End::Done).await.unwrap(), "the lease is over");
    assert!(!one.extend(lease(0), LONG).await.unwrap());
    // A reason may be as long as it wants, and have any character.
    let retry = |after| End::Retry { after, reason: "busy\0ж".repeat(1000) };
    assert!(one.end(lease(1), retry(Duration::ZERO)).await.unwrap());
    assert!(one.end(lease(2), retry(LONG)).await.unwrap());
    assert!(one.reporting(lease(3), Status::Registered).await.unwrap());
    assert!(one.reported(lease(3), true).await.unwrap());
    assert!(one.reporting(lease(3), Status::Rendered).await.unwrap());
    assert!(one.end(lease(3), End::SetAside { reason: "poison".to_owned() }).await.unwrap());
    assert!(!one.reporting(lease(3), Status::Rejected).await.unwrap());

    let again = other.lease(9, Duration::from_millis(1)).await.unwrap();
    assert_eq!(ids(&again), ["1"]);
    assert_eq!(again[0].attempts, 2);
    assert_eq!(other.open(None).await.unwrap(), 4);
    assert_eq!(other.open(Some(&["0".to_owned(), "1".to_owned(), "3".to_owned()])).await.unwrap(), 1);

    // A lease that ran out is another's, and of no more use.
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!other.extend(&again[0].lease, LONG).await.unwrap());
    let taken = one.lease(9, LONG).await.unwrap();
    assert_eq!((ids(&taken), taken[0].attempts), (vec!["1".to_owned()], 3));
    assert!(!other.end(&again[0].lease, End::Done).await.unwrap());
    assert!(one.extend(&taken[0].lease, LONG).await.unwrap());

    // Set aside, listed, put back with what the operator says.
    let progress = |reported, uncertain| Progress { reported, uncertain };
    for (was_reported, expected) in [
        (None, progress(Some(Status::Registered), Some(Status::Rendered))),
        (Some(false), progress(Some(Status::Registered), None)),
        (Some(true), progress(Some(Status::Rendered), None)),
    ] {
        let aside = other.set_aside().await.unwrap();
        assert_eq!(aside.len(), 1);
        assert_eq!((aside[0].id.as_str(), aside[0].reason.as_str()), ("3", "poison"));
        assert_eq!(aside[0].application.as_ref().unwrap().application_id, "3");
        assert!(one.put_back("3", was_reported).await.unwrap());
        assert!(!one.put_back("3", was_reported).await.unwrap(), "it is set aside no more");
        let back = other.lease(1, LONG).await.unwrap();
        assert_eq!((back[0].attempts, back[0].progress), (1, expected));
        if was_reported != Some(true) {
            assert!(other.reporting(&back[0].lease, Status::Rendered).await.unwrap());
        }
        assert!(other.end(&back[0].lease, End::SetAside { reason: "poison".to_owned() }).await.unwrap());
    }
}

/// A ledger with two applications, of which the first can't be read.
#[cfg(any(feature = "ledger-postgres", feature = "ledger-sqlite"))]
pub async fn unreadable(ledger: &dyn Ledger) {
    for _ in 0..2 {
        let leased = ledger.lease(9, LONG).await.unwrap();
        assert_eq!(leased.iter().map(|one| one.lease.id.as_str()).collect::<Vec<_>>(), ["2"]);
        let again = End::Retry { after: Duration::ZERO, reason: String::new() };
        assert!(ledger.end(&leased[0].lease, again).await.unwrap());
        let aside = ledger.set_aside().await.unwrap();
        assert_eq!((aside.len(), aside[0].id.as_str(), aside[0].application.is_none()), (1, "1", true));
        assert!(aside[0].reason.contains("missing field `applicationId`"), "{}", aside[0].reason);
        assert!(ledger.put_back("1", None).await.unwrap());
    }
}

/// An application with everything that one may have.
fn full() -> Application {
    let application = serde_json::json!({
        "applicationId": "0", "dateCreation": "2022-29-12", "surname": "О'Нил", "firstname": "Иван \u{1F600}",
        "patronymic": "\\ \" \n", "organizationName": "", "opf": "another", "inn": DONE, "phone": "+7 (999) 999-99-99",
    });
    serde_json::from_value(application).unwrap()
}
