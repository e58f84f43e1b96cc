//! Which cookies are kept and sent, for how long, and why others aren't.

use std::time::Duration;

use reqwest::{
    Url,
    header::{HeaderMap, HeaderValue, SET_COOKIE},
};

use super::{
    Jar, LENGTH, WhyNot,
    date::date,
    header,
    kept::{COUNT, NAME, TOTAL},
};

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
