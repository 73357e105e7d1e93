"""Which weights of a matrix in a compressed-model file strips and kernels keep (docs/compressed-model.md)."""

import numpy as np


def strip_places(pattern, part, number, columns_left, rows):
    """(rows, columns) of the weights that a pattern of strips keeps, in the order of their codes."""
    strip = part["strips"][number] if pattern["reordered"] else np.arange(rows) // pattern["height"]
    dropped = np.zeros(rows, bool)
    if pattern["dropped"]:
        dropped = np.unpackbits(part["dropped"][number], count=rows, bitorder="little").astype(bool)
    places = []
    for own, counts in enumerate(part["counts"][number]):
        kept = [n * pattern["width"] + next(columns_left) for n, count in enumerate(counts) for _ in range(count)]
        places += [(row, column) for row in np.flatnonzero((strip == own) & ~dropped) for column in kept]
    return np.array(places, np.int64).reshape(-1, 2).T


def kernel_places(pattern, part, number, lines_left, shape):
    """The same of a pattern of kernels; `lines_left`: kept rows and kept columns of its blocks."""
    kept = np.zeros(shape, bool)
    counts = part["counts"][number]
    for block in np.ndindex(counts.shape[:2]):
        sides = zip(block, (pattern["height"], pattern["width"]), lines_left, counts[block])
        kept[np.ix_(*([at * side + next(left) for _ in range(count)] for at, side, left, count in sides))] = True
    if pattern["reordered"]:
        kept = kept[np.ix_(part["places.rows"][number], part["places.columns"][number])]
    return np.nonzero(kept)


def kept_places(pattern, part, shape):
    """(rows, columns) of what each pattern of a matrix of this shape keeps, in the order of the codes.

    `part`: tensors of the matrix by the ends of their names.
    """
    lines = [iter(part[name].tolist()) for name in ("rows", "columns") if name in part]
    if pattern["kind"] == "strips":
        place = lambda number: strip_places(pattern, part, number, lines[0], shape[0])
    else:
        place = lambda number: kernel_places(pattern, part, number, lines, shape)
    return [place(number) for number in range(len(part["counts"]))]


def list_codes(facts, part, shape):
    """The codes of a matrix of strips or kernels, int64 [gates, rows, columns], and the most that a row of it keeps;
    `shape` has the gates too."""
    places = kept_places(facts["pattern"], part, shape[1:])
    most = max(int(np.bincount(rows, minlength=1).max()) for rows, _ in places)
    codes, left = np.zeros(shape, np.int64), part["codes"].astype(np.int64)
    for gate in range(shape[0]):
        rows, columns = places[gate if facts["sharing"] == "per-gate" else 0]
        codes[gate, rows, columns], left = left[: len(rows)], left[len(rows) :]
    return codes, most
