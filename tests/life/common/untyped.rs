//! Requests that no typed client sends, and what a sandbox makes of them.

use reqwest::{Client, Method, RequestBuilder};

use super::Staged;

/// Sends requests to the sandbox of a `Stage`.
pub struct Untyped<Stage> {
    pub stage: Stage,
    http: Client,
}

impl<Stage: Staged> Untyped<Stage> {
    pub fn of(stage: Stage) -> Self {
        Self { stage, http: crate::http::client() }
    }

    /// A request without a credential.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.stage.sandbox().url()))
    }

    /// Checks the status, and that a refusal changed nothing.
    pub async fn check(&self, what: &str, request: RequestBuilder, expect: u16) {
        let before = self.stage.sandbox().state(|state| state.clone());
        let status = request.send().await.unwrap().status().as_u16();
        assert_eq!(status, expect, "{what}");
        if status >= 400 {
            assert!(self.stage.sandbox().state(|state| *state == before), "{what}: a refusal changed the state");
        }
    }
}
