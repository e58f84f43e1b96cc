//! A request being put together: from an operation of the tables, and from what a builder was given.

use bytes::Bytes;
use reqwest::{
    Method, Request,
    header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT},
};
use serde::Serialize;
use serde_json::Value;

use super::{
    Error, Executor, Failure, Given, InvalidRequest, Operation, Part, ResponseValue, attempts::Content, error::Call,
    path::path_segment, response::Response,
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// How long the parameters of a path usually are at most, in bytes.
const ROOM: usize = 32;
const OCTETS: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// A request that is not sent yet.
pub struct Outgoing<'a> {
    executor: &'a Executor,
    parts: Box<Parts>,
}

/// A call, and its request.
pub(super) struct Parts {
    pub(super) call: Call,
    /// What is wrong with the request, first of all.
    pub(super) invalid: Option<InvalidRequest>,
    pub(super) draft: Draft,
}

/// What a request is made of, as often as it is sent: to keep this costs less than to keep a copy of each request.
pub(super) struct Draft {
    operation: &'static Operation,
    /// The path with that of the base URL, whose parameters are filled in one by one.
    path: String,
    query: Vec<(&'static str, String)>,
    accepts_json: bool,
    /// Of the body.
    media_type: Option<HeaderValue>,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Bytes>,
    /// What is uploaded, in place of a body.
    pub(super) content: Option<Content>,
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(executor: &'a Executor, call: Call) -> Self {
        let mut path = String::with_capacity(executor.base_path().len() + call.operation.path.len() + ROOM);
        path.push_str(executor.base_path());
        path.push_str(call.operation.path);
        let draft = Draft {
            operation: call.operation,
            path,
            query: Vec::new(),
            accepts_json: false,
            media_type: None,
            headers: Vec::new(),
            body: None,
            content: None,
        };
        Self { executor, parts: Box::new(Parts { call, invalid: None, draft }) }
    }

    /// The body of a success is handed on as it comes.
    pub fn stream(&mut self) {
        self.parts.call.streams = true;
    }

    /// The response to a success is JSON.
    pub fn accept_json(&mut self) {
        self.parts.draft.accepts_json = true;
    }

    /// A path parameter.
    pub fn path<T: Serialize>(&mut self, name: &'static str, given: Given<T>) {
        let Some(value) = self.required(name, given) else { return };
        let Some(text) = self.string(name, &value) else { return };
        match path_segment(&text) {
            Some(segment) => fill_in(&mut self.parts.draft.path, name, &segment),
            None => self.refuse(format!("the path parameter {name} is empty or dots, which no path can carry")),
        }
    }

    /// A query parameter; nothing when it was not given and may be missing.
    pub fn query<T: Serialize>(&mut self, name: &'static str, given: Given<T>) {
        let strings = self.optional(name, given).and_then(|value| self.strings(name, &value));
        self.parts.draft.query.extend(strings.into_iter().flatten().map(|string| (name, string)));
    }

    /// A header; nothing when it was not given and may be missing.
    pub fn header<T: Serialize>(&mut self, name: &'static str, given: Given<T>) {
        let Some(value) = self.optional(name, given) else { return };
        let Some(text) = self.string(name, &value) else { return };
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&text)) {
            (Ok(header), Ok(value)) => self.parts.draft.headers.push((header, value)),
            _ => self.refuse(format!("the header parameter {name} has characters that a header can't carry")),
        }
    }

    /// A JSON body.
    pub fn json<T: Serialize>(&mut self, given: Given<T>) {
        let Some(value) = self.required("body", given) else { return };
        self.parts.draft.media_type = Some(JSON);
        match serde_json::to_vec(&value) {
            Ok(body) => self.parts.draft.body = Some(body.into()),
            Err(e) => self.refuse(format!("body: {e}")),
        }
    }

    /// A body that is sent as it stands.
    pub fn raw(&mut self, given: Given<Part>) {
        let Some(part) = self.required("body", given) else { return };
        self.parts.draft.media_type = Some(OCTETS);
        self.parts.draft.content = Some(Content { multipart: false, parts: vec![("body", part)], length: None });
    }

    /// The query parameter that is the length of the body, unless it was given.
    pub fn fill_in_length(&mut self, name: &'static str) {
        if let Some(content) = &mut self.parts.draft.content
            && self.parts.draft.query.iter().all(|(given, _)| *given != name)
        {
            content.length = Some(name);
        }
    }

    /// A part of a form; nothing when it was not given and may be missing.
    pub fn part(&mut self, name: &'static str, given: Given<Part>) {
        let part = given.optional(name).unwrap_or_else(|reason| {
            self.refuse(format!("part {reason}"));
            None
        });
        let form = Content { multipart: true, parts: Vec::new(), length: None };
        self.parts.draft.content.get_or_insert(form).parts.extend(part.map(|part| (name, part)));
    }

    /// Sends it, unless something is wrong with it; `read` makes the result of the response, whatever its status is.
    pub async fn send<T, E: Failure>(
        self,
        read: impl FnOnce(Response) -> Result<ResponseValue<T>, Error<E>>,
    ) -> Result<ResponseValue<T>, Error<E>> {
        self.executor.call(self.parts, read).await
    }

    fn required<T>(&mut self, name: &str, given: Given<T>) -> Option<T> {
        given.required(name).map_err(|reason| self.refuse(reason)).ok()
    }

    fn optional<T>(&mut self, name: &str, given: Given<T>) -> Option<T> {
        given.optional(name).map_err(|reason| self.refuse(reason)).ok().flatten()
    }

    /// The value as it is written in a path or a header; those of a list without anything between them.
    fn string(&mut self, name: &str, value: &impl Serialize) -> Option<String> {
        match serde_json::to_string(value) {
            // The same in JSON: a number, or `true` or `false`.
            Ok(text) if !text.starts_with(['"', '[', '{', 'n']) => Some(text),
            _ => self.strings(name, value).map(|strings| strings.concat()),
        }
    }

    /// The value as it is written in a URL or a header; those of a list one by one.
    fn strings(&mut self, name: &str, value: &impl Serialize) -> Option<Vec<String>> {
        match serde_json::to_value(value) {
            Ok(Value::Array(values)) => Some(values.into_iter().filter_map(string).collect()),
            Ok(value) => Some(string(value).into_iter().collect()),
            Err(e) => {
                self.refuse(format!("{name}: {e}"));
                None
            }
        }
    }

    fn refuse(&mut self, reason: String) {
        let Parts { call, invalid, .. } = &mut *self.parts;
        invalid.get_or_insert_with(|| call.invalid(reason));
    }
}

impl Draft {
    /// The request without its content.
    ///
    /// # Errors
    /// When the method of the operation is none.
    pub(super) fn request(&self, executor: &Executor) -> Result<Request, String> {
        let Executor { limits, dialect, .. } = executor;
        let method = Method::from_bytes(self.operation.method.as_bytes()).map_err(|e| e.to_string())?;
        // To parse scheme and host again would take longer than all else here.
        let mut url = limits.url.clone();
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = Request::new(method, url);
        *request.body_mut() = self.body.clone().map(Into::into);
        let headers = request.headers_mut();
        if self.accepts_json {
            headers.insert(ACCEPT, JSON);
        }
        if let Some(media_type) = &self.media_type {
            headers.insert(CONTENT_TYPE, media_type.clone());
        }
        for (name, value) in &self.headers {
            headers.append(name, value.clone());
        }
        headers.entry(USER_AGENT).or_insert_with(|| limits.user_agent.clone());
        if !limits.headers.is_empty() {
            headers.extend(limits.headers.clone());
        }
        dialect.adapt(self.operation, &mut request);
        self.declare_empty_body(&mut request);
        Ok(request)
    }

    /// A request whose method is for content says that it has none: some servers refuse one that doesn't (411). RFC 9110,
    /// section 8.6.
    fn declare_empty_body(&self, request: &mut Request) {
        let for_content = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
        let is_empty = request.body().is_none_or(|body| body.as_bytes().is_some_and(<[u8]>::is_empty));
        if for_content && is_empty && self.content.is_none() {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
    }
}

/// Puts `segment` in the place of `{name}`. What was filled in before has no braces: they are escaped.
fn fill_in(path: &mut String, name: &str, segment: &str) {
    let mut from = 0;
    while let Some(found) = path[from..].find('{') {
        let begin = from + found;
        let is_it = path[begin + 1..].strip_prefix(name).is_some_and(|rest| rest.starts_with('}'));
        from = begin + 1;
        if is_it {
            path.replace_range(begin..begin + name.len() + 2, segment);
            from = begin + segment.len();
        }
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
