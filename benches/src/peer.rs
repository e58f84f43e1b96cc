//! A client for four operations, written by hand: one type of errors, a variant per documented failure that somebody looks at,
//! the timeouts that casewire has.

use std::{fmt, time::Duration};

use reqwest::{
    Method, RequestBuilder, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    redirect,
};
use serde::de::DeserializeOwned;

use crate::plain::{Call, Created, Failure, Message, NewCall, NewMessage};

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The client.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base_url: String,
    /// The header `Authorization` of a dispatch system, and of a user.
    key: HeaderValue,
    token: HeaderValue,
}

/// Why a call failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// There was no response, or only a part of it.
    Http(reqwest::Error),
    /// The body of a success is not what is documented.
    Json(serde_json::Error),
    /// 400.
    BadRequest(Option<Failure>),
    /// 401.
    Unauthorized,
    /// 403.
    Forbidden,
    /// 404.
    NotFound(Option<Failure>),
    /// 409.
    Conflict,
    /// Any other status.
    Unexpected(StatusCode),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(e) => e.fmt(f),
            Self::Json(e) => e.fmt(f),
            Self::BadRequest(_) => f.write_str("the request is invalid"),
            Self::Unauthorized => f.write_str("the credential was refused"),
            Self::Forbidden => f.write_str("the credential doesn't allow this"),
            Self::NotFound(_) => f.write_str("it doesn't exist"),
            Self::Conflict => f.write_str("its status doesn't allow this"),
            Self::Unexpected(status) => write!(f, "the server responded with {status}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<reqwest::Error> for Error {
    fn from(e: reqwest::Error) -> Self {
        Self::Http(e)
    }
}

impl Client {
    /// A client for the server at `base_url`, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    /// When reqwest's client can't be built.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .user_agent("desk/1.0")
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .timeout(Duration::from_secs(30))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()?;
        let credential = |text| {
            let mut value = HeaderValue::from_static(text);
            value.set_sensitive(true);
            value
        };
        let (key, token) = (credential("x-external-system desk-key"), credential("x-user token"));
        Ok(Self { http, base_url: base_url.to_owned(), key, token })
    }

    /// `GET /call/{id}`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get_call(&self, id: i64) -> Result<Call, Error> {
        let request = self.request(Method::GET, &format!("/call/{id}"), &self.key);
        json(request.send().await?).await
    }

    /// `POST /call`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn create_call(&self, call: &NewCall) -> Result<Created, Error> {
        let request = self.request(Method::POST, "/call", &self.key);
        json(with_body(request, call)?.send().await?).await
    }

    /// `POST /call/{id}/message`
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn add_user_message(&self, id: i64, message: &NewMessage) -> Result<Message, Error> {
        let request = self.request(Method::POST, &format!("/call/{id}/message"), &self.token);
        json(with_body(request, message)?.send().await?).await
    }

    fn request(&self, method: Method, path: &str, credential: &HeaderValue) -> RequestBuilder {
        let url = format!("{}{path}", self.base_url);
        self.http.request(method, url).header(AUTHORIZATION, credential.clone()).header(ACCEPT, JSON)
    }
}

fn with_body(request: RequestBuilder, body: &impl serde::Serialize) -> Result<RequestBuilder, Error> {
    Ok(request.header(CONTENT_TYPE, JSON).body(serde_json::to_vec(body).map_err(Error::Json)?))
}

async fn json<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    let status = response.status();
    Err(match status.as_u16() {
        200 => return serde_json::from_slice(&response.bytes().await?).map_err(Error::Json),
        400 => Error::BadRequest(serde_json::from_slice(&response.bytes().await?).ok()),
        401 => Error::Unauthorized,
        403 => Error::Forbidden,
        404 => Error::NotFound(serde_json::from_slice(&response.bytes().await?).ok()),
        409 => Error::Conflict,
        _ => Error::Unexpected(status),
    })
}
