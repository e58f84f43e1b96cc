//! Certificates, with whichever backend is on: which servers are trusted, what is shown to them, and what is said of those
//! that are not. The server is one of rustls; `certificates/make` made what it and the clients need.

#![cfg(all(feature = "contractor", any(feature = "native-tls", feature = "rustls")))]
// Here a panic is the report.
#![allow(clippy::unwrap_used)]

use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    time::Duration,
};

use casewire::{
    AnyError, ConfigError, ErrorKind, Outcome,
    contractor::{Auth, Client, Config},
};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};

macro_rules! file {
    ($name:literal) => {
        include_bytes!(concat!("certificates/", $name))
    };
}

const AUTHORITY: &[u8] = file!("authority.pem");
const OTHER: &[u8] = file!("other.pem");
const CLIENT: &[u8] = file!("client.pem");
const CLIENT_KEY: &[u8] = file!("client.key");
const RSA: &[u8] = file!("rsa.pem");
const RSA_KEY: &[u8] = file!("rsa.key");

/// A server, and what it was asked.
struct Server {
    port: u16,
    connections: Receiver<Connection>,
}

/// What became of a connection.
#[derive(Default)]
struct Connection {
    /// The certificate that the client showed.
    shown: Option<CertificateDer<'static>>,
    protocol: Option<Vec<u8>>,
    /// Whether a request came.
    asked: bool,
}

impl Server {
    fn start(serve: impl Fn(TcpStream) -> io::Result<Connection> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, connections) = mpsc::channel();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // One that the client breaks off counts, too.
                let connection = serve(stream.unwrap()).unwrap_or_default();
                let Ok(()) = sender.send(connection) else { return };
            }
        });
        Self { port, connections }
    }

    /// With the certificate of `localhost`; whether it insists on one of the client, from the same authority.
    fn secured(asks: bool) -> Self {
        let provider = Arc::new(ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let builder = if asks {
            let mut roots = RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(AUTHORITY).unwrap()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.unwrap().with_client_cert_verifier(verifier)
        } else {
            builder.unwrap().with_no_client_auth()
        };
        let chain = vec![CertificateDer::from_pem_slice(file!("server.pem")).unwrap()];
        let key = PrivateKeyDer::from_pem_slice(file!("server.key")).unwrap();
        let mut config = builder.with_single_cert(chain, key).unwrap();
        // Whichever the client speaks; what is said over HTTP/2 is not looked at.
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let config = Arc::new(config);
        Self::start(move |mut stream| {
            let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            while tls.is_handshaking() {
                tls.complete_io(&mut stream)?;
            }
            let shown = tls.peer_certificates().map(|chain| chain[0].clone());
            let protocol = tls.alpn_protocol().map(<[u8]>::to_vec);
            let mut secured = rustls::Stream::new(&mut tls, &mut stream);
            let mut read = [0; 4096];
            let asked = secured.read(&mut read)? > 0;
            secured.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\nconnection: close\r\n\r\n{\"id\":1}")?;
            secured.conn.send_close_notify();
            secured.flush()?;
            Ok(Connection { shown, protocol, asked })
        })
    }

    /// One that answers whatever comes as a server of plain HTTP does.
    fn plain() -> Self {
        Self::start(|mut stream| {
            let _ = stream.read(&mut [0; 4096])?;
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")?;
            Ok(Connection::default())
        })
    }

    /// The next connection, once it has ended.
    fn connection(&self) -> Connection {
        self.connections.recv_timeout(Duration::from_secs(10)).unwrap()
    }

    /// The configuration for it, by this name.
    fn config(&self, host: &str) -> Config {
        Config::new(&format!("https://{host}:{}", self.port)).unwrap().no_proxy()
    }

    /// What a call with this configuration fails with, if it does.
    async fn call(&self, config: Config) -> Option<AnyError> {
        let client = Client::connect(config, Auth::external_system("desk-key")).unwrap();
        client.get_call().id(1).send().await.err().map(AnyError::from)
    }

    /// Checks that a call is never sent, and that it and the hint are final.
    async fn check_refused(&self, config: Config, expect: &str) {
        let error = self.call(config).await.unwrap();
        let text = error.to_string();
        let hint = text.split_once(&format!(":{}: could not connect", self.port)).unwrap().1;
        let reported = hint.strip_prefix(expect).and_then(|hint| hint.strip_prefix(" (")?.strip_suffix(")"));
        assert!(reported.is_some_and(|reported| !reported.is_empty()), "{text}");
        assert!(std::error::Error::source(&error).is_none(), "{text}");
        let told = (error.kind(), error.outcome(), error.attempts(), error.is_retryable());
        assert_eq!(told, (ErrorKind::Transport, Outcome::NotSent, 1, false), "{text}");
        assert!(!self.connection().asked, "{text}");
    }
}

const UNKNOWN: &str = ": its certificate is from an authority that is not trusted; Config::root_certificate_pem adds one, \
                       which for servers in Russia often is the Russian Trusted Root CA";

#[tokio::test]
async fn an_unknown_authority_is_refused() {
    let server = Server::secured(false);
    server.check_refused(server.config("localhost"), UNKNOWN).await;
    let server = Server::secured(false);
    server.check_refused(server.config("localhost").root_certificate_pem(OTHER).unwrap(), UNKNOWN).await;
}

/// When it is signing in that fails, too.
#[tokio::test]
async fn a_sign_in_is_not_tried_again() {
    let server = Server::secured(false);
    let client = Client::connect(server.config("localhost"), Auth::user("dispatcher", "secret")).unwrap();
    let error = client.create_call_temp_link().call_id(1).send().await.unwrap_err();
    assert!(error.to_string().contains(UNKNOWN), "{error}");
    assert!(!error.is_retryable() && !server.connection().asked);
    assert!(server.connections.try_recv().is_err());
}

#[tokio::test]
async fn an_authority_that_was_added_is_trusted() {
    let check = async |add: fn(Config) -> Result<Config, ConfigError>| {
        let server = Server::secured(false);
        let error = server.call(add(server.config("localhost")).unwrap()).await;
        // Over HTTP/2 the server does not make sense.
        let connection = server.connection();
        assert!(connection.asked, "{:?}", error.as_ref().map(ToString::to_string));
        let is_http1 = connection.protocol.as_deref() == Some(b"http/1.1");
        assert_eq!(error.is_none(), is_http1, "{:?}", error.as_ref().map(ToString::to_string));
    };
    check(|config| config.root_certificate_pem(AUTHORITY)).await;
    check(|config| config.root_certificate_pem(AUTHORITY)?.root_certificate_pem(OTHER)).await;
    check(|config| config.root_certificate_pem(OTHER)?.root_certificate_pem(AUTHORITY)).await;
    check(|config| config.root_certificate_pem(&[OTHER, b"Other text.\n", AUTHORITY].concat())).await;
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let server = Server::secured(false);
    let config = server.config("127.0.0.1").root_certificate_pem(AUTHORITY).unwrap();
    server.check_refused(config, ": its certificate has expired, or is for another host").await;
}

#[tokio::test]
async fn a_server_without_tls_is_named_as_that() {
    let server = Server::plain();
    let expect = ": the server does not speak TLS on this port; check the port and the scheme";
    server.check_refused(server.config("localhost"), expect).await;
}

#[tokio::test]
async fn a_client_certificate_is_shown_to_a_server_that_asks() {
    let check = async |certificates: &[u8], key: &[u8]| {
        let server = Server::secured(true);
        let config = server.config("localhost").root_certificate_pem(AUTHORITY).unwrap();
        let _ = server.call(config.identity_pem(certificates, key).unwrap()).await;
        let Connection { shown, asked, .. } = server.connection();
        assert!(asked && shown == Some(CertificateDer::from_pem_slice(certificates).unwrap()));
    };
    check(CLIENT, CLIENT_KEY).await;
    check(RSA, RSA_KEY).await;
    // A chain, and one file with everything.
    check(&[CLIENT, AUTHORITY].concat(), CLIENT_KEY).await;
    let file = [CLIENT_KEY, CLIENT].concat();
    check(&file, &file).await;
    if cfg!(feature = "rustls") {
        check(CLIENT, file!("client.sec1.key")).await;
        check(RSA, file!("rsa.pkcs1.key")).await;
    }
    // The last one counts.
    let server = Server::secured(true);
    let config = server.config("localhost").root_certificate_pem(AUTHORITY).unwrap();
    let config = config.identity_pem(CLIENT, CLIENT_KEY).unwrap().identity_pem(RSA, RSA_KEY).unwrap();
    let _ = server.call(config).await;
    assert_eq!(server.connection().shown, Some(CertificateDer::from_pem_slice(RSA).unwrap()));
    // Without one, it is a call that fails.
    let server = Server::secured(true);
    let config = server.config("localhost").root_certificate_pem(AUTHORITY).unwrap();
    assert_eq!(server.call(config).await.unwrap().kind(), ErrorKind::Transport);
    assert!(!server.connection().asked);
}

#[test]
fn bad_pem_is_refused_at_once() {
    let root = |pem: &[u8], expect: &str| {
        let error = Config::new("https://desk.example").unwrap().root_certificate_pem(pem).unwrap_err();
        assert_eq!(error.to_string(), format!("the root certificates can't be used: {expect}"));
    };
    let none = "there is no `-----BEGIN CERTIFICATE-----`";
    let empty = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    root(b"", none);
    root(CLIENT_KEY, none);
    root(&CertificateDer::from_pem_slice(AUTHORITY).unwrap(), none);
    root(&AUTHORITY[..AUTHORITY.len() / 2], "the PEM is damaged");
    root(&AUTHORITY.iter().map(|b| if *b == b'M' { b'!' } else { *b }).collect::<Vec<_>>(), "the PEM is damaged");
    root(&[AUTHORITY, empty].concat(), "number 2 is not a certificate");

    let identity = |certificates: &[u8], key: &[u8], expect: &str| {
        let config = Config::new("https://desk.example").unwrap();
        let error = config.identity_pem(certificates, key).unwrap_err();
        assert_eq!(error.to_string(), format!("the client certificate can't be used: {expect}"));
        assert_shows_no_key(&format!("{error:?}"));
    };
    identity(b"", CLIENT_KEY, none);
    identity(CLIENT, b"", "there is no private key, such as `-----BEGIN PRIVATE KEY-----`");
    identity(CLIENT, CLIENT, "there is no private key, such as `-----BEGIN PRIVATE KEY-----`");
    identity(CLIENT, &CLIENT_KEY[..CLIENT_KEY.len() / 2], "the PEM of the private key is damaged");
    let encrypted = "the private key is encrypted; `openssl pkey` decrypts it";
    identity(CLIENT, file!("client.encrypted.key"), encrypted);
    identity(&[AUTHORITY, CLIENT].concat(), CLIENT_KEY, "the private key is not the one of the first certificate");
    let no_key = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    if cfg!(feature = "rustls") {
        identity(RSA, CLIENT_KEY, "the private key is not the one of the first certificate");
        identity(empty, CLIENT_KEY, "the first certificate is not one");
        let kinds = "RSA, ECDSA over P-256 or P-384, or Ed25519";
        identity(CLIENT, no_key, &format!("the private key is not of a supported kind: {kinds}"));
    } else {
        identity(empty, CLIENT_KEY, "the first certificate is not one, or the private key is not");
        identity(CLIENT, no_key, "the first certificate is not one, or the private key is not");
        let other = "the private key is not PKCS #8 (`-----BEGIN PRIVATE KEY-----`), which is what native-tls takes; \
                     `openssl pkcs8 -topk8 -nodes` makes it of any other";
        identity(CLIENT, file!("client.sec1.key"), other);
        identity(RSA, file!("rsa.pkcs1.key"), other);
    }
}

#[test]
fn no_key_is_shown() {
    let config = Config::new("https://desk.example").unwrap().identity_pem(CLIENT, CLIENT_KEY).unwrap();
    assert_shows_no_key(&format!("{config:?}"));
}

/// Neither a line of it nor a byte string of it.
fn assert_shows_no_key(text: &str) {
    let key = std::str::from_utf8(CLIENT_KEY).unwrap();
    assert!(key.lines().filter(|line| !line.contains(' ')).all(|line| !text.contains(&line[..16])), "{text}");
    let der = PrivateKeyDer::from_pem_slice(CLIENT_KEY).unwrap();
    let bytes = format!("{:?}", &der.secret_der()[40..48]);
    assert!(!text.contains(bytes.trim_matches(['[', ']'])), "{text}");
}
