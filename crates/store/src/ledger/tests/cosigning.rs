use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use signed_note::key_id;

use super::*;
use crate::ledger::{LedgerError, WitnessKey, verify_proof};

const WITNESS: &str = "witness.example";

/// A witness as its specification writes it, apart from the memory of what it saw.
struct Hand(SigningKey);

impl Hand {
    fn public(&self) -> Vec<u8> {
        let mut bytes = vec![4];
        bytes.extend_from_slice(self.0.verifying_key().as_bytes());
        bytes
    }

    fn key(&self) -> WitnessKey {
        let public = self.public();
        let id = key_id(WITNESS, &public);
        WitnessKey::parse(&format!("{WITNESS}+{id:08x}+{}", BASE64.encode(&public))).unwrap()
    }

    fn cosign(&self, note: &str, at: u64) -> String {
        let (text, _) = note.rsplit_once("\n\n").unwrap();
        let said = format!("cosignature/v1\ntime {at}\n{text}\n");
        let mut bytes = key_id(WITNESS, &self.public()).to_be_bytes().to_vec();
        bytes.extend_from_slice(&at.to_be_bytes());
        bytes.extend_from_slice(&self.0.sign(said.as_bytes()).to_bytes());
        format!("\u{2014} {WITNESS} {}\n", BASE64.encode(bytes))
    }
}

async fn a_cosignature_that_holds_goes_with_proofs_and_one_that_does_not_is_refused(place: Place) {
    let hand = Hand(SigningKey::from_bytes(&[7; 32]));
    let (ledger, db, blobs, key) = (&place.ledger, &place.db, &place.blobs, hand.key());
    assert_eq!(ledger.submission(db, blobs, 0).await.unwrap(), None);
    place.fill(3).await;
    let note = place.checkpoint().await;
    let first = ledger.submission(db, blobs, 0).await.unwrap().unwrap();
    assert_eq!((first.size, first.body), (3, format!("old 0\n\n{note}")));

    let wrong = Hand(SigningKey::from_bytes(&[8; 32])).cosign(&note, 100);
    let bent = hand.cosign(&note.replace("\n3\n", "\n4\n"), 100);
    for answer in [wrong, bent, String::new(), "no line".to_owned()] {
        let refused = ledger.keep_cosignature(db, 3, &key, &answer).await;
        assert!(
            matches!(refused, Err(LedgerError::Witness(_))),
            "{refused:?}"
        );
    }
    let line = hand.cosign(&note, 100);
    let kept = ledger.keep_cosignature(db, 3, &key, &line).await;
    assert!(kept.unwrap(), "the first of this witness");
    let again = ledger.keep_cosignature(db, 3, &key, &line).await;
    assert!(!again.unwrap());

    // Whoever fetches the checkpoint gets the lines with it; what was not signed here stays as it is.
    let served = |note: &str| bytes::Bytes::from(note.to_owned());
    let fetched = ledger.cosigned(db, served(&note)).await.unwrap();
    assert_eq!(fetched, format!("{note}{line}"));
    for other in [
        note.replace("\n3\n", "\n4\n"),
        note.replacen('=', "", 1),
        "x".to_owned(),
    ] {
        let fetched = ledger.cosigned(db, served(&other)).await.unwrap();
        assert_eq!(fetched, other);
    }

    // A newer checkpoint that nobody cosigned yet does not take the cosigned one's place.
    place.fill(300).await;
    place.checkpoint().await;
    let keys = Some(place.keys(1));
    let proof = ledger.prove(db, blobs, keys, LeafIndex(1)).await.unwrap();
    assert!(proof.ends_with(&line), "{proof}");
    let verifiers = ledger.verifiers(db).await.unwrap();
    assert_eq!(verify_proof(&proof, &verifiers).unwrap().size, 3);
    let newer = ledger.prove(db, blobs, keys, LeafIndex(200)).await.unwrap();
    assert_eq!(verify_proof(&newer, &verifiers).unwrap().size, 303);
    assert!(!newer.contains(WITNESS));
    place.sound().await;
    place.end().await;
}

async fn a_submission_proves_that_the_log_only_grew(place: Place) {
    let (ledger, db, blobs) = (&place.ledger, &place.db, &place.blobs);
    let mut sizes = Vec::new();
    for more in [1, 6, 250, 300] {
        place.fill(more).await;
        place.checkpoint().await;
        sizes.push(place.sound().await.covered);
    }
    for old in sizes {
        // What is handed over was held against both signed roots.
        let made = ledger.submission(db, blobs, old).await.unwrap().unwrap();
        assert_eq!(made.size, 557);
        let (head, _) = made.body.split_once("\n\n").unwrap();
        let hashes = head.lines().count() - 1;
        assert_eq!(hashes == 0, old == 557, "{old}: {hashes}");
    }
    let more = ledger.submission(db, blobs, 558).await;
    let set_back = LedgerError::SetBack {
        seen: 558,
        size: 557,
    };
    assert_eq!(more.unwrap_err().to_string(), set_back.to_string());
    place.end().await;
}

on_both! {
    a_cosignature_that_holds_goes_with_proofs_and_one_that_does_not_is_refused
    a_submission_proves_that_the_log_only_grew
}
