//! The attempts to send a request, as far as its content allows: what is in memory is sent again, a file is opened anew, and a
//! stream is sent once.

use std::{future::poll_fn, pin::Pin};

use http_body::Body as HttpBody;
use reqwest::{
    Body, Request, RequestBuilder,
    header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue},
    multipart,
};
use tokio::time::Instant;

use super::{
    Executor, Part,
    exact::{Broken, Upload},
    part::Opened,
    request::Draft,
    trace::Trace,
};

/// The content of an upload.
pub(crate) struct Content {
    /// Whether the parts make up a form; otherwise there is one, and it is the body as it stands.
    pub(crate) multipart: bool,
    /// Each under the name that the spec gives it.
    pub(crate) parts: Vec<(&'static str, Part)>,
    /// The query parameter that still needs the length of the body.
    pub(crate) length: Option<&'static str>,
}

impl Content {
    /// What a part is called in messages.
    fn title(&self, name: &str) -> String {
        if self.multipart { format!("part {name}") } else { name.to_owned() }
    }
}

/// A request, and what makes it ready to be sent.
pub(super) struct Attempts<'a> {
    executor: &'a Executor,
    draft: &'a mut Draft,
    trace: &'a Trace,
    /// What became of the content of the last request, if there is any.
    broken: Option<Broken>,
}

/// Why there is no request to send.
pub(super) enum NotReady {
    /// Its content was a stream that was sent already.
    UsedUp,
    /// Its content could not be opened in time.
    TimedOut,
    /// Something is wrong with it.
    Invalid(String),
}

impl<'a> Attempts<'a> {
    pub(super) fn new(executor: &'a Executor, draft: &'a mut Draft, trace: &'a Trace) -> Self {
        Self { executor, draft, trace, broken: None }
    }

    /// Checks the content, as far as that can be done before anything is sent, including a sign-in.
    pub(super) async fn check(&self, end: Instant) -> Result<(), NotReady> {
        let Some(content) = &self.draft.content else { return Ok(()) };
        // In a box, as few requests have any.
        match tokio::time::timeout_at(end, Box::pin(Self::check_content(content))).await {
            Ok(checked) => checked.map_err(NotReady::Invalid),
            Err(_) => Err(NotReady::TimedOut),
        }
    }

    async fn check_content(content: &Content) -> Result<(), String> {
        for (name, part) in &content.parts {
            part.check(content.multipart).await.map_err(|reason| format!("{}: {reason}", content.title(name)))?;
            if let (Some(parameter), false) = (content.length, part.has_length()) {
                return Err(format!("{parameter} was not given, and the length of the {name} is not known"));
            }
        }
        Ok(())
    }

    /// Whether a part of the content was a stream, which can't be sent again.
    pub(super) fn are_used_up(&self) -> bool {
        self.draft.content.as_ref().is_some_and(|content| content.parts.iter().any(|(_, part)| part.is_used_up()))
    }

    /// The request to send next.
    pub(super) async fn next(&mut self, end: Instant) -> Result<Box<Request>, NotReady> {
        if self.draft.content.is_none() {
            return self.draft.request(self.executor).map(Box::new).map_err(NotReady::Invalid);
        }
        match tokio::time::timeout_at(end, Box::pin(self.with_content())).await {
            Ok(Ok(Some(request))) => Ok(Box::new(request)),
            Ok(Ok(None)) => Err(NotReady::UsedUp),
            Ok(Err(reason)) => Err(NotReady::Invalid(reason)),
            Err(_) => Err(NotReady::TimedOut),
        }
    }

    /// The request with its content; `None` when that was a stream that is used up.
    async fn with_content(&mut self) -> Result<Option<Request>, String> {
        let request = self.draft.request(self.executor)?;
        let Some(mut content) = self.draft.content.take() else { return Ok(Some(request)) };
        // An earlier attempt may still be under way, and must not spoil this one.
        let broken = Broken::default();
        self.broken = Some(broken.clone());
        let ready = if content.multipart {
            self.form(request, &mut content, broken).await
        } else {
            self.raw(request, &mut content, broken).await
        };
        self.draft.content = Some(content);
        ready
    }

    /// Why the content of the last request could not be sent, if that is so: a file or a stream that failed, or was longer or
    /// shorter than announced. The server did not get all of it, and sending it again would not help.
    pub(super) fn broken(&self) -> Option<String> {
        self.broken.as_ref()?.reason()
    }

    async fn form(&self, request: Request, content: &mut Content, broken: Broken) -> Result<Option<Request>, String> {
        let mut form = multipart::Form::new();
        for (name, part) in &mut content.parts {
            let title = format!("part {name}");
            let part = match part.open(self.upload(&title, &broken)).await {
                Ok(Some(opened)) => part.of_form(opened),
                Ok(None) => return Ok(None),
                Err(reason) => Err(reason),
            };
            form = form.part(*name, part.map_err(|reason| format!("{title}: {reason}"))?);
        }
        let request = RequestBuilder::from_parts(self.executor.http.clone(), request).multipart(form).build();
        request.map(Some).map_err(|e| e.without_url().to_string())
    }

    async fn raw(
        &self,
        mut request: Request,
        content: &mut Content,
        broken: Broken,
    ) -> Result<Option<Request>, String> {
        let Some((name, part)) = content.parts.first_mut() else { return Ok(Some(request)) };
        let reason = |reason: String| format!("{name}: {reason}");
        let Some(Opened { body, length }) = part.open(self.upload(name, &broken)).await.map_err(reason)? else {
            return Ok(None);
        };
        if let Some(media_type) = part.own_media_type().map_err(reason)? {
            request.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        if let (Some(parameter), Some(length)) = (content.length, length) {
            request.url_mut().query_pairs_mut().append_pair(parameter, &length.to_string());
        }
        if let Some(length) = length {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        *request.body_mut() = Some(if length == Some(0) { self.empty(name, body).await? } else { body });
        Ok(Some(request))
    }

    /// The HTTP client doesn't poll a body whose length is zero, so it is checked here.
    async fn empty(&self, name: &str, mut body: Body) -> Result<Body, String> {
        let end = poll_fn(|context| Pin::new(&mut body).poll_frame(context));
        let idle = self.executor.limits.idle;
        match tokio::time::timeout(idle, end).await {
            Ok(None) => Ok(Body::from("")),
            Ok(Some(_)) => Err(self.broken().unwrap_or_else(|| format!("{name}: its stream is not empty"))),
            Err(_) => Err(format!("{name}: its stream, announced to be empty, did not end within {idle:?}")),
        }
    }

    fn upload(&self, name: &str, broken: &Broken) -> Upload {
        Upload { name: name.to_owned(), broken: broken.clone(), trace: self.trace.clone() }
    }
}
