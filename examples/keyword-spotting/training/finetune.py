"""The student with the arithmetic of the hardware: quantised weights and biases, every rounding, float gradients."""

import torch
from torch import nn

from .hardware import hardware_lstm
from .hardware_gru import hardware_gru
from .hardware_relu import hardware_dense, hardware_rnn
from .quantise import (
    ACTIVATION_BITS,
    BIAS_BITS,
    BIAS_FRACTION,
    CELL_FRACTION,
    STATE_FRACTION,
    WEIGHT_BITS,
    X_FRACTION,
    OnGrid,
    OnLearnedGrid,
    to_grid,
    value_fraction,
    weight_exponent,
)


class QuantisedStudent(nn.Module):
    """Same inputs and outputs as the student; its float weights are those of `student`, and are trained further.

    The exponent of a matrix is that with the least squared error at the start, and stays, or with `learned` is trained
    too, as a real number that is rounded to an integer wherever it is used.
    `fractions`: of each layer, the fraction bits of c (LSTM) or of the state (GRU), or of the values of a layer with a
    ReLU; these follow from the largest value on `frames` [n, 50, 32], or are given.
    """

    def __init__(self, student, frames=None, learned=False, fractions=None):
        super().__init__()
        self.student = student
        self.arrange = student.arrange
        self.weights = [name for name, values in student.named_parameters() if values.ndim == 2]
        start = torch.tensor([weight_exponent(student.get_parameter(name)) for name in self.weights])
        self.real_exponents = nn.Parameter(start.to(next(student.parameters())), requires_grad=learned)
        self.fractions = fractions
        if fractions is None:
            fixed = {"lstm": CELL_FRACTION, "gru": STATE_FRACTION}.get(student.kind)
            self.fractions = [fixed] * student.layers if fixed is not None else self.measured(frames)

    def exponents(self):
        """Of every matrix, by its name: weight = code * 2^-e."""
        return dict(zip(self.weights, (self.real_exponents.detach() + 0.5).floor().int().tolist()))

    @torch.no_grad()
    def measured(self, frames):
        """Fraction bits that hold the values of every layer with a ReLU, computed without rounding them."""
        kept, self.fractions = [], [None] * self.student.layers
        x = self.arrange(frames.to(self.real_exponents)).transpose(0, 1)
        for layer in range(self.student.layers):
            x = self.layer(layer, x, 0, exact=True)
            kept.append(value_fraction(x.max().item()))
        return kept

    def quantised(self, name):
        """A parameter on its grid, with a straight-through gradient."""
        values = self.student.get_parameter(name)
        if name not in self.weights:
            return OnGrid.apply(values, BIAS_BITS, BIAS_FRACTION)
        return OnLearnedGrid.apply(values, WEIGHT_BITS, self.real_exponents[self.weights.index(name)])

    def layer(self, layer, x, fraction, exact=False):
        """Values of one layer, [frames, n, cells], of x [frames, n, inputs]; `exact`: a ReLU does not round them."""
        kind, quantised = self.student.kind, self.quantised
        if kind == "dense":
            weight, bias = (quantised(f"hidden.{layer}.{part}") for part in ("weight", "bias"))
            return nn.functional.linear(x, weight, bias).relu() if exact else hardware_dense(x, weight, bias, fraction)
        wx, wh, bias, bias_h = (
            quantised(f"{kind}.{part}_l{layer}") for part in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        if kind == "lstm":
            return hardware_lstm(x, wx, wh, bias, fraction)
        if kind == "gru":
            return hardware_gru(x, wx, wh, bias, bias_h[2 * self.student.cells :], fraction)
        if exact:
            module = nn.RNN(x.shape[2], len(wh), nonlinearity="relu").to(x)
            module.load_state_dict(dict(zip(module.state_dict(), (wx, wh, bias, bias_h))))
            return module(x)[0]
        return hardware_rnn(x, wx, wh, bias, fraction)

    def hidden(self, x):
        """Values of every layer, [frames, n, cells]; x [n, frames, inputs], rounded here."""
        x = to_grid(x, ACTIVATION_BITS, X_FRACTION).transpose(0, 1)
        values = []
        for layer, fraction in enumerate(self.fractions):
            x = self.layer(layer, x, fraction)
            values.append(x)
        return values

    def sequence(self, x):
        """Logits after every frame, [n, frames, classes]."""
        h = self.hidden(x)[-1].transpose(0, 1)
        return nn.functional.linear(h, self.quantised("fc.weight"), self.quantised("fc.bias"))

    def forward(self, x):
        return self.sequence(x)[:, -1]

    def masked(self):
        return self.student.masked()

    def drop(self):
        self.student.drop()

    @torch.no_grad()
    def tensors(self):
        """Quantised parameters by PyTorch name; weights are exactly code * 2^-e."""
        return {name: self.quantised(name).detach() for name, _ in self.student.named_parameters()}
