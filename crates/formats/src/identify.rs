//! What a file is, by its first bytes.

/// How many bytes from the beginning are enough to tell.
pub const HEAD: usize = 65_536;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// RIFF/WAVE.
    Wav,
    /// FLAC.
    Flac,
    /// MPEG audio or ADTS.
    Mp3,
    /// Ogg with Vorbis or Opus.
    Ogg,
    /// MP4 with AAC or ALAC.
    Mp4,
    /// WebM or Matroska.
    WebM,
    /// vCon in any of its forms.
    VCon,
    /// `privity.chat/1`.
    ChatJson,
    /// Our own export, `privity.interaction/1`.
    InteractionJson,
    /// Chats as rows.
    ChatCsv,
    /// One mail message.
    Eml,
    /// A mailbox file.
    Mbox,
    /// WebVTT captions.
    WebVtt,
    /// SubRip captions.
    Srt,
    /// A ZIP archive.
    Zip,
    /// No bytes.
    Empty,
    /// None of these; what it looks like.
    Unknown(&'static str),
}

impl Kind {
    /// Whether it is sound, decoded elsewhere.
    #[must_use]
    pub const fn is_audio(&self) -> bool {
        matches!(
            self,
            Self::Wav | Self::Flac | Self::Mp3 | Self::Ogg | Self::Mp4 | Self::WebM
        )
    }

    /// Name for tables and messages.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Flac => "flac",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::Mp4 => "mp4",
            Self::WebM => "webm",
            Self::VCon => "vcon",
            Self::ChatJson => "chat json",
            Self::InteractionJson => "interaction json",
            Self::ChatCsv => "chat csv",
            Self::Eml => "eml",
            Self::Mbox => "mbox",
            Self::WebVtt => "webvtt",
            Self::Srt => "srt",
            Self::Zip => "zip",
            Self::Empty => "empty",
            Self::Unknown(looks_like) => looks_like,
        }
    }
}

const MAGICS: &[(&[u8], Kind)] = &[
    (b"fLaC", Kind::Flac),
    (b"OggS", Kind::Ogg),
    (b"ID3", Kind::Mp3),
    (&[0x1a, 0x45, 0xdf, 0xa3], Kind::WebM),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (&[0x1f, 0x8b], Kind::Unknown("a gzip archive")),
    (b"7z\xbc\xaf", Kind::Unknown("a 7z archive")),
    (b"Rar!", Kind::Unknown("a RAR archive")),
    (b"%PDF", Kind::Unknown("a PDF document")),
    (&[0x89, b'P', b'N', b'G'], Kind::Unknown("a PNG picture")),
    (&[0xff, 0xd8, 0xff], Kind::Unknown("a JPEG picture")),
    (b"#!AMR", Kind::Unknown("an AMR recording")),
    (
        &[0x30, 0x26, 0xb2, 0x75],
        Kind::Unknown("a Windows Media recording"),
    ),
    (b"caff", Kind::Unknown("an Apple CAF recording")),
    (&[0x7f, b'E', b'L', b'F'], Kind::Unknown("a program")),
];

/// Tells what a file is from its first [`HEAD`] bytes, or all of it where it is shorter.
#[must_use]
pub fn identify(head: &[u8]) -> Kind {
    if head.is_empty() {
        return Kind::Empty;
    }
    if matches!(head.get(..4), Some(b"RIFF" | b"RF64" | b"BW64")) {
        return match head.get(8..12) {
            Some(b"WAVE") | None => Kind::Wav,
            Some(_) => Kind::Unknown("a RIFF file other than WAV"),
        };
    }
    if head.get(4..8) == Some(b"ftyp") {
        return Kind::Mp4;
    }
    if head.starts_with(b"FORM") && head.get(8..11) == Some(b"AIF") {
        return Kind::Unknown("an AIFF recording");
    }
    if let Some((_, kind)) = MAGICS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if is_mpeg(head) {
        return Kind::Mp3;
    }
    text(head)
}

/// Eleven set bits begin a frame of MPEG audio; reserved versions, rates and layers do not.
fn is_mpeg(head: &[u8]) -> bool {
    let frame = head.iter().take(4_096).position(|byte| *byte != 0);
    let Some(&[0xff, second, third, ..]) = frame.and_then(|at| head.get(at..)) else {
        return false;
    };
    let adts = second & 0xf6 == 0xf0;
    let layer = second & 0xe0 == 0xe0 && second >> 3 & 3 != 1 && second >> 1 & 3 != 0;
    let rates = third >> 4 != 0 && third >> 4 != 15 && third >> 2 & 3 != 3;
    adts || layer && rates
}

fn text(head: &[u8]) -> Kind {
    let head = head
        .strip_prefix(b"\xef\xbb\xbf".as_slice())
        .unwrap_or(head);
    let sample = head.get(..head.len().min(4_096)).unwrap_or(head);
    if sample
        .iter()
        .any(|byte| *byte < 0x20 && !byte.is_ascii_whitespace() && *byte != 0x1b)
    {
        return Kind::Unknown("bytes of no known kind");
    }
    let text = String::from_utf8_lossy(head);
    let trimmed = text.trim_start();
    if trimmed.starts_with('{') || trimmed.starts_with('[') {
        return json(trimmed);
    }
    if trimmed.starts_with("WEBVTT") {
        return Kind::WebVtt;
    }
    if text.starts_with("From ") && mail_fields(text.lines().skip(1)) >= 1 {
        return Kind::Mbox;
    }
    if is_srt(trimmed) {
        return Kind::Srt;
    }
    if mail_fields(trimmed.lines()) >= 2 {
        return Kind::Eml;
    }
    if crate::chat::looks_like_csv(trimmed) {
        return Kind::ChatCsv;
    }
    Kind::Unknown(if trimmed.starts_with('<') {
        "HTML or XML text"
    } else {
        "plain text"
    })
}

fn json(text: &str) -> Kind {
    let has = |key: &str| text.contains(key);
    if has("\"privity.chat/") {
        Kind::ChatJson
    } else if has("\"privity.interaction/") {
        Kind::InteractionJson
    } else if has("\"vcon\"")
        || has("\"dialog\"") && (has("\"parties\"") || has("\"uuid\""))
        || has("\"parties\"") && has("\"uuid\"") && has("\"created_at\"")
        || has("\"payload\"") && has("\"signatures\"")
        || has("\"ciphertext\"") && has("\"recipients\"")
    {
        Kind::VCon
    } else {
        Kind::Unknown("JSON text of no known shape")
    }
}

/// Counts the known header fields before the first empty line; none where a line is no field.
fn mail_fields<'a>(lines: impl Iterator<Item = &'a str>) -> usize {
    const KNOWN: [&str; 14] = [
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "message-id",
        "received",
        "return-path",
        "mime-version",
        "content-type",
        "reply-to",
        "delivered-to",
        "in-reply-to",
        "references",
    ];
    let mut found = 0;
    for line in lines.take_while(|line| !line.trim().is_empty()) {
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((name, _)) = line.split_once(':') else {
            return 0;
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return 0;
        }
        if KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            found += 1;
        }
    }
    found
}

fn is_srt(text: &str) -> bool {
    let mut lines = text.lines();
    let number = lines.next().is_some_and(|line| {
        let line = line.trim();
        !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())
    });
    number && lines.next().is_some_and(|line| line.contains("-->"))
}
