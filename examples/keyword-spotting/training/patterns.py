"""The kinds of patterns to which a network is pruned: what each keeps on the way from all weights to the pattern.

`mask(weights, left)` gives the mask, bool [rows, columns], of a matrix [gates, rows, columns]; `left` goes from 1, where all
weights stay, to 0, where the pattern is reached. The text of a pattern stands in the metadata of a network.
"""

import re
from dataclasses import dataclass

from .lists import choose_kernels, choose_strips
from .masks import choose_mask, level_counts

BALANCES = ("equal", "binomial")


def rate_at(rate, left):
    """One weight in how many is kept: the share of kept ones goes from 1 to 1 / rate."""
    return 1 / (1 / rate + (1 - 1 / rate) * left)


@dataclass(frozen=True)
class Hcgs:
    """Blocks in blocks. `levels`: [(block size, (k, n))], outermost first; k of n blocks are kept."""

    levels: list

    def mask(self, weights, left):
        counts = level_counts(weights.shape[2], self.levels)
        kept = [round(own + (across - own) * left) for across, own in counts]
        return choose_mask(weights, self.levels, kept)

    def __str__(self):
        return str(self.levels)


@dataclass(frozen=True)
class Strips:
    """Columns of strip blocks of the `sides` (rows, columns): one in `rate` is kept, then one row in `row_rate`."""

    sides: tuple
    rate: float
    row_rate: float = 1
    balance: str = "equal"

    def mask(self, weights, left):
        rates = (rate_at(rate, left) for rate in (self.rate, self.row_rate))
        return choose_strips(weights, self.sides, *rates, self.balance)

    def __str__(self):
        return f"strips {self.sides[0]}x{self.sides[1]}, rate {self.rate:g},{self.row_rate:g}, {self.balance}"


@dataclass(frozen=True)
class Kernels:
    """Rows and columns of blocks of the `sides` (rows, columns): one weight in `rate` is kept."""

    sides: tuple
    rate: float
    balance: str = "equal"

    def mask(self, weights, left):
        return choose_kernels(weights, self.sides, rate_at(self.rate, left), self.balance)

    def __str__(self):
        return f"kernels {self.sides[0]}x{self.sides[1]}, rate {self.rate:g}, {self.balance}"


def parse_sides(text):
    """(rows, columns) of `32x64`."""
    match = re.fullmatch(r"(\d+)x(\d+)", text)
    if match is None or "0" in match.groups():
        raise ValueError(f"--blocks: expected rows x columns of a block such as 32x64, got {text!r}")
    return tuple(map(int, match.groups()))


def parse_rates(text, most):
    """Up to `most` numbers of at least 1."""
    rates = text.split(",")
    if len(rates) > most or not all(re.fullmatch(r"\d+(\.\d+)?", rate) and float(rate) >= 1 for rate in rates):
        form = "C or C,R, numbers of at least 1" if most > 1 else "a number of at least 1"
        raise ValueError(f"--rate: expected {form} such as 10, got {text!r}")
    return map(float, rates)


# Kinds beside HCGS by the name that `hcgs compress --pattern` has for them, and how many rates they take.
LISTS = {"strips": (Strips, 2), "kernels": (Kernels, 1)}


def parse_pattern(kind, blocks, rate, balance):
    """The pattern of the texts of `--pattern`, `--blocks`, `--rate` and `--balance`. Raises ValueError, which names the option."""
    pattern, most = LISTS[kind]
    return pattern(parse_sides(blocks), *parse_rates(rate, most), balance=balance)
