//! Every operation with every sort of response, and every sign-in with every sort of
//! response: whatever can be printed then, and whatever was logged, is searched for every
//! secret that was sent or received.

use std::collections::HashSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use casewire::Base64;
use support::{
    interfaces::{
        Callback, Contractor, Crpt, Interface, Legalcase, Server, answering, calls, contractor, is_sign_in, spec,
    },
    logged::Logged,
    outcome::{Exposed, Shown, printed},
    quick::quick,
    recorder::{Request, Response},
    row::Row,
};

use super::{
    responses::{GATEWAY, NamedResponse, known, responses},
    sample::{MOST, planted},
    search::Secrets,
};

/// What is searched, and for what.
struct Hunt {
    secrets: Secrets,
    logged: Logged,
    /// Texts that were searched already.
    seen: HashSet<String>,
    /// What arrived at servers.
    arrived: Vec<Request>,
    /// What was found, all of which is reported.
    leaks: Vec<String>,
}

impl Hunt {
    fn new<I: Interface>() -> Self {
        let mut secrets = Secrets::new();
        for (name, secret) in known::<I>() {
            secrets.add(name, secret.as_bytes());
        }
        for number in 0..=MOST {
            secrets.add("secret of a response", planted(number).as_bytes());
            secrets.add("secret of a response", Base64::from(planted(number).into_bytes()).encoded().as_bytes());
        }
        secrets.add("hash of the password", &Sha256::digest(contractor::PASSWORD));
        Self { secrets, logged: Logged::start(), seen: HashSet::new(), arrived: Vec::new(), leaks: Vec::new() }
    }

    /// Calls with a new client, and looks at everything there is to see then.
    async fn call<I: Interface>(&mut self, what: &str, call: &Row<I>, server: &Server) -> Exposed {
        let config = quick(&server.origin()).header("x-gateway", GATEWAY).unwrap();
        let mut shown = printed("config", &config);
        let client = I::connect(config);
        shown.append(&mut printed("client", &client));
        let mut outcome = (call.call)(&client).await.exposed().await;
        shown.append(&mut printed("client with a session", &client));
        shown.append(&mut outcome.shown);
        shown.extend(self.logged.take().into_iter().map(|text| ("log", text)));

        let arrived = server.requests();
        for sign_in in arrived.iter().filter(|request| is_sign_in::<I>(request)) {
            // Each has a hash and a salt of its own.
            let body: Value = serde_json::from_slice(&sign_in.body).unwrap_or_default();
            for name in ["hashedPassword", "salt"] {
                if let Some(text) = body[name].as_str() {
                    self.secrets.add(name, text.as_bytes());
                    self.secrets.add(name, text.parse::<Base64>().unwrap().as_bytes());
                }
            }
        }
        self.arrived.extend(arrived);
        // Every server has a port of its own; without it, most texts are the same again and again.
        let port = server.origin().rsplit_once(':').unwrap().1.to_owned();
        shown.iter_mut().for_each(|(_, text)| *text = text.replace(&port, "port"));
        self.search(what, call.id, shown);
        outcome
    }

    fn search(&mut self, what: &str, id: &str, shown: Shown) {
        for (name, text) in shown {
            if !self.seen.insert(text.clone()) {
                continue;
            }
            if let Some(secret) = self.secrets.find(text.as_bytes()) {
                self.leaks.push(format!("{id}, {what}: the {secret} is seen in the {name}: {text}"));
            }
        }
    }

    fn assert_no_leaks(&self) {
        assert!(self.leaks.is_empty(), "{} leaks\n{}", self.leaks.len(), self.leaks.join("\n"));
    }

    /// What was searched for was sent, and logs, reqwest's too, were among what was searched.
    fn assert_not_in_vain<I: Interface>(&self) {
        let text = |Request { target, headers, body, .. }: &Request| {
            format!("{target} {headers:?}\n{}", String::from_utf8_lossy(body))
        };
        let arrived: Vec<_> = self.arrived.iter().map(text).collect();
        for (name, secret) in I::sent().into_iter().chain([("header of a gateway", GATEWAY.as_bytes().to_vec())]) {
            let mut one = Secrets::new();
            one.add(name, &secret);
            // Most are sent as they are, which is found sooner.
            let sent = arrived.iter().any(|text| one.find_plain(text.as_bytes()).is_some())
                || arrived.iter().any(|text| one.find(text.as_bytes()).is_some());
            assert!(sent, "the {name} was never sent");
        }
        for logged in ["target: \"casewire\"", "reqwest::connect: starting new connection"] {
            assert!(self.seen.iter().any(|text| text.contains(logged)), "{logged} was never logged");
        }
    }
}

/// Every operation, with every response to it.
async fn check_operations<I: Interface>() {
    let (spec, mut hunt) = (spec::<I>(), Hunt::new::<I>());
    hunt.search("", "values", I::values());
    for call in calls::<I>() {
        for NamedResponse { name, response, secrets } in responses::<I>(spec, call.operation()) {
            let server = answering::<I>(call, move |_| response.clone()).await;
            let outcome = hunt.call::<I>(&name, call, &server).await;
            assert!(
                server.requests().iter().any(|request| call.is_it(request)),
                "{}, {name}: nothing was sent",
                call.id
            );
            let Some(secrets) = secrets else { continue };
            // It is a success, and the secrets of the response are in its value.
            let value = outcome.value.unwrap_or_else(|| panic!("{}, {name}: {:?}", call.id, outcome.error));
            for number in 1..=secrets {
                let mut one = Secrets::new();
                one.add("it", planted(number).as_bytes());
                assert!(one.find(&value).is_some(), "{}, {name}: secret {number} is not in the value", call.id);
            }
        }
    }
    hunt.assert_not_in_vain::<I>();
    hunt.assert_no_leaks();
}

/// Every sign-in, with every response to it.
async fn check_sign_ins<I: Interface>() {
    let (spec, mut hunt) = (spec::<I>(), Hunt::new::<I>());
    let call = calls::<I>().into_iter().find(|call| Some(call.id) == I::NEEDS_SIGN_IN).unwrap();
    for end in I::SIGN_INS {
        let operation = I::OPERATIONS.iter().find(|operation| operation.path.ends_with(end)).unwrap();
        for NamedResponse { name, response, .. } in responses::<I>(spec, operation) {
            // A session that is refused is renewed, which is one of the sign-ins.
            let server = Server::start(move |request| match is_sign_in::<I>(request) {
                true if request.target.ends_with(end) => response.clone(),
                true => I::signed_in(),
                false => Response::empty(401),
            })
            .await;
            let outcome = hunt.call::<I>(&format!("sign-in with {name}"), call, &server).await;
            assert!(server.requests().iter().any(|request| request.target.ends_with(end)), "{end}, {name}");
            assert!(outcome.error.is_some(), "{end}, {name}");
        }
    }
    hunt.assert_no_leaks();
}

#[tokio::test]
async fn contractor() {
    check_operations::<Contractor>().await;
}

#[tokio::test]
async fn contractor_signs_in() {
    check_sign_ins::<Contractor>().await;
}

#[tokio::test]
async fn crpt() {
    check_operations::<Crpt>().await;
}

#[tokio::test]
async fn crpt_signs_in() {
    check_sign_ins::<Crpt>().await;
}

#[tokio::test]
async fn legalcase() {
    check_operations::<Legalcase>().await;
}

#[tokio::test]
async fn callback() {
    check_operations::<Callback>().await;
}

#[tokio::test]
async fn callback_signs_in() {
    check_sign_ins::<Callback>().await;
}
