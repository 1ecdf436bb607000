use std::sync::Arc;

use domain::Secret;

use super::*;
use crate::testing::{Counting, Dice};

fn golden(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    hex::decode(std::fs::read_to_string(path).unwrap().trim()).unwrap()
}

fn tenant(n: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(n))
}

fn golden_tenant_keys() -> TenantKeys {
    TenantKeys::derive(tenant(7), &Key::from_bytes([9; 32])).unwrap()
}

#[test]
fn a_key_prints_nothing_of_itself() {
    let keys = golden_tenant_keys();
    let text = format!("{keys:?} {:?}", WrappedKey(vec![1, 2, 3]));
    assert!(!text.contains('['), "{text}");
}

#[test]
fn keyed_hashes_match_rfc_4231() {
    // Test case 1's key is 20 bytes; zero padding to 32 is the same key for HMAC.
    let mut key = [0u8; 32];
    key[..20].fill(0x0b);
    let hasher = KeyedHash::new(&Key::from_bytes(key));
    let hash = hasher.hash(b"Hi There");
    assert_eq!(
        hex::encode(hash),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    );
    assert_eq!(hasher.token(b"Hi There"), 0xb034_4c61_d8db_3853);
}

#[test]
fn subkeys_match_an_independent_hkdf() {
    let keys = golden_tenant_keys();
    assert_eq!(
        keys.objects.expose().as_slice(),
        golden("subkey-objects.v1.hex")
    );
    assert_eq!(
        keys.ledger.expose().as_slice(),
        golden("subkey-ledger.v1.hex")
    );
    let all = [
        &keys.objects,
        &keys.records,
        &keys.index,
        &keys.dedupe,
        &keys.ledger,
    ];
    let distinct: std::collections::BTreeSet<_> = all.iter().map(|key| *key.expose()).collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn every_version_of_a_wrapped_object_key_opens() {
    let keys = golden_tenant_keys();
    let wrapped = WrappedKey(golden("object-key.v1.hex"));
    let key = keys.unwrap_object_key("int_1/raw", &wrapped).unwrap();
    assert_eq!(key.expose(), &[0xaa; 32]);
}

#[test]
fn an_object_key_opens_only_for_its_object_and_tenant() {
    let keys = golden_tenant_keys();
    let (key, wrapped) = keys.new_object_key("int_1/raw", &Dice).unwrap();
    let back = keys.unwrap_object_key("int_1/raw", &wrapped).unwrap();
    assert_eq!(back.expose(), key.expose());
    assert!(keys.unwrap_object_key("int_2/raw", &wrapped).is_err());
    let other = TenantKeys::derive(tenant(8), &Key::from_bytes([9; 32])).unwrap();
    assert!(other.unwrap_object_key("int_1/raw", &wrapped).is_err());
    for at in 0..wrapped.0.len() {
        let mut bent = wrapped.clone();
        bent.0[at] ^= 1;
        assert!(
            keys.unwrap_object_key("int_1/raw", &bent).is_err(),
            "byte {at}"
        );
    }
}

fn pass(text: &str) -> Secret {
    Secret::new(text)
}

#[tokio::test]
async fn a_key_file_opens_what_it_wrapped_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("a"), folder.path().join("b"));
    let made = KeyFile::create(&path, None, Arc::new(Dice)).unwrap();
    let (keys, wrapped) = TenantKeys::create(&made, tenant(1), &Dice).await.unwrap();
    let again = KeyFile::open(&path, None, Arc::new(Dice)).unwrap();
    assert_eq!(again.id(), made.id());
    let opened = TenantKeys::open(&again, tenant(1), &wrapped).await.unwrap();
    assert_eq!(opened.ledger().expose(), keys.ledger().expose());
    let moved = TenantKeys::open(&again, tenant(2), &wrapped).await;
    assert!(matches!(moved, Err(KeyError::Unwrap { what: "tenant" })));
    let stranger = KeyFile::create(&other, None, Arc::new(Dice)).unwrap();
    assert!(
        TenantKeys::open(&stranger, tenant(1), &wrapped)
            .await
            .is_err()
    );
}

#[test]
fn a_key_file_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    KeyFile::create(&path, None, Arc::new(Dice)).unwrap();
    let second = KeyFile::create(&path, None, Arc::new(Dice));
    assert!(matches!(
        second,
        Err(KeyError::Io {
            during: "create",
            ..
        })
    ));
}

#[cfg(unix)]
#[test]
fn a_key_file_that_others_may_read_is_refused_with_the_remedy() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    KeyFile::create(&path, None, Arc::new(Dice)).unwrap();
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    for exposed in [0o640, 0o604, 0o610, 0o602] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(exposed)).unwrap();
        let refused = KeyFile::open(&path, None, Arc::new(Dice)).unwrap_err();
        assert!(refused.to_string().contains("hint: chmod 600"), "{refused}");
    }
}

#[test]
fn a_passphrase_locks_the_root() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let open = |pass: Option<&Secret>| KeyFile::open(&path, pass, Arc::new(Dice));
    let made = KeyFile::create(
        &path,
        Some(&pass("correct horse")),
        Arc::new(Counting::default()),
    )
    .unwrap();
    assert_eq!(open(Some(&pass("correct horse"))).unwrap().id(), made.id());
    assert!(matches!(open(None), Err(KeyError::Locked { .. })));
    assert!(matches!(
        open(Some(&pass("wrong"))),
        Err(KeyError::Passphrase { .. })
    ));
    let text = std::fs::read_to_string(&path).unwrap();
    // The counting chance makes the root 0, 1, 2, …: its base64 must not stand in the file.
    assert!(!text.contains("AAECAwQFBgcICQ"), "the root is readable");
    std::fs::write(&path, text.replace("m=65536", "m=2000000")).unwrap();
    assert!(matches!(
        open(Some(&pass("correct horse"))),
        Err(KeyError::Format { .. })
    ));
}

#[test]
fn every_version_of_the_key_file_opens_and_a_bent_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let text = include_str!("../../tests/golden/key-file.v1.txt");
    let path = folder.path().join("root.key");
    KeyFile::create(&path, None, Arc::new(Dice)).unwrap();
    let open = |text: &str| {
        std::fs::write(&path, text).unwrap();
        KeyFile::open(&path, None, Arc::new(Dice))
    };
    let opened = open(text).unwrap();
    assert_eq!(
        format!("id {}", opened.id().trim_start_matches("file:")),
        text.lines().nth(1).unwrap()
    );
    for bent in [
        text.replace("v1", "v2"),
        text.replace("kdf none", "kdf md5"),
        text.replacen("root A", "root B", 1),
        text.replace("root ", "root *"),
        String::new(),
    ] {
        assert!(open(&bent).is_err(), "{bent}");
    }
}
