"""The keyword networks by name, and how they are built and saved: V are LSTMs, GRU, RNN (ReLU) and FF (feed-forward)
what their names say; the number is the ratio of all weights to the kept ones, 0 for a dense network."""

import numpy as np
import torch
from torch import nn

from . import tensorfile
from .frontend import FRONTEND
from .masks import PATTERNS, layer_masks, network_masks
from .network import FeedForwardStudent, RecurrentStudent

CELLS = {"V": "lstm", "GRU": "gru", "RNN": "rnn", "FF": "dense"}
RATIOS = {"0": 1, "4": 4, "8": 8, "16": 16}
# name: (kind of its layers, ratio)
NETWORKS = {f"{name}{ratio}": (kind, RATIOS[ratio]) for name, kind in CELLS.items() for ratio in RATIOS}
RECURRENT_HIDDEN = (128, 128)
DENSE_INPUTS, DENSE_HIDDEN = 400, (256, 256, 256)
# Learning rates of float training that worked for the dense networks.
RATES = {"lstm": 8e-3, "gru": 8e-3, "rnn": 2e-3, "dense": 2e-3}


def student_of(kind, pattern, seed, classes, inputs=None, hidden=None, dropout=0.0):
    """A student whose masks and weights are drawn from `seed`. `kind`: lstm, gru, rnn (ReLU) or dense."""
    torch.manual_seed(seed)
    if kind == "dense":
        inputs, hidden = inputs or DENSE_INPUTS, hidden or DENSE_HIDDEN
        masks = layer_masks(list(zip(hidden, (inputs, *hidden))), pattern, seed)
        return FeedForwardStudent(inputs, hidden, classes, masks, dropout)
    inputs, hidden = inputs or FRONTEND["inputs"], hidden or RECURRENT_HIDDEN
    return RecurrentStudent(kind, inputs, hidden, classes, network_masks(inputs, hidden, pattern, seed), dropout)


def suffix(kind):
    """Ending of a file with a network of this kind."""
    return ".pt" if kind == "dense" else ".safetensors"


def save(path, student, tensors, notes):
    """Saves `tensors` (by the names of the parameters of `student`) as `hcgs compress` takes them; `notes`: strings by name.

    Matrices are float16, which holds codes of 6 bits exactly, biases float32. Recurrent networks become safetensors
    with PyTorch's names. Names of fully connected layers alone do not show their order and functions: such a network
    becomes TorchScript of an `nn.Sequential`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: values.detach().cpu() for name, values in tensors.items()}
    tensors = {name: values.half() if values.ndim == 2 else values.float() for name, values in tensors.items()}
    if student.kind != "dense":
        tensorfile.write(path, {name: values.numpy() for name, values in tensors.items()}, notes)
        return
    layers = []
    for name in [*(f"hidden.{layer}" for layer in range(student.layers)), "fc"]:
        weight, bias = (nn.Parameter(tensors[f"{name}.{part}"], requires_grad=False) for part in ("weight", "bias"))
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        linear.weight, linear.bias = weight, bias
        layers += [linear, nn.ReLU()]
    torch.jit.script(nn.Sequential(*layers[:-1])).save(str(path), _extra_files=notes)


def load(path, student):
    """Weights of a saved network in the place of those of `student`; masks become what the file keeps where its blocks
    are not all kept."""
    if student.kind == "dense":
        order = [*(f"hidden.{layer}" for layer in range(student.layers)), "fc"]
        found = torch.jit.load(str(path)).state_dict()
        tensors = {f"{order[int(key.split('.')[0]) // 2]}.{key.split('.')[1]}": value for key, value in found.items()}
    else:
        tensors = {name: torch.tensor(np.array(values)) for name, values in tensorfile.read(path)[0].items()}
    student.load_state_dict({name: values.float() for name, values in tensors.items()})
    for name in student.matrices:
        weight = student.get_parameter(name).detach()
        kept = (weight != 0).reshape(student.gates(name), -1, weight.shape[1]).any(0)
        student.set_mask(name, kept)
