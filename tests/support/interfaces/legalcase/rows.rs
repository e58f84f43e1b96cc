//! How every operation is called, and what is sent for it.

use casewire::{Part, legalcase::types};

use super::Legalcase;
use crate::{
    outcome::call,
    row::{Row, Sent},
};

pub const FILE: &[u8] = b"bytes of dogovor-12.pdf";

/// In the order of the spec.
pub const ROWS: &[Row<Legalcase>] = &[
    Row {
        id: "registerClient",
        request: "POST /client",
        sent: Sent::Json(
            r#"{"inn": "7719283390", "ogrn": "1187746123452", "organization": "ООО «Ромашка»", "tariff": "Базовый"}"#,
        ),
        call: call!(client.register_client().body_map(|body| {
            body.inn("7719283390").ogrn("1187746123452").organization("ООО «Ромашка»").tariff("Базовый")
        })),
    },
    Row {
        id: "registerClient",
        request: "POST /client",
        sent: Sent::Json(
            r#"{"inn": "771928339012", "ogrn": "318774612345678", "organization": "ИП Петров Иван Сергеевич",
            "tariff": "Базовый"}"#,
        ),
        call: call!(client.register_client().body_map(|body| {
            body.inn("771928339012").ogrn("318774612345678").organization("ИП Петров Иван Сергеевич").tariff("Базовый")
        })),
    },
    Row {
        id: "updateClient",
        request: "PUT /client/c-1001",
        sent: Sent::Json(
            r#"{"inn": "7719283390", "ogrn": "1187746123452", "organization": "ООО «Ромашка плюс»",
            "tariff": "Премиум"}"#,
        ),
        call: call!(client.update_client().client_id("c-1001").body_map(|body| {
            body.inn("7719283390").ogrn("1187746123452").organization("ООО «Ромашка плюс»").tariff("Премиум")
        })),
    },
    Row {
        id: "deleteClient",
        request: "DELETE /client/c-1001",
        sent: Sent::Nothing,
        call: call!(client.delete_client().client_id("c-1001")),
    },
    Row {
        id: "createLegalCase",
        request: "POST /client/c-1001/legalcase",
        sent: Sent::Json(
            r#"{"ogrn": "1187746123452", "representative": {"surname": "Петров", "name": "Иван",
            "patronymic": "Сергеевич", "telephone": "+7 495 000-00-12"},
            "deal": {"text": "Поставщик не вернул предоплату по договору № 12"}}"#,
        ),
        call: call!(client.create_legal_case().client_id("c-1001").body_map(|body| {
            let representative = types::Representative::builder()
                .surname("Петров")
                .name("Иван")
                .patronymic("Сергеевич".to_owned())
                .telephone("+7 495 000-00-12".to_owned());
            let deal = types::Deal::builder().text("Поставщик не вернул предоплату по договору № 12");
            body.ogrn("1187746123452").representative(representative.build().unwrap()).deal(deal.build().unwrap())
        })),
    },
    Row {
        id: "createLegalCase",
        request: "POST /client/c-1001/legalcase",
        sent: Sent::Json(
            r#"{"ogrn": "318774612345678", "representative": {"surname": "Петров", "name": "Иван"},
            "deal": {"text": ""}}"#,
        ),
        call: call!(client.create_legal_case().client_id("c-1001").body_map(|body| {
            let representative = types::Representative::builder().surname("Петров").name("Иван");
            body.ogrn("318774612345678")
                .representative(representative.build().unwrap())
                .deal(types::Deal::builder().text("").build().unwrap())
        })),
    },
    Row {
        id: "updateLegalCase",
        request: "PUT /client/c-1001/legalcase/lc-2001",
        sent: Sent::Json(r#"{"Read": true}"#),
        call: call!(client.update_legal_case().client_id("c-1001").legal_case_id("lc-2001").body_map(|b| b.read(true))),
    },
    Row {
        id: "updateLegalCase",
        request: "PUT /client/c-1001/legalcase/lc-2001",
        sent: Sent::Json(r#"{"Accept": true}"#),
        call: call!(
            client.update_legal_case().client_id("c-1001").legal_case_id("lc-2001").body_map(|b| b.accept(true))
        ),
    },
    Row {
        id: "updateLegalCase",
        request: "PUT /client/c-1001/legalcase/lc-2001",
        sent: Sent::Json(r#"{"Accept": false, "Read": true}"#),
        call: call!(
            client
                .update_legal_case()
                .client_id("c-1001")
                .legal_case_id("lc-2001")
                .body_map(|b| b.read(true).accept(false))
        ),
    },
    Row {
        id: "deleteLegalCase",
        request: "DELETE /client/c-1001/legalcase/lc-2001",
        sent: Sent::Nothing,
        call: call!(client.delete_legal_case().client_id("c-1001").legal_case_id("lc-2001")),
    },
    Row {
        id: "addComment",
        request: "POST /client/c-1001/legalcase/lc-2001/comment",
        sent: Sent::Json(r#"{"comment": "Договор и платёжное поручение приложу сегодня"}"#),
        call: call!(
            client
                .add_comment()
                .client_id("c-1001")
                .legal_case_id("lc-2001")
                .body_map(|b| b.comment("Договор и платёжное поручение приложу сегодня"))
        ),
    },
    Row {
        id: "updateComment",
        request: "PUT /client/c-1001/legalcase/lc-2001/comment/cm-3001",
        sent: Sent::Json(r#"{"read": true}"#),
        call: call!(
            client
                .update_comment()
                .client_id("c-1001")
                .legal_case_id("lc-2001")
                .comment_id("cm-3001")
                .body_map(|b| b.read(true))
        ),
    },
    Row {
        id: "deleteComment",
        request: "DELETE /client/c-1001/legalcase/lc-2001/comment/cm-3001",
        sent: Sent::Nothing,
        call: call!(client.delete_comment().client_id("c-1001").legal_case_id("lc-2001").comment_id("cm-3001")),
    },
    Row {
        id: "addDocument",
        request: "POST /client/c-1001/legalcase/lc-2001/comments/cm-3001/document",
        sent: Sent::Part(r#"form-data; name="file"; filename="dogovor-12.pdf""#, "application/pdf", FILE),
        call: call!(
            client
                .add_document()
                .client_id("c-1001")
                .legal_case_id("lc-2001")
                .comment_id("cm-3001")
                .file(Part::bytes(FILE).file_name("dogovor-12.pdf").media_type("application/pdf"))
        ),
    },
    Row {
        id: "downloadDocument",
        request: "GET /client/c-1001/legalcase/lc-2001/comments/cm-3001/document/d-4001",
        sent: Sent::Nothing,
        call: call!(
            download client
                .download_document()
                .client_id("c-1001")
                .legal_case_id("lc-2001")
                .comment_id("cm-3001")
                .document_id("d-4001")
        ),
    },
];
