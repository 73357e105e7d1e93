"""Clips of spoken words: one folder per class, FLAC or WAV, 16 kHz, mono, one second; split by speaker."""

import hashlib
import re
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Order of the labels.
CLASSES = "_silence_ _unknown_ yes no up down left right on off stop go".split()
SAMPLE_RATE = 16000
VALIDATION_SHARE = 0.15


@dataclass(frozen=True)
class Clips:
    """Audio with labels. `audio`: int16 [clips, 16000]; `labels`: int64 [clips]; `speakers`: one string per clip."""

    audio: np.ndarray
    labels: np.ndarray
    speakers: list

    def __len__(self):
        return len(self.labels)

    def select(self, chosen):
        """The clips at the indices `chosen`."""
        chosen = np.asarray(chosen)
        return Clips(self.audio[chosen], self.labels[chosen], [self.speakers[i] for i in chosen])


def speaker_of(path):
    """The eight hexadecimal digits before `_nohash_`; a clip of no speaker (background noise) stands for itself,
    under the name that it has in Speech Commands, which is that of a WAV file."""
    match = re.search(r"([0-9a-f]{8})_nohash_", path.name)
    return match.group(1) if match else f"{path.stem}.wav"


def held_out(speakers, salt="val:", share=VALIDATION_SHARE):
    """The part of the speakers that is never trained on.

    Speakers in order of sha1(salt + speaker); the first `share` of them, rounded up, are held out. Of the clips
    without a speaker, `share` is held out in the same order, rounded down.
    """
    order = sorted(set(speakers), key=lambda name: hashlib.sha1((salt + name).encode()).hexdigest())
    people = [name for name in order if not name.endswith(".wav")]
    noises = [name for name in order if name.endswith(".wav")]
    return {*people[: -int(-len(people) * share // 1)], *noises[: int(len(noises) * share)]}


def split(clips, salt="val:"):
    """(training clips, held-out clips), disjoint in speakers."""
    out = held_out(clips.speakers, salt)
    inside = np.array([name in out for name in clips.speakers], bool)
    return clips.select(np.flatnonzero(~inside)), clips.select(np.flatnonzero(inside))


def read_audio(path):
    """int16 [samples] of a mono file at 16 kHz. FLAC needs the package soundfile."""
    if path.suffix == ".wav":
        with wave.open(str(path)) as file:
            form = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            if form != (SAMPLE_RATE, 1, 2):
                raise ValueError(f"{path}: expected 16 kHz, mono, 16 bit")
            return np.frombuffer(file.readframes(file.getnframes()), "<i2")
    import soundfile

    samples, rate = soundfile.read(path, dtype="int16")
    if rate != SAMPLE_RATE or samples.ndim != 1:
        raise ValueError(f"{path}: expected 16 kHz, mono")
    return samples


def read_clips(folder, classes=CLASSES):
    """Every clip of the folders `classes` below `folder`, in order of class and name, cut or padded to one second.

    `folder` may also be a file of `training.pack`.
    """
    if Path(folder).is_file():
        from .pack import unpack

        return unpack(Path(folder).read_bytes())
    files = [
        (label, path)
        for label, name in enumerate(classes)
        for path in sorted((Path(folder) / name).iterdir())
        if path.suffix in (".flac", ".wav")
    ]
    if not files:
        raise ValueError(f"{folder}: no FLAC or WAV files in folders named as the classes")
    audio = np.zeros((len(files), SAMPLE_RATE), np.int16)
    for row, (_, path) in zip(audio, files):
        samples = read_audio(path)[:SAMPLE_RATE]
        row[: len(samples)] = samples
    return Clips(audio, np.array([label for label, _ in files]), [speaker_of(path) for _, path in files])
