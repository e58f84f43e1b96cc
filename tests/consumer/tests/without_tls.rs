//! A program without TLS sends nothing in place of what should be encrypted.

#![cfg(all(feature = "contractor", not(any(feature = "native-tls", feature = "rustls"))))]
// Here a panic is the report.
#![allow(clippy::unwrap_used)]

use casewire::{
    ConfigError,
    contractor::{Auth, Client, Config},
};

#[test]
fn https_is_refused() {
    let check = |config: Config, expect: Option<&str>| {
        let error = Client::connect(config, Auth::external_system("desk-key")).err();
        let text =
            |what| format!("the {what} needs TLS, for which casewire has the features `rustls` and `native-tls`");
        assert_eq!(error.map(|e| e.to_string()), expect.map(text));
    };
    check(Config::new("https://desk.example").unwrap(), Some("base URL"));
    check(Config::new("https://desk.example").unwrap().allow_plain_http(), Some("base URL"));
    check(Config::new("https://localhost").unwrap(), Some("base URL"));
    check(Config::new("http://localhost").unwrap().proxy("https://localhost").unwrap(), Some("proxy"));
    check(Config::new("http://localhost").unwrap(), None);
    check(Config::new("http://desk.example").unwrap().allow_plain_http(), None);
}

#[test]
fn certificates_are_refused() {
    let check = |config: Result<Config, ConfigError>, expect: &str| {
        let text = format!("the {expect} needs TLS, for which casewire has the features `rustls` and `native-tls`");
        assert_eq!(config.unwrap_err().to_string(), text);
    };
    let config = || Config::new("http://localhost").unwrap();
    check(config().root_certificate_pem(b"any"), "root certificate");
    check(config().identity_pem(b"any", b"any"), "client certificate");
}
