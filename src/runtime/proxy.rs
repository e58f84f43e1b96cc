//! A proxy that the configuration names, as opposed to those of the environment, which reqwest finds by itself.

use std::fmt;

use reqwest::Url;

use super::ConfigError;

/// The proxy for all requests of a client. Its credentials are never shown.
#[derive(Clone)]
pub(super) struct Proxy(Url);

impl Proxy {
    pub(super) fn new(url: &str) -> Result<Self, ConfigError> {
        let invalid = |reason: String| Err(ConfigError::Proxy(reason));
        let url = match Url::parse(url) {
            Ok(url) => url,
            Err(e) => return invalid(format!("is not an absolute URL such as http://proxy.example:3128: {e}")),
        };
        match url.scheme() {
            "http" | "https" => {}
            "socks4" | "socks4a" | "socks5" | "socks5h" if cfg!(feature = "socks") => {}
            "socks4" | "socks4a" | "socks5" | "socks5h" => {
                return invalid("is a SOCKS proxy, for which casewire needs its feature `socks`".to_owned());
            }
            _ => return invalid("has a scheme other than http, https, socks4, socks4a, socks5 or socks5h".to_owned()),
        }
        // reqwest silently goes without a proxy whose URL `http::Uri` can't read, which takes fewer hosts than `Url` does.
        let is_usual = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        match url.host_str() {
            Some(host) if !host.is_empty() && host.chars().all(is_usual) => {}
            _ => return invalid("has no host, or one that is neither a name nor an address".to_owned()),
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return invalid("has a path, a query or a fragment".to_owned());
        }
        Ok(Self(url))
    }

    pub(super) fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.0.scheme(), self.0.host_str().unwrap_or_default())?;
        self.0.port().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::Proxy;

    #[test]
    fn proxies_and_what_is_shown_of_them() {
        let check = |url: &str, expect: Result<&str, &str>| {
            let actual = Proxy::new(url).map(|proxy| format!("{proxy:?}")).map_err(|e| e.to_string());
            assert_eq!(actual.as_deref().map_err(String::as_str), expect, "{url}");
        };
        check("http://proxy.example:3128", Ok("http://proxy.example:3128"));
        check("http://me:pass%40word@proxy.example:3128/", Ok("http://proxy.example:3128"));
        check("https://[::1]", Ok("https://[::1]"));
        let socks = "the proxy is a SOCKS proxy, for which casewire needs its feature `socks`";
        for url in ["socks4://10.0.0.1:1080", "socks4a://10.0.0.1:1080", "socks5h://10.0.0.1:1080"] {
            check(url, if cfg!(feature = "socks") { Ok(url) } else { Err(socks) });
        }
        let socks = if cfg!(feature = "socks") { Ok("socks5://10.0.0.1") } else { Err(socks) };
        check("socks5://me:password@10.0.0.1", socks);
        let no_url = "the proxy is not an absolute URL such as http://proxy.example:3128: ";
        check("10.0.0.1:3128", Err(&format!("{no_url}relative URL without a base")));
        check("http://", Err(&format!("{no_url}empty host")));
        check("http://me:password@", Err(&format!("{no_url}empty host")));
        let scheme = "the proxy has a scheme other than http, https, socks4, socks4a, socks5 or socks5h";
        check("proxy.example:3128", Err(scheme));
        check("ftp://me:password@proxy.example", Err(scheme));
        let host = "the proxy has no host, or one that is neither a name nor an address";
        check("http://pro{xy:3128", Err(host));
        check("http://me:password@pro\"xy", Err(host));
        let path = "the proxy has a path, a query or a fragment";
        check("http://proxy.example/password", Err(path));
        check("http://proxy.example?password", Err(path));
        check("http://proxy.example#password", Err(path));
    }
}
