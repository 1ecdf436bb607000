use domain::TenantId;
use hyper_util::rt::{TokioExecutor, TokioIo};
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::keys::Key;
use crate::seal::Address;
use crate::stream::{CHUNK, MediaReader, MediaWriter};
use crate::testing::Dice;

fn id(n: u128) -> BlobId {
    BlobId::from_uuid(Uuid::from_u128(n))
}

fn folder() -> (TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}/blobs", folder.path().display());
    let blobs = Blobs::open(&url).unwrap();
    (folder, blobs)
}

/// An S3 server in this process, over a folder.
async fn bucket() -> (TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("privity")).unwrap();
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder.path()).unwrap());
    service.set_auth(SimpleAuth::from_single("id", "a/secret"));
    let service = service.build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
                builder
                    .serve_connection(TokioIo::new(socket), service)
                    .await
                    .ok()
            });
        }
    });
    let url = format!(
        "s3://id:a%2Fsecret@privity/below?endpoint=http://127.0.0.1:{port}&region=eu-central-1"
    );
    (folder, Blobs::open(&url).unwrap())
}

async fn keeps_what_it_is_given(blobs: Blobs) {
    assert!(!blobs.exists(id(1)).await.unwrap());
    assert!(blobs.get(id(1)).await.unwrap_err().is_missing());
    blobs.put(id(1), &b"0123456789"[..]).await.unwrap();
    blobs.put(id(2), &b""[..]).await.unwrap();
    assert!(blobs.exists(id(1)).await.unwrap());
    assert_eq!(blobs.get(id(1)).await.unwrap(), &b"0123456789"[..]);
    assert_eq!(blobs.get_range(id(1), 3..6).await.unwrap(), &b"345"[..]);
    assert_eq!(blobs.length(id(1)).await.unwrap(), 10);
    let tile = BlobName::Log("tile/0/x001/234.p/7".to_owned());
    blobs.put(tile.clone(), &b"tile"[..]).await.unwrap();
    assert_eq!(blobs.get(tile).await.unwrap(), &b"tile"[..]);
    assert_eq!(blobs.list_log().await.unwrap(), ["tile/0/x001/234.p/7"]);
    let mut ids = blobs.list().await.unwrap();
    ids.sort();
    assert_eq!(ids, [id(1), id(2)]);
    blobs.put(id(1), &b"new"[..]).await.unwrap();
    assert_eq!(blobs.get(id(1)).await.unwrap(), &b"new"[..]);
    blobs.delete(id(1)).await.unwrap();
    blobs.delete(id(1)).await.unwrap();
    assert_eq!(blobs.list().await.unwrap(), [id(2)]);
}

async fn streams_sealed_media(blobs: Blobs) {
    let key = Key::from_bytes([7; 32]);
    let at = Address {
        tenant: TenantId::from_uuid(Uuid::from_u128(7)),
        table: "objects",
        row: "int_1",
        column: "media",
    };
    // More than one part of an S3 upload.
    let plain: Vec<u8> = (0..90 * CHUNK + 17)
        .map(|n| u8::try_from(n % 241).unwrap())
        .collect();
    let mut writer = MediaWriter::create(&blobs, id(3), &key, &at, &Dice)
        .await
        .unwrap();
    for piece in plain.chunks(100_000) {
        writer.write(piece).await.unwrap();
        assert!(!blobs.exists(id(3)).await.unwrap());
    }
    let length = writer.finish().await.unwrap();
    assert_eq!(length, u64::try_from(plain.len()).unwrap());
    let mut reader = MediaReader::open(&blobs, id(3), &key, &at, length)
        .await
        .unwrap();
    let seek = reader.read(1_000_000..1_100_000).await.unwrap();
    assert_eq!(seek.as_slice(), &plain[1_000_000..1_100_000]);
    let mut whole = Vec::new();
    while let Some(piece) = reader.next().await.unwrap() {
        whole.extend_from_slice(&piece);
    }
    assert!(whole == plain);
    let shorter = MediaReader::open(&blobs, id(3), &key, &at, length - 1).await;
    assert!(shorter.is_err());
    let mut dropped = MediaWriter::create(&blobs, id(4), &key, &at, &Dice)
        .await
        .unwrap();
    dropped.write(&plain).await.unwrap();
    dropped.abort().await.unwrap();
    assert_eq!(blobs.list().await.unwrap(), [id(3)]);
}

#[tokio::test]
async fn a_folder_keeps_what_it_is_given() {
    let (_folder, blobs) = folder();
    keeps_what_it_is_given(blobs).await;
}

#[tokio::test]
async fn a_bucket_keeps_what_it_is_given() {
    let (_folder, blobs) = bucket().await;
    keeps_what_it_is_given(blobs).await;
}

#[tokio::test]
async fn a_folder_streams_sealed_media() {
    let (_folder, blobs) = folder();
    streams_sealed_media(blobs).await;
}

#[tokio::test]
async fn a_bucket_streams_sealed_media() {
    let (_folder, blobs) = bucket().await;
    streams_sealed_media(blobs).await;
}

#[test]
fn a_url_that_names_no_store_is_refused_without_repeating_it() {
    for bad in [
        "blobs",
        "ftp://id:hunter2@host",
        "s3://id:hunter2@b?colour=red",
        "file://elsewhere/folder",
    ] {
        let refused = Blobs::open(bad).unwrap_err().to_string();
        assert!(!refused.contains("hunter2"), "{refused}");
    }
}
