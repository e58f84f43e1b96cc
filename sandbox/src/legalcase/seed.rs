//! The state that every sandbox starts with, which the examples of the spec tell of too.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::{
    model::{Case, CaseStatus, Client, Comment, Document, Representative},
    state::{Ids, State},
};
use crate::{app::Sequence, clock::Clock};

impl State {
    /// The state at the start.
    #[must_use]
    pub fn seeded() -> Self {
        let company = Client {
            inn: "7719283390".to_owned(),
            ogrn: "1187746123452".to_owned(),
            organization: "ООО «Ромашка»".to_owned(),
            tariff: "Базовый".to_owned(),
            cases: BTreeMap::from([("lc-2001".to_owned(), awaiting()), ("lc-2002".to_owned(), of_partner())]),
        };
        let entrepreneur = Client {
            inn: "771928339012".to_owned(),
            ogrn: "318774612345678".to_owned(),
            organization: "ИП Петров Иван Сергеевич".to_owned(),
            tariff: "Базовый".to_owned(),
            cases: BTreeMap::from([("lc-2003".to_owned(), closed())]),
        };
        Self {
            clock: Clock::default(),
            clients: BTreeMap::from([("c-1001".to_owned(), company), ("c-1002".to_owned(), entrepreneur)]),
            events: Vec::new(),
            required_header: None,
            created_status: 201,
            done_status: 204,
            max_document_bytes: 10 * 1024 * 1024,
            ids: Ids {
                client: Sequence { next: 1003 },
                case: Sequence { next: 2004 },
                comment: Sequence { next: 3004 },
                document: Sequence { next: 4002 },
            },
        }
    }
}

fn case(ogrn: &str, text: &str, status: CaseStatus) -> Case {
    Case {
        ogrn: ogrn.to_owned(),
        representative: Representative {
            surname: "Петров".to_owned(),
            name: "Иван".to_owned(),
            patronymic: Some("Сергеевич".to_owned()),
            telephone: Some("+7 495 000-00-12".to_owned()),
        },
        text: text.to_owned(),
        status,
        by_partner: false,
        read: false,
        accepted: None,
        comments: BTreeMap::new(),
    }
}

fn awaiting() -> Case {
    let contract = Document {
        name: "dogovor-12.pdf".to_owned(),
        data: Bytes::from_static("%PDF-1.4\n% Договор № 12\n".as_bytes()),
    };
    let unread = Comment {
        text: "Договор и платёжное поручение приложу сегодня".to_owned(),
        documents: BTreeMap::from([("d-4001".to_owned(), contract)]),
        ..Comment::default()
    };
    let of_partner =
        Comment {
            text: "Пришлите, пожалуйста, акт сверки".to_owned(), by_partner: true, ..Comment::default()
        };
    let read = Comment { text: "Акта сверки нет".to_owned(), read_by_partner: true, ..Comment::default() };
    Case {
        comments: BTreeMap::from([
            ("cm-3001".to_owned(), unread),
            ("cm-3002".to_owned(), of_partner),
            ("cm-3003".to_owned(), read),
        ]),
        ..case("1187746123452", "Поставщик не вернул предоплату по договору № 12", CaseStatus::AwaitingConfirmation)
    }
}

fn of_partner() -> Case {
    let text = "Срок аренды истекает через месяц, договор нужно продлить";
    Case { by_partner: true, ..case("1187746123452", text, CaseStatus::Unpaid) }
}

fn closed() -> Case {
    let text = "Проверить договор аренды";
    Case { accepted: Some(true), ..case("318774612345678", text, CaseStatus::Closed) }
}
