//! The index takes redacted words only.

use domain::RawTranscript;
use domain::query::IndexText;
use store::StageOutput;

fn index(raw: RawTranscript) -> StageOutput {
    StageOutput::Index(IndexText::new(&raw, |_| Vec::new()))
}

fn index_directly(raw: RawTranscript) -> StageOutput {
    StageOutput::Index(raw)
}

fn main() {}
