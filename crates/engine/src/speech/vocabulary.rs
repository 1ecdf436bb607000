//! Whisper's tokens: ids to bytes, and the marks that steer it.
//!
//! Text tokens are byte-level BPE: each byte is written as one printable character. Only this
//! direction is needed, so the list of tokens is enough and no tokenizer has to be built.

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
    fn bytes_come_back_and_marks_are_no_text() {
        let tokens = ["Ġthe", "Ã©", "Ċ", "<|endoftext|>", "<|en|>"].map(str::to_owned);
        let vocabulary = Vocabulary::of(&tokens).unwrap();
        assert_eq!(vocabulary.text(&[0, 1, 2, 3, 4]), " theé\n");
        assert_eq!(vocabulary.mark("<|en|>"), Some(4));
        assert_eq!(alphabet().len(), 256);
        assert!(Vocabulary::of(&tokens[..2]).is_none());
    }
}
