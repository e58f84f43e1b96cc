//! What can be printed without a response: configurations and clients, credentials, files,
//! values of the types that a spec marks as secret, and the errors of what can't be
//! configured, built or sent.

use std::{collections::BTreeSet, fmt::Debug, time::Duration};

use reqwest::{
    Proxy,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use casewire::{
    AnyError, Base64, Config, ConfigError, ErrorKind, Part, RetryPolicy, Secret, SessionFailure, UserPassword,
    callback, contractor, crpt,
};
use support::{
    interfaces::{Callback, Contractor, Crpt, Interface, Legalcase, Server, spec},
    logged::Logged,
    outcome::{Shown, assert_told_once, chain, panic_of, printed},
    quick::quick,
    recorder::Response,
};

use super::{sample::planted, search::Secrets};

const SECRET: &str = "pR0x!yW7-qZ3vK9xT";

/// Searches what is shown for [`SECRET`].
#[track_caller]
fn assert_unseen(shown: Shown) {
    let mut secrets = Secrets::new();
    secrets.add("secret", SECRET.as_bytes());
    secrets.add("secret of a response", planted(1).as_bytes());
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
        client.default_headers(headers).proxy(proxy.clone())
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
        let mut outcome = (I::ROWS[0].call)(&client).await.exposed().await;
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
    for part in [Part::bytes(SECRET), Part::reader(SECRET.as_bytes()), Part::from(SECRET.as_bytes()), Part::file(&path)]
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

/// A request shows nothing of what it was given, secret or not.
#[test]
fn requests_being_built() {
    let contractor = Contractor::connect(quick("http://127.0.0.1:9"));
    let sign_in = contractor.sign_in().body_map(|b| b.user_name(SECRET).hashed_password(SECRET));
    assert_unseen(printed("sign-in", &sign_in));
    assert_unseen(printed("call", &contractor.add_user_message().id(1).body_map(|b| b.message(SECRET))));
    assert_unseen(printed("upload", &contractor.upload_call_task_attachment().id(1).attachment(SECRET.as_bytes())));
    let crpt = Crpt::connect(quick("http://127.0.0.1:9"));
    assert_unseen(printed("case", &crpt.get_case().number(SECRET)));
    let build = |b: contractor::types::builder::PostCallMessageInputDtoBuilder| b.message(SECRET);
    assert_unseen(printed("body", &build(contractor::types::PostCallMessageInputDto::builder())));
}

/// What the spec refuses is not repeated by the error that says so.
#[tokio::test]
async fn requests_that_cannot_be_built() {
    let server = support::interfaces::Server::start(|_| Response::empty(599)).await;
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
    assert_unseen(shown(portal.download_link(&format!("https://elsewhere.example/a?token={SECRET}"))));
    let key = contractor::Auth::external_system(format!("{SECRET}\u{7}"));
    let desk = contractor::Client::connect(quick(&server.origin()), key).unwrap();
    assert_unseen(shown(desk.get_call().id(1).send().await));
    assert_eq!(server.requests().len(), 0, "nothing was sent");
}

type Provided = Result<UserPassword, Box<dyn std::error::Error + Send + Sync>>;

/// What a client that asks a provider comes to: its first call, and the next one, which
/// is told what the first one was. Gives all that there is to print.
async fn provided(provide: fn() -> Provided, kind: ErrorKind) -> [(AnyError, Shown); 2] {
    // Whatever was sent, comes back.
    let server = Server::start(|request| {
        let response = Response::json(401, &format!(r#"{{"echo":{:?},"data":{{"echo":{SECRET:?}}}}}"#, request.text()));
        response.header("x-echo", SECRET).header("set-cookie", &format!("echo={SECRET}; path=/"))
    })
    .await;
    let auth = callback::Auth::user_from(move || async move { provide() });
    let mut shown = printed("auth", &auth);
    let client = callback::Client::connect(quick(&server.origin()), auth, callback::Endpoints::default()).unwrap();
    let mut told = Vec::new();
    for _ in 0..2 {
        let error = AnyError::from(client.commit_batch().code("b").send().await.unwrap_err());
        shown.append(&mut printed("client", &client));
        shown.append(&mut chain(&error));
        let session = error.session().unwrap();
        assert_eq!(error.kind(), kind, "{error}");
        let SessionFailure::Failed(sign_in) = session.reason() else { panic!("{session:?}") };
        for below in [session as &(dyn std::error::Error + 'static), session.reason(), sign_in, &error] {
            shown.append(&mut chain(below));
            assert_told_once(below);
        }
        if let Some(response) = sign_in.error() {
            assert!(response.body().unwrap().windows(SECRET.len()).any(|text| text == SECRET.as_bytes()));
            assert_eq!(response.headers().unwrap()["x-echo"], SECRET);
            shown.append(&mut chain(response));
        }
        told.push((error, std::mem::take(&mut shown)));
    }
    told.try_into().unwrap()
}

#[tokio::test]
async fn providers() {
    let vault = || async { Ok::<_, Box<dyn std::error::Error + Send + Sync>>(UserPassword::new("ivanov", SECRET)) };
    assert_unseen(printed("user", &UserPassword::new("ivanov", SECRET)));
    assert_unseen(printed("auth", &callback::Auth::user_from(vault)));
    assert_unseen(printed("auth", &contractor::Auth::user_from(vault)));
    assert_unseen(printed("auth", &crpt::Auth::user_from(vault)));
    let refused = provided(|| Ok(UserPassword::new("ivanov", SECRET)), ErrorKind::Authentication).await;
    let [first, next] = refused.map(|(error, shown)| {
        assert_unseen(shown);
        error.to_string()
    });
    let reason = first.split_once("no session: ").unwrap().1;
    assert!(reason.starts_with("POST /api/v1/auth/ (authenticate): "), "{first}");
    assert!(
        next.ends_with(&format!("no session: the sign-in was refused 0 s ago, next try in 30 s: {reason}")),
        "{next}"
    );
}

/// What the provider says is told, and what lies below it is not lost.
#[tokio::test]
async fn providers_that_fail() {
    #[derive(Debug)]
    struct Sealed(std::io::Error);

    impl std::fmt::Display for Sealed {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the vault is sealed")
        }
    }

    impl std::error::Error for Sealed {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    let told = provided(|| Err(Sealed(std::io::Error::other("no key")).into()), ErrorKind::Authentication).await;
    for (error, shown) in told {
        assert_unseen(shown);
        let below = std::error::Error::source(&error).map(ToString::to_string);
        let text = "GET /api/v1/commit/{code}/ (commitBatch): no session: the provider of the credential failed: \
                    the vault is sealed";
        assert_eq!((format!("{error:#}").as_str(), below.as_deref()), (text, Some("no key")));
    }
}

/// What a server says for people can't break a line in a log, nor make it look like another.
#[tokio::test]
async fn messages_stay_on_one_line() {
    let said = "locked\u{2028}until\u{2029}noon\u{202e}won\u{2066}\r\n!";
    let body = json!({"statusCode": 400, "data": {"type": said}}).to_string();
    let server = Server::start(move |request| match request.target.ends_with("/auth/") {
        true => Callback::signed_in(),
        false => Response::json(200, &body),
    })
    .await;
    let client = Callback::connect(quick(&server.origin()));
    let error = client.commit_batch().code("b").send().await.unwrap_err();
    let shown = "locked until noon won   !";
    assert_eq!(error.message().as_deref(), Some(shown));
    assert!(error.to_string().ends_with(&format!("saying: {shown}")), "{error}");
    let error = AnyError::from(error);
    assert_eq!(error.message().as_deref(), Some(shown));
    assert_told_once(&error);
    for odd in ['\u{2028}', '\u{2029}', '\u{202e}', '\u{2066}', '\r'] {
        assert!(!format!("{error}{error:?}{error:#?}").contains(odd), "{odd:?}");
    }
}
