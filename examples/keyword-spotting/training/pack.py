"""Clips as one small file that needs no FLAC reader: `python3 -m training.pack CLIPS -o clips.xz`.

Audio without loss: differences of neighbouring samples, low bytes before high bytes, LZMA. `training.views` and
`training.frames` take such a file in place of a folder of clips.
"""

import argparse
import json
import lzma
from pathlib import Path

import numpy as np

from . import data


def pack(clips):
    """The bytes of a file: a line of JSON, then the differences."""
    differences = np.diff(clips.audio, axis=1, prepend=np.int16(0)).astype("<i2")
    header = {"samples": clips.audio.shape[1], "labels": clips.labels.tolist(), "speakers": clips.speakers}
    planes = differences.reshape(-1).view(np.uint8).reshape(-1, 2).T
    return lzma.compress(json.dumps(header).encode() + b"\n" + planes.tobytes(), preset=6)


def unpack(packed):
    """The clips in the bytes of a file."""
    header, planes = lzma.decompress(packed).split(b"\n", 1)
    facts = json.loads(header)
    differences = np.frombuffer(planes, np.uint8).reshape(2, -1).T.copy().view("<i2")
    audio = np.cumsum(differences.reshape(-1, facts["samples"]), axis=1, dtype=np.int16)
    return data.Clips(audio, np.array(facts["labels"]), facts["speakers"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clips", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    packed = pack(data.read_clips(options.clips))
    options.output.write_bytes(packed)
    print(f"{options.output}: {len(packed) / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
