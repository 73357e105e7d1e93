"""Clips to network input: `python3 -m training.frames CLIPS --part held-out -o frames.npy --labels labels.npy`.

CLIPS has one folder of FLAC or WAV files per class. Frames: float32 [clips, 25, 64], or with `--whole` [clips, 1, 400]
for the feed-forward networks; labels: uint8 [clips], numbers in the order of `training.data.CLASSES`. Held-out clips are
those of the speakers that are never trained on.
"""

import argparse
from pathlib import Path

import numpy as np

from .data import CLASSES, read_clips, split
from .frontend import frames_of, stack, whole


def first_of_each_class(clips, count):
    """At most `count` clips of each class, the first ones in order of name."""
    chosen = [np.flatnonzero(clips.labels == label)[:count] for label in range(len(CLASSES))]
    return clips.select(np.concatenate(chosen))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("--part", choices=("training", "held-out"), required=True)
    parser.add_argument("--per-class", type=int, help="at most so many clips of each class")
    parser.add_argument("--whole", action="store_true", help="a whole clip is one frame")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True)
    options = parser.parse_args()
    training, held_out = split(read_clips(options.clips))
    clips = training if options.part == "training" else held_out
    if options.per_class is not None:
        clips = first_of_each_class(clips, options.per_class)
    arrange = whole if options.whole else stack
    np.save(options.output, arrange(frames_of(clips.audio)).numpy())
    np.save(options.labels, clips.labels.astype(np.uint8))
    people = {name for name in clips.speakers if not name.endswith(".wav")}
    print(f"{options.output}: {len(clips)} clips of {len(people)} speakers")


if __name__ == "__main__":
    main()
