//! The same request again and again, as far as its body allows.

use reqwest::{Request, RequestBuilder};

use super::part::{self, Parts};

/// The same request again and again, as far as its body allows.
pub(super) struct Attempts<'a> {
    pub(super) http: &'a reqwest::Client,
    pub(super) request: Option<Request>,
    pub(super) parts: Option<Parts>,
}

impl Attempts<'_> {
    /// The request to send next; `None` when its body was a stream that is used up.
    pub(super) async fn next(&mut self) -> Result<Option<Request>, String> {
        let again = self.request.as_ref().and_then(Request::try_clone);
        let Some(request) = again.or_else(|| self.request.take()) else { return Ok(None) };
        let Some(parts) = &mut self.parts else { return Ok(Some(request)) };
        let Some(form) = part::form(parts).await? else { return Ok(None) };
        let request = RequestBuilder::from_parts(self.http.clone(), request).multipart(form).build();
        request.map(Some).map_err(|e| e.without_url().to_string())
    }
}
