//! The cookies of a session: what is kept of `Set-Cookie`, and what is sent of it (RFC 6265, section 5).
//!
//! Written for one server, on the crate `cookie`, which splits a `Set-Cookie`: the jars for any number of servers bring a
//! list of public suffixes or a serialized store with them, and reqwest's writes cookies into the log. Nothing of a cookie
//! leaves this one but by `header` and `value`.
//!
//! - Dates are read by the grammar of 5.1.1, which takes more than `cookie` does. A date that can't be read, or lies before
//!   1601, counts as absent: .NET writes `01-Jan-0001` for "no date".
//! - The longest path goes first, then what was created first (5.4). Setting a cookie again keeps its creation time.
//! - There are limits (6.1): a `Set-Cookie` of 4 KiB, 50 cookies, and 16 KiB of names and values, which is as long as the
//!   header `Cookie` gets and as much as http.sys, below IIS, takes by default. Expired cookies give way first, then those
//!   that were set longest ago.
//! - `Secure` means https alone, for loopback too.
//! - The prefixes `__Secure-` and `__Host-` (RFC 6265bis, 4.1.3) mean nothing here. They keep a neighbouring host from
//!   setting cookies for this one, and neighbours are not heard.

use std::{
    cmp::Reverse,
    collections::VecDeque,
    fmt,
    net::IpAddr,
    ops::RangeInclusive,
    sync::{PoisonError, RwLock, RwLockReadGuard},
    time::Duration,
};

use bytes::Bytes;
use cookie::Cookie;
use jiff::{Timestamp, civil};
use reqwest::{
    Url,
    header::{HeaderMap, HeaderValue, SET_COOKIE},
};
use tokio::time::Instant;

/// How many cookies are kept, and how many that were rejected are remembered.
const COUNT: usize = 50;
/// How long a `Set-Cookie` may be, in bytes.
const LENGTH: usize = 4 << 10;
/// How long the header `Cookie` may get, in bytes.
const TOTAL: usize = 16 << 10;
/// How long the name of a rejected cookie may be that is remembered, in bytes.
const NAME: usize = 256;

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
    /// Keeps the cookies that an answer from `url` sets, and drops those that it takes back.
    pub(super) fn set(&self, headers: &HeaderMap, url: &Url) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for header in headers.get_all(SET_COOKIE) {
            // A cookie that can't be read is left out, as browsers do.
            if let Ok(text) = std::str::from_utf8(header.as_bytes())
                && let Ok(cookie) = Cookie::parse(text)
            {
                kept.set(&cookie, text, url);
            }
        }
    }

    /// The header `Cookie` for a request to `url`; `None` without cookies for it.
    pub(super) fn header(&self, url: &Url) -> Option<HeaderValue> {
        let kept = self.kept();
        let pairs: Vec<_> = kept.sent_to(url).iter().map(|c| format!("{}={}", c.name, c.value)).collect();
        let mut header = HeaderValue::from_maybe_shared(Bytes::from(pairs.join("; "))).ok()?;
        header.set_sensitive(true);
        (!pairs.is_empty()).then_some(header)
    }

    /// The value of a cookie for requests to `url`.
    pub(super) fn value(&self, url: &Url, name: &str) -> Option<String> {
        self.kept().sent_to(url).iter().find(|cookie| cookie.name == name).map(|cookie| cookie.value.clone())
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

#[derive(Default)]
struct Kept {
    /// What was set last is last. Among them are expired ones, until they have to give way.
    cookies: Vec<Stored>,
    /// The names of cookies that were set and are not kept.
    rejected: VecDeque<(String, WhyNot)>,
    /// How many cookies were created.
    created: u64,
}

impl Kept {
    /// RFC 6265, section 5.3.
    fn set(&mut self, cookie: &Cookie<'_>, text: &str, url: &Url) {
        if text.len() > LENGTH {
            return self.reject(cookie.name().to_owned(), WhyNot::TooLarge);
        }
        let now = Instant::now();
        let Some(mut stored) = Stored::new(cookie, text, url, now) else {
            return self.reject(cookie.name().to_owned(), WhyNot::Domain);
        };
        self.created += 1;
        stored.created = self.created;
        if let Some(index) = self.cookies.iter().position(|old| old.is_replaced_by(&stored)) {
            let old = self.cookies.remove(index);
            // One that has expired was gone already.
            if !old.has_expired(now) {
                stored.created = old.created;
            }
        }
        self.cookies.push(stored);
        while self.cookies.len() > COUNT || self.cookies.iter().map(Stored::length).sum::<usize>() > TOTAL {
            let expired = self.cookies.iter().position(|cookie| cookie.has_expired(now));
            let gone = self.cookies.remove(expired.unwrap_or(0));
            self.reject(gone.name, if expired.is_some() { WhyNot::Expired } else { WhyNot::Evicted });
        }
    }

    fn reject(&mut self, name: String, reason: WhyNot) {
        self.rejected.retain(|(rejected, _)| *rejected != name);
        if name.len() <= NAME {
            self.rejected.push_front((name, reason));
            self.rejected.truncate(COUNT);
        }
    }

    /// The cookies for a request to `url`, in the order of RFC 6265, section 5.4.
    fn sent_to(&self, url: &Url) -> Vec<&Stored> {
        let now = Instant::now();
        let mut cookies: Vec<_> = self.cookies.iter().filter(|cookie| cookie.why_not(url, now).is_none()).collect();
        cookies.sort_by_key(|cookie| (Reverse(cookie.path.len()), cookie.created));
        cookies
    }
}

struct Stored {
    name: String,
    value: String,
    domain: String,
    /// Set without `Domain`: for this very host.
    host_only: bool,
    path: String,
    secure: bool,
    /// `None`: as long as the session.
    expires: Option<Instant>,
    created: u64,
}

impl Stored {
    /// `None` for a cookie whose domain `url` may not set.
    fn new(cookie: &Cookie<'_>, text: &str, url: &Url, now: Instant) -> Option<Self> {
        let host = url.host_str()?;
        let domain = cookie.domain().filter(|domain| !domain.is_empty()).map(str::to_ascii_lowercase);
        if domain.as_deref().is_some_and(|domain| !domain_matches(host, domain)) {
            return None;
        }
        Some(Self {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
            host_only: domain.is_none(),
            domain: domain.unwrap_or_else(|| host.to_owned()),
            path: cookie.path().filter(|path| path.starts_with('/')).unwrap_or_else(|| default_path(url)).to_owned(),
            secure: cookie.secure() == Some(true),
            expires: expires(text, now),
            created: 0,
        })
    }

    fn is_replaced_by(&self, new: &Self) -> bool {
        (&self.name, &self.domain, &self.path) == (&new.name, &new.domain, &new.path)
    }

    fn has_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// What the cookie takes up in a header, with `=` and `; `, in bytes.
    fn length(&self) -> usize {
        self.name.len() + self.value.len() + 3
    }

    fn why_not(&self, url: &Url, now: Instant) -> Option<WhyNot> {
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
fn expires(text: &str, now: Instant) -> Option<Instant> {
    let attributes = || text.split(';').skip(1).filter_map(|attribute| attribute.split_once('='));
    let named = |name| attributes().filter(move |(key, _)| key.trim().eq_ignore_ascii_case(name));
    let max_age = named("max-age").filter_map(|(_, value)| seconds(value.trim())).last();
    let until = |date: i64| u64::try_from(date.saturating_sub(Timestamp::now().as_second())).unwrap_or(0);
    let left = max_age.or_else(|| named("expires").filter_map(|(_, value)| date(value)).last().map(until))?;
    // The end of a lifetime beyond all clocks is none.
    now.checked_add(Duration::from_secs(left))
}

/// A `Max-Age`; nothing is left of a negative one. RFC 6265, section 5.2.2.
fn seconds(text: &str) -> Option<u64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| if digits == text { digits.parse().unwrap_or(u64::MAX) } else { 0 })
}

/// A date by the grammar of RFC 6265, section 5.1.1, in seconds since 1970.
fn date(text: &str) -> Option<i64> {
    const MONTHS: [&[u8]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let is_delimiter = |b: &u8| matches!(b, b'\t' | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e);
    let month_of =
        |token: &[u8]| MONTHS.iter().zip(1_i8..).find(|(m, _)| token.get(..3).is_some_and(|t| t.eq_ignore_ascii_case(m)));
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.as_bytes().split(is_delimiter) {
        if let (None, Some(found)) = (time, time_of_day(token)) {
            time = Some(found);
        } else if let (None, Some(found)) = (day, number(token, 1..=2)) {
            day = Some(found);
        } else if let (None, Some((_, found))) = (month, month_of(token)) {
            month = Some(found);
        } else if let (None, Some(found)) = (year, number(token, 2..=4)) {
            year = Some(found);
        }
    }
    let (hour, minute, second) = time?;
    let year = match year? {
        year @ 0..=69 => year + 2000,
        year @ 70..=99 => year + 1900,
        year => year,
    };
    let small = |number: i16| i8::try_from(number).ok();
    let date = civil::DateTime::new(year, month?, small(day?)?, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    (year >= 1601).then(|| date.duration_since(civil::date(1970, 1, 1).at(0, 0, 0, 0)).as_secs())
}

/// `9:05:00` and whatever follows that is not a digit.
fn time_of_day(token: &[u8]) -> Option<(i16, i16, i16)> {
    let mut fields = token.splitn(3, |b| *b == b':');
    let (hour, minute, second) = (fields.next()?, fields.next()?, fields.next()?);
    let is_number = |field: &[u8]| field.iter().all(u8::is_ascii_digit);
    let valid = is_number(hour) && is_number(minute);
    valid.then_some((number(hour, 1..=2)?, number(minute, 1..=2)?, number(second, 1..=2)?))
}

/// The number of so many digits that a token begins with.
fn number(token: &[u8], digits: RangeInclusive<usize>) -> Option<i16> {
    let count = token.iter().take_while(|b| b.is_ascii_digit()).count();
    digits.contains(&count).then(|| token[..count].iter().fold(0, |number, b| number * 10 + i16::from(b - b'0')))
}
