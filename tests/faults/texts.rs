//! What a person on duty reads of the failures that happen most, side by side.

use std::{io, net::TcpListener, sync::Arc, time::Duration};

use casewire::{
    Config, Error, Failure,
    contractor::{Auth, Client},
};
use casewire_sandbox::{Contractor, Fault, contractor::EXTERNAL_SYSTEM_KEY};
use reqwest::dns::{Name, Resolve, Resolving};
use rustls::{
    ServerConfig, ServerConnection,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use support::raw::{Play, Raw, Response};

use super::{
    calls::{CALL, SIGN_INS, desk},
    config, config_of,
};

/// The texts, as far as they are the same each time.
#[derive(Default)]
struct Texts(String);

impl Texts {
    #[track_caller]
    fn add<T, E: Failure>(&mut self, name: &str, result: Result<T, Error<E>>) {
        let Err(error) = result else { panic!("{name}: a success") };
        let mut text = error.to_string();
        if let Some((_, port)) = error.server().rsplit_once(':') {
            text = text.replace(port, "PORT");
        }
        let (before, behind) = text.split_once(" attempts in ").unwrap_or((&text, ""));
        let rest = behind.split_once(" s").map(|(_, rest)| format!(" attempts in N s{rest}"));
        self.0 += &format!("{name}\n    {before}{}\n\n", rest.unwrap_or_default());
    }
}

/// Knows no host.
struct NoNames;

impl Resolve for NoNames {
    fn resolve(&self, _: Name) -> Resolving {
        let unknown = io::Error::other("failed to lookup address information: Name or service not known");
        Box::pin(std::future::ready(Err(unknown.into())))
    }
}

/// Secures connections with a certificate of nobody's authority, and says nothing over them.
fn unknown_authority() -> u16 {
    macro_rules! file {
        ($name:literal) => {
            include_bytes!(concat!("../consumer/tests/certificates/", $name))
        };
    }
    let certificate = CertificateDer::from_pem_slice(file!("server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(file!("server.key")).unwrap();
    let builder = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let config = Arc::new(builder.with_single_cert(vec![certificate], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            // The client breaks off.
            let _ = connection.complete_io(&mut stream);
        }
    });
    port
}

#[tokio::test]
async fn what_a_person_on_duty_reads() {
    let sandbox = Contractor::start().await.unwrap();
    let raw = Raw::start(SIGN_INS, Play::response(&Response::new(401, "").last())).await;
    let (with, at) = (|auth| Client::connect(config_of(sandbox.url()), auth).unwrap(), Config::new);
    let dispatcher = with(desk());
    let call = || dispatcher.get_call().id(CALL);
    let faulty = async |fault: Fault, times| {
        sandbox.fault("getCall", fault.times(times));
        call().send().await
    };
    let body = |content_type: &str, body: &str| {
        let (content_type, bytes) = (content_type.to_owned(), body.as_bytes().to_vec());
        Fault::Body { status: 200, content_type, bytes }
    };
    let mut texts = Texts::default();

    raw.refuse(None).await;
    let nobody = Client::connect(config(&raw), desk()).unwrap();
    texts.add("nobody listens", nobody.get_call().id(CALL).send().await);
    raw.listen();
    let unknown = at("https://desk.example").unwrap().retry(super::policy());
    let unknown = unknown.http(|http| http.no_proxy().dns_resolver(Arc::new(NoNames)));
    let unknown = Client::connect(unknown, desk()).unwrap();
    texts.add("a host that isn't there", unknown.get_call().id(CALL).send().await);
    let tls = Client::connect(config_of(&sandbox.url().replace("http:", "https:")), desk()).unwrap();
    texts.add("https to a port for http", tls.get_call().id(CALL).send().await);
    let untrusted = format!("https://localhost:{}", unknown_authority());
    let untrusted = Client::connect(config_of(&untrusted), desk()).unwrap();
    texts.add("a certificate of an unknown authority", untrusted.get_call().id(CALL).send().await);

    texts.add("a wrong password", with(Auth::user("ivanov", "wrong")).get_self().send().await);
    texts.add("a user who is locked", with(Auth::user("sidorov", "Locked99")).get_self().send().await);
    let user = Client::connect(config(&raw), Auth::user("ivanov", "Passw0rd")).unwrap();
    texts.add("a token that was renewed and refused again", user.get_self().send().await);
    texts.add("the same once more", user.get_self().send().await);
    texts.add("a key that is refused", with(Auth::external_system("wrong")).get_call().id(CALL).send().await);
    let worded = Auth::external_system("wrong").external_system_word("x-desk");
    texts.add("the same behind a word that was set", with(worded).get_call().id(CALL).send().await);
    texts.add("no credential", with(Auth::user("ivanov", "Passw0rd")).get_call().id(CALL).send().await);

    texts.add("404", dispatcher.get_call().id(1).send().await);
    texts.add("403", faulty(Fault::Status(403), 1).await);
    texts.add("418", faulty(Fault::Status(418), 1).await);
    texts.add("503 after retries", faulty(Fault::Status(503), 3).await);
    let code = Fault::Body {
        bytes: br#"{"errorCode":0,"errorMessage":"no"}"#.to_vec(),
        status: 404,
        content_type: "application/json".into(),
    };
    texts.add("a code that means none", faulty(code, 1).await);

    texts.add("another type", faulty(body("application/json", r#"{"id":683913,"ttf":17}"#), 1).await);
    texts.add("a page", faulty(body("text/html", "<html><body>Ведутся работы</body></html>"), 1).await);
    texts.add("a response that is cut off", faulty(Fault::Truncate, 3).await);
    let hurried = config_of(sandbox.url()).timeout(Duration::from_millis(20));
    let hurried = Client::connect(hurried, Auth::external_system(EXTERNAL_SYSTEM_KEY)).unwrap();
    sandbox.fault("getCall", Fault::Delay(Duration::from_secs(3600)));
    texts.add("no response in time", hurried.get_call().id(CALL).send().await);
    texts.add("a parameter that isn't set", dispatcher.get_call().send().await);
    insta::assert_snapshot!(texts.0);
}
