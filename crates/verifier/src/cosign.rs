//! Cosignatures of witnesses (C2SP tlog-cosignature, `cosignature/v1`): a witness saw this checkpoint
//! at a time, and everything that it saw before is a beginning of it.

use crate::Doubt;
use crate::note::{Key, lines};

/// Ed25519 with a time, in signed-note's list of algorithms.
pub(crate) const COSIGNATURE: u8 = 4;
/// No time of a cosignature is later (tlog-cosignature).
const LATEST: u64 = u64::MAX >> 1;

/// The key of a witness that somebody trusts: `name+hash+key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WitnessKey(Key);

impl WitnessKey {
    /// Reads a key.
    ///
    /// # Errors
    /// [`Doubt::Form`] where it is none, or no witness's.
    pub fn parse(text: &str) -> Result<Self, Doubt> {
        Key::of_kind(text, COSIGNATURE).map(Self)
    }

    /// Whose key it is.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.name()
    }
}

/// Who vouches that all see the same log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cosigned {
    /// Name of the witness.
    pub witness: String,
    /// When it saw the checkpoint, in seconds since 1970.
    pub at: u64,
}

/// The cosignatures of a signed checkpoint by keys that are trusted; lines of others are passed
/// over, as signed-note wants it. Each key counts once.
///
/// # Errors
/// [`Doubt::Form`]; [`Doubt::Signature`] where a line bears a trusted key's name and hash and is
/// not its signature.
pub fn cosignatures(note: &str, keys: &[WitnessKey]) -> Result<Vec<Cosigned>, Doubt> {
    let (text, lines) = lines(note)?;
    let mut found: Vec<(&Key, Cosigned)> = Vec::new();
    for line in &lines {
        let Some(WitnessKey(key)) = keys.iter().find(|key| key.0.signed(line)) else {
            continue;
        };
        let doubt = || Doubt::Signature(line.name.to_owned());
        let (time, signature) = line.signature.split_first_chunk::<8>().ok_or_else(doubt)?;
        let at = u64::from_be_bytes(*time);
        if at > LATEST || !key.made(signature, said(at, &text).as_bytes()) {
            return Err(doubt());
        }
        // What is signed does not say the witness's name: a key under two names is one witness.
        if !found.iter().any(|(known, _)| known.same(key)) {
            let witness = line.name.to_owned();
            found.push((key, Cosigned { witness, at }));
        }
    }
    Ok(found.into_iter().map(|(_, one)| one).collect())
}

/// What a witness signs.
pub(crate) fn said(at: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {at}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by another implementation of the specification, from the seeds 1… and 2….
    const WITNESS: &str =
        "witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
    const ALIAS: &str = "alias.example+d7c00451+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";
    const NOTE: &str = "log.example/consumers\n\
                        3\n\
                        Wqx3HImawpLnS/Gv4ubjAvi1WIOy0b8Ze0amvqbavKk=\n\
                        \n\
                        — log.example/consumers vW4TOiyqBZTZVu9tc9AgRMX7eRFzzbNCxRokI55FQPMQU+sD/y99Vq0T8tEnCnZqcMuivrQwJVbmcornV5vzu38EFA8=\n\
                        — witness.example/w1 3xwKNQAAAABlU/EAlijeOw/AgvskwWCfOfClNpHHm6ZYPOylBOn/fMFZhPQHMmt+5ygD3pd5W1cHasPq0UonouGn/OCH+OfuhjamAQ==\n\
                        — alias.example 18AEUQAAAABlU/E8B18XA4SKFAuTiI+Wk1fZ7c3Z3ThUKrvhxZRWEcIxEYXvxSYSVKBTLcl2zKBrnjOqIfGULiYyuSTDZ4M8ojUOBQ==\n";
    /// Of a checkpoint without leaves, with a time that none can have.
    const TOO_LATE: &str = "log.example/consumers\n\
                            0\n\
                            47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\
                            \n\
                            — witness.example/w1 3xwKNYAAAAAAAAAAB4vA5X4jBObak0o0hWccZ4eaPY8hUoz2EpWEsImAe2QCiu/7eDGbZujPmHFwMCsTuq2KohFpjoYd7B4p/3IOAA==\n";

    fn keys(texts: &[&str]) -> Vec<WitnessKey> {
        let parsed = texts.iter().map(|text| WitnessKey::parse(text));
        parsed.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_cosignature_of_another_implementation_holds_and_no_bent_one_does() {
        let known = keys(&[WITNESS]);
        let found = Cosigned {
            witness: "witness.example/w1".to_owned(),
            at: 1_700_000_000,
        };
        assert_eq!(cosignatures(NOTE, &known), Ok(vec![found]));
        assert_eq!(cosignatures(NOTE, &[]), Ok(Vec::new()));
        let refused = Err(Doubt::Signature("witness.example/w1".to_owned()));
        for bent in [NOTE.replace("\n3\n", "\n4\n"), TOO_LATE.to_owned()] {
            assert_eq!(cosignatures(&bent, &known), refused);
        }
    }

    #[test]
    fn a_key_under_two_names_counts_as_one_witness() {
        let found = cosignatures(NOTE, &keys(&[WITNESS, ALIAS])).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(cosignatures(NOTE, &keys(&[ALIAS])).unwrap().len(), 1);
    }
}
