//! The cookies of a session: what is kept of `Set-Cookie`, and what is sent of it (RFC 6265, section 5).
//!
//! Written for one server: the jars for any number of servers bring a list of public suffixes or a serialized store with them,
//! and reqwest's writes cookies into the log. The crate `cookie` would split a `Set-Cookie`, and bring seven others, which read
//! dates. Nothing of a cookie leaves this jar but by `headers`. What is sent goes to addresses below one path, which is the
//! default path of every cookie.
//!
//! - Dates are read by the grammar of 5.1.1. A date that can't be read, or lies before 1601, counts as absent: `01-Jan-0001`
//!   is the date of .NET that stands for none.
//! - The longest path goes first, then what was created first (5.4). Setting a cookie again keeps its creation time.
//! - There are limits (6.1): a `Set-Cookie` of 4 KiB, 50 cookies, and 16 KiB of names and values, which is as long as the
//!   header `Cookie` gets and as much as http.sys, below IIS, takes by default. Expired cookies give way first, then those
//!   that were set longest ago.
//! - `Secure` means https alone, for loopback too.
//! - The prefixes `__Secure-` and `__Host-` (RFC 6265bis, 4.1.3) mean nothing here. They keep a neighbouring host from
//!   setting cookies for this one, and neighbours are not heard.

mod date;
mod kept;
mod set_cookie;
mod stored;
#[cfg(test)]
mod tests;

use std::{
    fmt,
    sync::{PoisonError, RwLock, RwLockReadGuard},
};

use bytes::Bytes;
use reqwest::{
    Url,
    header::{HeaderMap, HeaderValue, InvalidHeaderValue, SET_COOKIE},
};
use tokio::time::Instant;

use self::{kept::Kept, set_cookie::SetCookie, stored::Stored};

/// How long a `Set-Cookie` may be, in bytes.
const LENGTH: usize = 4 << 10;

/// The cookies that a server has set.
#[derive(Default)]
pub(super) struct Jar(RwLock<Kept>);

/// Why a cookie that was set is not sent to an address. Follows "the cookie" in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WhyNot {
    /// Its `Max-Age` or `Expires` has passed, possibly when it was set.
    Expired,
    Domain,
    Path,
    /// It is marked `Secure`, and the address is not https.
    Secure,
    /// Its `Set-Cookie` was larger than the limit.
    TooLarge,
    /// There were too many others, or too large ones, after it.
    Evicted,
}

impl fmt::Display for WhyNot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired => f.write_str("was withdrawn by the server or has expired"),
            Self::Domain => f.write_str("is for another domain"),
            Self::Path => f.write_str("is for another path"),
            Self::Secure => f.write_str("is marked Secure, and the address is not https"),
            Self::TooLarge => write!(f, "is larger than {LENGTH} bytes"),
            Self::Evicted => f.write_str("was dropped, because the server set too many others after it"),
        }
    }
}

impl Jar {
    /// Keeps the cookies that a response from `url` sets, and drops those that it takes back.
    pub(super) fn set(&self, headers: &HeaderMap, url: &Url) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for header in headers.get_all(SET_COOKIE) {
            // A cookie that can't be read is left out, as browsers do.
            if let Ok(text) = std::str::from_utf8(header.as_bytes())
                && let Some(cookie) = SetCookie::parse(text)
            {
                kept.set(&cookie, url);
            }
        }
    }

    /// The header `Cookie` for a request to `url`, and the value of the cookie `name`; `None` without that cookie.
    pub(super) fn headers(
        &self,
        url: &Url,
        name: &str,
    ) -> Result<Option<(HeaderValue, HeaderValue)>, InvalidHeaderValue> {
        let kept = self.kept();
        let cookies = kept.sent_to(url);
        let Some(cookie) = cookies.iter().find(|cookie| cookie.name == name) else { return Ok(None) };
        let mut value = HeaderValue::from_str(&cookie.value)?;
        value.set_sensitive(true);
        Ok(Some((header(&cookies)?, value)))
    }

    /// Whether requests to `url` have this cookie.
    pub(super) fn has(&self, url: &Url, name: &str) -> bool {
        self.kept().sent_to(url).iter().any(|cookie| cookie.name == name)
    }

    /// Why requests to `url` lack a cookie that was set; `None` when none of this name was, or one is sent.
    pub(super) fn why_not(&self, url: &Url, name: &str) -> Option<WhyNot> {
        let (kept, now) = (self.kept(), Instant::now());
        let reasons: Vec<_> = kept.cookies.iter().filter(|c| c.name == name).map(|c| c.why_not(url, now)).collect();
        match reasons.last() {
            Some(_) if reasons.contains(&None) => None,
            Some(last) => *last,
            None => kept.rejected.iter().find(|(rejected, _)| rejected == name).map(|(_, reason)| *reason),
        }
    }

    fn kept(&self) -> RwLockReadGuard<'_, Kept> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The header `Cookie`.
fn header(cookies: &[&Stored]) -> Result<HeaderValue, InvalidHeaderValue> {
    let pairs: Vec<_> = cookies.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
    let mut header = HeaderValue::from_maybe_shared(Bytes::from(pairs.join("; ")))?;
    header.set_sensitive(true);
    Ok(header)
}
