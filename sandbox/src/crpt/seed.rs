//! The state that every sandbox starts with, which the examples of the spec tell of too.

use jiff::civil::{DateTime, date};

use super::{
    model::{ATTENTION, CLOSED, Case, FILE_HOST, File, Message, User},
    state::{Ids, SessionEnd, State},
};
use crate::{app::Sequence, clock::Clock};

impl State {
    /// The state at the start.
    #[must_use]
    pub fn seeded() -> Self {
        let users = [user("ivan.petrov", "Petr0v-1", "Иван Петров"), user("anna.smirnova", "Пароль1", "Анна Смирнова")];
        let cases = [closed(), open(), solved(), unsolved()];
        Self {
            clock: Clock::default(),
            users: users.into_iter().map(|user| (user.name.clone(), user)).collect(),
            cases: cases.into_iter().map(|case| (case.number.clone(), case)).collect(),
            sessions: Vec::new(),
            session_minutes: 60,
            session_end: SessionEnd::default(),
            needs_session_id: false,
            code_on_success: 0,
            failure_status: 200,
            omit_ok_on_failure: false,
            omit_refusal_bodies: false,
            file_host: FILE_HOST.to_owned(),
            max_file_bytes: 10 * 1024 * 1024,
            ids: Ids {
                case: Sequence { next: 684_155 },
                message: Sequence { next: 1 },
                file: Sequence { next: 1 },
                session: Sequence { next: 1 },
            },
        }
    }
}

fn user(name: &str, password: &str, contact: &str) -> User {
    User { name: name.to_owned(), password: password.to_owned(), contact: contact.to_owned() }
}

fn message(id: &str, created: DateTime, text: &str) -> Message {
    Message {
        id: id.to_owned(), contact: "Иван Петров".to_owned(), created, text: text.to_owned(), files: Vec::new()
    }
}

fn closed() -> Case {
    Case {
        status: CLOSED.to_owned(),
        solution: "Выписка отправлена на почту".to_owned(),
        satisfaction_level: Some(4),
        ..Case::new("SR00683850".to_owned(), "Нужна выписка", "Нужна выписка за октябрь")
    }
}

fn open() -> Case {
    let sheet = File {
        id: "840a6198-f5b8-40ee-9b01-32f522df50df".to_owned(),
        name: "case.xlsx".to_owned(),
        data: (0..=250).cycle().take(35_000).collect(),
    };
    let mut bare = message("03c6a743-528f-4370-962f-69cbd188ce63", date(2020, 11, 13).at(12, 2, 8, 0), "");
    bare.files.push(sheet);
    let first = message("b1d0f9b9-cf11-4264-9266-2f659352589c", date(2020, 11, 13).at(11, 59, 6, 0), "123456672");
    Case {
        priority: 4,
        messages: vec![first, bare],
        ..Case::new("SR00683913".to_owned(), "Проблема с авторизацией", "Не выполняется авторизация с помощью УКЭП")
    }
}

fn solved() -> Case {
    Case {
        status: ATTENTION.to_owned(),
        solution: "Уведомления отправлены повторно, проверьте получение".to_owned(),
        messages: vec![message(
            "5d6f1c42-3a0e-4f0b-9a57-0c1f3f6f2b10",
            date(2020, 11, 16).at(9, 14, 30, 0),
            "Уведомление о поставке не приходит второй день",
        )],
        ..Case::new("SR00684153".to_owned(), "Не приходит уведомление", "Не приходит уведомление о поставке")
    }
}

fn unsolved() -> Case {
    Case {
        status: ATTENTION.to_owned(),
        priority: 1,
        ..Case::new("SR00684154".to_owned(), "Вопрос по отчёту", "В отчёте нет строки за сентябрь")
    }
}
