//! Files: attached by a user from memory, from a file and from a stream, and downloaded
//! by everyone who may.

use std::io::Write;

use casewire::{Part, contractor::types::CallTaskAttachmentType};
use casewire_sandbox::contractor::SAMPLE_JPEG;

use crate::life::common::{Staged, read, refused};
use crate::life::contractor::stage::{FILE, LINK, OTHER_TASK, Stage, TASK, linked_and_done, task_done, with_file};
use crate::streams;

#[tokio::test]
async fn a_file_goes_up_and_comes_down_for_both_roles() {
    let stage = Stage::given(task_done).await;
    let photo = Part::bytes(SAMPLE_JPEG).file_name("фото №1.jpg").media_type("image/jpeg");
    let attached = stage.ivanov.upload_call_task_attachment().id(TASK).attachment(photo).send().await.unwrap();
    assert_eq!(attached.name.as_deref(), Some("фото №1.jpg"));
    assert_eq!((attached.id, attached.type_.clone()), (Some(5001), Some(CallTaskAttachmentType::Jpeg)));
    assert_eq!(attached.downloaded.unwrap().to_string(), "2026-03-02T09:00:00Z");

    let other = stage.ivanov.get_call_task_result().id(OTHER_TASK).send().await.unwrap();
    assert_eq!((other.status().as_u16(), other.into_inner()), (204, None));
    let result = stage.ivanov.get_call_task_result().id(TASK).send().await.unwrap().into_inner().unwrap();
    assert_eq!(result.attachments, [attached.into_inner()]);
    let task = stage.desk.get_call_task().id(TASK).send().await.unwrap();
    assert_eq!(task.result.as_ref().unwrap().attachments, result.attachments);

    let for_desk = stage.desk.get_call_task_attachment().id(TASK).attachment_id(5001).send().await.unwrap();
    let named = for_desk.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(named.ends_with("filename*=UTF-8''%D1%84%D0%BE%D1%82%D0%BE%20%E2%84%961.jpg"), "{named}");
    assert_eq!(for_desk.file_name(), Some("фото №1.jpg"));
    assert_eq!(read(for_desk).await.unwrap(), SAMPLE_JPEG);
    let for_user = stage.ivanov.download_call_task_attachment().id(TASK).attachment_id(5001).send().await.unwrap();
    assert_eq!(read(for_user).await.unwrap(), SAMPLE_JPEG);
    let for_another = stage.petrova.download_call_task_attachment().id(TASK).attachment_id(5001).send().await;
    assert_eq!(refused(for_another).failure, "Forbidden");
}

/// A file of some size, in chunks, with every byte value in it.
#[tokio::test]
async fn every_source_arrives_whole() {
    let stage = Stage::given(task_done).await;
    let content = streams::content();
    let path = std::env::temp_dir().join(format!("casewire-tests-{}.zip", std::process::id()));
    std::fs::File::create(&path).unwrap().write_all(&content).unwrap();
    let length = content.len() as u64;
    let sources = [
        ("memory.zip", Part::bytes(content.clone()).file_name("memory.zip")),
        ("file.zip", Part::file(&path).file_name("file.zip")),
        ("stream.zip", Part::stream(streams::body_of(&content)).file_name("stream.zip")),
        ("sized.zip", Part::stream_with_length(streams::body_of(&content), length).file_name("sized.zip")),
    ];
    for (name, part) in sources {
        let attached = stage.ivanov.upload_call_task_attachment().id(TASK).attachment(part).send().await.unwrap();
        assert_eq!(attached.type_, Some(CallTaskAttachmentType::Zip), "{name}");
        let download = stage.desk.get_call_task_attachment().id(TASK).attachment_id(attached.id.unwrap());
        assert!(read(download.send().await.unwrap()).await.unwrap() == content, "{name} came back changed");
    }
    std::fs::remove_file(&path).unwrap();
    let names: Vec<_> = stage.sandbox.state(|state| {
        let files = &state.task(TASK).unwrap().attachments;
        files.iter().map(|file| file.name.clone()).collect()
    });
    assert_eq!(names, ["memory.zip", "file.zip", "stream.zip", "sized.zip"]);
}

#[tokio::test]
async fn a_link_holder_attaches_and_downloads() {
    let stage = Stage::given(linked_and_done).await;
    let act = Part::bytes("%PDF-1.7").file_name("акт.pdf").media_type("application/pdf");
    let attached = stage.holder.upload_shared_attachment().id(TASK).token(LINK).attachment(act).send().await.unwrap();
    assert_eq!(attached.type_, Some(CallTaskAttachmentType::Pdf));
    let result = stage.holder.get_shared_task_result().id(TASK).token(LINK).send().await.unwrap().into_inner().unwrap();
    assert_eq!(result.attachments, [attached.into_inner()]);
    let download =
        stage.holder.download_shared_attachment().id(TASK).attachment_id(5001).token(LINK).send().await.unwrap();
    assert_eq!(read(download).await.unwrap(), b"%PDF-1.7");
    // The contractor and the desk have it, too.
    let for_user = stage.ivanov.download_call_task_attachment().id(TASK).attachment_id(5001).send().await.unwrap();
    assert_eq!(read(for_user).await.unwrap(), b"%PDF-1.7");
}

/// The link's token is a secret: it is sent in the query, and no error shows it.
#[tokio::test]
async fn a_token_with_unusual_characters_reaches_the_server() {
    let stage = Stage::given(|state| {
        with_file(state);
        crate::life::contractor::stage::call(state).link = Some("Ключ +/?&=#%25".to_owned());
    })
    .await;
    let download =
        |token: &str| stage.holder.download_shared_attachment().id(TASK).attachment_id(FILE).token(token).send();
    assert_eq!(read(download("Ключ +/?&=#%25").await.unwrap()).await.unwrap(), SAMPLE_JPEG);
    let got = refused(download("Ключ +/?&=#").await);
    assert_eq!(got.code, Some((1, Some("call task not found"))));
    assert!(!got.text.contains("Ключ") && !got.text.contains("token"), "{}", got.text);
}
