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

with open("expected.json", "w") as file:
    json.dump(expected, file)
