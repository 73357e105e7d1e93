import type { Theme } from '../explanation.js';

export const COMPRESSING: Theme = {
  title: 'patterns of zeros and word lengths',
  codes: {
    PATTERN_NOT_FOUND: {
      means: 'the zeros of a matrix are of no pattern, or not of the kind that was asked for',
      why: 'The network was not pruned, was pruned to another pattern, or a few weights of a pruned network are not exactly zero.',
      remedy:
        'hcgs inspect shows what the zeros are near. --fill completes blocks, --pattern mask takes any zeros, --dense keeps them as weights, --select prunes.',
      commands: [
        'hcgs inspect NET',
        'hcgs compress NET --pattern mask --calibrate FRAMES.npy -o model.safetensors',
        'hcgs compress NET --select magnitude --blocks 16,4 --keep 1/2,1/2 --calibrate FRAMES.npy -o m.safetensors',
      ],
    },
    PATTERN_UNBALANCED: {
      means: 'some block rows keep more or fewer blocks than the others',
      why: 'A pattern in balance has as many kept blocks in each row of blocks; a weight that happened to become zero, or one that is not zero, changes that.',
      remedy:
        '--fill adds blocks of zeros to the rows with too few. hcgs inspect lists the odd rows.',
      commands: [
        'hcgs inspect NET',
        'hcgs compress NET --fill --calibrate FRAMES.npy -o model.safetensors',
      ],
    },
    PATTERN_INVALID: {
      means: 'a pattern contradicts itself or its matrix',
      why: 'A compressed model that was changed or written by another program.',
      remedy: 'Make it anew with hcgs compress.',
      commands: ['hcgs info model.safetensors'],
    },
    BLOCKS_INVALID: {
      means: '--blocks is not written as the pattern takes it',
      why: 'Sizes are 32,4 for hcgs, outermost first; rows x columns, 32x256, for strips and kernels; one size for banks.',
      remedy: 'Write it in that form; docs/patterns.md has a picture of each.',
      commands: [
        'hcgs random --inputs 20 --hidden 32 --blocks 8,4 --keep 1/2,1/2 -o a.safetensors',
      ],
    },
    BLOCKS_NOT_NESTED: {
      means: 'a block size does not divide the one outside of it',
      why: 'Blocks lie inside each other, so that each size is a part of the one before.',
      remedy: 'Write the largest first, each a divisor of the one before: 32,4.',
    },
    BLOCKS_COUNT: {
      means: 'options of patterns are repeated, and not once for each layer',
      why: 'Repeated options go by layer, in the order of the network.',
      remedy: 'Give the option once for all, or once for each layer. hcgs inspect counts layers.',
      commands: ['hcgs inspect NET'],
    },
    KEEP_INVALID: {
      means: '--keep is not written as kept blocks of blocks',
      why: 'It takes one k/n for each size in --blocks, with 1 <= k <= n.',
      remedy: 'Write --keep 4/16,2/8: 4 of 16 outer blocks, and 2 of 8 blocks in each of them.',
    },
    RATE_INVALID: {
      means: '--rate is no number of at least 1',
      why: 'It says one weight in how many is kept: 8 keeps an eighth.',
      remedy: 'Write --rate 8, or --rate 4,2 (columns, rows) for strips.',
    },
    BALANCE_INVALID: {
      means: '--balance has a word that this pattern does not take',
      why: 'How unequal rows may be differs between kinds of patterns.',
      remedy: 'The message lists the words.',
    },
    SEARCH_BUDGET: {
      means: 'no pattern meets the budget of --search',
      why: 'Cycles or bits that even the sparsest form does not come down to: biases, tables and the output layer stay. The message has the least that was reached.',
      remedy: 'Raise the budget or the number of MACs; hcgs estimate says what a model takes.',
      commands: ['hcgs estimate model.safetensors --macs 64'],
    },
    MASKS_FORMAT: {
      means: 'masks cannot be exported for this network',
      why: '--export-masks writes a mask for each matrix under the name of its tensor: networks of other programs, and matrices that are computed of several, have none.',
      remedy: 'Start from the state_dict.',
    },
    FORMAT_LAYERS: {
      means: 'formats in --config are for layers or parts that the network does not have',
      why: 'The configuration is of another network: it has more layers, or an output layer that this one has not.',
      remedy: 'The message names the layer.',
      commands: ['hcgs inspect NET'],
    },
    WORD_LENGTH: {
      means: 'a word length lies outside of what the hardware takes',
      why: 'Weights have 2 to 16 bits, x and h 4 to 16, the cell state 8 to 24, biases 4 to 24.',
      remedy: '--words auto finds the smallest that keep the outputs.',
      commands: ['hcgs compress NET --words auto --calibrate FRAMES.npy -o model.safetensors'],
    },
    FRACTION_RANGE: {
      means: 'a binary point lies outside of what the hardware takes',
      why: 'Weights or frames of an extreme size, or a number in --config.',
      remedy: 'Scale the frames so that their values are about 1.',
    },
    QUANTISE_RANGE: {
      means: 'numbers are so small or so large that no format holds them',
      why: 'Weights, biases or limits of an extreme size, by a training that diverged or a wrong unit.',
      remedy: 'The message names the tensor. Look at its range with hcgs inspect.',
      commands: ['hcgs inspect NET'],
    },
    NOT_EXACT: {
      means: 'sums could need more than 53 bits',
      why: 'Words are long and rows have many weights; the reference computes exactly up to 53 bits.',
      remedy: 'Choose shorter words for weights, activations or biases.',
      commands: ['hcgs compress NET --weight-bits 8 --calibrate FRAMES.npy -o model.safetensors'],
    },
    RANDOM_SHAPE: {
      means: 'hcgs random cannot make a network of this shape',
      why: 'Sizes, cells and patterns do not go with each other: another number of lists than layers, or a matrix that is too large.',
      remedy: 'The message names the option.',
      commands: ['hcgs random --inputs 20 --hidden 32,32 --outputs 4 -o a.safetensors'],
    },
    NOT_A_COMPRESSED_MODEL: {
      means: 'a file is no compressed model',
      why: 'A trained network, or another file, was given where a model of hcgs compress is needed.',
      remedy: 'Make one of it.',
      commands: [
        'hcgs compress NET --calibrate FRAMES.npy -o model.safetensors',
        'hcgs run NET --float --frames FRAMES.npy',
      ],
    },
    MODEL_FORMAT: {
      means: 'a compressed model is of a format that this version does not read',
      why: 'A newer version of hcgs wrote it.',
      remedy: 'Update hcgs, or make the model anew.',
      commands: ['hcgs --version'],
    },
    MODEL_KIND: {
      means: 'a compressed model has a cell or a pattern that this version does not know',
      why: 'A newer version of hcgs wrote it.',
      remedy: 'Update hcgs, or make the model anew.',
      commands: ['hcgs --version'],
    },
    MODEL_INVALID: {
      means: 'a compressed model contradicts itself',
      why: 'It was changed, damaged, or written by another program.',
      remedy: 'Make it anew with hcgs compress. docs/compressed-model.md has the format.',
    },
  },
};
