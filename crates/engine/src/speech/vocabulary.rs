//! The models' tokens: ids to bytes, and the marks that steer Whisper.
//!
//! Whisper's text tokens are byte-level BPE: each byte is written as one printable character.
//! Moonshine's are plain bytes, with a lower block for the space. Only this direction is needed,
//! so the list of tokens is enough and no tokenizer has to be built.

use std::collections::HashMap;
use std::path::Path;

use crate::EngineError;

/// The tokens of one model.
pub(super) struct Vocabulary {
    bytes: Vec<Vec<u8>>,
    marks: HashMap<String, u32>,
    end: u32,
}

impl Vocabulary {
    /// Reads `vocabulary.txt` (a token a line) or `vocabulary.json` (a list) in `folder`.
    pub(super) fn load(folder: &Path) -> Result<Self, EngineError> {
        let lines = folder.join("vocabulary.txt");
        let list = folder.join("vocabulary.json");
        let path = if lines.is_file() { lines } else { list };
        if !path.is_file() {
            return Err(EngineError::Missing { path });
        }
        let text = std::fs::read_to_string(&path).map_err(|source| EngineError::Read {
            path: path.clone(),
            source,
        })?;
        let malformed = |what| EngineError::Malformed {
            path: path.clone(),
            what,
        };
        let tokens: Vec<String> = if path.extension().is_some_and(|end| end == "json") {
            serde_json::from_str(&text).map_err(|_| malformed("it is no list of tokens"))?
        } else {
            text.lines().map(str::to_owned).collect()
        };
        Self::of(&tokens).ok_or_else(|| malformed("it has no end mark"))
    }

    /// Reads Moonshine's `tokenizer.bin`: each token as its length and its bytes. A length of 128
    /// and more takes two bytes, low seven bits first. The first three tokens are marks.
    pub(super) fn load_pieces(path: &Path) -> Result<Self, EngineError> {
        if !path.is_file() {
            return Err(EngineError::Missing {
                path: path.to_owned(),
            });
        }
        let data = std::fs::read(path).map_err(|source| EngineError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::of_pieces(&data).ok_or_else(|| EngineError::Malformed {
            path: path.to_owned(),
            what: "a token reaches past its end",
        })
    }

    fn of_pieces(mut data: &[u8]) -> Option<Self> {
        const SPACE: &str = "\u{2581}";
        let mut bytes = Vec::new();
        while let Some((first, rest)) = data.split_first() {
            let (length, rest) = if *first < 128 {
                (usize::from(*first), rest)
            } else {
                let (second, rest) = rest.split_first()?;
                (usize::from(*second) * 128 + usize::from(*first) - 128, rest)
            };
            let (token, rest) = rest.split_at_checked(length)?;
            data = rest;
            bytes.push(match std::str::from_utf8(token) {
                _ if bytes.len() < 3 => Vec::new(),
                Ok(text) => text.replace(SPACE, " ").into_bytes(),
                Err(_) => token.to_vec(),
            });
        }
        Some(Self {
            bytes,
            marks: HashMap::new(),
            end: u32::MAX,
        })
    }

    pub(super) fn of(tokens: &[String]) -> Option<Self> {
        let alphabet = alphabet();
        let bytes = tokens
            .iter()
            .map(|token| {
                token
                    .chars()
                    .filter_map(|c| alphabet.get(&c).copied())
                    .collect()
            })
            .collect();
        let marks: HashMap<String, u32> = tokens
            .iter()
            .zip(0_u32..)
            .filter(|(token, _)| token.starts_with("<|") && token.ends_with("|>"))
            .map(|(token, id)| (token.clone(), id))
            .collect();
        let end = marks.get("<|endoftext|>").copied()?;
        Some(Self { bytes, marks, end })
    }

    /// The id of a mark such as `<|transcribe|>`.
    pub(super) fn mark(&self, name: &str) -> Option<u32> {
        self.marks.get(name).copied()
    }

    /// The bytes of a text token; nothing for marks.
    pub(super) fn bytes(&self, id: u32) -> &[u8] {
        if id >= self.end {
            return &[];
        }
        usize::try_from(id)
            .ok()
            .and_then(|index| self.bytes.get(index))
            .map_or(&[], Vec::as_slice)
    }

    /// The text of several tokens.
    pub(super) fn text(&self, ids: &[u32]) -> String {
        let bytes: Vec<u8> = ids.iter().flat_map(|id| self.bytes(*id)).copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Printable stand-ins of the 256 bytes: themselves where printable in Latin-1, else the
/// characters from U+0100 on, in order.
fn alphabet() -> HashMap<char, u8> {
    let mut stand_ins = '\u{100}'..;
    (0..=u8::MAX)
        .filter_map(|byte| {
            let printable = matches!(byte, b'!'..=b'~' | 0xA1..=0xAC | 0xAE..=0xFF);
            let shown = if printable {
                Some(char::from(byte))
            } else {
                stand_ins.next()
            };
            shown.map(|shown| (shown, byte))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_have_lengths_of_one_or_two_bytes() {
        let mut data = b"\x01u\x01s\x01e\x05\xE2\x96\x81hi\x01\xFF\xC8\x01".to_vec();
        data.extend_from_slice(&[b'x'; 200]);
        let vocabulary = Vocabulary::of_pieces(&data).unwrap();
        assert_eq!(vocabulary.text(&[1, 3]), " hi");
        assert_eq!(vocabulary.bytes(4), [0xFF]);
        assert_eq!(vocabulary.bytes(5).len(), 200);
        assert!(Vocabulary::of_pieces(&data[..data.len() - 1]).is_none());
    }

    #[test]
    fn bytes_come_back_and_marks_are_no_text() {
        let tokens = ["Ġthe", "Ã©", "Ċ", "<|endoftext|>", "<|en|>"].map(str::to_owned);
        let vocabulary = Vocabulary::of(&tokens).unwrap();
        assert_eq!(vocabulary.text(&[0, 1, 2, 3, 4]), " theé\n");
        assert_eq!(vocabulary.mark("<|en|>"), Some(4));
        assert_eq!(alphabet().len(), 256);
        assert!(Vocabulary::of(&tokens[..2]).is_none());
    }
}
