"""HCGS masks: random or chosen by a score, with as many kept blocks in every block row of every level.

A pattern is a list of levels (block size, (k, n)), outermost first; k of n blocks are kept. No level: dense.
"""

import numpy as np


def kept_blocks(fraction, columns):
    """Blocks kept in a block row of `columns` blocks: max(1, floor(k N / n + 1/2))."""
    k, n = fraction
    return max(1, (2 * k * columns + n) // (2 * n))


def level_counts(columns, pattern):
    """(block columns, kept ones) of each level in a matrix of `columns` columns."""
    counts = []
    for size, fraction in pattern:
        across = -(-columns // size)
        counts.append((across, kept_blocks(fraction, across)))
        columns = size
    return counts


def build_mask(rows, columns, pattern, kept, choose):
    """bool [rows, columns] of one gate. Blocks are square; every kept block gets a pattern of its own inside.

    `kept`: blocks kept in a block row of each level. Sizes that a block does not divide are padded up to the outermost
    block size; the padding counts as columns. `choose(level, row, column, across, count)` gives the kept ones of
    `across` blocks of a level, of which the first one starts at (row, column).
    """
    if not pattern:
        return np.ones((rows, columns), bool)
    outer = pattern[0][0]
    mask = np.zeros([-(-n // outer) * outer for n in (rows, columns)], bool)

    def fill(level, row, column, height, width):
        if level == len(pattern):
            mask[row : row + height, column : column + width] = True
            return
        size = pattern[level][0]
        for top in range(row, row + height, size):
            for block in choose(level, top, column, width // size, kept[level]):
                fill(level + 1, top, column + block * size, size, size)

    fill(0, 0, 0, *mask.shape)
    return mask[:rows, :columns]


def draw_mask(rows, columns, pattern, generator):
    """A mask whose blocks are drawn at random. `generator`: numpy.random.Generator."""
    kept = [count for _, count in level_counts(columns, pattern)]
    draw = lambda level, row, column, across, count: generator.choice(across, count, replace=False)
    return build_mask(rows, columns, pattern, kept, draw)


def choose_mask(weights, pattern, kept):
    """A mask that keeps the largest blocks. `weights`: [gates, rows, columns], for which there is one mask.

    The score of an innermost block is the sum of |w| over all gates; that of a block around others the sum of those
    that it would keep. Blocks that lie wholly in the padding are kept last; of equal scores the first.
    """
    rows, columns = weights.shape[1:]
    if not pattern:
        return np.ones((rows, columns), bool)
    padded = [-(-n // pattern[0][0]) * pattern[0][0] for n in (rows, columns)]
    sizes = [size for size, _ in pattern]
    magnitude = np.full(padded, -1e-12)
    magnitude[:rows, :columns] = np.abs(weights).sum(0)
    blocks = magnitude.reshape(padded[0] // sizes[-1], sizes[-1], padded[1] // sizes[-1], sizes[-1])
    scores = [blocks.sum((1, 3))]
    for level in reversed(range(1, len(sizes))):
        ratio = sizes[level - 1] // sizes[level]
        down, across = (n // ratio for n in scores[0].shape)
        inside = np.sort(scores[0].reshape(down, ratio, across, ratio), 3)[..., ratio - kept[level] :]
        scores.insert(0, inside.sum((1, 3)))

    def largest(level, row, column, across, count):
        first = column // sizes[level]
        own = scores[level][row // sizes[level], first : first + across]
        return np.sort(np.argsort(-own, kind="stable")[:count])

    return build_mask(rows, columns, pattern, kept, largest)


def layer_masks(sizes, pattern, seed):
    """Masks drawn from `seed` for matrices of the `sizes` (rows, columns), one for all gates each."""
    generator = np.random.default_rng(seed)
    return [draw_mask(rows, columns, pattern, generator) for rows, columns in sizes]


def network_masks(inputs, hidden, pattern, seed):
    """[(x mask, h mask)] of each recurrent layer, bool [cells, columns]: one for its gates."""
    sizes = [(cells, columns) for below, cells in zip((inputs, *hidden), hidden) for columns in (below, cells)]
    masks = layer_masks(sizes, pattern, seed)
    return list(zip(masks[::2], masks[1::2]))


# Patterns of the keyword networks, by ratio; kept blocks of narrower matrices follow by proportion.
PATTERNS = {
    1: [],
    4: [(32, (1, 2)), (4, (1, 2))],
    8: [(16, (1, 2)), (4, (1, 4))],
    16: [(16, (1, 4)), (4, (1, 4))],
}
