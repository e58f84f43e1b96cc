//! The state that every sandbox starts with, which the examples of the spec tell of too.

use std::collections::BTreeMap;

use super::{
    model::Application,
    state::{Paths, State},
};
use crate::{app::Sequence, clock::Clock};

impl State {
    /// The state at the start.
    #[must_use]
    pub fn seeded() -> Self {
        let applications = [
            Application {
                patronymic: Some("Иванович".to_owned()),
                organization_name: Some("ООО Ромашка".to_owned()),
                inn: Some("7719283390".to_owned()),
                ..application("111", "2022-29-12", " legalEntity", "Иванов", "Иван")
            },
            Application {
                patronymic: Some("Сергеевна".to_owned()),
                organization_name: Some("ИП Петрова Анна Сергеевна".to_owned()),
                inn: Some("771928339012".to_owned()),
                ..application("112", "2022-12-30", "entrepreneur", "Петрова", "Анна")
            },
            Application {
                patronymic: Some("Олегович".to_owned()),
                ..application("113", "2022-05-04", "selfEmployed", "Сидоров", "Пётр")
            },
            application("114", "2022-31-12", "person", "Ли", "Мария"),
        ];
        Self {
            clock: Clock::default(),
            users: BTreeMap::from([("integration@oip.example".to_owned(), "Petr0v-1".to_owned())]),
            applications: applications.into_iter().map(|one| (one.id.clone(), one)).collect(),
            batch: None,
            batch_size: 10,
            tokens: Vec::new(),
            token_lifetime_ms: Some(3_600_000),
            failure_status: None,
            status_code_in_body: None,
            control_error: "Format-logical control error".to_owned(),
            paths: Paths::default(),
            next_token: Sequence { next: 1 },
            next_batch: Sequence { next: 111 },
        }
    }
}

fn application(id: &str, date_creation: &str, opf: &str, surname: &str, firstname: &str) -> Application {
    Application {
        id: id.to_owned(),
        date_creation: date_creation.to_owned(),
        surname: surname.to_owned(),
        firstname: firstname.to_owned(),
        patronymic: None,
        organization_name: None,
        opf: opf.to_owned(),
        inn: None,
        phone: "+7 (999) 999-99-99".to_owned(),
        delivered: false,
        status: None,
        comment: None,
    }
}
