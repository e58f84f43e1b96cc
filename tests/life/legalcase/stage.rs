//! A sandbox with its client, and calls on what is there at the start.

use casewire::{
    Part,
    legalcase::{AcceptSpelling, Client, Config, builder, types},
};
use casewire_sandbox::{
    LegalCase,
    legalcase::{Comment, State},
};
use support::quick::quick;

use crate::life::common::Staged;

/// A company with two cases: one waits for its price to be accepted, the partner has
/// opened the other.
pub const CLIENT: &str = "c-1001";
pub const CASE: &str = "lc-2001";
pub const CASE_OF_PARTNER: &str = "lc-2002";
/// Another client with a closed case.
pub const OTHER_CLIENT: &str = "c-1002";
pub const OTHER_CASE: &str = "lc-2003";
/// Comments on [`CASE`]: of the client, not read by the partner; of the partner; of the
/// client, read.
pub const COMMENT: &str = "cm-3001";
pub const COMMENT_OF_PARTNER: &str = "cm-3002";
pub const READ_COMMENT: &str = "cm-3003";
/// The document of [`COMMENT`].
pub const DOCUMENT: &str = "d-4001";

/// A sandbox and the client of a bank.
pub struct Stage {
    pub sandbox: LegalCase,
    pub bank: Client,
    /// A client behind a gateway that adds the header `api-version`, to which the sandbox
    /// answers 400.
    pub behind_a_gateway: Client,
}

impl Staged for Stage {
    type State = State;

    async fn open() -> std::io::Result<LegalCase> {
        LegalCase::start().await
    }

    fn of(sandbox: LegalCase) -> Self {
        let bank = connect(config(&sandbox), AcceptSpelling::Latin);
        let gateway = config(&sandbox).header("api-version", "1").unwrap();
        let behind_a_gateway = connect(gateway, AcceptSpelling::Latin);
        Self { sandbox, bank, behind_a_gateway }
    }

    fn sandbox(&self) -> &LegalCase {
        &self.sandbox
    }
}

impl Stage {
    /// The events so far, each as its code and its case.
    pub fn events(&self) -> Vec<String> {
        self.sandbox.state(|state| state.events.iter().map(|one| format!("{:?} {}", one.code, one.case)).collect())
    }

    /// A comment as it is now.
    pub fn comment(&self, id: &str) -> Option<Comment> {
        self.sandbox.state(|state| state.comment(id).cloned())
    }
}

pub fn config(sandbox: &LegalCase) -> Config {
    quick(sandbox.url())
}

pub fn connect(config: Config, spelling: AcceptSpelling) -> Client {
    Client::connect(config, spelling).unwrap()
}

/// The entrepreneur of the spec's example.
pub fn entrepreneur(body: types::builder::ClientInputBuilder) -> types::builder::ClientInputBuilder {
    body.inn("771928339012").ogrn("318774612345678").organization("ИП Петров Иван Сергеевич").tariff("Базовый")
}

/// The case of the spec's example, without a patronymic.
pub fn new_case(body: types::builder::LegalCaseInputBuilder) -> types::builder::LegalCaseInputBuilder {
    let representative = types::Representative::builder().surname("Ли").name("Мария").telephone("+7 495".to_owned());
    let deal = types::Deal::builder().text("Поставщик не вернул предоплату");
    body.ogrn("1187746123452").representative(representative).deal(deal)
}

pub fn register(bank: &Client) -> builder::RegisterClient {
    bank.register_client().body_map(entrepreneur)
}

pub fn change(bank: &Client, client: &str) -> builder::UpdateClient {
    bank.update_client().client_id(client).body_map(entrepreneur)
}

pub fn open(bank: &Client, client: &str) -> builder::CreateLegalCase {
    bank.create_legal_case().client_id(client).body_map(new_case)
}

/// A mark on a case; `change` adds `Read`, `Accept` or nothing.
pub fn mark(
    bank: &Client,
    case: &str,
    change: fn(types::builder::LegalCaseUpdateBuilder) -> types::builder::LegalCaseUpdateBuilder,
) -> builder::UpdateLegalCase {
    bank.update_legal_case().client_id(CLIENT).legal_case_id(case).body_map(change)
}

pub fn accept(bank: &Client, case: &str) -> builder::UpdateLegalCase {
    mark(bank, case, |body| body.accept(true))
}

pub fn withdraw(bank: &Client, case: &str) -> builder::DeleteLegalCase {
    bank.delete_legal_case().client_id(CLIENT).legal_case_id(case)
}

pub fn comment(bank: &Client, case: &str) -> builder::AddComment {
    bank.add_comment().client_id(CLIENT).legal_case_id(case).body_map(|body| body.comment("Приложу «сегодня»"))
}

pub fn read_comment(bank: &Client, comment: &str) -> builder::UpdateComment {
    bank.update_comment().client_id(CLIENT).legal_case_id(CASE).comment_id(comment).body_map(|body| body.read(true))
}

pub fn delete_comment(bank: &Client, comment: &str) -> builder::DeleteComment {
    bank.delete_comment().client_id(CLIENT).legal_case_id(CASE).comment_id(comment)
}

pub fn upload(bank: &Client, comment: &str, file: impl Into<Part>) -> builder::AddDocument {
    bank.add_document().client_id(CLIENT).legal_case_id(CASE).comment_id(comment).file(file)
}

pub fn download(bank: &Client, comment: &str, document: &str) -> builder::DownloadDocument {
    let download = bank.download_document().client_id(CLIENT).legal_case_id(CASE);
    download.comment_id(comment).document_id(document)
}

/// A small file with a name.
pub fn file() -> Part {
    Part::bytes("%PDF-1.4").file_name("акт №1.pdf").media_type("application/pdf")
}
