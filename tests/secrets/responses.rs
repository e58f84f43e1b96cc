//! What a server may respond to an operation: all that its spec documents, with secrets
//! where it documents secrets, and all sorts of responses that repeat every secret there
//! is.

use std::collections::BTreeMap;

use casewire::Operation;
use serde_json::{Value, json};
use support::{
    interfaces::{Interface, contractor},
    recorder::Response,
    spec::Spec,
};

use super::sample::{self, Body, planted};

/// A header of the configuration.
pub const GATEWAY: &str = "gW6*pX4^bC8&nM3!oL0~";

pub struct NamedResponse {
    pub name: String,
    pub response: Response,
    /// How many secrets a success has in its value.
    pub secrets: Option<usize>,
}

/// Everything that is secret, as a server knows it.
pub fn known<I: Interface>() -> BTreeMap<&'static str, String> {
    let sent = I::sent().into_iter().map(|(name, secret)| (name, String::from_utf8(secret).unwrap()));
    let own = [("header of a gateway", GATEWAY.to_owned()), ("password", contractor::PASSWORD.to_owned())];
    sent.chain(own).chain([("secret of the server", planted(0))]).collect()
}

/// The responses to an operation of an interface.
pub fn responses<I: Interface>(spec: &Spec, operation: &Operation) -> Vec<NamedResponse> {
    let known = known::<I>();
    let echo = json!(known.values().collect::<Vec<_>>());
    let mut all = documented(spec, operation, &echo);
    let text = known.values().cloned().collect::<Vec<_>>().join(" ");
    let page = format!("<html><title>{text}</title><body>{echo}</body></html>");
    let mut add =
        |name: &str, response: Response| all.push(NamedResponse { name: name.to_owned(), response, secrets: None });

    for status in [200, 204, 400, 401, 404, 418, 502] {
        add(&format!("a page under {status}"), Response::html(status, &page));
        add(&format!("a list under {status}"), Response::json(status, &echo.to_string()));
        add(&format!("a text under {status}"), Response::json(status, &json!(text).to_string()));
        add(&format!("no JSON under {status}"), Response::json(status, &text));
        let nested = json!({"error": echo, "errorCode": echo, "Code": echo, "statusCode": echo, "data": echo});
        add(&format!("wrong types under {status}"), Response::json(status, &nested.to_string()));
        let odd = format!("x-secret/{}; charset={}", legal(&known, false), legal(&known, true));
        add(&format!("an odd media type under {status}"), Response::bytes(status, "{").header("content-type", &odd));
    }
    // As names of properties, though no property of a response is called so.
    let names: String = known.values().map(|secret| format!("{{{}:", json!(secret))).collect();
    for (what, rest) in [("cut off", "["), ("no JSON", "x}"), ("not closed", "1}")] {
        add(&format!("secrets for names, {what}"), Response::json(200, &format!("{names}{rest}")));
        add(&format!("secrets for names in a list, {what}"), Response::json(200, &format!("[{names}{rest}")));
        add(&format!("secrets for names of a failure, {what}"), Response::json(400, &format!("{names}{rest}")));
    }
    for status in [301, 302, 303, 307, 308] {
        let away = format!("https://elsewhere.example/{0}?token={0}", legal(&known, true));
        add(&format!("a redirect {status}"), Response::html(status, &page).header("location", &away));
    }
    add("the end of the connection", Response::Close);
    add("a body that breaks off", Response::CutOff(page.clone().into_bytes()));
    // Headers that repeat secrets go with every response.
    for answered in &mut all {
        let response = std::mem::replace(&mut answered.response, Response::Close);
        answered.response = response
            .header("set-cookie", &format!("echo={}; path=/", legal(&known, true)))
            .header("x-echo", &legal(&known, false))
            .header("www-authenticate", &format!("Bearer realm=\"{}\"", legal(&known, true)));
    }
    all
}

/// Every documented response, whole and cut off, and with each of its values in turn wrong.
fn documented(spec: &Spec, operation: &Operation, echo: &Value) -> Vec<NamedResponse> {
    let mut all = Vec::new();
    // Without a schema of its own, a failure under a success status is the envelope itself.
    let default = spec.responses(operation.id).into_iter().find(|(status, _)| *status == "default");
    let failure = default.map(|(_, response)| &response["content"]["application/json"]["schema"]);
    for (status, response) in spec.responses(operation.id) {
        let number = status.parse().unwrap_or(500);
        let schema = &response["content"]["application/json"]["schema"];
        let when = spec.failure_when(response);
        if operation.downloads && number == 200 {
            let (name, content) = ("a download".to_owned(), echo.to_string().into_bytes());
            all.push(NamedResponse { name, response: Response::bytes(200, content), secrets: Some(0) });
        }
        let branches = match when {
            _ if schema.is_null() => vec![],
            Some(_) => vec![(failure.unwrap_or(schema), false), (schema, true)],
            None => vec![(schema, number < 300)],
        };
        for (schema, is_success) in branches {
            let name = format!("{status}, {}", if is_success { "a success" } else { "a failure" });
            let whole = |wrong| {
                let mut made = sample::body(spec, schema, echo, wrong);
                mark(&mut made.body, when, is_success);
                if let Some(body) = made.body.as_object_mut() {
                    body.insert("echo".to_owned(), echo.clone());
                }
                made
            };
            let Body { body, values, secrets } = whole(None);
            let text = body.to_string();
            let response = Response::json(number, &text);
            all.push(NamedResponse { name: name.clone(), response, secrets: is_success.then_some(secrets) });
            let mut add = |name: String, response| all.push(NamedResponse { name, response, secrets: None });
            for wrong in 0..values {
                let body = whole(Some(wrong)).body.to_string();
                add(format!("{name}, value {wrong} wrong"), Response::json(number, &body));
            }
            for part in 1..4 {
                let cut = &text.as_bytes()[..text.len() * part / 4];
                add(
                    format!("{name}, cut off"),
                    Response::bytes(number, cut).header("content-type", "application/json"),
                );
            }
            add(format!("{name}, and more"), Response::json(number, &format!("{text}{echo}")));
            add(format!("{name}, breaks off"), Response::CutOff(text.into_bytes()));
        }
        if schema.is_null() {
            let response = Response::empty(number);
            all.push(NamedResponse { name: format!("{status}, empty"), response, secrets: None });
        }
    }
    all
}

/// Makes a body say what tells a failure from a success.
fn mark(body: &mut Value, when: Option<&Value>, is_success: bool) {
    let (Some(when), Some(body)) = (when, body.as_object_mut()) else { return };
    let Some(property) = when["property"].as_str() else { return };
    if is_success && when["present"] == true {
        body.remove(property);
    } else if is_success && body[property].is_number() {
        body.insert(property.to_owned(), when["not"][0].clone());
    }
}

/// The secrets that can stand in a header, and those that can stand in a cookie.
fn legal(known: &BTreeMap<&'static str, String>, in_cookies: bool) -> String {
    let legal = |c: char| c.is_ascii_graphic() && !(in_cookies && ";,\"\\()<>@:?{}[]=".contains(c));
    let secrets: Vec<_> = known.values().filter(|secret| secret.chars().all(legal)).map(String::as_str).collect();
    assert!(!secrets.is_empty());
    secrets.join(if in_cookies { "." } else { " " })
}
