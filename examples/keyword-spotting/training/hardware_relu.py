"""Layers with a ReLU that round where the hardware does, recurrent or not; gradients pass the rounding straight through."""

import torch

from .quantise import ACTIVATION_BITS, OnGrid


def hardware_dense(x, weight, bias, fraction):
    """max(0, W x + b) with `fraction` fraction bits; x [..., inputs]."""
    return OnGrid.apply(torch.nn.functional.linear(x, weight, bias), ACTIVATION_BITS, fraction).relu()


def hardware_rnn(x, wx, wh, bias, fraction):
    """h = max(0, W x + U h + b) with `fraction` fraction bits; x [frames, n, inputs] to h [frames, n, H]."""
    from_x = torch.nn.functional.linear(x, wx, bias)
    h = x.new_zeros(x.shape[1], len(wh))
    hs = []
    for one in from_x:
        h = OnGrid.apply(one + h @ wh.t(), ACTIVATION_BITS, fraction).relu()
        hs.append(h)
    return torch.stack(hs)
