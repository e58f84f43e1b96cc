//! What every documented response becomes: all payloads of the spec, which are those that
//! the documents print, and every documented status.

use futures_util::future::join_all;
use support::{
    interfaces::crpt::rows::ROWS,
    recorder::Response,
    responses::{Decoded, check_complete, flat, kind},
    row::row,
};

use super::{connect, documented, portal, with_cookies};

const NOT_FOUND: &str = r#"{"error": "case not found", "ok": false}"#;
const NOT_FOUND_BARE: &str = r#"{"error": "case not found"}"#;
const NUMBER_REQUIRED: &str = r#"{"error": "number data is required", "ok": false}"#;
const IS_NOT_FOUND: &str = r#"Refused(Failure { error: Some("case not found"), ok: Some(false) })"#;
const IS_NUMBER_REQUIRED: &str = r#"Refused(Failure { error: Some("number data is required"), ok: Some(false) })"#;

/// The failures that all operations but `login` share, and a response under a status that
/// is `default`.
macro_rules! failures {
    ($($id:literal)+) => {
        [$(
            [
                ($id, 400, NOT_FOUND, IS_NOT_FOUND),
                ($id, 404, NOT_FOUND, IS_NOT_FOUND),
                ($id, 500, NOT_FOUND, IS_NOT_FOUND),
                ($id, 400, NUMBER_REQUIRED, IS_NUMBER_REQUIRED),
                ($id, 409, NUMBER_REQUIRED, IS_NUMBER_REQUIRED),
                ($id, 302, NOT_FOUND_BARE, r#"Refused(Failure { error: Some("case not found") })"#),
                ($id, 401, "", "Unauthorized(None)"),
                ($id, 401, "<html>Login</html>", "Unauthorized(None)"),
                ($id, 401, NUMBER_REQUIRED,
                 r#"Unauthorized(Some(Failure { error: Some("number data is required"), ok: Some(false) }))"#),
                ($id, 403, "", "Forbidden(None)"),
                ($id, 403, "<html>Forbidden</html>", "Forbidden(None)"),
                ($id, 403, NOT_FOUND_BARE, r#"Forbidden(Some(Failure { error: Some("case not found") }))"#),
            ],
        )+]
    };
}

const FAILURES: [[Decoded; 12]; 7] =
    failures!("getCase" "createCase" "attachFile" "downloadFile" "addMessage" "updateCase" "listCases");

const RESPONSES: &[Decoded] = &[
    ("login", 200, super::SIGNED_IN, r#"Ok(LoginResponse { code: 0, message: Some("") })"#),
    (
        "login",
        200,
        r#"{"Code": 200, "Message": "", "Exception": null, "PasswordChangeUrl": null, "RedirectUrl": null}"#,
        r#"Ok(LoginResponse { code: 200, message: Some("") })"#,
    ),
    (
        "login",
        200,
        r#"{"Code": 1,
        "Message": "Вы ввели неправильный логин или пароль. Проверьте корректность введенных данных или обратитесь к системному администратору. Системный администратор может изменить пароль на странице пользователя",
        "Exception": {"HelpLink": null, "InnerException": null,
        "Message": "Вы ввели неправильный логин или пароль. Проверьте корректность введенных данных или обратитесь к системному администратору. Системный администратор может изменить пароль на странице пользователя",
        "StackTrace": "", "Type": "System.Security.SecurityException"}, "PasswordChangeUrl": null, "RedirectUrl": null}"#,
        r#"Refused(LoginResponse { code: 1, exception: Some(LoginException {
        message: Some("Вы ввели неправильный логин или пароль. Проверьте корректность введенных данных или обратитесь к системному администратору. Системный администратор может изменить пароль на странице пользователя"),
        stack_trace: Some(""), type_: Some("System.Security.SecurityException") }),
        message: Some("Вы ввели неправильный логин или пароль. Проверьте корректность введенных данных или обратитесь к системному администратору. Системный администратор может изменить пароль на странице пользователя") })"#,
    ),
    ("login", 403, "", "Forbidden"),
    (
        "getCase",
        200,
        r#"{"ok": true, "data": {"files": [], "messages": [{"contact": "Иван Петров",
        "createdon": "13.11.2020 11:59:06", "files": [], "id": "b1d0f9b9-cf11-4264-9266-2f659352589c",
        "text": "123456672"}, {"contact": "Иван Петров", "createdon": "13.11.2020 12:02:08", "files": [{
        "name": "case.xlsx", "size": "35000",
        "url": "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/840a6198-f5b8-40ee-9b01-32f522df50df"
        }], "id": "03c6a743-528f-4370-962f-69cbd188ce63", "text": ""}], "number": "SR00683913", "priority": 4,
        "solution": "", "status": "Открыто", "subject": "Проблема с авторизацией",
        "symptoms": "Не выполняется авторизация с помощью УКЭП"}}"#,
        r#"Ok(Case { files: [], messages: [Message { contact: "Иван Петров", createdon: 13.11.2020 11:59:06, files: [],
        id: "b1d0f9b9-cf11-4264-9266-2f659352589c", text: "123456672" }, Message { contact: "Иван Петров",
        createdon: 13.11.2020 12:02:08, files: [File { name: "case.xlsx", size: 35000,
        url: "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/840a6198-f5b8-40ee-9b01-32f522df50df"
        }], id: "03c6a743-528f-4370-962f-69cbd188ce63", text: "" }], number: "SR00683913", priority: 4, solution: "",
        status: "Открыто", subject: "Проблема с авторизацией",
        symptoms: "Не выполняется авторизация с помощью УКЭП" })"#,
    ),
    (
        "getCase",
        200,
        r#"{"ok": true, "data": {"files": [], "messages": [{"contact": "Иван Петров",
        "createdon": "16.11.2020 09:14:30", "files": [], "id": "5d6f1c42-3a0e-4f0b-9a57-0c1f3f6f2b10",
        "text": "Уведомление о поставке не приходит второй день"}], "number": "SR00684153", "priority": 2,
        "solution": "Уведомления отправлены повторно, проверьте получение", "status": "Требуется ваше внимание",
        "subject": "Не приходит уведомление", "symptoms": "Не приходит уведомление о поставке"}}"#,
        r#"Ok(Case { files: [], messages: [Message { contact: "Иван Петров", createdon: 16.11.2020 09:14:30, files: [],
        id: "5d6f1c42-3a0e-4f0b-9a57-0c1f3f6f2b10", text: "Уведомление о поставке не приходит второй день" }],
        number: "SR00684153", priority: 2, solution: "Уведомления отправлены повторно, проверьте получение",
        status: "Требуется ваше внимание", subject: "Не приходит уведомление",
        symptoms: "Не приходит уведомление о поставке" })"#,
    ),
    ("getCase", 200, NOT_FOUND_BARE, r#"Refused(Failure { error: Some("case not found") })"#),
    ("createCase", 200, r#"{"ok": true, "data": "SR00683913"}"#, r#"Ok("SR00683913")"#),
    ("createCase", 200, NOT_FOUND, IS_NOT_FOUND),
    (
        "attachFile",
        200,
        r#"{"ok": true, "data": "http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/e4ab3bc8-ee50-4376-baab-8ee9657d90d0"}"#,
        r#"Ok("http://10.200.199.1:84/0/ssp/rest/PublicWebServices/file/55c1fe71-17a1-4bd2-a4b2-7799ccaac996/e4ab3bc8-ee50-4376-baab-8ee9657d90d0")"#,
    ),
    ("attachFile", 200, NUMBER_REQUIRED, IS_NUMBER_REQUIRED),
    ("downloadFile", 200, "bytes of case.xlsx", r#"Ok(b"bytes of case.xlsx")"#),
    (
        "addMessage",
        200,
        r#"{"ok": true, "data": "03c6a743-528f-4370-962f-69cbd188ce63"}"#,
        r#"Ok("03c6a743-528f-4370-962f-69cbd188ce63")"#,
    ),
    ("addMessage", 200, NUMBER_REQUIRED, IS_NUMBER_REQUIRED),
    ("updateCase", 200, r#"{"ok": true, "data": "SR00684153"}"#, r#"Ok("SR00684153")"#),
    ("updateCase", 200, NUMBER_REQUIRED, IS_NUMBER_REQUIRED),
    (
        "listCases",
        200,
        r#"{"ok": true, "data": [{"number": "SR00683913", "priority": 4, "status": "Открыто",
        "subject": "Проблема с авторизацией"}, {"number": "SR00684153", "priority": 2,
        "status": "Требуется ваше внимание", "subject": "Не приходит уведомление"}]}"#,
        r#"Ok([CaseSummary { files: [], messages: [], number: Some("SR00683913"), priority: Some(4),
        status: Some("Открыто"), subject: Some("Проблема с авторизацией") }, CaseSummary { files: [], messages: [],
        number: Some("SR00684153"), priority: Some(2), status: Some("Требуется ваше внимание"),
        subject: Some("Не приходит уведомление") }])"#,
    ),
    ("listCases", 200, r#"{"ok": true, "data": []}"#, "Ok([])"),
];

/// Answers operation `id` with `status` and `body`, as often as it asks.
async fn check((id, status, body, expect): &Decoded) {
    let portal = portal().await;
    let response = match *body {
        "" => Response::empty(*status),
        body if body.starts_with('<') => Response::html(*status, body),
        _ => Response::json(*status, &flat(body)),
    };
    if *id == "login" {
        portal.sign_ins([with_cookies(response, 1)]);
    } else {
        // A session that seems to have ended is tried once more.
        portal.responses([response.clone(), response]);
    }
    let outcome = row(ROWS, id).outcome(&connect(&portal)).await;
    assert_eq!(outcome.text, flat(expect), "{id} {status} {body}");
    let Some(seen) = outcome.error else { return };
    assert_eq!((seen.operation, seen.status), (*id, Some(*status)), "{id} {status} {body}");
    assert_eq!(seen.kind, kind(*status), "{id} {status} {body}");
    // The server's own words, in the error and for who asks for them.
    let body: serde_json::Value = serde_json::from_str(&flat(body)).unwrap_or_default();
    let words = body["error"].as_str().or(body["Message"].as_str());
    assert_eq!(seen.message.as_deref(), words, "{id} {status} {body}");
    if let Some(words) = words {
        // Long ones may be cut.
        let begin: String = words.chars().take(100).collect();
        assert!(seen.display.contains(&format!("saying: {begin}")), "{}", seen.display);
    }
    assert_eq!(seen.code.map(|(number, _)| number), body["Code"].as_i64());
}

#[tokio::test]
async fn every_documented_response_is_decoded() {
    join_all(RESPONSES.iter().chain(FAILURES.iter().flatten()).map(check)).await;
}

#[test]
fn no_status_and_no_example_is_forgotten() {
    check_complete(RESPONSES.iter().chain(FAILURES.iter().flatten()), documented());
}
