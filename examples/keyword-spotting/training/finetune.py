"""The student with the arithmetic of the hardware: quantised weights and biases, every rounding, float gradients."""

import torch
from torch import nn

from .hardware import hardware_lstm
from .quantise import (
    ACTIVATION_BITS,
    BIAS_BITS,
    BIAS_FRACTION,
    CELL_FRACTION,
    WEIGHT_BITS,
    X_FRACTION,
    OnGrid,
    to_grid,
    weight_exponent,
)


class QuantisedStudent(nn.Module):
    """Same inputs and outputs as the student; its float weights are those of `student`, and are trained further.

    The exponent of a matrix is that with the least squared error at the start, and stays. `cell_fractions`: fraction
    bits of c in each layer.
    """

    def __init__(self, student, cell_fractions=None):
        super().__init__()
        self.student = student
        self.cell_fractions = cell_fractions or [CELL_FRACTION] * student.lstm.num_layers
        self.exponents = {
            name: weight_exponent(values) for name, values in student.named_parameters() if "weight" in name
        }

    def quantised(self, name):
        """A parameter on its grid, with a straight-through gradient."""
        values = self.student.get_parameter(name)
        if "weight" in name:
            return OnGrid.apply(values, WEIGHT_BITS, self.exponents[name])
        return OnGrid.apply(values, BIAS_BITS, BIAS_FRACTION)

    def hidden(self, x):
        """h of the last layer, [frames, n, cells]; x [n, frames, inputs], rounded here."""
        h = to_grid(x, ACTIVATION_BITS, X_FRACTION).transpose(0, 1)
        for layer, fraction in enumerate(self.cell_fractions):
            names = [f"lstm.{kind}_l{layer}" for kind in ("weight_ih", "weight_hh", "bias_ih")]
            h = hardware_lstm(h, *(self.quantised(name) for name in names), fraction)
        return h

    def sequence(self, x):
        """Logits after every frame, [n, frames, classes]."""
        h = self.hidden(x).transpose(0, 1)
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
