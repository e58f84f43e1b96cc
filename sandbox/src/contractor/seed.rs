//! The state that every sandbox starts with, which the examples of the spec tell of too.
//! Ids of new things start where those of the seed end, or at a round number of their own.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{
    model::{Call, CallStatus, ExpenditureItem, Notification, Task, TaskStatus, User},
    state::{EXTERNAL_SYSTEM_KEY, EXTERNAL_SYSTEM_WORD, Ids, Settings, State},
};
use crate::{
    app::Sequence,
    clock::{Clock, utc},
};

impl State {
    /// The state at the start.
    #[must_use]
    pub fn seeded() -> Self {
        let mut sidorov = User::new(9, "sidorov", "Locked99");
        sidorov.locked = true;
        let users = [User::new(7, "ivanov", "Passw0rd"), User::new(8, "petrova", "Пароль1"), sidorov];
        let notifications = [
            notification(501, 7, "Назначено обращение C-683913"),
            notification(502, 7, "Изменён срок обращения C-683913"),
            notification(503, 8, "Закрыто обращение C-683912"),
        ];
        Self {
            clock: Clock::default(),
            users: users.into_iter().map(|user| (user.id, user)).collect(),
            calls: BTreeMap::from([(683_912, closed_call()), (683_913, new_call())]),
            notifications: notifications.into_iter().map(|one| (one.id, one)).collect(),
            sessions: Vec::new(),
            known_clients: vec!["ООО «Ромашка»".to_owned(), "АО «Василёк»".to_owned()],
            known_service_objects: vec!["Магазин № 12".to_owned(), "Склад № 3".to_owned()],
            external_system_word: EXTERNAL_SYSTEM_WORD.to_owned(),
            external_system_key: EXTERNAL_SYSTEM_KEY.to_owned(),
            access_lifetime_ms: Some(3_600_000),
            service_lifetime_ms: None,
            settings: Settings { call_cost_deadline_day: 10, changes: 0 },
            settings_locked: false,
            shared_done_empty: false,
            omit_optional_error_bodies: false,
            max_attachment_bytes: 10 * 1024 * 1024,
            ids: Ids {
                user: Sequence { next: 10 },
                expenditure_item: Sequence { next: 303 },
                message: Sequence { next: 1001 },
                jeopardy: Sequence { next: 2001 },
                expense: Sequence { next: 3001 },
                material: Sequence { next: 4001 },
                attachment: Sequence { next: 5001 },
                task: Sequence { next: 91_003 },
                call: Sequence { next: 683_914 },
            },
            marks: Sequence { next: 3 },
        }
    }
}

/// So many minutes after the clock's start.
fn after(minutes: i64) -> Timestamp {
    Clock::START + SignedDuration::from_mins(minutes)
}

fn task(id: i64, title: &str, status: TaskStatus) -> Task {
    Task { id, title: title.to_owned(), status, attachments: Vec::new() }
}

fn notification(id: i64, user: i64, text: &str) -> Notification {
    Notification { id, user, text: text.to_owned(), read: false }
}

fn new_call() -> Call {
    Call {
        id: 683_913,
        number: "C-683913".to_owned(),
        status: CallStatus::New,
        owner: 7,
        timestamp: 2,
        client_name: "ООО «Ромашка»".to_owned(),
        comments: None,
        created: utc(after(-45)),
        committed: None,
        finished: None,
        ttf: Some(utc(after(33 * 60))),
        tto: Some(utc(after(3 * 60))),
        critical: Some(false),
        contact_person_email: Some("anna@romashka.example".to_owned()),
        contact_person_name: Some("Анна Смирнова".to_owned()),
        contact_person_phone: Some("+7 495 000-00-12".to_owned()),
        description_html_text: "<p>Не печатает чековый принтер</p>".to_owned(),
        description_text_for_field_employee: "Не печатает чековый принтер на второй кассе".to_owned(),
        service_object_address: "Москва, ул. Лесная, д. 5".to_owned(),
        service_object_latitude: 55.7793,
        service_object_longitude: 37.5863,
        service_object_name: "Магазин № 12".to_owned(),
        service_object_type: Some("Магазин".to_owned()),
        expenditure_items: vec![
            ExpenditureItem { id: 301, name: "Проезд".to_owned() },
            ExpenditureItem { id: 302, name: "Доставка".to_owned() },
        ],
        tasks: vec![
            task(91_001, "Заменить чековый принтер", TaskStatus::New),
            task(91_002, "Проверить ИБП", TaskStatus::New),
        ],
        messages: Vec::new(),
        jeopardies: Vec::new(),
        cost: None,
        link: None,
        links_issued: 0,
    }
}

fn closed_call() -> Call {
    Call {
        id: 683_912,
        number: "C-683912".to_owned(),
        status: CallStatus::Closed,
        owner: 8,
        timestamp: 1,
        client_name: "АО «Василёк»".to_owned(),
        comments: Some("Сканер заменён".to_owned()),
        created: utc(after(-6 * 24 * 60)),
        committed: Some(after(-6 * 24 * 60 + 30)),
        finished: Some(after(-4 * 24 * 60)),
        ttf: Some(utc(after(-3 * 24 * 60))),
        tto: Some(utc(after(-5 * 24 * 60))),
        critical: None,
        contact_person_email: None,
        contact_person_name: None,
        contact_person_phone: None,
        description_html_text: "<p>Не читает сканер</p>".to_owned(),
        description_text_for_field_employee: "Не читает сканер у ворот".to_owned(),
        service_object_address: "Тверь, Складской пр., д. 3".to_owned(),
        service_object_latitude: 56.8587,
        service_object_longitude: 35.9176,
        service_object_name: "Склад № 3".to_owned(),
        service_object_type: None,
        expenditure_items: Vec::new(),
        tasks: vec![task(91_000, "Заменить сканер", TaskStatus::Done)],
        messages: Vec::new(),
        jeopardies: Vec::new(),
        cost: None,
        link: None,
        links_issued: 0,
    }
}
