//! What can be printed without an answer: configurations and clients, credentials, files, values of the types that a spec marks
//! as secret, and the errors of what can't be configured, built or sent.

use std::{collections::BTreeSet, fmt::Debug, time::Duration};

use reqwest::{
    Proxy,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use casewire::{Base64, Config, ConfigError, Part, RetryPolicy, Secret, callback, contractor, crpt};

use crate::{
    interfaces::{
        Callback, Contractor, Crpt, Interface, Legalcase,
        outcome::{Shown, chain, panic_of, printed},
        spec,
    },
    logged::Logged,
    sample::planted,
    search::Secrets,
    support::{quick::quick, recorder::Answer},
};

const SECRET: &str = "pR0x!yW7-qZ3vK9xT";

/// Searches what is shown for [`SECRET`].
#[track_caller]
fn assert_unseen(shown: Shown) {
    let mut secrets = Secrets::new();
    secrets.add("secret", SECRET.as_bytes());
    secrets.add("secret of an answer", planted(1).as_bytes());
    for (name, text) in shown {
        assert!(secrets.find(text.as_bytes()).is_none(), "the secret is seen in the {name}: {text}");
    }
}

/// An error, the errors below it, and a panic with it.
fn shown<T, E: std::error::Error + 'static>(result: Result<T, E>) -> Shown {
    let Err(error) = result else { panic!("an error was expected") };
    let mut shown = chain(&error);
    shown.push(("panic", panic_of(Err::<(), _>(error))));
    shown
}

/// A configuration with a secret wherever one can be.
fn secretive(origin: &str, proxy: &str) -> Config {
    let proxy = Proxy::all(proxy.replace("//", &format!("//gate:{SECRET}@"))).unwrap();
    quick(origin).header("x-gateway", SECRET).unwrap().http(move |client| {
        let mut headers = HeaderMap::new();
        // Not marked as sensitive.
        headers.insert(AUTHORIZATION, HeaderValue::from_str(SECRET).unwrap());
        client.tls_certs_only([]).default_headers(headers).proxy(proxy.clone())
    })
}

/// With a proxy that can't be reached, which is what the error is about.
async fn check_client<I: Interface>() {
    for origin in ["http://127.0.0.1:9", "https://desk.invalid"] {
        let logged = Logged::start();
        let config = secretive(origin, "http://127.0.0.1:9").connect_timeout(Duration::from_secs(2));
        let mut all = printed("config", &config);
        let client = I::connect(config);
        all.append(&mut printed("client", &client));
        let mut outcome = (I::calls()[0].call)(&client).await;
        assert!(outcome.error.is_some());
        all.append(&mut outcome.shown);
        all.extend(logged.take().into_iter().map(|text| ("log", text)));
        assert_unseen(all);
    }
}

#[tokio::test]
async fn clients_and_what_they_are_configured_with() {
    check_client::<Contractor>().await;
    check_client::<Crpt>().await;
    check_client::<Legalcase>().await;
    check_client::<Callback>().await;
}

#[test]
fn configurations_that_cannot_work() {
    let url = |url: &str| Config::new(&url.replace('…', SECRET));
    assert_unseen(shown(url("https://user:…@desk.example")));
    assert_unseen(shown(url("https://…@desk.example")));
    assert_unseen(shown(url("https://desk.example/?token=…")));
    assert_unseen(shown(url("https://desk.example/#…")));
    assert_unseen(shown(url("//…")));
    assert_unseen(shown(url("https://desk example/…")));
    let config = || Config::new("https://desk.example").unwrap();
    assert_unseen(shown(config().header("x-gateway", format!("{SECRET}\n"))));
    // A whole line of a header in place of its name.
    assert_unseen(shown(config().header(&format!("x-gateway: {SECRET}"), "")));
    assert_unseen(shown(config().header(&format!("x-gateway={SECRET}"), "")));
    for path in [format!("/auth?token={SECRET}"), format!("/auth#{SECRET}"), format!("auth?token={SECRET}")] {
        let endpoints = callback::Endpoints { authenticate: path, ..callback::Endpoints::default() };
        let connected = callback::Client::connect(config(), callback::Auth::user("u", SECRET), endpoints);
        let Err(error @ ConfigError::Path(_)) = connected else { panic!("{connected:?}") };
        assert_unseen(shown(Err::<(), _>(error)));
    }
}

#[tokio::test]
async fn values_of_the_crate() {
    assert_unseen(printed("policy", &RetryPolicy::default()));
    assert_unseen(printed("secret", &Secret::from(SECRET)));
    assert_unseen(printed("bytes", &Base64::from(SECRET)));
    assert_unseen(shown(format!("{SECRET}?").parse::<Base64>()));
    let path = std::env::temp_dir().join("casewire-test-of-secrets");
    std::fs::write(&path, SECRET).unwrap();
    for part in
        [Part::bytes(SECRET), Part::stream(SECRET), Part::from(SECRET.as_bytes()), Part::file(&path).await.unwrap()]
    {
        assert_unseen(printed("part", &part));
    }
    std::fs::remove_file(&path).unwrap();
}

/// Reads a value of a type with secrets, as a program may do that keeps requests.
fn read<T: DeserializeOwned + Serialize + Debug>(json: &Value) -> Shown {
    let value: T = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), *json, "the secrets are in it");
    printed("value", &value)
}

type Read = fn(&Value) -> Shown;

fn check_types<I: Interface>(types: &[(&str, Read)]) {
    let spec = spec::<I>();
    let schemas = spec.at("/components/schemas").as_object().unwrap();
    let secret_properties = |schema: &Value| -> Vec<(String, Value)> {
        let properties = schema["properties"].as_object().into_iter().flatten();
        let secret = properties.filter(|(_, property)| property["x-secret"] == true);
        secret.map(|(name, property)| (name.clone(), property.clone())).collect()
    };
    let with_secrets: BTreeSet<_> = schemas
        .iter()
        .filter(|(_, schema)| !secret_properties(schema).is_empty())
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(with_secrets, types.iter().map(|(name, _)| *name).collect());
    for (name, read) in types {
        let mut value = json!({});
        for required in schemas[*name]["required"].as_array().into_iter().flatten() {
            value[required.as_str().unwrap()] = json!("x");
        }
        for (property, schema) in secret_properties(&schemas[*name]) {
            let bytes = || Base64::from(SECRET).encoded();
            value[property] = if schema["format"] == "byte" { json!(bytes()) } else { json!(SECRET) };
        }
        assert_unseen(read(&value));
    }
}

#[test]
fn types_with_secrets() {
    use contractor::types as of_contractor;
    check_types::<Contractor>(&[
        ("Call", read::<of_contractor::Call>),
        ("ChangePasswordDTO", read::<of_contractor::ChangePasswordDto>),
        ("RegisterUserDTO", read::<of_contractor::RegisterUserDto>),
        ("SignInInputDTO", read::<of_contractor::SignInInputDto>),
        ("TokenDTO", read::<of_contractor::TokenDto>),
        ("User", read::<of_contractor::User>),
    ]);
    check_types::<Crpt>(&[("LoginRequest", read::<crpt::types::LoginRequest>)]);
    check_types::<Callback>(&[
        ("Credentials", read::<callback::types::Credentials>),
        ("Token", read::<callback::types::Token>),
    ]);
    check_types::<Legalcase>(&[]);
}

/// What the spec refuses is not repeated by the error that says so.
#[tokio::test]
async fn requests_that_cannot_be_built() {
    let server = crate::interfaces::Server::start(|_| Answer::empty(599)).await;
    let client = Contractor::connect(quick(&server.origin()));
    let long = || SECRET.repeat(3);
    assert_unseen(shown(client.sign_in().body_map(|b| b.hashed_password(SECRET).salt(SECRET)).send().await));
    assert_unseen(shown(
        client.sign_in().body_map(|b| b.user_name("u").hashed_password("AAEC").salt(long())).send().await,
    ));
    assert_unseen(shown(client.sign_in().body_map(|b| b.user_name(SECRET.repeat(200))).send().await));
    assert_unseen(shown(client.change_password().id(1).body_map(|b| b.new_password(&SECRET[..4])).send().await));
    assert_unseen(shown(client.register_user().body_map(|b| b.password(SECRET)).send().await));
    // A secret in a place that no secret is meant for is not shown there either.
    let portal = Crpt::connect(quick(&server.origin()));
    assert_unseen(shown(
        portal
            .login()
            .force_use_session(format!("{SECRET}\n"))
            .body_map(|b| b.user_name("u").user_password("p"))
            .send()
            .await,
    ));
    assert_unseen(shown(portal.download_link(&format!("https://elsewhere.example/a?token={SECRET}"))));
    let key = contractor::Auth::external_system(format!("{SECRET}\u{7}"));
    let desk = contractor::Client::connect(quick(&server.origin()), key).unwrap();
    assert_unseen(shown(desk.get_call().id(1).send().await));
    assert_eq!(server.requests().len(), 0, "nothing was sent");
}
