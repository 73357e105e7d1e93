"""Writes the PyTorch files of this folder, and what torch computes with them, with torch 1.13 on a CPU.

python3 make.py
"""
import argparse
import json
import os

import numpy as np
import torch
from torch import nn

os.chdir(os.path.dirname(os.path.abspath(__file__)))
torch.manual_seed(5)
frames = torch.randn(2, 6, 3)
expected = {"frames": frames.tolist(), "outputs": {}}


class Tagger(nn.Module):
    def __init__(self, layers=1, act=None):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, layers, batch_first=True)
        self.drop = nn.Dropout(0.5)
        if act is not None:
            self.act = act
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        y = self.drop(self.lstm(x)[0])
        return self.fc(self.act(y) if hasattr(self, "act") else y)


class Scripted(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.fc = nn.Linear(4, 2)

    def forward(self, x):
        return self.fc(self.lstm(x)[0])


class Squashed(Scripted):
    def forward(self, x):
        return self.fc(torch.tanh(self.lstm(x)[0]))


class Normed(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn = nn.BatchNorm1d(3, eps=0.01)
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.head = nn.Sequential(nn.Dropout(0.1), nn.Linear(4, 2), nn.LogSoftmax(dim=-1))

    def forward(self, x):
        return self.head(self.lstm(self.bn(x.transpose(1, 2)).transpose(1, 2))[0])


def known(name, model, take=lambda y: y):
    """Notes what the model computes; `take` is what of it."""
    expected["outputs"][name] = take(model.eval()(frames)).tolist()


two = Tagger(2)
known("zip.pt", two)
known("legacy.pt", two)
torch.save(two.state_dict(), "zip.pt")
torch.save(two.state_dict(), "legacy.pt", _use_new_zipfile_serialization=False)
torch.save(two.state_dict(), "protocol4.pt", _use_new_zipfile_serialization=False, pickle_protocol=4)
known("protocol4.pt", two)

whole = Tagger()
known("module.pt", whole)
torch.save(whole, "module.pt")
torch.save(Tagger(act=nn.ReLU()), "module-relu.pt")

normed = Normed()
normed.bn.running_mean[:] = torch.tensor([0.5, -0.25, 0.1])
normed.bn.running_var[:] = torch.tensor([0.02, 0.5, 2.0])
torch.save(normed, "module-norm.pt")
known("module-norm.pt", normed, lambda y: y - y.logsumexp(-1, keepdim=True))

hooked = Tagger()
hooked.lstm.register_forward_hook(print)
torch.save(hooked, "module-hook.pt")

model = Scripted().eval()
known("script.pt", model)
known("trace.pt", model)
torch.jit.save(torch.jit.script(model), "script.pt")
torch.jit.save(torch.jit.trace(model, frames), "trace.pt")
torch.jit.save(torch.jit.trace(Squashed().eval(), frames), "trace-tanh.pt")

trained = Tagger()
averaged = Tagger()
optimizer = torch.optim.Adam(trained.parameters())
trained(frames).sum().backward()
optimizer.step()
args = argparse.Namespace(lr=0.1, name="run", sizes=[3, 4])
torch.save(
    {
        "epoch": 3,
        "args": args,
        "best": np.float64(0.25),
        "rng": np.random.RandomState(1).get_state(),
        "model_state_dict": {"module." + key: value for key, value in trained.state_dict().items()},
        "optimizer_state_dict": optimizer.state_dict(),
    },
    "checkpoint.pt",
)
known("checkpoint.pt", trained)
torch.save({"model": trained.state_dict(), "ema": averaged.state_dict()}, "two.pt")
known("two.pt model", trained)
known("two.pt ema", averaged)
torch.save({"lstm": trained.lstm.state_dict(), "fc": trained.fc.state_dict()}, "parts.pt")
known("parts.pt", trained)

state = whole.state_dict()
flat = torch.cat([value.flatten() for value in state.values()])
views, at = {}, 0
for key, value in state.items():
    views[key] = flat[at : at + value.numel()].view(value.shape)
    at += value.numel()
views["fc.weight"] = state["fc.weight"].t().contiguous().t()
views["lstm.bias_ih_l0"] = torch.full((1,), 0.5).expand(16)
views["lstm.weight_hh_l0"] = torch.stack([state["lstm.weight_hh_l0"]] * 2, 2)[:, :, 1]
torch.save(views, "views.pt")
whole.load_state_dict(views)
known("views.pt", whole)
for name, dtype in (("half", torch.float16), ("bfloat16", torch.bfloat16), ("double", torch.float64)):
    own = {key: value.to(dtype) for key, value in state.items()}
    torch.save(own, name + ".pt")
    whole.load_state_dict({key: value.float() for key, value in own.items()})
    known(name + ".pt", whole)

torch.save({**state, "mask": torch.eye(3).to_sparse()}, "sparse.pt")
torch.save({**state, "scale": torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)}, "quantised.pt")
torch.save({**state, "c": torch.ones(2, dtype=torch.complex128)}, "complex.pt")
torch.save({key: value.numpy() for key, value in state.items()}, "numpy.pt")
whole.load_state_dict(state)
known("numpy.pt", whole)

weighted = Tagger()
for one in ("weight_ih_l0", "weight_hh_l0"):
    nn.utils.weight_norm(weighted.lstm, one)
nn.utils.weight_norm(weighted.fc, dim=None)
weighted.lstm.weight_hh_l0_g.data *= 2
torch.save(weighted.state_dict(), "weight-norm.pt")
torch.save(weighted, "weight-norm-module.pt")
known("weight-norm.pt", weighted)
known("weight-norm-module.pt", weighted)

spectral = Tagger()
nn.utils.parametrizations.spectral_norm(spectral.lstm, "weight_hh_l0")
torch.save(spectral.state_dict(), "spectral.pt")

with open("expected.json", "w") as file:
    json.dump(expected, file)
