//! The rule by which a client tells sign-in pages: the one of `sign_in_page`, or the caller's own.

use std::sync::Arc;

use reqwest::{StatusCode, Url, header::HeaderMap};

use super::{
    error::Received,
    sign_in_page::{is_sign_in_page, redirects_to_sign_in},
};

/// A rule of the caller: whether a response with this status, these headers and this body is a sign-in page.
pub(crate) type Rule = Arc<dyn Fn(StatusCode, &HeaderMap, &[u8]) -> bool + Send + Sync>;

/// How a client tells sign-in pages.
pub(super) struct SignInPages {
    base_path: String,
    rule: Option<Rule>,
}

impl SignInPages {
    /// The built-in rule for the server at `base`, unless there is another `rule`.
    pub(super) fn new(base: &Url, rule: Option<Rule>) -> Self {
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
