//! From a URL to a store.

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use url::Url;

use super::{BlobError, failed};

const OPENING: &str = "opening it";

pub(super) fn open(text: &str) -> Result<Arc<dyn ObjectStore>, BlobError> {
    let url = Url::parse(text).map_err(|_| BlobError::Url("it is not a URL"))?;
    match url.scheme() {
        "file" => folder(&url),
        "s3" => s3(&url),
        _ => Err(BlobError::Url("it starts with neither `file:` nor `s3:`")),
    }
}

fn folder(url: &Url) -> Result<Arc<dyn ObjectStore>, BlobError> {
    let path = url
        .to_file_path()
        .map_err(|()| BlobError::Url("write a folder as `file:///absolute/path`"))?;
    std::fs::create_dir_all(&path).map_err(BlobError::Folder)?;
    let store = LocalFileSystem::new_with_prefix(path)
        .map_err(failed(OPENING))?
        .with_fsync(true);
    Ok(Arc::new(store))
}

fn s3(url: &Url) -> Result<Arc<dyn ObjectStore>, BlobError> {
    let bucket = url
        .host_str()
        .ok_or(BlobError::Url("write a bucket as `s3://bucket`"))?;
    let mut builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    for (name, value) in url.query_pairs() {
        builder = match &*name {
            // Plain HTTP only where the configuration says so in so many words.
            "endpoint" => builder
                .with_allow_http(value.starts_with("http://"))
                .with_endpoint(value),
            "region" => builder.with_region(value),
            _ => {
                return Err(BlobError::Url(
                    "it takes `endpoint` and `region`, nothing else",
                ));
            }
        };
    }
    if let Some(secret) = url.password() {
        let readable = |text: &str| {
            // A credential may hold any character; a query string decodes as it must be.
            url::form_urlencoded::parse(text.replace('+', "%2B").as_bytes())
                .next()
                .map(|(decoded, _)| decoded.into_owned())
                .unwrap_or_default()
        };
        builder = builder
            .with_access_key_id(readable(url.username()))
            .with_secret_access_key(readable(secret));
    }
    let store = builder.build().map_err(failed(OPENING))?;
    let prefix = url.path().trim_matches('/');
    if prefix.is_empty() {
        return Ok(Arc::new(store));
    }
    Ok(Arc::new(PrefixStore::new(store, Path::from(prefix))))
}
