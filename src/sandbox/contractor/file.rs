//! Files: reading an upload piece by piece, judging what it is, and sending it back in pieces.
//! An upload is never held beyond the size that the sandbox accepts.

use std::io::Cursor;

use axum::{
    body::Body,
    extract::{FromRequest, Multipart, Request},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use zune_jpeg::{JpegDecoder, zune_core::options::DecoderOptions};

use super::{
    extract::media_type,
    model::{Attachment, AttachmentKind},
    refusal::{Answer, Refusal},
};

/// The size of the pieces that a download is sent in.
const PIECE: usize = 64 * 1024;

/// The most pixels that an image may have along a side.
const MAX_SIDE: usize = 8192;

/// A file that was uploaded and found fit.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) name: String,
    pub(super) kind: AttachmentKind,
    pub(super) data: Bytes,
}

/// Reads the one part, `Attachment`, of a multipart body.
pub(super) async fn receive(request: Request, max_bytes: usize) -> Answer<Upload> {
    if media_type(request.headers()).is_none_or(|media_type| !media_type.eq_ignore_ascii_case("multipart/form-data")) {
        return Err(Refusal::MEDIA_TYPE);
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Refusal::BAD_REQUEST)?;
    let mut part = form.next_field().await.map_err(|_| Refusal::BAD_REQUEST)?.ok_or(Refusal::BAD_REQUEST)?;
    if part.name() != Some("Attachment") {
        return Err(Refusal::BAD_REQUEST);
    }
    let name = part.file_name().filter(|name| !name.is_empty()).ok_or(Refusal::BAD_REQUEST)?.to_owned();
    let mut data = Vec::new();
    while let Some(piece) = part.chunk().await.map_err(|_| Refusal::BAD_REQUEST)? {
        if data.len() + piece.len() > max_bytes {
            return Err(Refusal::BAD_FILE);
        }
        data.extend_from_slice(&piece);
    }
    drop(part);
    if form.next_field().await.map_err(|_| Refusal::BAD_REQUEST)?.is_some() {
        return Err(Refusal::BAD_REQUEST);
    }
    let kind = kind(&name).ok_or(Refusal::BAD_FILE)?;
    if data.is_empty() || (kind == AttachmentKind::Jpeg && !readable_jpeg(&data)) {
        return Err(Refusal::BAD_FILE);
    }
    Ok(Upload { name, kind, data: data.into() })
}

/// The type that the extension of a file's name stands for.
fn kind(name: &str) -> Option<AttachmentKind> {
    let (_, extension) = name.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => AttachmentKind::Jpeg,
        "png" => AttachmentKind::Png,
        "tif" | "tiff" => AttachmentKind::Tiff,
        "doc" => AttachmentKind::Doc,
        "docx" => AttachmentKind::Docx,
        "xls" => AttachmentKind::Xls,
        "xlsx" => AttachmentKind::Xlsx,
        "pdf" => AttachmentKind::Pdf,
        "zip" => AttachmentKind::Zip,
        _ => return None,
    })
}

/// Whether the image can be decoded to its last pixel. The decoder is strict, or it would fill up what is missing.
fn readable_jpeg(data: &[u8]) -> bool {
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(MAX_SIDE).set_max_height(MAX_SIDE);
    JpegDecoder::new_with_options(Cursor::new(data), options).decode().is_ok()
}

/// The answer to a download.
pub(super) fn send(attachment: &Attachment) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_LENGTH, attachment.data.len().into()),
        (header::CONTENT_DISPOSITION, disposition(&attachment.name)),
    ];
    let pieces = stream::unfold(attachment.data.clone(), |mut rest| async move {
        let piece = rest.split_to(rest.len().min(PIECE));
        if piece.is_empty() { None } else { Some((Ok::<_, std::convert::Infallible>(piece), rest)) }
    });
    (headers, Body::from_stream(pieces)).into_response()
}

/// `Content-Disposition` with the name in full (RFC 6266, RFC 5987) and, for old clients, in ASCII.
fn disposition(name: &str) -> HeaderValue {
    let plain: String = name
        .chars()
        .map(|c| if (' '..='~').contains(&c) && !matches!(c, '"' | '\\' | '%') { c } else { '_' })
        .collect();
    let mut full = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            full.push(byte.into());
        } else {
            full.push_str(&format!("%{byte:02X}"));
        }
    }
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{full}");
    // Printable ASCII is all that is left in it, so the other branch is never taken.
    HeaderValue::from_str(&value).unwrap_or_else(|_| HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::contractor::SAMPLE_JPEG;

    #[test]
    fn a_jpeg_has_to_be_whole() {
        let mut header_only = SAMPLE_JPEG.to_vec();
        header_only.truncate(SAMPLE_JPEG.len() - 60);
        for (data, expect) in [
            (SAMPLE_JPEG, true),
            (&header_only[..], false),
            (&SAMPLE_JPEG[..20], false),
            (b"\x89PNG\r\n\x1a\n", false),
            ("не картинка".as_bytes(), false),
            (b"", false),
        ] {
            assert_eq!(readable_jpeg(data), expect, "{} bytes", data.len());
        }
    }

    #[test]
    fn names_survive_the_header() {
        for (name, expect) in [
            ("act.pdf", "attachment; filename=\"act.pdf\"; filename*=UTF-8''act.pdf"),
            ("Акт 1.pdf", "attachment; filename=\"___ 1.pdf\"; filename*=UTF-8''%D0%90%D0%BA%D1%82%201.pdf"),
            ("a\"b\r\n.zip", "attachment; filename=\"a_b__.zip\"; filename*=UTF-8''a%22b%0D%0A.zip"),
        ] {
            assert_eq!(disposition(name), expect);
        }
    }
}
