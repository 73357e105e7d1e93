"""Masks of strips and kernels, chosen by magnitude as `hcgs compress --select magnitude` chooses them.

`weights` is [gates, rows, columns] everywhere: the gates share one mask, bool [rows, columns]. `sides`: rows and columns of a
block; larger than the matrix means the whole of it. Of equal scores the first place is kept.
"""

import math

import numpy as np


def kept_of(count, rate):
    """One in `rate` of so many: max(1, floor(count / rate + 1/2))."""
    return max(1, math.floor(count / rate + 0.5))


def largest(scores, count):
    """Places of the `count` largest."""
    return np.argsort(-scores, kind="stable")[:count]


def blocks_of(shape, sides):
    """(slice of rows, slice of columns) of every block, block row by block row; the last ones may be smaller."""
    (rows, columns), (height, width) = shape, sides
    return [
        (slice(row, min(row + height, rows)), slice(column, min(column + width, columns)))
        for row in range(0, rows, height)
        for column in range(0, columns, width)
    ]


def choose_strips(weights, sides, rate, row_rate=1, balance="equal"):
    """Block-based structured pruning (Dong et al. 2020): columns of a strip block by their mean |w| over its rows and the
    gates, one in `rate` of them; then one in `row_rate` of the rows, by the norm of what they keep.

    `balance`: `equal`, each strip block keeps as many columns as another; `binomial`, the best of the whole matrix, at least
    one in each and the same total.
    """
    shape = weights.shape[1:]
    blocks = blocks_of(shape, sides)
    scores = [np.abs(weights[:, down, across]).sum((0, 1)) / (down.stop - down.start) for down, across in blocks]
    counts = [kept_of(len(own), rate) for own in scores]
    chosen = [largest(own, count if balance == "equal" else 1) for own, count in zip(scores, counts)]
    if balance == "binomial":
        others = np.concatenate(
            [np.where(np.isin(np.arange(len(own)), kept), -1, own) for own, kept in zip(scores, chosen)]
        )
        best = np.zeros(len(others), bool)
        best[largest(others, sum(counts) - len(blocks))] = True
        starts = np.cumsum([0, *map(len, scores)])[:-1]
        chosen = [
            np.union1d(kept, np.flatnonzero(best[start : start + len(own)]))
            for kept, own, start in zip(chosen, scores, starts)
        ]
    mask = np.zeros(shape, bool)
    for (down, across), kept in zip(blocks, chosen):
        mask[down, across.start + kept] = True
    left = np.zeros(shape[0], bool)
    left[largest((np.square(weights).sum(0) * mask).sum(1), kept_of(shape[0], row_rate))] = True
    return mask & left[:, None]


def choose_kernels(weights, sides, rate, balance="equal"):
    """Rows and columns of each block by w² (Niu et al. 2021; Shi et al. 2020), so that one weight in `rate` stays.

    `balance`: `equal`, one row of each block in sqrt(rate) and one column likewise: the rows of largest norm, the columns of
    largest norm over these, and again the rows over these columns; `binomial`: see `lines_anywhere`.
    """
    squares = np.square(weights).sum(0)
    blocks = blocks_of(squares.shape, sides)
    chosen = equal_lines if balance == "equal" else lines_anywhere
    mask = np.zeros(squares.shape, bool)
    for (down, across), (rows, columns) in zip(blocks, chosen(squares, blocks, rate)):
        mask[down, across] = rows[:, None] & columns
    return mask


def marked(count, places):
    """bool [count], true at the places."""
    marks = np.zeros(count, bool)
    marks[places] = True
    return marks


def equal_lines(squares, blocks, rate):
    """(rows, columns) that each block keeps, bool; as many in each."""
    for down, across in blocks:
        own = squares[down, across]
        height, width = (kept_of(count, math.sqrt(rate)) for count in own.shape)
        rows = largest(own.sum(1), height)
        columns = largest(own[np.sort(rows)].sum(0), width)
        rows = largest(own[:, np.sort(columns)].sum(1), height)
        yield marked(len(own), rows), marked(own.shape[1], columns)


def lines_anywhere(squares, blocks, rate):
    """(rows, columns) that each block keeps, bool: rows and columns of all blocks in one order, by the mean of w² in their
    block, kept from the best on until the weights in kernels are closest to one in `rate`."""
    own = [squares[block] for block in blocks]
    score = np.concatenate([np.concatenate([each.mean(1), each.mean(0)]) for each in own])
    kinds = [kind for block, each in enumerate(own) for axis in (0, 1) for kind in [(block, axis)] * each.shape[axis]]
    order = largest(score, len(score))
    kept = np.zeros((len(own), 2), int)
    weights, best, target = 0, (math.inf, 0), squares.size / rate
    for count, line in enumerate(order, 1):
        block, axis = kinds[line]
        kept[block, axis] += 1
        weights += kept[block, 1 - axis]
        if weights and abs(weights - target) < best[0]:
            best = (abs(weights - target), count)
    lines = marked(len(score), order[: best[1]])
    for each in own:
        height, width = each.shape
        yield lines[:height], lines[height : height + width]
        lines = lines[height + width :]
