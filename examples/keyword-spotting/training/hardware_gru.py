"""A GRU layer (reset behind the product) that rounds where the hardware does, with a hand-written backward pass.

Values are real numbers on the grids of the hardware, as in `hardware`.
"""

import torch

from .hardware import INPUT_FRACTION, INPUTS, TABLES, look_up
from .quantise import ACTIVATION_BITS, CELL_BITS, H_FRACTION, STATE_FRACTION, to_grid

# The sum under the reset gate: 18 bits, 12 fraction bits, four and two more than a table input.
RESET_BITS, RESET_FRACTION = 18, INPUT_FRACTION + 2


class HardwareGru(torch.autograd.Function):
    """x [frames, n, inputs], wx [3 H, inputs], wh [3 H, H], bias [3 H] (gates r, z, n), bias_h [H] (of U_n h) to
    h [frames, n, H]."""

    @staticmethod
    def forward(ctx, x, wx, wh, bias, bias_h, state_fraction):
        frames, n, cells = x.shape[0], x.shape[1], wh.shape[1]
        tables = TABLES.to(x)
        from_x = x @ wx.t() + bias
        gates = x.new_empty(frames, 4, n, cells)
        s, h = x.new_zeros(2, frames + 1, n, cells)
        for t in range(frames):
            from_h = h[t] @ wh.t()
            r, z = look_up(tables, (from_x[t] + from_h)[:, : 2 * cells], 0).chunk(2, 1)
            d = to_grid(from_h[:, 2 * cells :] + bias_h, RESET_BITS, RESET_FRACTION)
            new = look_up(tables, from_x[t, :, 2 * cells :] + r * d, 2 * INPUTS)
            gates[t] = torch.stack([r, z, d, new])
            s[t + 1] = to_grid(z * s[t] + (1 - z) * new, CELL_BITS, state_fraction)
            h[t + 1] = to_grid(s[t + 1], ACTIVATION_BITS, H_FRACTION)
        ctx.save_for_backward(x, wx, wh, gates, s, h)
        return h[1:].clone()

    @staticmethod
    def backward(ctx, gradient):
        x, wx, wh, gates, s, h = ctx.saved_tensors
        frames, n, cells = x.shape[0], x.shape[1], wh.shape[1]
        sums_x, sums_h = x.new_empty(2, frames, n, 3 * cells)
        d_s = torch.zeros_like(s[0])
        for t in reversed(range(frames)):
            r, z, d, new = gates[t]
            d_s = d_s + gradient[t]
            d_sum = d_s * (1 - z) * (1 - new * new)
            d_gates = [d_sum * d * r * (1 - r), d_s * (s[t] - new) * z * (1 - z)]
            sums_x[t] = torch.cat([*d_gates, d_sum], 1)
            sums_h[t] = torch.cat([*d_gates, d_sum * r], 1)
            d_s = d_s * z + sums_h[t] @ wh
        flat_x, flat_h = sums_x.flatten(0, 1), sums_h.flatten(0, 1)
        return (
            sums_x @ wx,
            flat_x.t() @ x.flatten(0, 1),
            flat_h.t() @ h[:-1].flatten(0, 1),
            flat_x.sum(0),
            flat_h[:, 2 * cells :].sum(0),
            None,
        )


def hardware_gru(x, wx, wh, bias, bias_h, state_fraction=STATE_FRACTION):
    """One layer; `state_fraction`: fraction bits of the state."""
    return HardwareGru.apply(x, wx, wh, bias, bias_h, state_fraction)
