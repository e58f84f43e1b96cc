//! The cookies that a jar keeps, within its limits.

use std::{cmp::Reverse, collections::VecDeque};

use reqwest::Url;
use tokio::time::Instant;

use super::{LENGTH, WhyNot, set_cookie::SetCookie, stored::Stored};

/// How many cookies are kept, and how many that were rejected are remembered.
pub(super) const COUNT: usize = 50;
/// How long the header `Cookie` may get, in bytes.
pub(super) const TOTAL: usize = 16 << 10;
/// How long the name of a rejected cookie may be that is remembered, in bytes.
pub(super) const NAME: usize = 256;

/// The cookies of a jar, and what is remembered of those that it rejected.
#[derive(Default)]
pub(super) struct Kept {
    /// What was set last is last. Among them are expired ones, until they have to give way.
    pub(super) cookies: Vec<Stored>,
    /// The names of cookies that were set and are not kept.
    pub(super) rejected: VecDeque<(String, WhyNot)>,
    /// How many cookies were created.
    created: u64,
}

impl Kept {
    /// RFC 6265, section 5.3.
    pub(super) fn set(&mut self, cookie: &SetCookie<'_>, url: &Url) {
        if cookie.text.len() > LENGTH {
            return self.reject(cookie.name.to_owned(), WhyNot::TooLarge);
        }
        let now = Instant::now();
        let Some(mut stored) = Stored::new(cookie, url, now) else {
            return self.reject(cookie.name.to_owned(), WhyNot::Domain);
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
    pub(super) fn sent_to(&self, url: &Url) -> Vec<&Stored> {
        let now = Instant::now();
        let mut cookies: Vec<_> = self.cookies.iter().filter(|cookie| cookie.why_not(url, now).is_none()).collect();
        cookies.sort_by_key(|cookie| (Reverse(cookie.path.len()), cookie.created));
        cookies
    }
}
