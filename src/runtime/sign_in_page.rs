//! Whether the server sent its sign-in page, or the way to it, in place of what was asked for.
//!
//! Either proves that the operation was not executed, so that it is sent again with a new session. Being wrong means
//! executing it twice: the rule is strict, and in doubt it says no.
//!
//! A **redirect** to the sign-in page has the status 301, 302, 303, 307 or 308 and a `Location` whose path, resolved against
//! the requested address, lies below `/Login/` or `<base path>/Login/`. Case means nothing, as to IIS, nor does it whether a
//! letter is percent-encoded; an encoded slash separates nothing. The host may be another, since servers behind a proxy
//! don't know their own name. Queries and fragments are not looked at. `/Login` itself is not below `/Login/`.
//!
//! A **page** has the status 200, 401 or 403: other failures may come from a gateway, after the operation. It is not marked
//! as an attachment. Its body begins with `<`, after a byte order mark and white space, whatever `Content-Type` says, and is
//! HTML: the doctype is `html`, or the first tag is `<html>`. And in its first 256 KiB stands an `<input type=password>`, or
//! a `<form>` whose action lies where such a redirect leads to. What only looks like one doesn't count: comments, text,
//! scripts, styles, `<textarea>`, `<title>`, `<noscript>`, `<iframe>`; nor what is inside of `<template>`, `<noframes>`,
//! `<svg>` or `<math>`.
//!
//! Tags are read by html5gum, a tokenizer by the HTML standard (13.2.5) that passes the html5lib tests, has no dependencies
//! and forbids unsafe code. Told to, it reads the content of `<script>` and the like as text. html5ever and lol_html, browser
//! grade, bring dozens of crates for a tree or for rewriting, which are not needed to see whether a tag is there; `tl` and
//! regular expressions don't follow the standard where pages are odd.
//!
//! Pages are UTF-8, or in an encoding in which ASCII means the same, such as windows-1251: names and addresses are ASCII. A
//! page in UTF-16 is not recognized.

use std::convert::Infallible;

use html5gum::{DefaultEmitter, HtmlString, StartTag, Token, Tokenizer};
use percent_encoding::percent_decode_str;
use reqwest::{
    StatusCode, Url,
    header::{HeaderMap, LOCATION},
};

use super::{
    config::SignInPage,
    error::{Received, is_attachment, without_bom},
};

/// How a client recognizes sign-in pages.
pub(super) struct SignInPages {
    base_path: String,
    rule: Option<SignInPage>,
}

impl SignInPages {
    /// The built-in rule for the server at `base`, unless there is another `rule`.
    pub(super) fn new(base: &Url, rule: Option<SignInPage>) -> Self {
        Self { base_path: base.path().to_owned(), rule }
    }

    /// Whether the response to a request for `requested` is the sign-in page, or a redirect to it.
    pub(super) fn is_one(&self, requested: &Url, received: &Received) -> bool {
        let Received { status, headers, body, .. } = received;
        match &self.rule {
            Some(rule) => rule(*status, headers, body),
            None => {
                redirects_to_sign_in(requested, &self.base_path, *status, headers)
                    || is_sign_in_page(requested, &self.base_path, *status, headers, body)
            }
        }
    }
}

/// How much of a page is looked at, in bytes.
pub(super) const LIMIT: usize = 256 << 10;

/// Whether a response to a request for `requested` redirects to the sign-in page of the service at `base_path`.
fn redirects_to_sign_in(requested: &Url, base_path: &str, status: StatusCode, headers: &HeaderMap) -> bool {
    let location = headers.get(LOCATION).and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
        && location.is_some_and(|location| leads_to_sign_in(requested, base_path, location))
}

/// Whether a response to a request for `requested` is the sign-in page of the service at `base_path`.
fn is_sign_in_page(requested: &Url, base_path: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> bool {
    let body = without_bom(body).trim_ascii_start();
    matches!(status.as_u16(), 200 | 401 | 403)
        && body.starts_with(b"<")
        && !is_attachment(headers)
        && asks_to_sign_in(requested, base_path, &body[..body.len().min(LIMIT)])
}

/// Whether `body` is HTML in which somebody can sign in.
fn asks_to_sign_in(requested: &Url, base_path: &str, body: &[u8]) -> bool {
    let mut emitter = DefaultEmitter::default();
    emitter.naively_switch_states(true);
    // The elements that are open whose content doesn't count.
    let (mut is_html, mut inert) = (false, Vec::new());
    for token in Tokenizer::new_with_emitter(body, emitter) {
        let token = token.unwrap_or_else(|e: Infallible| match e {});
        match token {
            Token::Doctype(doctype) => is_html |= *doctype.name == *b"html",
            Token::StartTag(tag) if *tag.name == *b"html" => is_html = true,
            Token::StartTag(_) if !is_html => return false,
            // Only elements that are none of HTML can close themselves.
            Token::StartTag(tag) if is_inert(&tag.name) => {
                inert.extend((!tag.self_closing || !is_foreign(&tag.name)).then_some(tag.name));
            }
            Token::EndTag(tag) if is_inert(&tag.name) => {
                let begun = inert.iter().rposition(|name| *name == tag.name);
                inert.truncate(begun.unwrap_or(inert.len()));
            }
            Token::StartTag(tag) if inert.is_empty() && signs_in(requested, base_path, &tag) => return true,
            _ => {}
        }
    }
    false
}

/// Elements whose content is not part of the page, or not HTML.
fn is_inert(name: &HtmlString) -> bool {
    is_foreign(name) || matches!(name.as_slice(), b"template" | b"noframes")
}

fn is_foreign(name: &HtmlString) -> bool {
    matches!(name.as_slice(), b"svg" | b"math")
}

/// Whether a tag is a field for a password, or a form that is sent to the sign-in page.
fn signs_in(requested: &Url, base_path: &str, tag: &StartTag<()>) -> bool {
    let attribute = |name: &[u8]| tag.attributes.get(name).map(|value| value.value.as_slice());
    match tag.name.as_slice() {
        b"input" => attribute(b"type").is_some_and(|kind| kind.eq_ignore_ascii_case(b"password")),
        b"form" => {
            let action = attribute(b"action").and_then(|action| std::str::from_utf8(action).ok());
            action.is_some_and(|action| leads_to_sign_in(requested, base_path, action))
        }
        _ => false,
    }
}

/// Whether the path of `reference`, resolved against `requested`, lies below `/Login/` or `<base_path>/Login/`.
fn leads_to_sign_in(requested: &Url, base_path: &str, reference: &str) -> bool {
    let Ok(url) = requested.join(reference) else { return false };
    let segments: Vec<_> = url.path().split('/').skip(1).map(letters).collect();
    let base: Vec<_> = base_path.split('/').filter(|segment| !segment.is_empty()).map(letters).collect();
    let is_login = |rest: &[Vec<u8>]| rest.len() > 1 && rest[0] == b"login";
    matches!(url.scheme(), "http" | "https")
        && (is_login(&segments) || segments.strip_prefix(&*base).is_some_and(is_login))
}

/// A segment of a path as IIS compares it.
fn letters(segment: &str) -> Vec<u8> {
    percent_decode_str(segment).map(|b| b.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, LIMIT, StatusCode, Url, is_sign_in_page, redirects_to_sign_in};

    fn requested() -> Url {
        Url::parse("https://support.example/0/ssp/rest/PublicWebServices/case").unwrap()
    }

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        lines.iter().map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn is_page(status: u16, lines: &[(&'static str, &str)], body: &[u8]) -> bool {
        is_sign_in_page(&requested(), "", StatusCode::from_u16(status).unwrap(), &headers(lines), body)
    }

    /// How a tag is written makes no difference.
    #[test]
    fn tags() {
        for (tag, expect) in [
            (r#"<input type="password">"#, true),
            ("<input type='password'>", true),
            ("<input type=password>", true),
            ("<INPUT TYPE=Password>", true),
            ("<input\n\tname=p\r\n\ttype\n=\n\"password\"\n/>", true),
            ("<input/type='password'/>", true),
            ("<input type=password/>", false),
            ("<input type=&#112;assword>", true),
            ("<input disabled type=password value='>'>", true),
            ("<p title=\"<!--\"><input type=password>", true),
            ("<svg/><input type=password>", true),
            ("</svg></template><input type=password>", true),
            ("<svg></template><input type=password></svg>", false),
            ("<template></svg></math><input type=password></template>", false),
            ("<svg><template></svg><input type=password>", true),
            ("<script/><input type=password>", false),
            ("<template/><input type=password>", false),
            ("<input type=password", false),
            ("<input type='password>", false),
            ("< input type=password>", false),
            ("<input type>", false),
            ("<form method=post action=/Login/NuiLogin.aspx>", true),
            ("<FORM ACTION='/LOGIN/x'>", true),
            ("<form action=\" /%4cog%69n/x \">", true),
            ("<form action=/&#76;ogin/>", true),
            ("<form action=\\Login\\x>", true),
            ("<form action='?ReturnUrl=/Login/'>", false),
            ("<form formaction=/Login/x>", false),
            ("<button formaction=/Login/x>", false),
        ] {
            assert_eq!(is_page(200, &[], format!("<!doctype HTML>{tag}").as_bytes()), expect, "{tag}");
            assert_eq!(is_page(200, &[], format!(" <Html>{tag}").as_bytes()), expect, "{tag}");
            assert!(!is_page(200, &[], format!("<body>{tag}").as_bytes()), "{tag}");
        }
    }

    #[test]
    fn statuses_and_headers() {
        let page = b"<html><input type=password>";
        for status in 100..=599 {
            assert_eq!(is_page(status, &[], page), matches!(status, 200 | 401 | 403), "{status}");
        }
        for content_type in ["text/html", "application/json", "text/plain", "image/png", "nonsense"] {
            assert!(is_page(200, &[("content-type", content_type)], page), "{content_type}");
            assert!(!is_page(200, &[("content-type", content_type)], b"{}"), "{content_type}");
        }
        for (disposition, expect) in [("inline", true), ("attachment", false), ("Attachment; filename=a.html", false)] {
            assert_eq!(is_page(200, &[("content-disposition", disposition)], page), expect, "{disposition}");
        }
    }

    #[test]
    fn only_the_beginning_is_read() {
        let tag = "<input type=password>";
        for (at, expect) in [(LIMIT - tag.len(), true), (LIMIT - tag.len() + 1, false), (LIMIT, false)] {
            let begin = "<html>";
            let page = format!("{begin}{}{tag}", " ".repeat(at - begin.len()));
            assert_eq!(is_page(200, &[], page.as_bytes()), expect, "{at}");
        }
    }

    #[test]
    fn redirects() {
        let check = |base: &str, status: u16, location: &str, expect: bool| {
            let (status, headers) = (StatusCode::from_u16(status).unwrap(), headers(&[("location", location)]));
            let seen = redirects_to_sign_in(&requested(), base, status, &headers);
            assert_eq!(seen, expect, "{status} to {location} below {base:?}");
        };
        for status in 100..=599 {
            check("", status, "/Login/NuiLogin.aspx", matches!(status, 301 | 302 | 303 | 307 | 308));
        }
        for (location, expect) in [
            ("/Login/NuiLogin.aspx?ReturnUrl=%2f0%2fssp", true),
            ("/Login/NuiLogin.aspx?user=иван", true),
            ("/Login/", true),
            ("/login/nuilogin.aspx", true),
            ("/%4Cogin/x", true),
            ("/%6c%6F%67%69%6e/x", true),
            ("https://support.example/Login/x", true),
            ("http://support.example:8080/Login/x", true),
            ("//support.example/Login/x", true),
            ("../../../../Login/x", true),
            ("/0/../Login/x#a", true),
            ("/Login//", true),
            ("/Login", false),
            ("/Login?x=/Login/", false),
            ("/LoginHelp", false),
            ("/LoginHelp/x", false),
            ("/Login%2Fx", false),
            ("/Login%20/x", false),
            ("//Login/x", false),
            ("///support.example//Login/x", false),
            ("/0/Shell/", false),
            ("/x/Login/NuiLogin.aspx", false),
            ("/crm/Login/NuiLogin.aspx", false),
            ("/Login/../0/x", false),
            ("/Login/%2e%2E/0/x", false),
            ("Login/x", false),
            ("/?ReturnUrl=/Login/x", false),
            ("/#/Login/x", false),
            ("", false),
            ("http://[/Login/x", false),
            ("https:///", false),
            ("mailto:/Login/x", false),
            ("file:///Login/x", false),
        ] {
            check("", 302, location, expect);
            check("/", 302, location, expect);
        }
        for (base, location, expect) in [
            ("/crm", "/crm/Login/x", true),
            ("/crm/", "/CRM/login/x", true),
            ("/a/b", "/a/b/Login/x", true),
            ("/%D0%B0", "/%d0%b0/Login/x", true),
            ("/crm", "/Login/x", true),
            ("/crm", "/crm/Login", false),
            ("/crm", "/crm/x/Login/x", false),
            ("/crm", "/crmx/Login/x", false),
            ("/a/b", "/a/Login/x", false),
            ("/a/b", "/a%2Fb/Login/x", false),
        ] {
            check(base, 302, location, expect);
        }
        assert!(!redirects_to_sign_in(&requested(), "", StatusCode::FOUND, &HeaderMap::new()));
    }
}
