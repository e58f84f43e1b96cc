//! The cookies of a session: what is kept of `Set-Cookie`, and what is sent of it (RFC 6265, section 5).
//!
//! Written for one server, on the crate `cookie`, which splits a `Set-Cookie`: the jars for any number of servers bring a
//! list of public suffixes or a serialized store with them, and reqwest's writes cookies into the log. Nothing of a cookie
//! leaves this one but by `headers`. What is sent goes to addresses below one path, which is the default path of every cookie.
//!
//! - Dates are read by the grammar of 5.1.1, which takes more than `cookie` does. A date that can't be read, or lies before
//!   1601, counts as absent: `01-Jan-0001` is the date of .NET that stands for none.
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
    header::{HeaderMap, HeaderValue, InvalidHeaderValue, SET_COOKIE},
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

/// The header `Cookie`.
fn header(cookies: &[&Stored]) -> Result<HeaderValue, InvalidHeaderValue> {
    let pairs: Vec<_> = cookies.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
    let mut header = HeaderValue::from_maybe_shared(Bytes::from(pairs.join("; ")))?;
    header.set_sensitive(true);
    Ok(header)
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
    let month_of = |token: &[u8]| {
        MONTHS.iter().zip(1_i8..).find(|(m, _)| token.get(..3).is_some_and(|t| t.eq_ignore_ascii_case(m)))
    };
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.as_bytes().split(is_delimiter) {
        if let (None, Some(found)) = (time, time_of_day(token)) {
            time = Some(found);
        } else if let (None, Some(found)) = (day, number(token, 1..=2)) {
            day = Some(found);
        } else if let (None, Some((_, found))) = (month, month_of(token)) {
            month = Some(found);
        } else if let (None, Some(found)) = (year, year_of(token)) {
            year = Some(found);
        }
    }
    let (hour, minute, second) = time?;
    let year = year?;
    let small = |number: i16| i8::try_from(number).ok();
    let date =
        civil::DateTime::new(year, month?, small(day?)?, small(hour)?, small(minute)?, small(second)?, 0).ok()?;
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

/// Two digits are from 1970 to 2069. More are the year itself, where RFC 6265 would take `0001` for 2001.
fn year_of(token: &[u8]) -> Option<i16> {
    let short = number(token, 2..=2).map(|year| if year < 70 { year + 2000 } else { year + 1900 });
    short.or_else(|| number(token, 3..=4))
}

/// The number of so many digits that a token begins with.
fn number(token: &[u8], digits: RangeInclusive<usize>) -> Option<i16> {
    let count = token.iter().take_while(|b| b.is_ascii_digit()).count();
    digits.contains(&count).then(|| token[..count].iter().fold(0, |number, b| number * 10 + i16::from(b - b'0')))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::{
        Url,
        header::{HeaderMap, HeaderValue, SET_COOKIE},
    };

    use super::{COUNT, Jar, LENGTH, NAME, TOTAL, WhyNot, date, header};

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn set(jar: &Jar, from: &str, cookies: &[&str]) {
        let headers = cookies.iter().map(|c| (SET_COOKIE, HeaderValue::from_str(c).unwrap()));
        jar.set(&HeaderMap::from_iter(headers), &url(from));
    }

    fn sent(jar: &Jar, to: &str) -> String {
        String::from_utf8(header(&jar.kept().sent_to(&url(to))).unwrap().as_bytes().to_vec()).unwrap()
    }

    /// Of these cookies, set by this address, this is sent to that one.
    fn check(cookies: &[&str], from: &str, to: &str, expect: &str) {
        let jar = Jar::default();
        set(&jar, from, cookies);
        assert_eq!(sent(&jar, to), expect, "{cookies:?} from {from} to {to}");
    }

    const HERE: &str = "https://desk.example/0/ssp/x";

    #[test]
    fn names_and_values() {
        for (cookie, expect) in [
            ("a=1", "a=1"),
            ("  a \t= 1 2\t; x", "a=1 2"),
            ("a=", "a="),
            ("a=\"1\"", "a=\"1\""),
            ("a=x=y==", "a=x=y=="),
            ("a=%3B,", "a=%3B,"),
            ("Имя=иван", "Имя=иван"),
            ("a=1; HttpOnly; SameSite=None; Partitioned; Priority=High; unknown=1;;", "a=1"),
            ("a", ""),
            ("=1", ""),
            ("; a=1", ""),
            ("", ""),
        ] {
            check(&[cookie], HERE, HERE, expect);
        }
        let latin = HeaderValue::from_bytes(b"a=\xe9").unwrap();
        let jar = Jar::default();
        jar.set(&HeaderMap::from_iter([(SET_COOKIE, latin)]), &url(HERE));
        assert_eq!(sent(&jar, HERE), "", "not UTF-8");
    }

    /// RFC 6265, section 5.1.3.
    #[test]
    fn domains() {
        for (host, domain, expect) in [
            ("desk.example", "desk.example", true),
            ("desk.example", ".DESK.example", true),
            ("DESK.example", "desk.EXAMPLE", true),
            ("a.desk.example", "desk.example", true),
            ("desk.example", "example", true),
            ("desk.example", "", true),
            ("desk.example", ".", true),
            ("desk.example", "a.desk.example", false),
            ("desk.example", "esk.example", false),
            ("desk.example", "..example", false),
            ("desk.example", "desk.example:443", false),
            ("desk.example", "https://desk.example", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "0.0.1", false),
            ("127.0.0.1", "1", false),
            ("[::1]", "[::1]", true),
            ("[::1]", "1]", false),
        ] {
            let address = format!("https://{host}/");
            check(&[&format!("a=1; Domain={domain}")], &address, &address, if expect { "a=1" } else { "" });
        }
        let below = "https://a.desk.example/";
        check(&["a=1; Path=/"], HERE, below, "");
        check(&["a=1; Path=/; Domain="], HERE, below, "");
        check(&["a=1; Path=/; Domain=desk.example"], HERE, below, "a=1");
        check(&["a=1; Domain=desk.example; Path=/"], HERE, "https://desk.example:8443/", "a=1");
        check(&["a=1; Domain=desk.example; Domain=b.example"], HERE, HERE, "");
        check(&["a=1; Domain=b.example; Domain=desk.example"], HERE, HERE, "a=1");
    }

    /// RFC 6265, section 5.1.4.
    #[test]
    fn paths() {
        for (from, path, to, expect) in [
            ("/0/ssp/x", "", "/0/ssp", true),
            ("/0/ssp/x", "", "/0/ssp/y/z", true),
            ("/0/ssp/x", "", "/0/sspx", false),
            ("/0/ssp/x", "", "/0", false),
            ("/0/ssp/x/", "", "/0/ssp/x/y", true),
            ("/0/ssp/x/", "", "/0/ssp/y", false),
            ("/x", "", "/", true),
            ("/", "", "/y", true),
            ("/x", "; Path=/0", "/0/y?q", true),
            ("/x", "; Path=/0", "/0", true),
            ("/x", "; Path=/0/", "/0/y", true),
            ("/x", "; Path=/0/", "/0", false),
            ("/x", "; Path=/0", "/00", false),
            ("/x", "; Path=/0", "/0%2Fy", false),
            ("/x", "; Path=/A", "/a", false),
            ("/x", "; path = /0 ", "/0", true),
            ("/0/x", "; Path=relative", "/0/y", true),
            ("/0/x", "; Path=relative", "/relative", false),
            ("/0/x", "; Path=", "/", false),
            ("/0/x", "; Path=/1; Path=/", "/", true),
        ] {
            let [from, to] = [from, to].map(|path| format!("https://desk.example{path}"));
            check(&[&format!("a=1{path}")], &from, &to, if expect { "a=1" } else { "" });
        }
    }

    #[test]
    fn secure_means_https() {
        for attribute in ["Secure", "secure", "SECURE=", "Secure=false"] {
            let cookie = format!("a=1; {attribute}");
            check(&[&cookie], HERE, HERE, "a=1");
            check(&[&cookie], HERE, "http://desk.example/0/ssp/x", "");
            check(&[&cookie], "http://127.0.0.1/", "http://127.0.0.1/", "");
        }
        check(&["__Secure-a=1", "__Host-b=2; Path=/0"], HERE, HERE, "__Secure-a=1; __Host-b=2");
    }

    /// RFC 6265, section 5.4, no. 2.
    #[test]
    fn order() {
        let cookies = ["a=1; Path=/", "b=2; Path=/0/ssp", "c=3; Path=/0", "d=4; Path=/0/ssp", "a=5; Path=/0"];
        check(&cookies, HERE, HERE, "b=2; d=4; c=3; a=5; a=1");
        let jar = Jar::default();
        set(&jar, HERE, &cookies);
        assert_eq!(jar.headers(&url(HERE), "a").unwrap().unwrap().1, "5");
        assert!(!jar.has(&url(HERE), "A"));
        // What is set again keeps its place, and what comes back has a new one.
        set(&jar, HERE, &["b=6; Path=/0/ssp"]);
        assert_eq!(sent(&jar, HERE), "b=6; d=4; c=3; a=5; a=1");
        set(&jar, HERE, &["b=; Path=/0/ssp; Max-Age=0"]);
        assert_eq!(sent(&jar, HERE), "d=4; c=3; a=5; a=1");
        set(&jar, HERE, &["b=7; Path=/0/ssp"]);
        assert_eq!(sent(&jar, HERE), "d=4; b=7; c=3; a=5; a=1");
    }

    #[test]
    fn replacing() {
        check(&["a=1", "a=2"], HERE, HERE, "a=2");
        check(&["a=1", "a=2; Domain=desk.example; Path=/0/ssp"], HERE, HERE, "a=2");
        check(&["a=1", "A=2"], HERE, HERE, "a=1; A=2");
        check(&["a=1; Path=/0", "a=2; Path=/0/"], HERE, HERE, "a=2; a=1");
        check(&["a=1", "a=2; Path=/; Max-Age=0"], HERE, HERE, "a=1");
        check(&["a=1; Max-Age=60", "a=2; Max-Age=0", "b=1"], HERE, HERE, "b=1");
    }

    #[test]
    fn the_header_is_sensitive() {
        let jar = Jar::default();
        set(&jar, HERE, &["a=1"]);
        let (cookies, value) = jar.headers(&url(HERE), "a").unwrap().unwrap();
        assert_eq!((cookies.as_bytes(), value.as_bytes()), (&b"a=1"[..], &b"1"[..]));
        assert!(cookies.is_sensitive() && value.is_sensitive());
        assert_eq!(jar.headers(&url(HERE), "A").unwrap(), None);
        assert_eq!(Jar::default().headers(&url(HERE), "a").unwrap(), None);
    }

    /// A cookie with these attributes lasts so many seconds; `None`: as long as the session.
    async fn check_lifetime(attributes: &str, expect: Option<u64>) {
        let jar = Jar::default();
        set(&jar, HERE, &[&format!("a=1; {attributes}")]);
        for (wait, seen) in
            [(0, expect != Some(0)), (59, expect != Some(0)), (1, expect.is_none()), (86_400, expect.is_none())]
        {
            tokio::time::advance(Duration::from_secs(wait)).await;
            assert_eq!(sent(&jar, HERE) == "a=1", seen, "{attributes} after {wait}s more");
            assert_eq!(jar.why_not(&url(HERE), "a"), (!seen).then_some(WhyNot::Expired), "{attributes}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn lifetimes() {
        let past = "Expires=Thu, 01 Jan 1970 00:00:00 GMT";
        let future = "Expires=Fri, 31 Dec 9999 23:59:59 GMT";
        for (attributes, expect) in [
            ("Max-Age=60", Some(60)),
            ("max-age = 060 ", Some(60)),
            ("Max-Age=0", Some(0)),
            ("Max-Age=-1", Some(0)),
            ("Max-Age=-99999999999999999999999", Some(0)),
            ("Max-Age=99999999999999999999999", None),
            ("Max-Age=9223372036854775807", None),
            ("Max-Age=+60", None),
            ("Max-Age=60s", None),
            ("Max-Age=6.5", None),
            ("Max-Age=-", None),
            ("Max-Age=--1", None),
            ("Max-Age=", None),
            ("Max-Age", None),
            ("Max-Age=0; Max-Age=60", Some(60)),
            ("Max-Age=60; Max-Age=x", Some(60)),
            (past, Some(0)),
            (future, None),
            ("Expires=Mon, 01-Jan-0001 00:00:00 GMT", None),
            ("Expires=Sun, 31 Dec 1600 23:59:59 GMT", None),
            ("Expires=Mon, 01 Jan 1601 00:00:00 GMT", Some(0)),
            ("Expires=0", None),
            ("Expires=-1", None),
            ("Expires=", None),
        ] {
            check_lifetime(attributes, expect).await;
        }
        // Max-Age goes first, unless it can't be read; of several dates, the last that can be.
        for (attributes, expect) in [
            (format!("Max-Age=60; {past}"), Some(60)),
            (format!("{future}; Max-Age=60"), Some(60)),
            (format!("Max-Age=; {past}"), Some(0)),
            (format!("{past}; {future}"), None),
            (format!("{future}; {past}; Expires=never"), Some(0)),
        ] {
            check_lifetime(&attributes, expect).await;
        }
        let soon = jiff::Timestamp::now() + Duration::from_secs(60);
        let soon = soon.strftime("Expires=%a, %d %b %Y %H:%M:%S GMT").to_string();
        let jar = Jar::default();
        set(&jar, HERE, &[&format!("a=1; {soon}")]);
        tokio::time::advance(Duration::from_secs(50)).await;
        assert_eq!(sent(&jar, HERE), "a=1", "{soon}");
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(sent(&jar, HERE), "", "{soon}");
    }

    /// RFC 6265, section 5.1.1.
    #[test]
    fn dates() {
        for (text, expect) in [
            // The formats of HTTP (RFC 9110, section 5.6.7), and of Netscape.
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
            ("Sun, 06-Nov-1994 08:49:37 GMT", Some(784_111_777)),
            // What else the grammar takes.
            ("06 Nov 1994 08:49:37", Some(784_111_777)),
            ("1994 november 6th 8:49:37.5+03:00", Some(784_111_777)),
            ("08:49:37/6/NOVX/1994AD", Some(784_111_777)),
            ("Sun, 06 Nov 1994 08:49:37 +0300", Some(784_111_777)),
            ("Sun, 06 Nov 1994 08:49:37 GMT 07 Dec 1995 09:50:38", Some(784_111_777)),
            ("1 Jan 70 0:0:0", Some(0)),
            ("1 Jan 69 0:0:0", Some(3_124_224_000)),
            ("1 Jan 00 0:0:0", Some(946_684_800)),
            ("1 Jan 1601 0:0:0", Some(-11_644_473_600)),
            ("29 Feb 2024 23:59:59", Some(1_709_251_199)),
            ("31 Dec 9999 23:59:59", Some(253_402_300_799)),
            ("1 Jan 1600 0:0:0", None),
            ("01-Jan-0001 00:00:00", None),
            ("29 Feb 2023 0:0:0", None),
            ("31 Nov 2023 0:0:0", None),
            ("0 Nov 2023 0:0:0", None),
            ("32 Nov 2023 0:0:0", None),
            ("1 Nov 2023 24:0:0", None),
            ("1 Nov 2023 0:60:0", None),
            ("1 Nov 2023 0:0:60", None),
            ("1 Nov 2023 0:0", None),
            ("1 Nov 2023 000:0:0", None),
            ("1 Nov 2023 0:0:000", None),
            ("1 Nov 20231 0:0:0", None),
            ("1 Nov 023 0:0:0", None),
            ("1 Nov 3 0:0:0", None),
            ("1 No 2023 0:0:0", None),
            ("1 ноя 2023 0:0:0", None),
            ("Nov 2023 0:0:0", None),
            ("2023-11-01T00:00:00Z", None),
            ("1699999999", None),
            ("never", None),
            ("", None),
        ] {
            assert_eq!(date(text), expect, "{text}");
        }
    }

    #[test]
    fn reasons() {
        let http = "http://desk.example/0/ssp/x";
        for (cookie, to, expect, text) in [
            ("b=1", HERE, None, ""),
            ("A=1", HERE, None, ""),
            ("a=1; Secure", HERE, None, ""),
            ("a=1; Secure", http, Some(WhyNot::Secure), "is marked Secure, and the address is not https"),
            ("a=1; Path=/Login", HERE, Some(WhyNot::Path), "is for another path"),
            ("a=1; Domain=b.example", HERE, Some(WhyNot::Domain), "is for another domain"),
            ("a=1", "https://b.example/0/ssp/x", Some(WhyNot::Domain), "is for another domain"),
            ("a=1; Max-Age=0; Secure", http, Some(WhyNot::Expired), "was withdrawn by the server or has expired"),
        ] {
            let jar = Jar::default();
            set(&jar, HERE, &[cookie]);
            let seen = jar.why_not(&url(to), "a");
            assert_eq!(seen, expect, "{cookie} to {to}");
            assert_eq!(seen.map(|why| why.to_string()).unwrap_or_default(), text);
        }
        // What is sent needs no reason; or else the last counts.
        let jar = Jar::default();
        set(&jar, HERE, &["a=1; Domain=b.example", "a=1; Path=/x"]);
        assert_eq!(jar.why_not(&url(HERE), "a"), Some(WhyNot::Path));
        set(&jar, HERE, &["a=1; Max-Age=0"]);
        assert_eq!(jar.why_not(&url(HERE), "a"), Some(WhyNot::Expired));
        set(&jar, HERE, &["a=1", "a=1; Path=/y"]);
        assert_eq!(jar.why_not(&url(HERE), "a"), None);
    }

    #[test]
    fn large_cookies() {
        let large = |length: usize| format!("a=1; Path=/; x={}", "x".repeat(length - "a=1; Path=/; x=".len()));
        check(&[&large(LENGTH)], HERE, HERE, "a=1");
        check(&[&large(LENGTH + 1)], HERE, HERE, "");
        let jar = Jar::default();
        set(&jar, HERE, &[&large(LENGTH + 1)]);
        assert_eq!(jar.why_not(&url(HERE), "a").unwrap().to_string(), "is larger than 4096 bytes");
        // The old one stays.
        check(&["a=0; Path=/", &large(LENGTH + 1)], HERE, HERE, "a=0");
    }

    #[tokio::test(start_paused = true)]
    async fn many_cookies() {
        let jar = Jar::default();
        set(&jar, HERE, &["short=1; Max-Age=1"]);
        for number in 1..COUNT {
            set(&jar, HERE, &[&format!("c{number}=1")]);
        }
        let missing = || {
            let names = (1..=COUNT + 2).map(|number| format!("c{number}")).chain(["short".to_owned()]);
            names.filter(|name| !jar.has(&url(HERE), name)).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(missing(), "c50 c51 c52");
        // Setting one again makes it the youngest.
        set(&jar, HERE, &["c1=2"]);
        assert_eq!(missing(), "c50 c51 c52");
        tokio::time::advance(Duration::from_secs(1)).await;
        set(&jar, HERE, &["c50=1"]);
        assert_eq!(missing(), "c51 c52 short");
        set(&jar, HERE, &["c51=1"]);
        assert_eq!(missing(), "c2 c52 short");
        let reasons = ["c1", "c2", "c52", "short"].map(|name| jar.why_not(&url(HERE), name));
        assert_eq!(reasons, [None, Some(WhyNot::Evicted), None, Some(WhyNot::Expired)]);
    }

    #[test]
    fn the_header_has_a_limit() {
        let jar = Jar::default();
        for number in 0..40 {
            set(&jar, HERE, &[&format!("c{number}={}", "x".repeat(2000))]);
        }
        let header = sent(&jar, HERE);
        assert!(header.len() <= TOTAL && header.len() > TOTAL - 2010, "{}", header.len());
        assert!(header.starts_with("c32=") && header.contains("c39="), "the last of them");
    }

    /// What is remembered of rejected cookies is limited, too.
    #[test]
    fn many_rejected_cookies() {
        let jar = Jar::default();
        for number in 0..=COUNT {
            set(&jar, HERE, &[&format!("c{number}=1; Domain=b.example")]);
        }
        assert_eq!(jar.why_not(&url(HERE), "c0"), None);
        assert_eq!(jar.why_not(&url(HERE), "c1"), Some(WhyNot::Domain));
        for (length, expect) in [(NAME, Some(WhyNot::Domain)), (NAME + 1, None)] {
            let name = "n".repeat(length);
            set(&jar, HERE, &[&format!("{name}=1; Domain=b.example")]);
            assert_eq!(jar.why_not(&url(HERE), &name), expect);
        }
    }
}
