"""The quantised forward pass in NumPy integers, written from the arithmetic of the hardware and not from its golden model.

`python3 -m training.integer MODEL FRAMES [--states S.npz] [-o Y.npy] [--labels L.npy]`: the files that `hcgs run` writes.

Every value is an integer with a fixed number of fraction bits. Rounding (`rnd`): half up. The steps that round:
gate sum to table input, interpolation in a table, new cell state, cell state to table input, new h. Sums are exact.
"""

import argparse

import numpy as np

from .compressed import read_model

GATES = 4
# Table input: 14 bits with 10 fraction bits. A segment spans 2^6 inputs. Table output: 12 fraction bits.
TABLE_BITS, TABLE_FRACTION, SEGMENT_BITS, ONE_BITS = 14, 10, 6, 12


def rnd(values, shift):
    """shift > 0: (v + 2^(shift - 1)) >> shift; shift <= 0: v << -shift."""
    return (values + (1 << shift - 1)) >> shift if shift > 0 else values << -shift


def sat(values, bits):
    """Clamped to a two's complement word."""
    return np.clip(values, -(1 << bits - 1), (1 << bits - 1) - 1)


def to_table(values, fraction):
    """Values with `fraction` fraction bits as table inputs."""
    return sat(rnd(values, fraction - TABLE_FRACTION), TABLE_BITS)


def interpolate(table, u):
    """The table at |u|: y0[k] + rnd(slope[k] r, 6), k and r the high and the low bits of |u|."""
    y0, slope = table
    size = np.minimum(np.abs(u), (1 << TABLE_BITS - 1) - 1)
    segment, rest = size >> SEGMENT_BITS, size & (1 << SEGMENT_BITS) - 1
    return y0[segment] + rnd(slope[segment] * rest, SEGMENT_BITS)


def sigmoid(table, u):
    """0 ... 4096; sigmoid(-u) = 4096 - sigmoid(u)."""
    y = interpolate(table, u)
    return np.where(u < 0, (1 << ONE_BITS) - y, y)


def tanh(table, u):
    """-4096 ... 4096; tanh(-u) = -tanh(u)."""
    y = interpolate(table, u)
    return np.where(u < 0, -y, y)


def aligned(terms):
    """Sum of (integers, fraction bits) terms at the finest binary point: (sum, its fraction bits)."""
    finest = max(fraction for _, fraction in terms)
    return sum(values << finest - fraction for values, fraction in terms), finest


def step(model, layer, x, x_fraction, h, c):
    """(h, c) after one frame; x [n, inputs], h and c [n, cells], int64."""
    bits, cells = model.words["activation"], h.shape[1]
    flat = lambda matrix: matrix.codes.reshape(GATES * cells, -1).T
    sums, fraction = aligned(
        [
            (x @ flat(layer.x), x_fraction + layer.x.exponent),
            (h @ flat(layer.h), bits - 1 + layer.h.exponent),
            (layer.bias.reshape(1, -1), layer.bias_fraction),
        ]
    )
    u = to_table(sums, fraction).reshape(-1, GATES, cells)
    i, f, o = (sigmoid(model.sigmoid, u[:, gate]) for gate in (0, 1, 3))
    g = tanh(model.tanh, u[:, 2])
    fc = layer.cell_fraction
    cell, point = aligned([(f * c, ONE_BITS + fc), (i * g, 2 * ONE_BITS)])
    c = sat(rnd(cell, point - fc), model.words["cell"])
    squashed = tanh(model.tanh, to_table(c, fc))
    h = sat(rnd(o * squashed, 2 * ONE_BITS - (bits - 1)), bits)
    return h, c


def to_codes(model, frames):
    """Input codes, int64 [utterances, frames, inputs]: real values are rounded half up and saturate."""
    frames = frames.reshape((1,) * (3 - frames.ndim) + frames.shape)
    bits = model.words["activation"]
    if frames.dtype.kind != "f":
        if (sat(frames.astype(np.int64), bits) != frames).any():
            raise ValueError(f"frames hold codes beyond {bits} bits")
        return frames.astype(np.int64)
    scaled = np.floor(frames.astype(np.float64) * 2.0**model.input_fraction + 0.5)
    return sat(scaled, bits).astype(np.int64)


def run(model, frames):
    """(outputs int64 [utterances, frames, outputs], states {"h0": ..., "c0": ..., ...} int32), from zero state."""
    x = to_codes(model, frames)
    n, count = x.shape[:2]
    states = {}
    fraction = model.input_fraction
    for number, layer in enumerate(model.layers):
        h = c = np.zeros((n, layer.bias.shape[1]), np.int64)
        hs, cs = [], []
        for t in range(count):
            h, c = step(model, layer, x[:, t], fraction, h, c)
            hs.append(h)
            cs.append(c)
        x, fraction = np.stack(hs, 1), model.words["activation"] - 1
        states[f"h{number}"], states[f"c{number}"] = x.astype(np.int32), np.stack(cs, 1).astype(np.int32)
    if model.output is not None:
        weights = model.output.weights
        products = (x @ weights.codes[0].T, fraction + weights.exponent)
        x, _ = aligned([products, (model.output.bias, model.output.bias_fraction)])
    return x, states


def output_type(model):
    """int32 where every output that the shape allows fits, else int64."""
    if model.output is None:
        return np.int32
    words, weights = model.words, model.output.weights
    products = weights.codes.shape[2] << words["weight"] - 1 + words["activation"] - 1
    point = words["activation"] - 1 + weights.exponent
    largest, _ = aligned([(products, point), (1 << words["bias"] - 1, model.output.bias_fraction)])
    return np.int32 if largest < 1 << 31 else np.int64


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
