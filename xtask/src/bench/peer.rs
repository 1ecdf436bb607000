//! faster-whisper in an environment of its own, on the same model and sound.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::run::{command, step};

/// Recognises both channels of a stereo WAV, one after the other, in each of N processes.
const PROGRAM: &str = r#"
import sys, wave, subprocess
import numpy as np
if sys.argv[1] == "many":
    runs = [subprocess.Popen([sys.executable, __file__, "one", *sys.argv[3:]]) for _ in range(int(sys.argv[2]))]
    sys.exit(max(run.wait() for run in runs))
from faster_whisper import WhisperModel
model = WhisperModel(sys.argv[2], device="cpu", compute_type="int8", cpu_threads=1, num_workers=1)
with wave.open(sys.argv[3]) as call:
    rate, channels = call.getframerate(), call.getnchannels()
    pcm = np.frombuffer(call.readframes(call.getnframes()), dtype=np.int16).reshape(-1, channels)
words = 0
for channel in range(channels):
    track = pcm[:, channel].astype(np.float32) / 32768
    positions = np.arange(len(track) * 16000 // rate) * rate / 16000
    track = np.interp(positions, np.arange(len(track)), track).astype(np.float32)
    segments, _ = model.transcribe(track, beam_size=1, language="en", vad_filter=True, word_timestamps=True)
    words += sum(len(segment.words) for segment in segments)
print("faster-whisper:", words, "words", file=sys.stderr)
"#;

pub(super) fn faster_whisper(
    scratch: &Path,
    models: &Path,
    call: &Path,
    processes: u32,
) -> Result<Command> {
    let place = scratch.join("peer");
    let python = place.join("bin/python");
    if !python.exists() {
        let folder = place.display().to_string();
        step(
            "an environment for the peer",
            command("python3", &["-m", "venv", &folder])?,
        )?;
        let mut install = command(
            &python.display().to_string(),
            &["-m", "pip", "install", "--quiet"],
        )?;
        install.args(["faster-whisper", "requests"]);
        step("pip install faster-whisper", install)?;
    }
    let program = scratch.join("peer.py");
    std::fs::write(&program, PROGRAM)?;
    let mut peer = command(&python.display().to_string(), &[])?;
    peer.arg(program).arg("many").arg(processes.to_string());
    peer.arg(models.join("whisper-tiny.en")).arg(call);
    peer.env("OMP_NUM_THREADS", "1")
        .env_remove("OPENBLAS_CORETYPE");
    Ok(peer)
}
