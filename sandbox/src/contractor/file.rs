//! Files: reading an upload and judging what it is, by its name and, of a JPEG image, by its bytes.
//! An upload is never held beyond the size that the sandbox accepts.

use std::io::Cursor;

use axum::extract::Request;
use bytes::Bytes;
use zune_jpeg::{JpegDecoder, zune_core::options::DecoderOptions};

use super::{
    model::AttachmentKind,
    refusal::{Refusal, Result},
};
use crate::read::{self, FilePart, Unfit};

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
pub(super) async fn receive(request: Request, max_bytes: usize) -> Result<Upload> {
    let file = read::file(request, "Attachment", max_bytes).await.map_err(|unfit| match unfit {
        Unfit::TooLarge => Refusal::BAD_FILE,
        other => other.into(),
    })?;
    let FilePart { name, data } = file;
    let kind = kind(&name).ok_or(Refusal::BAD_FILE)?;
    if data.is_empty() || (kind == AttachmentKind::Jpeg && !readable_jpeg(&data)) {
        return Err(Refusal::BAD_FILE);
    }
    Ok(Upload { name, kind, data })
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

/// Whether the image can be decoded to its last pixel. The decoder is strict, or it would
/// fill up what is missing.
fn readable_jpeg(data: &[u8]) -> bool {
    let options = DecoderOptions::default().set_strict_mode(true).set_max_width(MAX_SIDE).set_max_height(MAX_SIDE);
    JpegDecoder::new_with_options(Cursor::new(data), options).decode().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contractor::SAMPLE_JPEG;

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
}
