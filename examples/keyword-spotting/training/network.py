"""The students: recurrent layers or fully connected ones with masked weights, and an output layer to the classes.

Parameters have PyTorch's names and order of gates. Dropped weights are exactly zero.
"""

import torch
from torch import nn

from .frontend import stack, whole

# What a recurrent student is made of, how many gates a matrix has, and which of them have a bias of their own on h.
RECURRENT = {"lstm": (nn.LSTM, 4, ()), "gru": (nn.GRU, 3, (2,)), "rnn": (nn.RNN, 1, ())}


class Student(nn.Module):
    """[n, frames, inputs] to logits [n, classes]. `fc` is the output layer, which is dense.

    `matrices`: names of the matrices that have masks. A mask is bool [rows, columns], one for all gates, which stand
    one above the other in the parameter.
    """

    matrices = ()

    def mask_of(self, name):
        """The mask of a parameter, for every one of its rows; None where all of it is trained."""
        return getattr(self, "mask_" + name.replace(".", "_"), None)

    def set_mask(self, name, mask):
        """`mask` is of one gate, or has the rows of all of them."""
        weight = self.get_parameter(name)
        mask = torch.as_tensor(mask, dtype=torch.bool, device=weight.device)
        mask = mask.repeat(len(weight) // len(mask), *[1] * (mask.ndim - 1))
        self.register_buffer("mask_" + name.replace(".", "_"), mask, persistent=False)

    def masked(self):
        """(parameter, mask) of all that have one."""
        for name, parameter in self.named_parameters():
            mask = self.mask_of(name)
            if mask is not None:
                yield parameter, mask

    @torch.no_grad()
    def drop(self):
        """Sets dropped weights back to zero, after a step of the optimiser."""
        for parameter, mask in self.masked():
            parameter.mul_(mask)

    def gates(self, name):
        """Gates in the matrix `name`."""
        return 1

    def rows(self, name):
        """Rows of one gate."""
        return len(self.get_parameter(name)) // self.gates(name)

    @torch.no_grad()
    def reset_weights(self):
        """Kept weights from N(0, gain / kept fan-in)."""
        for name in self.matrices:
            kept = self.mask_of(name).sum(1, keepdim=True).clamp(min=1)
            weight = self.get_parameter(name)
            weight.copy_(torch.randn(weight.shape) * (self.gain / kept).sqrt() * self.mask_of(name))

    def forward(self, x):
        return self.sequence(x)[:, -1]


class RecurrentStudent(Student):
    """LSTM, GRU (reset behind the product) or ReLU RNN layers, of `hidden` cells each; the last h goes to the classes.

    `masks`: [(x mask, h mask)] of each layer, bool [cells, columns].
    """

    gain = 0.64
    arrange = staticmethod(stack)

    def __init__(self, kind, inputs, hidden, classes, masks, dropout=0.1):
        super().__init__()
        if len(set(hidden)) != 1:
            raise ValueError("all layers have the same number of cells")
        module, self.gate_count, own = RECURRENT[kind]
        facts = {"nonlinearity": "relu"} if kind == "rnn" else {}
        self.kind, self.cells, self.layers = kind, hidden[0], len(hidden)
        setattr(self, kind, module(inputs, hidden[0], len(hidden), batch_first=True, dropout=dropout, **facts))
        self.fc = nn.Linear(hidden[-1], classes)
        self.matrices = [f"{kind}.weight_{side}_l{layer}" for layer in range(len(hidden)) for side in ("ih", "hh")]
        for name, mask in zip(self.matrices, (mask for pair in masks for mask in pair)):
            self.set_mask(name, mask)
        for layer in range(len(hidden)):
            # one bias for each sum: that of h counts where the sums of x and h stay apart
            gates = torch.zeros(self.gate_count, hidden[0], dtype=torch.bool)
            gates[list(own)] = True
            self.set_mask(f"{kind}.bias_hh_l{layer}", gates.flatten())
        self.reset()

    @torch.no_grad()
    def reset(self):
        """Biases are 0, of the forget gate of an LSTM 1. The recurrent matrix of a ReLU RNN starts near a multiple of the
        identity (Le et al. 2015), as far as its mask keeps the diagonal."""
        self.reset_weights()
        for layer in range(self.layers):
            for name in ("bias_ih", "bias_hh"):
                self.get_parameter(f"{self.kind}.{name}_l{layer}").zero_()
            if self.kind == "lstm":
                self.lstm.get_parameter(f"bias_ih_l{layer}")[self.cells : 2 * self.cells] = 1
            if self.kind == "rnn":
                weight = self.rnn.get_parameter(f"weight_hh_l{layer}")
                weight.mul_(0.3).add_(0.8 * torch.eye(self.cells) * self.mask_of(f"rnn.weight_hh_l{layer}"))

    def gates(self, name):
        return self.gate_count

    def sequence(self, x):
        """Logits after every frame, [n, frames, classes]."""
        return self.fc(getattr(self, self.kind)(x)[0])


class FeedForwardStudent(Student):
    """Fully connected layers with a ReLU behind each, then the output layer; the whole clip is one frame.

    `masks`: of each layer, bool [rows, columns].
    """

    kind = "dense"
    gain = 2.0
    arrange = staticmethod(whole)

    def __init__(self, inputs, hidden, classes, masks, dropout=0.1):
        super().__init__()
        self.layers = len(hidden)
        self.fc = nn.Linear(hidden[-1], classes)
        self.hidden = nn.ModuleList(nn.Linear(n, m) for n, m in zip((inputs, *hidden), hidden))
        self.dropout = nn.Dropout(dropout)
        self.matrices = [f"hidden.{layer}.weight" for layer in range(len(hidden))]
        for name, mask in zip(self.matrices, masks):
            self.set_mask(name, mask)
        self.reset_weights()
        for layer in self.hidden:
            nn.init.zeros_(layer.bias)

    def sequence(self, x):
        for layer in self.hidden:
            x = self.dropout(torch.relu(layer(x)))
        return self.fc(x)
