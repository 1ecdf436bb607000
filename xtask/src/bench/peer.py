"""faster-whisper beside this project's engine: same model, same sound, one thread.

peer.py calls MODEL BEAM CALL...       recognises both channels of each call, a process per call
peer.py prompts MODEL BEAM CSV SOUNDS OUT   recognises each prompt; `prompt<TAB>text` lines into OUT
peer.py others CSV TEXTS SOUNDS OUT    lists the package's prompts that CSV does not have, in its form
peer.py score CSV NAME=FILE...         word error rates by Whisper's own English normaliser
"""

import csv
import gzip
import os
import subprocess
import sys
import time
import wave


def track(path, channel):
    import numpy as np

    with wave.open(path) as sound:
        rate, channels = sound.getframerate(), sound.getnchannels()
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
    pcm = pcm.reshape(-1, channels)[:, channel].astype(np.float32) / 32768
    places = np.arange(len(pcm) * 16000 // rate) * rate / 16000
    return np.interp(places, np.arange(len(pcm)), pcm).astype(np.float32)


def load(model):
    from faster_whisper import WhisperModel

    return WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=1, num_workers=1)


def calls(model, beam, paths):
    if len(paths) > 1:
        runs = [subprocess.Popen([sys.executable, __file__, "calls", model, beam, path]) for path in paths]
        sys.exit(max(run.wait() for run in runs))
    whisper, words = load(model), 0
    with wave.open(paths[0]) as sound:
        channels = sound.getnchannels()
    for channel in range(channels):
        found, _ = whisper.transcribe(
            track(paths[0], channel), beam_size=int(beam), language="en", vad_filter=True, word_timestamps=True
        )
        words += sum(len(segment.words) for segment in found)
    print(f"    faster-whisper, beam {beam}: {words} words", file=sys.stderr)


def prompts(model, beam, listed, sounds, out):
    whisper = load(model)
    begun, seconds = time.process_time(), 0.0
    with open(listed) as rows, open(out, "w") as texts:
        for row in csv.DictReader(rows):
            pcm = track(f"{sounds}/{row['prompt']}.wav", 0)
            seconds += len(pcm) / 16000
            found, _ = whisper.transcribe(
                pcm, beam_size=int(beam), language="en", vad_filter=True, word_timestamps=True
            )
            text = " ".join(segment.text.strip() for segment in found)
            texts.write(f"{row['prompt']}\t{text}\n")
    busy = time.process_time() - begun
    print(f"faster-whisper, beam {beam}, prompts one by one: {busy:.1f} s CPU for {seconds:.1f} s of sound")


def others(listed, texts, sounds, out):
    """Of two seconds or more and four words or more, without a note in brackets: no beeps, no digits."""
    with open(listed) as rows:
        known = {row["prompt"] for row in csv.DictReader(rows)}
    with gzip.open(texts, "rt", errors="replace") as lines, open(out, "w", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(["prompt", "seconds", "reference"])
        for line in lines:
            prompt, _, text = (part.strip() for part in line.partition(":"))
            path = f"{sounds}/{prompt}.wav"
            if prompt in known or len(text.split()) < 4 or set("[]()<>") & set(text) or not os.path.exists(path):
                continue
            known.add(prompt)
            with wave.open(path) as sound:
                seconds = sound.getnframes() / sound.getframerate()
            if seconds >= 2:
                rows.writerow([prompt, f"{seconds:.3f}", text])


def errors(said, heard):
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        diagonal, row[0] = row[0], place
        for column, other in enumerate(heard, 1):
            diagonal, row[column] = row[column], min(
                row[column] + 1, row[column - 1] + 1, diagonal + (word != other)
            )
    return row[-1]


def score(listed, named):
    from whisper_normalizer.english import EnglishTextNormalizer

    plain = EnglishTextNormalizer()
    with open(listed) as rows:
        said = {row["prompt"]: plain(row["reference"]).split() for row in csv.DictReader(rows)}
    for name, path in (entry.split("=", 1) for entry in named):
        with open(path) as lines:
            heard = dict(line.rstrip("\n").split("\t", 1) for line in lines)
        wrong = sum(errors(words, plain(heard.get(prompt, "")).split()) for prompt, words in said.items())
        words = sum(map(len, said.values()))
        print(f"{name}: {100 * wrong / words:.2f} % ({wrong} of {words} words, Whisper's own normaliser)")


task, *rest = sys.argv[1:]
if task == "calls":
    calls(rest[0], rest[1], rest[2:])
elif task == "prompts":
    prompts(*rest)
elif task == "others":
    others(*rest)
else:
    score(rest[0], rest[1:])
