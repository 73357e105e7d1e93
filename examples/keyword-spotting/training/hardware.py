"""An LSTM layer that rounds where the hardware does, with a hand-written backward pass, for fine-tuning.

Values are real numbers on the grids of the hardware. In double precision every one of them is exact, and the layer is
equal to the integer forward pass; in single precision a product now and then loses its last bit.
"""

import torch

from .quantise import ACTIVATION_BITS, CELL_BITS, CELL_FRACTION, H_FRACTION, to_grid

# Table input: 14 bits, 10 fraction bits; 128 linear segments of 64 inputs over |u|; output: 12 fraction bits.
INPUTS, INPUT_FRACTION, SEGMENTS, SEGMENT, ONE = 8192, 10, 128, 64, 4096


def table(function, odd_about):
    """Values for u = -8192 ... 8191, as real numbers. f(-u) = odd_about - f(u)."""
    points = torch.floor(ONE * function(torch.arange(SEGMENTS + 1, dtype=torch.float64) / 16) + 0.5).long()
    u = torch.arange(-INPUTS, INPUTS)
    size = u.abs().clamp(max=INPUTS - 1)
    segment, rest = size // SEGMENT, size % SEGMENT
    slope = points[1:] - points[:-1]
    y = points[segment] + (slope[segment] * rest + SEGMENT // 2) // SEGMENT
    return torch.where(u < 0, odd_about * ONE - y, y).double() / ONE


# Both functions one behind the other: sigmoid, then tanh.
TABLES = torch.cat([table(torch.sigmoid, 1), table(torch.tanh, 0)])


def look_up(tables, values, offset):
    """The function at `values`, rounded to table inputs; offset 0: sigmoid, 2 * INPUTS: tanh."""
    u = torch.floor(values * 2**INPUT_FRACTION + 0.5).clamp_(-INPUTS, INPUTS - 1)
    return tables[(u + (INPUTS + offset)).long()]


class HardwareLstm(torch.autograd.Function):
    """x [frames, n, inputs], wx [4 H, inputs], wh [4 H, H], bias [4 H] (gates i, f, g, o) to h [frames, n, H]."""

    @staticmethod
    def forward(ctx, x, wx, wh, bias, cell_fraction):
        frames, n, cells = x.shape[0], x.shape[1], wh.shape[1]
        tables = TABLES.to(x)
        offset = torch.zeros(4 * cells, device=x.device, dtype=x.dtype)
        offset[2 * cells : 3 * cells] = 2 * INPUTS
        from_x = x @ wx.t() + bias
        gates = torch.empty_like(from_x)
        state = x.new_zeros(3, frames + 1, n, cells)
        c, h, squashed = state
        for t in range(frames):
            gates[t] = look_up(tables, from_x[t] + h[t] @ wh.t(), offset)
            i, f, g, o = gates[t].chunk(4, 1)
            c[t + 1] = to_grid(f * c[t] + i * g, CELL_BITS, cell_fraction)
            squashed[t + 1] = look_up(tables, c[t + 1], 2 * INPUTS)
            h[t + 1] = to_grid(o * squashed[t + 1], ACTIVATION_BITS, H_FRACTION)
        ctx.save_for_backward(x, wx, wh, gates, state)
        return h[1:].clone()

    @staticmethod
    def backward(ctx, gradient):
        x, wx, wh, gates, (c, h, squashed) = ctx.saved_tensors
        sums = torch.empty_like(gates)
        d_h = torch.zeros_like(h[0])
        d_c = torch.zeros_like(h[0])
        for t in reversed(range(len(x))):
            i, f, g, o = gates[t].chunk(4, 1)
            y = squashed[t + 1]
            d_h = d_h + gradient[t]
            d_c = d_c + d_h * o * (1 - y * y)
            sums[t] = torch.cat(
                [d_c * g * i * (1 - i), d_c * c[t] * f * (1 - f), d_c * i * (1 - g * g), d_h * y * o * (1 - o)], 1
            )
            d_c = d_c * f
            d_h = sums[t] @ wh
        flat = sums.flatten(0, 1)
        return sums @ wx, flat.t() @ x.flatten(0, 1), flat.t() @ h[:-1].flatten(0, 1), flat.sum(0), None


def hardware_lstm(x, wx, wh, bias, cell_fraction=CELL_FRACTION):
    """One layer; `cell_fraction`: fraction bits of c."""
    return HardwareLstm.apply(x, wx, wh, bias, cell_fraction)
