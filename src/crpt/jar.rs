//! The cookies of a session: what is kept of `Set-Cookie`, and what is sent of it (RFC 6265, section 5).
//!
//! reqwest has a jar over the same store, but that one writes every cookie which is not marked `Secure` into the log.

use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use cookie_store::{CookieStore, RawCookie};
use reqwest::{
    Url,
    header::{HeaderMap, HeaderValue, SET_COOKIE},
};

/// The cookies that a server has set.
#[derive(Default)]
pub(super) struct Jar(RwLock<CookieStore>);

impl Jar {
    /// Keeps the cookies that an answer from `url` sets, and drops those that it takes back.
    pub(super) fn set(&self, headers: &HeaderMap, url: &Url) {
        let mut store = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for header in headers.get_all(SET_COOKIE) {
            let cookie = std::str::from_utf8(header.as_bytes()).ok().and_then(|text| RawCookie::parse(text).ok());
            // A cookie that can't be read, or is for another place, is none: it is left out, as browsers do.
            let _ = cookie.map(|cookie| store.insert_raw(&cookie, url));
        }
    }

    /// The header `Cookie` for a request to `url`; `None` without cookies for it.
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let pairs: Vec<_> =
            self.store().get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
        let mut header = HeaderValue::from_maybe_shared(bytes::Bytes::from(pairs.join("; "))).ok()?;
        header.set_sensitive(true);
        (!pairs.is_empty()).then_some(header)
    }

    /// The value of a cookie for requests to `url`.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<String> {
        self.store().get_request_values(url).find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
    }

    fn store(&self) -> RwLockReadGuard<'_, CookieStore> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}
