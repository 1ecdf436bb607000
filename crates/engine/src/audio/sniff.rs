//! What a file is, by its first bytes.

/// Which decoder takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    /// RIFF/WAVE.
    Wav,
    /// A format of the decoder library.
    Coded(Format),
    /// Sound that is not decoded here.
    Unsupported {
        what: &'static str,
        hint: &'static str,
    },
    /// Something else.
    NotAudio(&'static str),
}

/// Formats of the decoder library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Flac,
    Mpeg,
    Ogg,
    Mp4,
    Matroska,
    Adts,
    /// ADPCM and the like inside WAV.
    Wave,
}

const CONVERT: &str = "convert it to WAV, FLAC, MP3, Ogg, MP4 or WebM";

/// First bytes that decide alone.
const MAGICS: &[(&[u8], Container)] = &[
    (b"fLaC", Container::Coded(Format::Flac)),
    (b"OggS", Container::Coded(Format::Ogg)),
    (b"ID3", Container::Coded(Format::Mpeg)),
    (
        &[0x1a, 0x45, 0xdf, 0xa3],
        Container::Coded(Format::Matroska),
    ),
    (
        b"#!AMR",
        Container::Unsupported {
            what: "AMR",
            hint: CONVERT,
        },
    ),
    (
        b".snd",
        Container::Unsupported {
            what: "a Sun/NeXT file",
            hint: CONVERT,
        },
    ),
    (
        b"caff",
        Container::Unsupported {
            what: "an Apple CAF file",
            hint: CONVERT,
        },
    ),
    (
        b"RIFX",
        Container::Unsupported {
            what: "a big-endian WAV",
            hint: CONVERT,
        },
    ),
    (
        &[0x30, 0x26, 0xb2, 0x75],
        Container::Unsupported {
            what: "Windows Media",
            hint: CONVERT,
        },
    ),
    (b"PK\x03\x04", Container::NotAudio("a ZIP archive")),
    (b"PK\x05\x06", Container::NotAudio("an empty ZIP archive")),
    (&[0x1f, 0x8b], Container::NotAudio("a gzip archive")),
    (b"7z\xbc\xaf", Container::NotAudio("a 7z archive")),
    (b"Rar!", Container::NotAudio("a RAR archive")),
    (b"%PDF", Container::NotAudio("a PDF document")),
    (
        &[0x89, b'P', b'N', b'G'],
        Container::NotAudio("a PNG picture"),
    ),
    (&[0xff, 0xd8, 0xff], Container::NotAudio("a JPEG picture")),
    (b"GIF8", Container::NotAudio("a GIF picture")),
    (&[0x7f, b'E', b'L', b'F'], Container::NotAudio("a program")),
    (b"MZ", Container::NotAudio("a Windows program")),
];

pub(super) fn container(bytes: &[u8]) -> Container {
    if matches!(bytes.get(..4), Some(b"RIFF" | b"RF64" | b"BW64")) {
        return match bytes.get(8..12) {
            Some(b"WAVE") | None => Container::Wav,
            Some(_) => Container::NotAudio("a RIFF file other than WAV"),
        };
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Container::Coded(Format::Mp4);
    }
    if bytes.starts_with(b"FORM") && bytes.get(8..11) == Some(b"AIF") {
        return Container::Unsupported {
            what: "AIFF",
            hint: CONVERT,
        };
    }
    if let Some((_, found)) = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return *found;
    }
    if let Some(format) = mpeg(bytes) {
        return Container::Coded(format);
    }
    Container::NotAudio(text(bytes))
}

/// A frame header of MPEG audio or ADTS, and a second one where the first says it is.
fn mpeg(bytes: &[u8]) -> Option<Format> {
    // Some recorders begin with a run of zeros.
    let start = bytes.iter().take(4_096).position(|b| *b != 0)?;
    let (format, step) = frame(bytes.get(start..)?)?;
    match bytes.get(start + step..) {
        Some(rest) if rest.len() >= 4 => frame(rest).map(|_| format),
        _ => Some(format),
    }
}

fn frame(bytes: &[u8]) -> Option<(Format, usize)> {
    let &[first, second, third, fourth, fifth, sixth, ..] = bytes else {
        return None;
    };
    if first != 0xff || second & 0xe0 != 0xe0 {
        return None;
    }
    if second & 0xf6 == 0xf0 {
        let length =
            usize::from(fourth & 3) << 11 | usize::from(fifth) << 3 | usize::from(sixth) >> 5;
        return (third >> 2 & 15 < 13 && length > 7).then_some((Format::Adts, length));
    }
    mpeg_length(second, third).map(|length| (Format::Mpeg, length))
}

/// Bytes of an MPEG audio frame (ISO 11172-3, 13818-3), `None` for reserved values.
fn mpeg_length(second: u8, third: u8) -> Option<usize> {
    const V1_L1: [usize; 14] = [
        32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448,
    ];
    const V1_L2: [usize; 14] = [
        32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384,
    ];
    const V1_L3: [usize; 14] = [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ];
    const V2_L1: [usize; 14] = [
        32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256,
    ];
    const V2_L23: [usize; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    let version = second >> 3 & 3;
    let layer = second >> 1 & 3;
    let rate: usize = match (version, third >> 2 & 3) {
        (1, _) | (_, 3) => return None,
        (_, 0) => 44_100,
        (_, 1) => 48_000,
        (_, _) => 32_000,
    };
    let rate = match version {
        3 => rate,
        2 => rate / 2,
        _ => rate / 4,
    };
    let (table, per_frame) = match (version, layer) {
        (_, 0) => return None,
        (3, 3) => (&V1_L1, 384),
        (3, 2) => (&V1_L2, 1_152),
        (3, _) => (&V1_L3, 1_152),
        (_, 3) => (&V2_L1, 384),
        (_, 2) => (&V2_L23, 1_152),
        (_, _) => (&V2_L23, 576),
    };
    let index = usize::from(third >> 4).checked_sub(1)?;
    let bits = table.get(index)? * 1_000;
    let padding = usize::from(third >> 1 & 1);
    Some(if layer == 3 {
        (per_frame / 32 * bits / rate / 12 + padding) * 4
    } else {
        per_frame / 8 * bits / rate + padding
    })
}

fn text(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..bytes.len().min(512)).unwrap_or_default();
    let printable = head
        .iter()
        .filter(|b| b.is_ascii_graphic() || b.is_ascii_whitespace() || **b >= 0x80)
        .count();
    if printable < head.len() {
        return "bytes of no known kind";
    }
    let first = head.iter().find(|b| !b.is_ascii_whitespace());
    match first {
        Some(b'{' | b'[') => "JSON text",
        Some(b'<') => "HTML or XML text",
        _ => "plain text",
    }
}
