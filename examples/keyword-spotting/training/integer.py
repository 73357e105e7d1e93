"""The quantised forward pass in NumPy integers, written from the arithmetic of the hardware and not from its golden model.

`python3 -m training.integer MODEL FRAMES [--states S.npz] [-o Y.npy] [--labels L.npy]`: the files that `hcgs run` writes.

Every value is an integer with a fixed number of fraction bits. Any order of LSTM, GRU, RNN and fully connected layers;
`integer_cells` has what is rounded.
"""

import argparse

import numpy as np

from .compressed import read_model
from .integer_cells import CELLS, aligned, sat


def products(operand, vector, fraction):
    """(integers [n, rows], fraction bits) for every gate."""
    return [(vector @ codes.T, fraction + operand.exponent) for codes in operand.codes]


def step(model, x, vectors, states):
    """One frame of all passes: x int64 [n, inputs] to the new vectors and states. `vectors`: of the frame before."""
    now, kept = [x], []
    for one, state in zip(model.passes, states):
        read = [(vectors if operand.age else now)[operand.vector] for operand in one.operands]
        sides = [
            products(operand, values, model.fractions[operand.vector]) for operand, values in zip(one.operands, read)
        ]
        bias = [(row, one.bias_fraction) for row in one.bias]
        value, state = CELLS[one.cell][0](model, one, sides, bias, state)
        now.append(value)
        kept.append(state)
    return now, kept


def to_codes(model, frames):
    """Input codes, int64 [utterances, frames, inputs]: real values are rounded half up and saturate."""
    frames = frames.reshape((1,) * (3 - frames.ndim) + frames.shape)
    bits = model.words["activation"]
    if frames.dtype.kind != "f":
        if (sat(frames.astype(np.int64), bits) != frames).any():
            raise ValueError(f"frames hold codes beyond {bits} bits")
        return frames.astype(np.int64)
    scaled = np.floor(frames.astype(np.float64) * 2.0 ** model.fractions[0] + 0.5)
    return sat(scaled, bits).astype(np.int64)


def run(model, frames):
    """(outputs int64 [utterances, frames, outputs], states {"h0": ..., "c0": ..., ...} int32), from zero state."""
    x = to_codes(model, frames)
    n, count = x.shape[:2]
    zeros = [np.zeros((n, rows), np.int64) for rows in (model.inputs, *(one.rows for one in model.passes))]
    vectors, states, history = zeros, zeros[1:], []
    for t in range(count):
        vectors, states = step(model, x[:, t], vectors, states)
        history.append((vectors, states))
    named, shown = {}, 0
    for number, one in enumerate(model.passes):
        _, value, state = CELLS[one.cell]
        if value is None:
            continue
        named[f"{value}{shown}"] = np.stack([vectors[number + 1] for vectors, _ in history], 1).astype(np.int32)
        if state is not None:
            named[f"{state}{shown}"] = np.stack([states[number] for _, states in history], 1).astype(np.int32)
        shown += 1
    return np.stack([vectors[-1] for vectors, _ in history], 1), named


def output_type(model):
    """int32 where every output that the shape allows fits, else int64."""
    last, words = model.passes[-1], model.words
    if last.cell != "dense":
        return np.int32
    (operand,) = last.operands
    largest = operand.products << words["weight"] - 1 + words["activation"] - 1
    point = model.fractions[operand.vector] + operand.exponent
    magnitude, _ = aligned([(largest, point), (1 << words["bias"] - 1, last.bias_fraction)])
    return np.int32 if magnitude < 1 << 31 else np.int64


def decisions(outputs):
    """Class of every utterance: arg max of its last frame, ties to the lowest class."""
    return outputs[:, -1].argmax(-1)


def main(arguments=None):
    parser = argparse.ArgumentParser(description="runs a compressed model in integers")
    parser.add_argument("model")
    parser.add_argument("frames")
    parser.add_argument("--states", help=".npz with h0, c0, h1, c1, ...")
    parser.add_argument("-o", "--output", help=".npy with the outputs")
    parser.add_argument("--labels", help=".npy with the class of each utterance")
    options = parser.parse_args(arguments)

    model = read_model(options.model)
    frames = np.load(options.frames)
    outputs, states = run(model, frames)
    if options.states:
        np.savez(options.states, **states)
    if options.output:
        shape = (*frames.shape[:-1], outputs.shape[-1])
        np.save(options.output, outputs.reshape(shape).astype(output_type(model)))
    if options.labels:
        right = int((decisions(outputs) == np.load(options.labels)).sum())
        print(f"{right} of {len(outputs)} right")


if __name__ == "__main__":
    main()
