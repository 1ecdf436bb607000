//! A file is what its bytes say, whatever it is called.

use formats::{FormatError, Hints, Kind, identify, read};

fn hints() -> Hints {
    Hints {
        received: domain::Timestamp(1_760_000_000_000),
        agents: Vec::new(),
    }
}

#[test]
fn first_bytes_decide() {
    let cases: [(&[u8], Kind); 24] = [
        (b"", Kind::Empty),
        (b"RIFF\x24\0\0\0WAVEfmt ", Kind::Wav),
        (b"RF64\xff\xff\xff\xffWAVEds64", Kind::Wav),
        (b"fLaC\0\0\0\x22", Kind::Flac),
        (b"ID3\x04\0\0", Kind::Mp3),
        (&[0xff, 0xfb, 0x90, 0x64, 0, 0], Kind::Mp3),
        (b"OggS\0\x02", Kind::Ogg),
        (b"\0\0\0\x20ftypM4A ", Kind::Mp4),
        (&[0x1a, 0x45, 0xdf, 0xa3, 1], Kind::WebM),
        (b"PK\x03\x04abc", Kind::Zip),
        (b"\x1f\x8b\x08", Kind::Unknown("a gzip archive")),
        (b"%PDF-1.4", Kind::Unknown("a PDF document")),
        (b"{\"vcon\":\"0.0.1\",\"uuid\":\"x\"}", Kind::VCon),
        (b"{\"uuid\":\"x\",\"parties\":[],\"dialog\":[]}", Kind::VCon),
        (b"{\"payload\":\"e\",\"signatures\":[]}", Kind::VCon),
        (
            b"\xef\xbb\xbf {\"format\":\"privity.chat/1\"}",
            Kind::ChatJson,
        ),
        (
            b"{\"format\":\"privity.interaction/1\"}",
            Kind::InteractionJson,
        ),
        (b"{\"a\":1}", Kind::Unknown("JSON text of no known shape")),
        (b"WEBVTT\n\n00:00.000 --> 00:01.000\nhi", Kind::WebVtt),
        (b"1\r\n00:00:00,000 --> 00:00:01,000\r\nhi\r\n", Kind::Srt),
        (
            b"From a@b.c Fri Oct  9 07:40:00 2026\nFrom: a@b.c\n\nhi",
            Kind::Mbox,
        ),
        (b"Received: x\nFrom: a@b.c\nSubject: s\n\nhi", Kind::Eml),
        (
            b"conversation_id;at;role;text\n1;;agent;hi\n",
            Kind::ChatCsv,
        ),
        (
            b"Dear team,\nplease note: hello\n",
            Kind::Unknown("plain text"),
        ),
    ];
    for (bytes, kind) in cases {
        assert_eq!(
            identify(bytes),
            kind,
            "{:?}",
            String::from_utf8_lossy(bytes)
        );
    }
}

#[test]
fn refusals_say_what_to_do() {
    let zip = read(Kind::Zip, b"PK\x03\x04", &hints()).unwrap_err();
    assert_eq!(zip.key(), "archive");
    assert_eq!(
        zip.to_string(),
        "the file is a ZIP archive; hint: unpack it and hand in what is inside"
    );
    let empty = read(Kind::Empty, b"", &hints()).unwrap_err();
    assert!(matches!(empty, FormatError::Empty));
    let unknown = read(Kind::Unknown("a PDF document"), b"%PDF", &hints()).unwrap_err();
    assert!(unknown.to_string().contains("a PDF document"), "{unknown}");
}

#[test]
fn the_samples_are_what_they_are() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let cases = [
        ("billing-call.wav", Kind::Wav),
        ("clinic-call.mp3", Kind::Mp3),
        ("delivery-call.opus", Kind::Ogg),
        ("chat.json", Kind::ChatJson),
        ("mail-thread.mbox", Kind::Mbox),
    ];
    for (name, kind) in cases {
        assert_eq!(
            identify(&std::fs::read(folder.join(name)).unwrap()),
            kind,
            "{name}"
        );
    }
}
