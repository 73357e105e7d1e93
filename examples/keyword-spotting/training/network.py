"""The student: LSTM layers with masked weights, and a fully connected layer on the last h. PyTorch names and order."""

import torch
from torch import nn


class Student(nn.Module):
    """[n, frames, inputs] to logits [n, classes]. Dropped weights are exactly zero.

    `masks`: [(x mask, h mask)] of each layer, bool [cells, columns], one for the four gates i, f, g, o.
    """

    def __init__(self, inputs, hidden, classes, masks, dropout=0.1):
        super().__init__()
        if len(set(hidden)) != 1:
            raise ValueError("all layers have the same number of cells")
        self.lstm = nn.LSTM(inputs, hidden[0], len(hidden), batch_first=True, dropout=dropout)
        self.fc = nn.Linear(hidden[-1], classes)
        for layer, pair in enumerate(masks):
            for side, mask in zip(("ih", "hh"), pair):
                self.register_buffer(f"mask_{side}_l{layer}", torch.as_tensor(mask).repeat(4, 1), persistent=False)
        self.reset()

    @torch.no_grad()
    def reset(self):
        """Kept weights from N(0, 0.64 / kept fan-in), one bias per gate: 1 for the forget gate, else 0."""
        for weight, mask in self.masked():
            kept = mask.sum(1, keepdim=True)
            weight.copy_(torch.randn(weight.shape) * (0.64 / kept).sqrt() * mask)
        for layer in range(self.lstm.num_layers):
            for name in ("bias_ih", "bias_hh"):
                bias = getattr(self.lstm, f"{name}_l{layer}")
                bias.zero_()
                if name == "bias_ih":
                    bias[self.lstm.hidden_size : 2 * self.lstm.hidden_size] = 1
                else:
                    bias.requires_grad_(False)

    def masked(self):
        """(weight, mask) of the LSTM matrices."""
        for layer in range(self.lstm.num_layers):
            for side in ("ih", "hh"):
                yield getattr(self.lstm, f"weight_{side}_l{layer}"), getattr(self, f"mask_{side}_l{layer}")

    @torch.no_grad()
    def drop(self):
        """Sets dropped weights back to zero, after a step of the optimiser."""
        for weight, mask in self.masked():
            weight.mul_(mask)

    def sequence(self, x):
        """Logits after every frame, [n, frames, classes]."""
        return self.fc(self.lstm(x)[0])

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


def trained_parameters(network):
    return [p for p in network.parameters() if p.requires_grad]
