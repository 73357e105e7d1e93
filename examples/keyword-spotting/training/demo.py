"""The whole recipe in seconds, on sounds that it makes itself: `python3 -m training.demo FOLDER`.

Writes clips of three "words" (a hum, and a rising and a falling tone), trains a teacher and a sparse student on them,
fine-tunes it, and leaves in FOLDER the networks `float.safetensors` and `q6.safetensors`, the masks that were drawn
(`masks.npz`), and the frames and labels of speakers that were held out.
"""

import argparse
import wave
from pathlib import Path

import numpy as np
import torch

from . import distil, teachers
from .data import SAMPLE_RATE, read_clips, split
from .finetune import QuantisedStudent
from .frontend import frames_of, stack
from .masks import network_masks
from .network import Student
from .optimise import accuracy
from .train import float_tensors, save
from .views import make_views

WORDS = ["_silence_", "rise", "fall"]
PATTERN = [(16, (1, 2)), (4, (1, 2))]
HIDDEN = (48, 48)


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
    teacher = teachers.Teacher(4, len(WORDS))
    teacher = teachers.train(teacher, views, targets, 10, seed, batch=17, report=lambda *_: None)
    soft = distil.soft_targets([torch.from_numpy(teachers.label(teacher, views))], targets, trust=0.3)
    masks = network_masks(64, HIDDEN, PATTERN, seed)
    student = Student(64, HIDDEN, len(WORDS), masks)
    student = distil.train(student, views, soft, options.epochs, 2e-2, seed, batch=17)
    fine = distil.train(QuantisedStudent(student), views, soft, 4, 2e-3, seed, batch=17)

    save(folder / "float.safetensors", float_tensors(student), {"format": "pt"})
    save(folder / "q6.safetensors", fine.tensors(), {"format": "pt"})
    sides = {f"{side}{layer}": mask.astype(np.uint8) for layer, pair in enumerate(masks) for side, mask in zip("xh", pair)}
    np.savez(folder / "masks.npz", **sides)
    frames = stack(frames_of(held.audio))
    labels = torch.as_tensor(held.labels)
    np.save(folder / "frames.npy", frames.numpy())
    np.save(folder / "labels.npy", labels.numpy().astype(np.uint8))
    print(f"float {accuracy(student, frames, labels):.2f}, quantised {accuracy(fine, frames, labels):.2f}")


if __name__ == "__main__":
    main()
