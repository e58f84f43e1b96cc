//! What leaves the machine unencrypted, and through which proxy. The environment belongs
//! to a whole process, so that what it says about proxies is tried in children: this test
//! binary again, with one test that makes one call.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    process::Command,
    sync::{Arc, Mutex},
};

use casewire::{Config, Outcome, RetryPolicy, contractor::Client};
use casewire_sandbox::contractor::EXTERNAL_SYSTEM_KEY;

use super::calls::{CALL, desk, told_error};

fn connect(config: Config) -> Result<Client, String> {
    Client::connect(config, desk()).map_err(|e| e.to_string())
}

#[test]
fn plain_http_is_for_this_machine_unless_it_is_allowed() {
    let check = |base_url: &str, proxy: Option<&str>, expect: Option<&str>| {
        let config = |base_url: &str| {
            let config = Config::new(base_url).unwrap();
            proxy.map_or(Ok(config.clone()), |proxy| config.proxy(proxy)).unwrap()
        };
        let error = connect(config(base_url)).err();
        let text =
            |what: &str| format!("{what} is not encrypted: use https, or allow it with Config::allow_plain_http");
        assert_eq!(error, expect.map(text), "{base_url} through {proxy:?}");
        connect(config(base_url).allow_plain_http()).unwrap();
        connect(config(&base_url.replace("http:", "https:"))).unwrap();
    };
    let (here, there) = (Some("http://127.0.0.1:3128"), Some("http://me:hunter2@10.0.0.1:3128"));
    for host in ["localhost", "desk.localhost", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]", "localhost."] {
        let base_url = format!("http://{host}:5000/api");
        check(&base_url, None, None);
        check(&base_url, here, None);
        check(&base_url, there, Some("http through http://10.0.0.1:3128"));
    }
    for host in ["desk.example", "localhost.evil.com", "127.0.0.1.nip.io", "0.0.0.0", "10.0.0.1", "[::]", "[fe80::1]"] {
        for proxy in [None, here, there] {
            check(&format!("http://{host}:5000/api"), proxy, Some(&format!("http://{host}")));
        }
    }
}

/// A server for one request after the other, which keeps their heads and answers each
/// with a call; or a proxy that refuses tunnels.
struct Listening {
    address: SocketAddr,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Listening {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listening = Self { address: listener.local_addr().unwrap(), heads: Arc::default() };
        let heads = Arc::clone(&listening.heads);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, mut head) = (stream.unwrap(), Vec::new());
                let mut byte = [0];
                while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read > 0) {
                    head.push(byte[0]);
                }
                let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
                let status = if head.starts_with("connect") { "407 no" } else { "200 ok" };
                heads.lock().unwrap().push(head);
                let body = format!(r#"{{"id":{CALL}}}"#);
                let length = body.len();
                // A client that is gone doesn't matter.
                let _ =
                    write!(stream, "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
            }
        });
        listening
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// A test's name, and what it is told by the environment: the base URL, a proxy of the
/// configuration or `none`, and the address that the name `desk.test` has.
const CHILD: [&str; 4] = ["faults::clear::one_call", "CLEAR_BASE_URL", "CLEAR_PROXY", "CLEAR_ADDRESS"];

#[tokio::test]
#[ignore = "makes one call as the environment says; the test of proxies runs it"]
async fn one_call() {
    let [base_url, proxy, address] = [1, 2, 3].map(|place| std::env::var(CHILD[place]).unwrap_or_default());
    if base_url.is_empty() {
        return;
    }
    let address: SocketAddr = address.parse().unwrap();
    let config = Config::new(&base_url).unwrap().retry(RetryPolicy::never()).allow_plain_http();
    let config = config.http(move |http| http.resolve("desk.test", address));
    let config = match proxy.as_str() {
        "" => config,
        "none" => config.no_proxy(),
        url => config.proxy(url).unwrap(),
    };
    println!("{config:?}");
    let error = connect(config).unwrap().get_call().id(CALL).send().await.err();
    let mut source: Option<&dyn std::error::Error> = error.as_ref().map(|e| e as _);
    while let Some(e) = source {
        println!("{e} {e:?}");
        source = e.source();
    }
    println!("told: {}", error.map_or("ok".to_owned(), |e| told_error(&e)));
}

/// Which way a call takes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Direct,
    /// Through the proxy, by a request whose first line begins with this.
    Proxy(&'static str),
}

#[test]
fn proxies_of_the_environment_and_of_the_configuration() {
    let check = |base_url: &str, environment: &[(&str, &str)], configured: &str, expect: Way| {
        let (desk, proxy) = (Listening::start(), Listening::start());
        let filled = |text: &str| {
            text.replace("DESK", &desk.address.port().to_string()).replace("PROXY", &proxy.address.to_string())
        };
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", CHILD[0], "--ignored", "--nocapture"]);
        for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"] {
            child.env_remove(name).env_remove(name.to_ascii_lowercase());
        }
        child.envs(environment.iter().map(|(name, value)| (name, filled(value))));
        child.env(CHILD[1], filled(base_url)).env(CHILD[2], filled(configured));
        let output = child.env(CHILD[3], desk.address.to_string()).output().unwrap();
        let (told, case) =
            (String::from_utf8(output.stdout).unwrap(), format!("{base_url} {environment:?} {configured}"));
        assert!(output.status.success(), "{case}: {told}");
        assert!(!told.contains("hunter2"), "{case}: {told}");

        let (direct, proxied) = (desk.heads(), proxy.heads());
        match expect {
            Way::Direct => {
                assert_eq!((direct.len(), proxied.len()), (1, 0), "{case}: {told}");
                assert!(told.contains("told: ok") && !direct[0].contains("proxy-authorization"), "{case}: {told}");
            }
            Way::Proxy(line) => {
                assert_eq!((direct.len(), proxied.len()), (0, 1), "{case}: {told}");
                assert!(proxied[0].starts_with(&line.to_ascii_lowercase()), "{case}: {}", proxied[0]);
                let credentials = proxied[0].contains("proxy-authorization: basic bwu6ahvudgvymg==");
                let given = environment.iter().any(|(_, url)| url.contains('@')) || configured.contains('@');
                assert_eq!(credentials, given, "{case}: {}", proxied[0]);
                // What goes into a tunnel is encrypted, and is never sent to the proxy itself.
                let tunnel = line.starts_with("CONNECT");
                let key = proxied[0].contains(&EXTERNAL_SYSTEM_KEY.to_ascii_lowercase());
                assert_eq!(!key && told.contains("told: transport"), tunnel, "{case}: {told}");
            }
        }
    };
    let url = "http://me:hunter2@PROXY";
    let (whole, tunnel) = (Way::Proxy("GET http://desk.test"), Way::Proxy("CONNECT desk.test:443"));
    let (there, secured) = ("http://desk.test:DESK", "https://desk.test");

    for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        check(there, &[(name, url)], "", whole);
        check(there, &[(name, "PROXY")], "", whole);
        for host in ["127.0.0.1", "localhost", "desk.localhost", "localhost.", "127.1"] {
            check(&format!("http://{host}:DESK"), &[(name, url)], "", Way::Direct);
        }
    }
    for name in ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        check(secured, &[(name, url)], "", tunnel);
    }
    check(there, &[("HTTPS_PROXY", url)], "", Way::Direct);
    check(there, &[("HTTP_PROXY", ""), ("http_proxy", url)], "", Way::Direct);
    check(there, &[("HTTP_PROXY", url), ("REQUEST_METHOD", "GET")], "", Way::Direct);
    check(there, &[("HTTP_PROXY", "ftp://PROXY")], "", Way::Direct);
    for except in ["desk.test", ".test", "example, TEST", "*"] {
        check(there, &[("HTTP_PROXY", url), ("NO_PROXY", except)], "", Way::Direct);
    }
    for except in ["sk.test", "desk.test:DESK", "10.0.0.0/8", ""] {
        check(there, &[("HTTP_PROXY", url), ("no_proxy", except)], "", whole);
    }
    check(there, &[("HTTP_PROXY", url)], "none", Way::Direct);
    check(there, &[("HTTP_PROXY", "http://127.0.0.1:1"), ("NO_PROXY", "*")], url, whole);
    check("http://localhost:DESK", &[], url, Way::Proxy("GET http://localhost:"));
    check(secured, &[], url, tunnel);
}

/// No name server is asked for a name below localhost, be it the server's or the proxy's.
#[tokio::test]
async fn names_below_localhost_are_not_looked_up() {
    struct Network;
    impl reqwest::dns::Resolve for Network {
        fn resolve(&self, name: reqwest::dns::Name) -> reqwest::dns::Resolving {
            panic!("the network was asked for {}", name.as_str())
        }
    }
    for proxy in [None, Some("http://proxy.localhost:1")] {
        let config = Config::new("http://desk.localhost:1").unwrap().retry(RetryPolicy::never());
        let config = config.http(|http| http.dns_resolver(std::sync::Arc::new(Network)));
        let config = proxy.into_iter().fold(config, |config, proxy| config.proxy(proxy).unwrap());
        let client = Client::connect(config, desk()).unwrap();
        let error = client.get_call().id(1).send().await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    }
}
