"""Fixed point in training: formats, the exponent of a matrix, rounding with a straight-through gradient."""

import torch

WEIGHT_BITS = 6
ACTIVATION_BITS = 13
CELL_BITS = 16
# Fraction bits: x in [-4, 4), h in [-1, 1), c in [-32, 32), biases in steps of 2^-10 (13 bits hold [-4, 4)).
X_FRACTION = 10
H_FRACTION = ACTIVATION_BITS - 1
CELL_FRACTION = 10
BIAS_BITS = 13
BIAS_FRACTION = 10


def to_grid(values, bits, fraction):
    """Nearest value of a two's complement word with `fraction` fraction bits: half up, then saturated."""
    limit = 2 ** (bits - 1)
    scale = 2.0**fraction
    return torch.floor(values * scale + 0.5).clamp(-limit, limit - 1) / scale


class OnGrid(torch.autograd.Function):
    """`to_grid` with a straight-through gradient, which is zero where a value saturates and would go on outwards."""

    @staticmethod
    def forward(ctx, values, bits, fraction):
        limit, step = 2.0 ** (bits - 1 - fraction), 2.0**-fraction
        ctx.save_for_backward(values >= limit, values < -limit - step / 2)
        return to_grid(values, bits, fraction)

    @staticmethod
    def backward(ctx, gradient):
        above, below = ctx.saved_tensors
        outwards = (above & (gradient < 0)) | (below & (gradient > 0))
        return gradient.masked_fill(outwards, 0), None, None


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
