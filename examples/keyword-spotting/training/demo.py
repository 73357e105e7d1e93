"""The whole recipe in seconds, on sounds that it makes itself: `python3 -m training.demo FOLDER`.

Writes clips of three "words" (a hum, and a rising and a falling tone), trains teachers and a sparse student of each kind
of layers and of patterns on them, fine-tunes it, and leaves in FOLDER the networks `NAME.safetensors` and
`NAME_q6.safetensors` (`.pt` of the feed-forward one), the masks that were drawn or chosen (`NAME-masks.npz`), and the
frames and labels of speakers that were held out.
"""

import argparse
import wave
from pathlib import Path

import numpy as np
import torch

from . import distil, teachers
from .data import SAMPLE_RATE, read_clips, split
from .finetune import QuantisedStudent
from .frontend import frames_of, stack, whole
from .kinds import save, student_of, suffix
from .optimise import accuracy
from .patterns import Hcgs, Kernels, Strips
from .views import make_views

WORDS = ["_silence_", "rise", "fall"]
PATTERN = [(16, (1, 2)), (4, (1, 2))]
HIDDEN = (48, 48)
# Kind of layers, learning rate, epochs relative to those of the command line, and the pattern that is chosen on the way;
# without one masks of PATTERN are drawn.
STUDENTS = {
    "lstm": ("lstm", 2e-2, 1, None),
    "gru": ("gru", 2e-2, 1, Hcgs(PATTERN)),
    "rnn": ("rnn", 5e-3, 2, Hcgs(PATTERN)),
    "dense": ("dense", 1e-2, 1, Hcgs(PATTERN)),
    "gru-strips": ("gru", 2e-2, 1, Strips((16, 16), 4)),
    "lstm-kernels": ("lstm", 2e-2, 1, Kernels((16, 16), 4, "binomial")),
}


def sound(word, generator):
    """int16 [16000]: noise, and in it a tone of half a second for two of the words."""
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    noise = 0.01 * generator.standard_normal(SAMPLE_RATE)
    low, high = generator.uniform(300, 500), generator.uniform(1200, 2500)
    first, last = {"_silence_": (50, 50), "rise": (low, high), "fall": (high, low)}[word]
    start = generator.uniform(0.2, 0.35)
    inside = (time >= start) & (time < start + 0.5)
    pitch = first + (last - first) * np.clip((time - start) / 0.5, 0, 1)
    tone = 0.3 * inside * np.sin(2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE)
    return np.round(32000 * np.clip(noise + tone * (word != "_silence_"), -1, 1)).astype("<i2")


def write_clips(folder, generator, speakers=10, repeats=2):
    """One WAV file for every word, speaker and repeat."""
    for word in WORDS:
        (folder / word).mkdir(parents=True, exist_ok=True)
        for clip in range(speakers * repeats):
            name = f"{clip}" if word == "_silence_" else f"{clip // repeats:08x}_nohash_{clip % repeats}"
            with wave.open(str(folder / word / f"{name}.wav"), "wb") as file:
                file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
                file.writeframes(sound(word, generator).tobytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=40)
    options = parser.parse_args()
    seed, folder = options.seed, options.folder

    torch.manual_seed(seed)
    write_clips(folder / "clips", np.random.default_rng(seed))
    train, held = split(read_clips(folder / "clips", WORDS))
    with torch.no_grad():
        views, targets = (torch.from_numpy(each) for each in make_views(train, 6, seed, len(WORDS)))
    frames, labels = frames_of(held.audio), torch.as_tensor(held.labels)
    np.save(folder / "frames.npy", stack(frames).numpy())
    np.save(folder / "frames-dense.npy", whole(frames).numpy())
    np.save(folder / "labels.npy", labels.numpy().astype(np.uint8))

    teacher = teachers.Teacher(4, len(WORDS))
    teacher = teachers.train(teacher, views, targets, 10, seed, batch=17, report=lambda *_: None)
    soft = distil.soft_targets([torch.from_numpy(teachers.label(teacher, views))], targets, trust=0.3)
    build = lambda kind, pattern: student_of(kind, pattern, seed, len(WORDS), hidden=HIDDEN)
    # a dense network, from which the others learn too
    common = {"frames": views, "seed": seed, "batch": 17}
    dense = distil.train(build("lstm", []), soft=soft, epochs=options.epochs // 2, rate=1e-2, **common)
    soft = distil.soft_targets([distil.label(dense, views)], soft, trust=0.3)
    for name, (kind, rate, share, pattern) in STUDENTS.items():
        student = build(kind, [] if pattern else PATTERN)
        student = distil.train(student, soft=soft, epochs=share * options.epochs, rate=rate, pattern=pattern, **common)
        fine = QuantisedStudent(student, views[0], learned=True)
        fine = distil.train(fine, soft=soft, epochs=4, rate=1e-3, **common)
        save(folder / f"{name}{suffix(kind)}", student, dict(student.named_parameters()), {"format": "pt"})
        save(folder / f"{name}_q6{suffix(kind)}", student, fine.tensors(), {"format": "pt"})
        masks = {own: student.mask_of(own)[: student.rows(own)].numpy().astype(np.uint8) for own in student.matrices}
        np.savez(folder / f"{name}-masks.npz", **masks)
        x = student.arrange(frames)
        shares = [accuracy(network, x, labels) for network in (student, fine)]
        print(f"{name}: float {shares[0]:.2f}, quantised {shares[1]:.2f}")


if __name__ == "__main__":
    main()
