//! Reading requests: the query, and bodies of JSON, of a file in a form, of bare bytes,
//! or of nothing at all. What is wrong with a body is only named here; each interface has
//! its own words and statuses for it.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest, Multipart, Query, Request},
    http::{HeaderMap, Uri, header::CONTENT_TYPE},
};
use futures_util::StreamExt;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error},
};
use serde_json::{Map, Value};

/// More than any JSON body of the interfaces needs.
const JSON_LIMIT: usize = 1024 * 1024;

/// What is wrong with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// It is of another media type than the operation takes.
    MediaType,
    /// It is larger than the sandbox accepts.
    TooLarge,
    /// It can't be read; the text says why.
    Malformed(String),
}

impl Unfit {
    fn malformed(reason: impl ToString) -> Self {
        Self::Malformed(reason.to_string())
    }
}

/// A file that came as part of a form.
#[derive(Debug)]
pub(crate) struct FilePart {
    /// Its name; without one, that of the part.
    pub(crate) name: String,
    /// Its bytes, of which there may be none.
    pub(crate) data: Bytes,
}

/// Makes sure that there is no header `api-version`: generated clients may send one, and
/// no interface knows it.
pub(crate) fn no_version(headers: &HeaderMap) -> Result<(), Unfit> {
    if headers.contains_key("api-version") { Err(Unfit::malformed("there is no header api-version")) } else { Ok(()) }
}

/// The pairs of the query.
pub(crate) fn query(uri: &Uri) -> Result<Vec<(String, String)>, Unfit> {
    Query::try_from_uri(uri).map(|Query(pairs)| pairs).map_err(Unfit::malformed)
}

/// Makes sure that the query has no other parameters than the known ones, and none twice.
pub(crate) fn known_query(uri: &Uri, known: &[&str]) -> Result<(), Unfit> {
    let pairs = query(uri)?;
    for (at, (name, _)) in pairs.iter().enumerate() {
        if !known.contains(&name.as_str()) || pairs[..at].iter().any(|(earlier, _)| earlier == name) {
            return Err(Unfit::Malformed(format!("superfluous query parameter {name}")));
        }
    }
    Ok(())
}

/// Reads a JSON body, which has to be an object.
pub(crate) async fn json<T: DeserializeOwned>(request: Request) -> Result<T, Unfit> {
    let body = bytes(request, "application/json", JSON_LIMIT).await?;
    // Derived readers take a list as well, with the values of the properties in their order.
    if !body.trim_ascii_start().starts_with(b"{") {
        return Err(Unfit::Malformed("the body has to be a JSON object".to_owned()));
    }
    serde_json::from_slice(&body).map_err(Unfit::malformed)
}

/// Reads a body of that media type, which is at most `limit` bytes long.
pub(crate) async fn bytes(request: Request, expected: &str, limit: usize) -> Result<Bytes, Unfit> {
    insist(request.headers(), expected)?;
    let mut chunks = request.into_body().into_data_stream();
    let mut data = Vec::new();
    while let Some(chunk) = chunks.next().await {
        take(&mut data, &chunk.map_err(Unfit::malformed)?, limit)?;
    }
    Ok(data.into())
}

/// An integer without a plus sign.
pub(crate) fn integer(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| !text.starts_with('+'))
}

/// Reads a form with a file in the part with the name `part`, at most `limit` bytes long. Other parts
/// are ignored, as unknown properties of JSON are.
pub(crate) async fn file(request: Request, part: &str, limit: usize) -> Result<FilePart, Unfit> {
    insist(request.headers(), "multipart/form-data")?;
    let mut form = Multipart::from_request(request, &()).await.map_err(Unfit::malformed)?;
    let mut file = None;
    while let Some(mut field) = form.next_field().await.map_err(Unfit::malformed)? {
        if field.name() != Some(part) {
            continue;
        }
        let name = field.file_name().filter(|name| !name.is_empty()).unwrap_or(part).to_owned();
        let mut data = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(Unfit::malformed)? {
            take(&mut data, &chunk, limit)?;
        }
        if file.replace(FilePart { name, data: data.into() }).is_some() {
            return Err(Unfit::Malformed(format!("the form has two parts `{part}`")));
        }
    }
    file.ok_or_else(|| Unfit::Malformed(format!("the form has to have a part, the file `{part}`")))
}

/// Makes sure that there is no body, and gives the request back.
pub(crate) async fn nothing(request: Request) -> Result<Request, Unfit> {
    let (parts, body) = request.into_parts();
    // A limit of 0 fails with the first byte.
    to_bytes(body, 0).await.map_err(|_| Unfit::Malformed("the operation takes no body".to_owned()))?;
    Ok(Request::from_parts(parts, Body::empty()))
}

/// An optional property that has its type if it is there: `null` is refused.
pub(crate) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<T>, D::Error> {
    T::deserialize(input).map(Some)
}

/// A property that is an object, and not a list with the values of its properties.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(input: D) -> Result<T, D::Error> {
    let properties = Map::deserialize(input)?;
    T::deserialize(Value::Object(properties)).map_err(D::Error::custom)
}

/// A property that is a list of objects, likewise.
pub(crate) fn objects<'de, D: Deserializer<'de>, T: DeserializeOwned>(input: D) -> Result<Vec<T>, D::Error> {
    let items = Vec::<Map<String, Value>>::deserialize(input)?;
    items.into_iter().map(|item| T::deserialize(Value::Object(item)).map_err(D::Error::custom)).collect()
}

/// Compares the media type of a body, without its parameters.
fn insist(headers: &HeaderMap, expected: &str) -> Result<(), Unfit> {
    let value = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).ok_or(Unfit::MediaType)?;
    let media_type = value.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case(expected) { Ok(()) } else { Err(Unfit::MediaType) }
}

fn take(data: &mut Vec<u8>, chunk: &[u8], limit: usize) -> Result<(), Unfit> {
    if data.len() + chunk.len() > limit {
        return Err(Unfit::TooLarge);
    }
    data.extend_from_slice(chunk);
    Ok(())
}
