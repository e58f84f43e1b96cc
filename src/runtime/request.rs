//! A request being put together: from an operation of the tables, and from what a builder was given.

use std::fmt::Write as _;

use reqwest::{
    Request, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
};
use serde::Serialize;
use serde_json::Value;

use super::{
    Executor, Given, InvalidRequest, Part, attempts::Content, error::Call, failed::Failed, path::path_segment,
    response::Response,
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// A request that is not sent yet.
pub struct Outgoing<'a> {
    executor: &'a Executor,
    call: Call,
    /// The path, whose parameters are filled in one by one.
    path: String,
    query: Vec<(&'static str, String)>,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    content: Option<Content>,
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(executor: &'a Executor, call: Call) -> Self {
        let path = call.operation.path.to_owned();
        Self { executor, call, path, query: Vec::new(), headers: HeaderMap::new(), body: None, content: None }
    }

    /// The response to a success is JSON.
    pub fn accept_json(&mut self) {
        self.headers.insert(ACCEPT, JSON);
    }

    /// A path parameter.
    pub fn path<T: Serialize>(&mut self, name: &'static str, given: Given<T>) -> Result<(), InvalidRequest> {
        let value = self.required(name, given)?;
        let text = self.strings(name, &value)?.concat();
        let segment = path_segment(&self.call, name, &text)?;
        self.path = self.path.replace(&format!("{{{name}}}"), &segment);
        Ok(())
    }

    /// A query parameter; nothing when it was not given and may be missing.
    pub fn query<T: Serialize>(&mut self, name: &'static str, given: Given<T>) -> Result<(), InvalidRequest> {
        if let Some(value) = self.optional(name, given)? {
            let strings = self.strings(name, &value)?;
            self.query.extend(strings.into_iter().map(|string| (name, string)));
        }
        Ok(())
    }

    /// A header; nothing when it was not given and may be missing.
    pub fn header<T: Serialize>(&mut self, name: &'static str, given: Given<T>) -> Result<(), InvalidRequest> {
        let Some(value) = self.optional(name, given)? else { return Ok(()) };
        let text = self.strings(name, &value)?.concat();
        let (Ok(header), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&text)) else {
            let reason = format!("the header parameter {name} has characters that a header can't carry");
            return Err(self.call.invalid(reason));
        };
        self.headers.append(header, value);
        Ok(())
    }

    /// A JSON body.
    pub fn json<T: Serialize>(&mut self, given: Given<T>) -> Result<(), InvalidRequest> {
        let value = self.required("body", given)?;
        let body = serde_json::to_vec(&value).map_err(|e| self.call.invalid(format!("body: {e}")))?;
        self.headers.insert(CONTENT_TYPE, JSON);
        self.body = Some(body);
        Ok(())
    }

    /// A body that is sent as it stands.
    pub fn raw(&mut self, given: Given<Part>) -> Result<(), InvalidRequest> {
        let part = self.required("body", given)?;
        self.headers.insert(CONTENT_TYPE, OCTETS);
        self.content = Some(Content { multipart: false, parts: vec![("body", part)], length: None });
        Ok(())
    }

    /// The query parameter that is the length of the body, unless it was given.
    pub fn fill_in_length(&mut self, name: &'static str) {
        if let Some(content) = &mut self.content
            && self.query.iter().all(|(given, _)| *given != name)
        {
            content.length = Some(name);
        }
    }

    /// A part of a form; nothing when it was not given and may be missing.
    pub fn part(&mut self, name: &'static str, given: Given<Part>) -> Result<(), InvalidRequest> {
        let part = given.optional(name).map_err(|reason| self.call.invalid(format!("part {reason}")))?;
        let form = Content { multipart: true, parts: Vec::new(), length: None };
        self.content.get_or_insert(form).parts.extend(part.map(|part| (name, part)));
        Ok(())
    }

    fn required<T>(&self, name: &str, given: Given<T>) -> Result<T, InvalidRequest> {
        given.required(name).map_err(|reason| self.call.invalid(reason))
    }

    fn optional<T>(&self, name: &str, given: Given<T>) -> Result<Option<T>, InvalidRequest> {
        given.optional(name).map_err(|reason| self.call.invalid(reason))
    }

    /// The value as it is written in a URL or a header; those of a list one by one.
    fn strings(&self, name: &str, value: &impl Serialize) -> Result<Vec<String>, InvalidRequest> {
        let value = serde_json::to_value(value).map_err(|e| self.call.invalid(format!("{name}: {e}")))?;
        Ok(match value {
            Value::Array(values) => values.into_iter().filter_map(string).collect(),
            value => string(value).into_iter().collect(),
        })
    }

    /// Sends it, and gives the response whatever its status code is.
    pub async fn send(self) -> Result<Response, Failed> {
        let request = self.request()?;
        self.executor.execute(self.call, request, self.content).await
    }

    fn request(&self) -> Result<Request, InvalidRequest> {
        let mut url = self.executor.base_url.to_string();
        let _ = url.write_str(&self.path);
        let mut url = Url::parse(&url).map_err(|e| self.call.invalid(e.to_string()))?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let method = reqwest::Method::from_bytes(self.call.operation.method.as_bytes());
        let method = method.map_err(|e| self.call.invalid(e.to_string()))?;
        let mut request = Request::new(method, url);
        *request.headers_mut() = self.headers.clone();
        *request.body_mut() = self.body.clone().map(Into::into);
        Ok(request)
    }
}

/// A scalar as a string; nothing for null.
fn string(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}
