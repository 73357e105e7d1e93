"""Makes the training views once: `python3 -m training.views CLIPS -o FOLDER`.

Writes into FOLDER `views.npy` (float16 [views, clips, 50, 32]), `targets.npy` (float16 [views, clips, classes]),
`clean.npz` (frames and labels of the training clips without change) and `held-out.npz` (of the held-out clips).
These files are features of the clips: they are for training on this machine only.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from .augment import Augment
from .data import CLASSES, read_clips, split
from .frontend import frames_of

MIXED_SHARE = 0.4


def make_views(clips, count, seed, classes=len(CLASSES), device="cpu", batch=256):
    """(frames float16 [count, clips, 50, 32], targets float16 [count, clips, classes]). Class 0 is background noise."""
    generator = torch.Generator().manual_seed(seed)
    audio = torch.as_tensor(clips.audio).float() / 32768
    labels = torch.as_tensor(clips.labels)
    augment = Augment(audio[labels == 0], generator, device)
    frames = np.zeros((count, len(clips), 50, 32), np.float16)
    targets = np.zeros((count, len(clips), classes), np.float16)
    one_hot = torch.eye(classes)
    for view in range(count):
        other = torch.randperm(len(clips), generator=generator)
        mixed = torch.rand(len(clips), generator=generator) < MIXED_SHARE
        share = torch.where(mixed, torch.rand(len(clips), generator=generator), torch.ones(len(clips)))
        soft = share[:, None] * one_hot[labels] + (1 - share[:, None]) * one_hot[labels[other]]
        targets[view] = soft.numpy()
        for i in range(0, len(clips), batch):
            part = slice(i, i + batch)
            pair = (audio[part].to(device), audio[other[part]].to(device), share[part].to(device))
            frames[view, part] = augment.frames(*pair).cpu().numpy()
    return frames, targets


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", help="folder with one folder per class")
    parser.add_argument("-o", "--output", required=True, type=Path)
    parser.add_argument("--count", type=int, default=64, help="views of each clip")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--tune", action="store_true", help="hold out some of the training speakers instead")
    options = parser.parse_args()

    train, validation = split(read_clips(options.clips))
    if options.tune:
        train, validation = split(train, "tune:")
    print(f"{len(train)} clips to train on, {len(validation)} held out")
    options.output.mkdir(parents=True, exist_ok=True)
    for name, part in (("clean", train), ("held-out", validation)):
        frames = frames_of(part.audio, options.device).numpy()
        np.savez(options.output / f"{name}.npz", frames=frames, labels=part.labels)
    frames, targets = make_views(train, options.count, options.seed, device=options.device)
    np.save(options.output / "views.npy", frames)
    np.save(options.output / "targets.npy", targets)


if __name__ == "__main__":
    with torch.no_grad():
        main()
