//! Makes the HTTP client of a configuration, so that it does nothing of its own accord: every request is sent once, to the
//! origin of the configuration, encrypted unless plain http is allowed, and its response arrives as it was sent. What other
//! crates of the program switch on in reqwest by cargo features changes nothing of that.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use reqwest::{Client, ClientBuilder, Url, redirect, retry};

use super::{Config, ConfigError, proxy::Proxy};

// Where this doesn't compile, the feature `tls` is on without a TLS backend of reqwest: enable `rustls` or `native-tls`.
// Without one, reqwest would send a request for an https URL to a proxy as it is, readable by all.
#[cfg(feature = "tls")]
const _NEEDS_A_TLS_BACKEND: Option<reqwest::tls::Version> = None;

impl Config {
    /// The HTTP client.
    ///
    /// # Errors
    /// When requests would not be encrypted, and that wasn't allowed; or when the client can't be built.
    pub(crate) fn build_http(&self) -> Result<Client, ConfigError> {
        self.check_encryption()?;
        let builder = self.defaults()?;
        let builder = match &self.configure {
            Some(configure) => configure(builder),
            None => builder,
        };
        let builder = builder.retry(retry::never()).redirect(redirect::Policy::none()).referer(false);
        let builder = builder.no_gzip().no_brotli().no_deflate().no_zstd();
        #[cfg(not(feature = "http2"))]
        let builder = builder.http1_only();
        builder.build().map_err(ConfigError::Client)
    }

    /// What the caller may change.
    fn defaults(&self) -> Result<ClientBuilder, ConfigError> {
        let builder = Client::builder().connect_timeout(self.connect_timeout).no_hickory_dns();
        let urls = [Some(&self.url), self.proxy.as_ref().map(Proxy::url)];
        let builder = self.tls.set(builder, urls.into_iter().flatten().any(is_https))?;
        let builder = match &self.proxy {
            Some(proxy) => {
                let proxy = reqwest::Proxy::all(proxy.url().clone()).map_err(ConfigError::Client)?;
                builder.no_proxy().proxy(proxy)
            }
            None if self.no_proxy || is_loopback(&self.url) => builder.no_proxy(),
            None => builder,
        };
        // Not all resolvers know that these names never leave the machine (RFC 6761, section 6.3).
        let local = urls.into_iter().flatten().filter_map(Url::host_str).filter(|name| is_localhost(name));
        let here = [(Ipv4Addr::LOCALHOST, 0).into(), (Ipv6Addr::LOCALHOST, 0).into()];
        Ok(local.fold(builder, |builder, name| builder.resolve_to_addrs(name, &here)))
    }

    fn check_encryption(&self) -> Result<(), ConfigError> {
        let Self { url, proxy, .. } = self;
        if !cfg!(feature = "tls") {
            if is_https(url) {
                return Err(ConfigError::Tls("base URL"));
            }
            if proxy.as_ref().is_some_and(|proxy| is_https(proxy.url())) {
                return Err(ConfigError::Tls("proxy"));
            }
        }
        if is_https(url) || self.plain_http {
            return Ok(());
        }
        if !is_loopback(url) {
            return Err(ConfigError::PlainHttp(format!("http://{}", url.host_str().unwrap_or_default())));
        }
        match proxy {
            Some(proxy) if !is_loopback(proxy.url()) => Err(ConfigError::PlainHttp(format!("http through {proxy}"))),
            _ => Ok(()),
        }
    }
}

fn is_https(url: &Url) -> bool {
    url.scheme() == "https"
}

/// Whether what is sent there never leaves the machine.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => is_localhost(host),
    }
}

/// `localhost` and all names below it.
fn is_localhost(host: &str) -> bool {
    let name = host.strip_suffix('.').unwrap_or(host);
    name == "localhost" || name.ends_with(".localhost")
}

#[cfg(test)]
mod tests {
    use super::{Url, is_loopback};

    #[test]
    fn what_never_leaves_the_machine() {
        let check = |host: &str, expect: bool| {
            let url = Url::parse(&format!("http://{host}:8080/api")).unwrap();
            assert_eq!(is_loopback(&url), expect, "{host}");
        };
        for host in [
            "localhost",
            "LOCALHOST",
            "localhost.",
            "desk.localhost",
            "a.b.localhost.",
            "127.0.0.1",
            "127.0.0.1.",
            "127.255.3.4",
            "127.1",
            "0x7f000001",
            "2130706433",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f01:203]",
        ] {
            check(host, true);
        }
        for host in [
            "desk.example",
            "localhost.evil.com",
            "localhost.evil.com.",
            "localhost..",
            ".localhost.evil.com",
            "notlocalhost",
            "127.0.0.1.nip.io",
            "127-0-0-1.example",
            "0.0.0.0",
            "0",
            "10.0.0.1",
            "128.0.0.1",
            "169.254.169.254",
            "[::]",
            "[::2]",
            "[::127.0.0.1]",
            "[::ffff:10.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[fe80::1]",
        ] {
            check(host, false);
        }
    }
}
