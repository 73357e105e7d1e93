"""Reads a compressed-model file (docs/compressed-model.md) into dense integer matrices."""

import json
from dataclasses import dataclass

import numpy as np

from . import tensorfile


@dataclass(frozen=True)
class Matrix:
    """`codes` int64 [gates, rows, columns], zero where nothing is kept; weight = code * 2^-exponent."""

    codes: np.ndarray
    exponent: int


@dataclass(frozen=True)
class Layer:
    """One LSTM layer; `bias` int64 [4, cells] with `bias_fraction` fraction bits, gates i, f, g, o."""

    x: Matrix
    h: Matrix
    bias: np.ndarray
    bias_fraction: int
    cell_fraction: int


@dataclass(frozen=True)
class Output:
    """The fully connected layer; `bias` int64 [outputs]."""

    weights: Matrix
    bias: np.ndarray
    bias_fraction: int


@dataclass(frozen=True)
class Model:
    """`words`: bits of `weight`, `activation` (x and h), `cell`, `bias`. Tables: (y0, slope), int64 [128] each."""

    words: dict
    input_fraction: int
    layers: list
    output: Output
    sigmoid: tuple
    tanh: tuple


def kept_columns(facts, lists, row):
    """First columns of the innermost blocks that the block row of `row` keeps, in the order of storage."""
    columns = np.zeros(1, np.int64)
    for size, keep, kept in zip(facts["blocks"], facts["keep"], lists):
        inside = kept[row // size].astype(np.int64).reshape(len(columns), keep)
        columns = (columns[:, None] + size * inside).reshape(-1)
    return columns


def dense(facts, name, tensors):
    """The matrix `name` with every block at its place and the padding cut off."""
    stored = tensors[f"{name}.codes"].astype(np.int64)
    if not facts["blocks"]:
        return Matrix(stored, facts["exponent"])
    outer, size = facts["blocks"][0], facts["blocks"][-1]
    padded = [-(-facts[axis] // outer) * outer for axis in ("rows", "columns")]
    codes = np.zeros((len(stored), *padded), np.int64)
    for gate, rows in enumerate(stored):
        pattern = gate if facts["sharing"] == "per-gate" else 0
        lists = [tensors[f"{name}.index.{level}"][pattern] for level in range(len(facts["blocks"]))]
        for number, blocks in enumerate(rows):
            row = number * size
            for column, block in zip(kept_columns(facts, lists, row), blocks):
                codes[gate, row : row + size, column : column + size] = block
    return Matrix(codes[:, : facts["rows"], : facts["columns"]], facts["exponent"])


def read_model(path):
    """The model in the file `path`."""
    tensors, metadata = tensorfile.read(path)
    if metadata.get("hcgs_format") != "1":
        raise ValueError(f"{path}: expected hcgs_format 1, got {metadata.get('hcgs_format')}")
    facts = json.loads(metadata["hcgs_model"])
    integers = lambda name: tensors[name].astype(np.int64)
    layers = [
        Layer(
            dense(layer["x"], f"lstm.{number}.x", tensors),
            dense(layer["h"], f"lstm.{number}.h", tensors),
            integers(f"lstm.{number}.bias"),
            layer["biasFraction"],
            layer["cellFraction"],
        )
        for number, layer in enumerate(facts["layers"])
    ]
    output = None
    if facts["output"] is not None:
        weights = dense(facts["output"]["weights"], "output", tensors)
        output = Output(weights, integers("output.bias"), facts["output"]["biasFraction"])
    tables = [(integers(f"table.{name}.y0"), integers(f"table.{name}.slope")) for name in ("sigmoid", "tanh")]
    return Model(facts["words"], facts["inputFraction"], layers, output, *tables)
