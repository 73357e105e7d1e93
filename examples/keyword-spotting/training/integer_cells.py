"""What every cell makes of its sums, in NumPy integers, written from the arithmetic of the hardware.

Rounding (`rnd`): half up. What rounds: a sum to a table input, interpolation in a table, a new state, a state to a table
input, a value. Sums are exact. Arrays are int64 [n, rows].
"""

import numpy as np

# Table input: 14 bits with 10 fraction bits. A segment spans 2^6 inputs. Table output: 12 fraction bits.
TABLE_BITS, TABLE_FRACTION, SEGMENT_BITS, ONE_BITS = 14, 10, 6, 12
# The sum under the reset gate of a GRU, four bits longer than a table input, two of them behind the point.
RESET_BITS, RESET_FRACTION = 18, 12


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


def new_state(model, one, kept, state, added, value):
    """sat(rnd(kept * state + added * value)) with the fraction bits of the state."""
    point = one.state_fraction
    blend, finer = aligned([(kept * state, ONE_BITS + point), (added * value, 2 * ONE_BITS)])
    return sat(rnd(blend, finer - point), model.words["cell"])


def lstm(model, one, sides, bias, state):
    """Gates i, f, g, o."""
    u = [to_table(*aligned([x, h, b])) for x, h, b in zip(*sides, bias)]
    i, f, o = (sigmoid(model.sigmoid, u[gate]) for gate in (0, 1, 3))
    c = new_state(model, one, f, state, i, tanh(model.tanh, u[2]))
    squashed = tanh(model.tanh, to_table(c, one.state_fraction))
    bits = model.words["activation"]
    return sat(rnd(o * squashed, 2 * ONE_BITS - (bits - 1)), bits), c


def gru(model, one, sides, bias, state):
    """Gates r, z, n, the reset behind the product; the state has more bits than h."""
    xs, hs = sides
    r, z = (sigmoid(model.sigmoid, to_table(*aligned([xs[gate], hs[gate], bias[gate]]))) for gate in (0, 1))
    under, fraction = aligned([hs[2], bias[3]])
    d = sat(rnd(under, fraction - RESET_FRACTION), RESET_BITS)
    n = tanh(model.tanh, to_table(*aligned([xs[2], bias[2], (r * d, ONE_BITS + RESET_FRACTION)])))
    s = new_state(model, one, z, state, (1 << ONE_BITS) - z, n)
    return sat(rnd(s, one.state_fraction - one.fraction), model.words["activation"]), s


def linear(model, one, sides, bias, state):
    """The sum itself, within the range of the pass: a ReLU where that starts at zero."""
    total, fraction = aligned([*(side[0] for side in sides), bias[0]])
    return np.clip(sat(rnd(total, fraction - one.fraction), model.words["activation"]), one.low, one.high), None


def from_table(function, name):
    """A cell that writes what a table gives for its sum."""

    def cell(model, one, sides, bias, state):
        y = function(getattr(model, name), to_table(*aligned([*(side[0] for side in sides), bias[0]])))
        return sat(rnd(y, ONE_BITS - one.fraction), model.words["activation"]), None

    return cell


def exact(model, one, sides, bias, state):
    """The exact sum."""
    return aligned([sides[0][0], bias[0]])[0], None


# Of each cell: what it computes, and the names of its value and its state.
CELLS = {
    "lstm": (lstm, "h", "c"),
    "gru": (gru, "h", "s"),
    "rnn-tanh": (from_table(tanh, "tanh"), "h", None),
    "rnn-relu": (linear, "h", None),
    "dense-linear": (linear, "y", None),
    "dense-sigmoid": (from_table(sigmoid, "sigmoid"), "y", None),
    "dense-tanh": (from_table(tanh, "tanh"), "y", None),
    "dense": (exact, None, None),
}
