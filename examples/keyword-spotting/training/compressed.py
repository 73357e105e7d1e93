"""Reads a compressed-model file (docs/compressed-model.md) into dense integer matrices, pass by pass."""

import json
from dataclasses import dataclass

import numpy as np

from . import tensorfile
from .compressed_lists import list_codes

# Operands, gates and channels of the cells that are known here, and kinds of patterns.
CELLS = {
    "lstm": (2, 4, 4),
    "gru": (2, 3, 4),
    "rnn-tanh": (2, 1, 1),
    "rnn-relu": (2, 1, 1),
    "dense-linear": (1, 1, 1),
    "dense-sigmoid": (1, 1, 1),
    "dense-tanh": (1, 1, 1),
    "dense": (1, 1, 1),
}
PATTERNS = ("hcgs", "strips", "kernels")
TABLES = {"inputBits": 14, "inputFraction": 10, "outputFraction": 12, "segments": 128}


@dataclass(frozen=True)
class Operand:
    """A vector of this frame (`age` 0) or of the one before (1), and the matrix that it is multiplied by.

    `codes` int64 [gates, rows, columns], zero where nothing is kept; weight = code * 2^-exponent. `products`: of a row,
    as the hardware adds them up.
    """

    vector: int
    age: int
    codes: np.ndarray
    exponent: int
    products: int


@dataclass(frozen=True)
class Pass:
    """What is computed in a frame: `cell` of the sums of `operands` and `bias` int64 [channels, rows].

    `fraction`: fraction bits of the values that are written, `state_fraction` of the state, None without one. `low` and
    `high`: codes within which the values of a dense-linear pass lie.
    """

    cell: str
    operands: list
    bias: np.ndarray
    bias_fraction: int
    state_fraction: int
    fraction: int
    low: int
    high: int

    @property
    def rows(self):
        return self.bias.shape[1]


@dataclass(frozen=True)
class Model:
    """`words`: bits of `weight`, `activation` (vectors), `cell`, `bias`. `fractions`: of every vector, vector 0 is the
    input and vector n + 1 what pass n writes. Tables: (y0, slope), int64 [128] each."""

    words: dict
    inputs: int
    fractions: list
    passes: list
    sigmoid: tuple
    tanh: tuple


def kept_columns(pattern, lists, row):
    """First columns of the innermost blocks that the block row of `row` keeps, in the order of storage."""
    columns = np.zeros(1, np.int64)
    for size, keep, kept in zip(pattern["blocks"], pattern["keep"], lists):
        inside = kept[row // size].astype(np.int64).reshape(len(columns), keep)
        columns = (columns[:, None] + size * inside).reshape(-1)
    return columns


def dense_codes(facts, gates, rows, columns, name, tensors):
    """The codes of the matrix `name`, `rows` x `columns` for each gate, with every weight at its place and the padding
    cut off; and the products of a row, of strips and kernels the most."""
    pattern = facts["pattern"]
    if pattern["kind"] not in PATTERNS:
        raise ValueError(f"{name}: expected a pattern of kind {', '.join(PATTERNS)}, got {pattern['kind']}")
    if pattern["kind"] != "hcgs":
        part = {key[len(name) + 1 :]: own for key, own in tensors.items() if key.startswith(f"{name}.")}
        return list_codes(facts, part, (gates, rows, columns))
    stored = tensors[f"{name}.codes"].astype(np.int64)
    if not pattern["blocks"]:
        return stored, columns
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
    return codes[:, :rows, :columns], int(np.prod(pattern["keep"])) * size


def read_pass(number, facts, words, vectors, tensors, path):
    """Pass `number` of the description."""
    cell, name = facts["cell"], f"pass.{number}"
    if cell not in CELLS:
        raise ValueError(f"{path}: {name}: expected a cell of {', '.join(CELLS)}, got {cell}")
    if facts.get("initial"):
        raise ValueError(f"{path}: {name}: expected utterances that start from zeros, got a learned initial state")
    count, gates, channels = CELLS[cell]
    rows = vectors[number + 1]["length"]
    bias = tensors[f"{name}.bias"].astype(np.int64)
    if len(facts["operands"]) != count or bias.shape != (channels, rows):
        raise ValueError(f"{path}: {name}: expected {count} operands and a bias [{channels}, {rows}]")
    operands = []
    for side, operand in zip("xh", facts["operands"]):
        vector = operand["vector"]
        columns = vectors[vector]["length"]
        codes, products = dense_codes(operand, gates, rows, columns, f"{name}.{side}", tensors)
        operands.append(Operand(vector, operand["age"], codes, operand["exponent"], products))
    limit = 1 << words["activation"] - 1
    # below zero a ReLU has no values; without a range a dense-linear pass has all that the word holds
    spread = facts.get("range", {"low": 0 if cell == "rnn-relu" else -limit, "high": limit - 1})
    fractions = (facts["biasFraction"], facts["stateFraction"], vectors[number + 1]["fraction"])
    return Pass(cell, operands, bias, *fractions, spread["low"], spread["high"])


def read_model(path):
    """The model in the file `path`."""
    tensors, metadata = tensorfile.read(path)
    if metadata.get("hcgs_format") != "2":
        got = metadata.get("hcgs_format")
        raise ValueError(f'{path}: expected hcgs_format 2, got {got}; make the file anew with "hcgs compress"')
    facts = json.loads(metadata["hcgs_model"])
    if facts["tables"] != TABLES:
        raise ValueError(f"{path}: expected tables {TABLES}, got {facts['tables']}")
    words, vectors = facts["words"], facts["vectors"]
    passes = [read_pass(*numbered, words, vectors, tensors, path) for numbered in enumerate(facts["passes"])]
    integers = lambda name: tensors[name].astype(np.int64)
    tables = [(integers(f"table.{name}.y0"), integers(f"table.{name}.slope")) for name in ("sigmoid", "tanh")]
    return Model(words, vectors[0]["length"], [vector["fraction"] for vector in vectors], passes, *tables)
