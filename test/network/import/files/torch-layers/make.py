"""Writes the PyTorch files of this folder, and what torch computes with them, with torch 1.13 on a CPU.

python3 make.py
"""
import json
import os
import struct

import torch
from torch import nn

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(7)
frames = torch.randn(2, 6, 3)
expected = {"frames": frames.tolist(), "outputs": {}}


def known(name, outputs):
    """Notes what a network computes of the frames."""
    expected["outputs"][name] = outputs.tolist()


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


class Projected(nn.Module):
    def __init__(self, layers=1, bias=True):
        super().__init__()
        self.lstm = nn.LSTM(3, 5, layers, batch_first=True, proj_size=2, bias=bias)
        self.fc = nn.Linear(2, 4)

    def forward(self, x):
        return self.fc(self.lstm(x)[0])


one, two = Projected().eval(), Projected(2).eval()
write_safetensors(one.state_dict(), "projection.safetensors")
torch.save(two.state_dict(), "projection.pt")
torch.save(two, "projection-module.pt")
torch.jit.save(torch.jit.script(two), "projection-script.pt")
torch.jit.save(torch.jit.trace(two, frames), "projection-trace.pt")
known("projection.safetensors", one(frames))
for name in ("projection.pt", "projection-module.pt", "projection-script.pt", "projection-trace.pt"):
    known(name, two(frames))

bare = nn.LSTM(3, 5, 2, batch_first=True, proj_size=2, bias=False).eval()
write_safetensors(bare.state_dict(), "projection-bare.safetensors")
known("projection-bare.safetensors", bare(frames)[0])

started = Projected(2).eval()
h0, c0 = torch.randn(2, 1, 2), torch.randn(2, 1, 5)
write_safetensors({**started.state_dict(), "h0": h0, "c0": c0}, "projection-initial.safetensors")
repeated = (h0.repeat(1, 2, 1), c0.repeat(1, 2, 1))
known("projection-initial.safetensors", started.fc(started.lstm(frames, repeated)[0]))

class Mixed(nn.Module):
    """Fully connected layers before, between and behind recurrent ones, with functions as modules and as calls."""

    def __init__(self):
        super().__init__()
        self.pre = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Dropout(0.1))
        self.lstm = nn.LSTM(4, 5, 2, batch_first=True, proj_size=3)
        self.mid = nn.Linear(3, 6)
        self.gru = nn.GRU(6, 4, batch_first=True)
        self.head = nn.Sequential(nn.Linear(4, 4), nn.Hardtanh(-2.0, 0.5), nn.Linear(4, 3), nn.Hardsigmoid(), nn.Linear(3, 2))
        self.act = nn.ReLU6()

    def forward(self, x):
        y, _ = self.lstm(self.pre(x))
        y = torch.tanh(self.mid(y))
        y, _ = self.gru(y)
        return self.act(self.head(y))


class Last(nn.Module):
    """Reads states, gives the last frame and states."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(3, 5, nonlinearity="relu", batch_first=True)
        self.fc1 = nn.Linear(5, 4)
        self.fc2 = nn.Linear(4, 2)

    def forward(self, x, h):
        y, h = self.rnn(x, h)
        y = torch.nn.functional.dropout(y[:, -1, :], 0.1, self.training)
        y = torch.clamp(self.fc1(y), min=-0.5)
        return torch.softmax(self.fc2(y), -1), h


class Spent(nn.Module):
    """A function in place changes what another layer reads."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(3, 4)
        self.fc2 = nn.Linear(4, 2)

    def forward(self, x):
        y = self.fc1(x)
        torch.relu_(y)
        return self.fc2(y)


class Residual(Spent):
    def forward(self, x):
        y = self.fc1(x)
        return self.fc2(torch.relu(y) + y)


class Branched(Spent):
    def forward(self, x):
        y = self.fc1(x)
        if y.sum() > 0:
            y = torch.relu(y)
        return self.fc2(y)


class Leaky(Spent):
    def forward(self, x):
        return self.fc2(torch.nn.functional.leaky_relu(self.fc1(x)))


def both(name, model, outputs, *more):
    """Scripted and traced."""
    torch.jit.save(torch.jit.script(model), name + "-script.pt")
    torch.jit.save(torch.jit.trace(model, (frames, *more)), name + "-trace.pt")
    known(name + "-script.pt", outputs)
    known(name + "-trace.pt", outputs)


mixed = Mixed().eval()
both("mixed", mixed, mixed(frames))

last = Last().eval()
h0 = torch.zeros(1, 2, 5)
every = torch.clamp(last.fc1(last.rnn(frames, h0)[0]), min=-0.5)
both("last", last, last.fc2(every), h0)

normed = nn.Sequential(
    nn.BatchNorm1d(3, eps=0.01),
    nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5, eps=0.02), nn.Tanh()),
    nn.Dropout(0.5),
    nn.Linear(5, 4, bias=False),
    nn.Sigmoid(),
    nn.Linear(4, 2),
    nn.LogSoftmax(dim=-1),
).eval()
for norm in (normed[0], normed[1][1]):
    norm.running_mean[:] = torch.randn(norm.num_features)
    norm.running_var[:] = torch.rand(norm.num_features) + 0.1
sums = normed[:-1](frames.reshape(12, 3)).reshape(2, 6, 2)
torch.save(normed, "sequence.pt")
known("sequence.pt", sums)
torch.jit.save(torch.jit.script(normed), "sequence-script.pt")
torch.jit.save(torch.jit.trace(normed, frames.reshape(12, 3)), "sequence-trace.pt")
known("sequence-script.pt", sums)
known("sequence-trace.pt", sums)

for name, model in (("spent", Spent()), ("residual", Residual()), ("branched", Branched()), ("leaky", Leaky())):
    torch.jit.save(torch.jit.script(model.eval()), name + ".pt")
hooked = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
hooked[1].register_forward_hook(print)
torch.save(hooked, "hooked.pt")

with open("expected.json", "w") as file:
    json.dump(expected, file)
