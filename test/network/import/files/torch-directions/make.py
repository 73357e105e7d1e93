"""Writes the PyTorch files of this folder, and what torch computes with them, with torch 1.13 on a CPU.

python3 make.py
"""
import json
import os
import struct

import torch
from torch import nn

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(11)
frames = torch.randn(2, 5, 3)
H = 4
# [utterance][frame][output] of every frame, or [utterance][output] of the last one
expected = {"frames": frames.tolist(), "every": {}, "last": {}}


def known(kind, names, outputs):
    """Notes what networks compute of the frames."""
    for name in names:
        expected[kind][name] = outputs.tolist()


def write_safetensors(state, name):
    """float32 tensors: the length of a JSON header, the header, and all bytes."""
    header, data = {}, b""
    for key, value in state.items():
        own = value.contiguous().numpy().tobytes()
        header[key] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [len(data), len(data) + len(own)]}
        data += own
    text = json.dumps(header).encode()
    with open(name, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Net(nn.Module):
    def __init__(self, kind=nn.LSTM, layers=1, outputs=2, **more):
        super().__init__()
        self.rnn = kind(3, H, layers, batch_first=True, bidirectional=True, **more)
        width = more.get("proj_size", H)
        self.fc = nn.Linear(self.read * width, outputs)
        self.width = width

    read = 2

    def forward(self, x):
        return self.fc(self.rnn(x)[0])


class Sum(Net):
    read = 1

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc(y[:, :, :self.width] + y[:, :, self.width:])


class Mean(Net):
    read = 1

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc((y[:, :, 4:] + y[:, :, :4]) / 2)


class One(Net):
    read = 1

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc(y[:, :, 4:])


class Last(Net):
    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc(y[:, -1])


class Final(Net):
    """Both final states of an LSTM."""

    def forward(self, x):
        _, (h, c) = self.rnn(x)
        return self.fc(torch.cat([h[-2], h[-1]], 1))


class Edges(Net):
    """The same of a GRU, taken from its frames."""

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc(torch.cat((y[:, -1, :4], y[:, 0, 4:]), dim=-1))


class FinalSum(Net):
    read = 1

    def forward(self, x):
        _, h = self.rnn(x)
        return self.fc(h[0] + h[1])


class FinalBackward(Net):
    read = 1

    def forward(self, x):
        _, h = self.rnn(x)
        return self.fc(h[-1])


class Below(nn.Module):
    """A bidirectional layer below one of one direction."""

    def __init__(self):
        super().__init__()
        self.low = nn.GRU(3, H, batch_first=True, bidirectional=True)
        self.mid = nn.Linear(2 * H, 3)
        self.top = nn.LSTM(3, H, batch_first=True)
        self.fc = nn.Linear(H, 2)

    def forward(self, x):
        y = torch.tanh(self.mid(self.low(x)[0]))
        y, (h, c) = self.top(y)
        return self.fc(h[-1])


class Swapped(Net):
    """The backward direction first: no order that is taken."""

    def forward(self, x):
        _, h = self.rnn(x)
        return self.fc(torch.cat([h[1], h[0]], 1))


class Permuted(Net):
    """Final states through operators that are not followed."""

    def forward(self, x):
        _, h = self.rnn(x)
        return self.fc(h.permute(1, 0, 2).reshape(2, -1))


def both(kind, name, model, outputs=None):
    """Scripted and traced."""
    names = [name + "-script.pt", name + "-trace.pt"]
    model.eval()
    torch.jit.save(torch.jit.script(model), names[0])
    torch.jit.save(torch.jit.trace(model, frames), names[1])
    known(kind, names, model(frames) if outputs is None else outputs)


lstm = Net(nn.LSTM, 2).eval()
write_safetensors(lstm.state_dict(), "lstm.safetensors")
torch.save(lstm, "lstm-module.pt")
known("every", ["lstm.safetensors", "lstm-module.pt"], lstm(frames))
final = Final(nn.LSTM, 2).eval()
final.load_state_dict(lstm.state_dict())
known("last", ["lstm.safetensors"], final(frames))
both("every", "lstm", lstm)

bare = nn.GRU(3, H, bidirectional=True, batch_first=True, bias=False).eval()
write_safetensors(bare.state_dict(), "bare.safetensors")
known("every", ["bare.safetensors"], bare(frames)[0])

relu = Net(nn.RNN, 2, nonlinearity="relu").eval()
write_safetensors(relu.state_dict(), "relu.safetensors")
known("every", ["relu.safetensors"], relu(frames))

projected = Net(nn.LSTM, 2, proj_size=2).eval()
write_safetensors(projected.state_dict(), "projection.safetensors")
known("every", ["projection.safetensors"], projected(frames))
both("last", "projection", Final(nn.LSTM, 2, proj_size=2))

h0, c0 = torch.randn(4, 1, H), torch.randn(4, 1, H)
write_safetensors({**lstm.state_dict(), "h0": h0, "c0": c0}, "initial.safetensors")
started = lstm.rnn(frames, (h0.repeat(1, 2, 1), c0.repeat(1, 2, 1)))[0]
known("every", ["initial.safetensors"], lstm.fc(started))

summed, mean, one = Sum(nn.GRU).eval(), Mean(nn.GRU), One(nn.GRU)
write_safetensors(summed.state_dict(), "half.safetensors")
known("every", ["half.safetensors"], summed(frames))
both("every", "sum", summed)
both("every", "mean", mean)
both("every", "one", one)
both("last", "last", Last(nn.GRU, 2))
both("last", "final", Final(nn.LSTM, 2))
both("last", "edges", Edges(nn.GRU))
both("last", "final-sum", FinalSum(nn.RNN))
both("last", "final-backward", FinalBackward(nn.GRU))
both("last", "below", Below())
both("last", "swapped", Swapped(nn.GRU))
both("last", "permuted", Permuted(nn.GRU))

with open("expected.json", "w") as file:
    json.dump(expected, file)
