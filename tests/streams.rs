//! Bodies and downloads in chunks.

use std::{io, sync::Arc};

use bytes::Bytes;
use casewire::{ByteStream, ResponseValue};
use futures_util::{Stream, StreamExt, stream};
use support::recorder::Response;
use tokio::sync::Notify;

/// A stream of these chunks.
pub fn body<Chunks>(chunks: Chunks) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static
where
    Chunks: IntoIterator<Item: Into<Bytes>, IntoIter: Send + 'static>,
{
    stream::iter(chunks).map(|chunk| Ok(chunk.into()))
}

/// A file of some size with every byte value in it.
pub fn content() -> Vec<u8> {
    (0..300_000_u32).flat_map(u32::to_le_bytes).collect()
}

/// The same as a stream.
pub fn body_of(content: &[u8]) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    body(content.chunks(7_777).map(<[u8]>::to_vec).collect::<Vec<_>>())
}

/// A download whose second half is sent when the client has seen the first.
pub fn halves(gate: &Arc<Notify>) -> Response {
    Response::Halves(b"first ".to_vec(), Arc::clone(gate), b"second".to_vec())
}

/// Reads it.
pub async fn check_halves(response: ResponseValue<ByteStream>, gate: &Notify) {
    assert_eq!((response.status().as_u16(), response.content_length()), (200, Some(12)));
    let mut stream = response.into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap(), "first ");
    gate.notify_one();
    let mut rest = Vec::new();
    while let Some(chunk) = stream.next().await {
        rest.extend(chunk.unwrap());
    }
    assert_eq!(rest, b"second");
}

/// Reads a download that breaks off after its first word; what the error shows.
pub async fn check_broken(response: ResponseValue<ByteStream>) -> String {
    let mut stream = response.into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap(), "first");
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(stream.next().await.is_none());
    format!("{error:?}\n{error}")
}
