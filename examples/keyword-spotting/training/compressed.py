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


def kept_columns(pattern, lists, row):
    """First columns of the innermost blocks that the block row of `row` keeps, in the order of storage."""
    columns = np.zeros(1, np.int64)
    for size, keep, kept in zip(pattern["blocks"], pattern["keep"], lists):
        inside = kept[row // size].astype(np.int64).reshape(len(columns), keep)
        columns = (columns[:, None] + size * inside).reshape(-1)
    return columns


def dense(facts, rows, columns, name, tensors):
    """The matrix `name`, `rows` x `columns` for each gate, with every block at its place and the padding cut off."""
    stored = tensors[f"{name}.codes"].astype(np.int64)
    pattern = facts["pattern"]
    if pattern["kind"] != "hcgs":
        raise ValueError(f"{name}: expected a pattern of kind hcgs, got {pattern['kind']}")
    if not pattern["blocks"]:
        return Matrix(stored, facts["exponent"])
    outer, size = pattern["blocks"][0], pattern["blocks"][-1]
    padded = [-(-length // outer) * outer for length in (rows, columns)]
    codes = np.zeros((len(stored), *padded), np.int64)
    for gate, block_rows in enumerate(stored):
        own = gate if facts["sharing"] == "per-gate" else 0
        lists = [tensors[f"{name}.index.{level}"][own] for level in range(len(pattern["blocks"]))]
        for number, blocks in enumerate(block_rows):
            row = number * size
            for column, block in zip(kept_columns(pattern, lists, row), blocks):
                codes[gate, row : row + size, column : column + size] = block
    return Matrix(codes[:, :rows, :columns], facts["exponent"])


def is_stack(passes):
    """Whether the passes are LSTM layers on each other, and at most a dense layer on top of them."""
    for number, one in enumerate(passes):
        reads = [(operand["vector"], operand["age"]) for operand in one["operands"]]
        below, before = (number, 0), (number + 1, 1)
        top = number > 0 and number == len(passes) - 1
        if not (one["cell"] == "lstm" and reads == [below, before] or top and one["cell"] == "dense" and reads == [below]):
            return False
    return True


def read_model(path):
    """The model in the file `path`."""
    tensors, metadata = tensorfile.read(path)
    if metadata.get("hcgs_format") != "2":
        got = metadata.get("hcgs_format")
        raise ValueError(f'{path}: expected hcgs_format 2, got {got}; make the file anew with "hcgs compress"')
    facts = json.loads(metadata["hcgs_model"])
    if not is_stack(facts["passes"]):
        raise ValueError(f"{path}: expected LSTM layers on each other and at most a dense layer on top of them")
    if any(one.get("initial") for one in facts["passes"]):
        raise ValueError(f"{path}: expected utterances that start from zeros, got a learned initial state")
    integers = lambda name: tensors[name].astype(np.int64)
    lengths = [vector["length"] for vector in facts["vectors"]]
    layers, output = [], None
    for number, one in enumerate(facts["passes"]):
        sides = [
            dense(operand, lengths[number + 1], lengths[operand["vector"]], f"pass.{number}.{side}", tensors)
            for side, operand in zip("xh", one["operands"])
        ]
        bias = integers(f"pass.{number}.bias")
        if one["cell"] == "lstm":
            layers.append(Layer(*sides, bias, one["biasFraction"], one["stateFraction"]))
        else:
            output = Output(*sides, bias[0], one["biasFraction"])
    tables = [(integers(f"table.{name}.y0"), integers(f"table.{name}.slope")) for name in ("sigmoid", "tanh")]
    return Model(facts["words"], facts["vectors"][0]["fraction"], layers, output, *tables)
