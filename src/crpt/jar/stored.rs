//! One cookie: which requests have it, and until when.

use std::{net::IpAddr, time::Duration};

use jiff::Timestamp;
use reqwest::Url;
use tokio::time::Instant;

use super::{WhyNot, date::date, set_cookie::SetCookie};

/// A cookie that is kept.
pub(super) struct Stored {
    pub(super) name: String,
    pub(super) value: String,
    domain: String,
    /// Set without `Domain`: for this very host.
    host_only: bool,
    pub(super) path: String,
    secure: bool,
    /// `None`: as long as the session.
    expires: Option<Instant>,
    pub(super) created: u64,
}

impl Stored {
    /// `None` for a cookie whose domain `url` may not set.
    pub(super) fn new(cookie: &SetCookie<'_>, url: &Url, now: Instant) -> Option<Self> {
        let host = url.host_str()?;
        let domain = cookie.domain();
        if domain.as_deref().is_some_and(|domain| !domain_matches(host, domain)) {
            return None;
        }
        Some(Self {
            name: cookie.name.to_owned(),
            value: cookie.value.to_owned(),
            host_only: domain.is_none(),
            domain: domain.unwrap_or_else(|| host.to_owned()),
            path: cookie.path().unwrap_or_else(|| default_path(url)).to_owned(),
            secure: cookie.is_secure(),
            expires: expires(cookie, now),
            created: 0,
        })
    }

    pub(super) fn is_replaced_by(&self, new: &Self) -> bool {
        (&self.name, &self.domain, &self.path) == (&new.name, &new.domain, &new.path)
    }

    pub(super) fn has_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// What the cookie takes up in a header, with `=` and `; `, in bytes.
    pub(super) fn length(&self) -> usize {
        self.name.len() + self.value.len() + 3
    }

    pub(super) fn why_not(&self, url: &Url, now: Instant) -> Option<WhyNot> {
        let host = url.host_str().unwrap_or_default();
        let is_for_host = if self.host_only { host == self.domain } else { domain_matches(host, &self.domain) };
        if self.has_expired(now) {
            Some(WhyNot::Expired)
        } else if !is_for_host {
            Some(WhyNot::Domain)
        } else if !path_matches(url.path(), &self.path) {
            Some(WhyNot::Path)
        } else {
            (self.secure && url.scheme() != "https").then_some(WhyNot::Secure)
        }
    }
}

/// RFC 6265, section 5.1.3: the host itself, or one below the domain unless it is an IP address.
fn domain_matches(host: &str, domain: &str) -> bool {
    let is_below = host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    host == domain || is_below && host.parse::<IpAddr>().is_err()
}

/// RFC 6265, section 5.1.4: the directory of the address.
fn default_path(url: &Url) -> &str {
    url.path().rsplit_once('/').map(|(directory, _)| directory).filter(|path| !path.is_empty()).unwrap_or("/")
}

/// RFC 6265, section 5.1.4: the path itself, or one below.
fn path_matches(requested: &str, path: &str) -> bool {
    let below = requested.strip_prefix(path);
    below.is_some_and(|rest| rest.is_empty() || path.ends_with('/') || rest.starts_with('/'))
}

/// When a cookie expires: by `Max-Age`, or else by `Expires`; `None` without either. Of several, the last that is valid
/// counts.
fn expires(cookie: &SetCookie<'_>, now: Instant) -> Option<Instant> {
    let max_age = cookie.attributes("max-age").filter_map(seconds).last();
    let until = |date: i64| u64::try_from(date.saturating_sub(Timestamp::now().as_second())).unwrap_or(0);
    let left = max_age.or_else(|| cookie.attributes("expires").filter_map(date).last().map(until))?;
    // A lifetime that ends beyond the range of the clock has no end.
    now.checked_add(Duration::from_secs(left))
}

/// A `Max-Age`; nothing is left of a negative one. RFC 6265, section 5.2.2.
fn seconds(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| if digits == text { digits.parse().unwrap_or(u64::MAX) } else { 0 })
}
