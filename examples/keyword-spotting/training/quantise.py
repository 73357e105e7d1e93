"""Fixed point in training: formats, the exponent of a matrix, rounding with a straight-through gradient."""

import math

import torch

WEIGHT_BITS = 6
ACTIVATION_BITS = 13
CELL_BITS = 16
# Fraction bits: x in [-4, 4), h in [-1, 1), c of an LSTM in [-32, 32), the state of a GRU in [-2, 2), biases in steps
# of 2^-10 (13 bits hold [-4, 4)).
X_FRACTION = 10
H_FRACTION = ACTIVATION_BITS - 1
CELL_FRACTION = 10
STATE_FRACTION = 14
BIAS_BITS = 13
BIAS_FRACTION = 10


def to_grid(values, bits, fraction):
    """Nearest value of a two's complement word with `fraction` fraction bits: half up, then saturated."""
    limit = 2 ** (bits - 1)
    scale = 2.0**fraction
    return torch.floor(values * scale + 0.5).clamp(-limit, limit - 1) / scale


def outwards(gradient, above, below):
    """Whether a step against the gradient would push a value, that is above or below the range, further out."""
    return (above & (gradient < 0)) | (below & (gradient > 0))


class OnGrid(torch.autograd.Function):
    """`to_grid` with a straight-through gradient, which is zero where a value saturates and would go on outwards."""

    @staticmethod
    def forward(ctx, values, bits, fraction):
        limit, step = 2.0 ** (bits - 1 - fraction), 2.0**-fraction
        ctx.save_for_backward(values >= limit, values < -limit - step / 2)
        return to_grid(values, bits, fraction)

    @staticmethod
    def backward(ctx, gradient):
        return gradient.masked_fill(outwards(gradient, *ctx.saved_tensors), 0), None, None


class OnLearnedGrid(torch.autograd.Function):
    """`to_grid` with a fraction that is learned: a real number, rounded here, as one exponent for a matrix is in hardware.

    The step s = 2^-e gets the gradient of learned step size quantisation (Esser et al. 2020): of a value w with code q
    it is q - w / s within the range and q beyond it, scaled by 1 / sqrt(n 2^(bits - 1)) for n values that are not zero;
    e gets it by de = -ds / (s ln 2). The values get it straight through.
    """

    @staticmethod
    def forward(ctx, values, bits, exponent):
        fraction = int(math.floor(exponent.item() + 0.5))
        grid = to_grid(values, bits, fraction)
        limit, step = 2.0 ** (bits - 1 - fraction), 2.0**-fraction
        ctx.save_for_backward(values, grid, values >= limit, values < -limit - step / 2)
        ctx.bits = bits
        return grid

    @staticmethod
    def backward(ctx, gradient):
        values, grid, above, below = ctx.saved_tensors
        # step times (q - w / s), and step times q beyond the range
        error = torch.where(above | below, grid, grid - values)
        scale = 1 / math.sqrt(max(1, int((values != 0).sum())) * 2 ** (ctx.bits - 1))
        return (
            gradient.masked_fill(outwards(gradient, above, below), 0),
            None,
            (gradient * error).sum() * (-math.log(2) * scale),
        )


def weight_exponent(weights, bits=WEIGHT_BITS):
    """e of a matrix, weight = code * 2^-e: least squared error, saturation included, ties to the larger range."""
    largest = weights.abs().max().item()
    if largest == 0:
        return bits - 1
    first = -int(torch.tensor(largest).log2().floor()) - 1
    errors = [
        (to_grid(weights.double(), bits, e) - weights.double()).square().sum().item()
        for e in range(first, first + bits + 16)
    ]
    return first + errors.index(min(errors))


def value_fraction(largest, bits=ACTIVATION_BITS):
    """The most fraction bits with which a word of `bits` bits holds `largest`."""
    fraction = bits - 1 - math.ceil(math.log2(max(largest, 2.0**-bits)))
    return fraction if round(largest * 2**fraction) <= 2 ** (bits - 1) - 1 else fraction - 1
