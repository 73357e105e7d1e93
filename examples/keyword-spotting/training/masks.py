"""HCGS masks, drawn before training: random, with as many kept blocks in every block row of every level.

A pattern is a list of levels (block size, (k, n)), outermost first; k of n blocks are kept. No level: dense.
"""

import numpy as np


def kept_blocks(fraction, columns):
    """Blocks kept in a block row of `columns` blocks: max(1, floor(k N / n + 1/2))."""
    k, n = fraction
    return max(1, (2 * k * columns + n) // (2 * n))


def draw_mask(rows, columns, pattern, generator):
    """bool [rows, columns] of one gate. Blocks are square; every kept block gets a pattern of its own inside.

    Sizes that a block does not divide are padded up to the outermost block size; the padding counts as columns.
    `generator`: numpy.random.Generator.
    """
    if not pattern:
        return np.ones((rows, columns), bool)
    size = pattern[0][0]
    padded = [-(-n // size) * size for n in (rows, columns)]
    mask = np.zeros(padded, bool)
    fill(mask, pattern, generator)
    return mask[:rows, :columns]


def fill(mask, pattern, generator):
    """Draws the kept blocks of the first level into the square or padded array `mask`, and the others inside them."""
    if not pattern:
        mask[:] = True
        return
    (size, fraction), inner = pattern[0], pattern[1:]
    columns = mask.shape[1] // size
    for row in range(0, mask.shape[0], size):
        for column in generator.choice(columns, kept_blocks(fraction, columns), replace=False):
            fill(mask[row : row + size, column * size : (column + 1) * size], inner, generator)


def network_masks(inputs, hidden, pattern, seed, first=None):
    """[(x mask, h mask)] of each LSTM layer, bool [cells, columns]: one for its four gates.

    `first`: the pattern of the input side of layer 0 where it is another one.
    """
    generator = np.random.default_rng(seed)
    masks = []
    for layer, cells in enumerate(hidden):
        columns = inputs if layer == 0 else hidden[layer - 1]
        x_pattern = first if layer == 0 and first is not None else pattern
        masks.append(tuple(draw_mask(cells, n, p, generator) for n, p in ((columns, x_pattern), (cells, pattern))))
    return masks


# Patterns of the keyword networks, by ratio; kept blocks of the narrower input side of layer 0 follow by proportion.
PATTERNS = {
    "V0": [],
    "V4": [(32, (1, 2)), (4, (1, 2))],
    "V8": [(16, (1, 2)), (4, (1, 4))],
    "V16": [(16, (1, 4)), (4, (1, 4))],
}
