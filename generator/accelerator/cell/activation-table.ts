import {
  bit,
  concat,
  type Expr,
  input,
  int,
  literal,
  output,
  set,
  sint,
  uint,
  when,
} from '../../hdl/index.js';
import { defineBlock } from '../build/define-block.js';
import { productInLogic } from '../build/numeric.js';
import { delayed } from '../build/pipeline.js';
import { folderParameter, imageParameter, MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import {
  TABLE_INPUT_BITS,
  TABLE_SEGMENT_BITS,
  TABLE_SEGMENTS,
  TABLE_SLOPE_BITS,
  TABLE_Y0_BITS,
} from './table-constants.js';

/** Cycles from `u` to `y`. */
export const TABLE_LATENCY = 4;

/** Bits of one table word: slope above y0. */
export const TABLE_WORD_BITS = TABLE_Y0_BITS + TABLE_SLOPE_BITS;

/** One function in a memory, a word for each segment. */
export const TABLE_SIZE = { width: TABLE_WORD_BITS, words: TABLE_SEGMENTS } as const;

/** Functions that share a table, in the order of its words. */
export const TABLE_FUNCTIONS = ['sigmoid', 'tanh'] as const;

/**
 * Piecewise linear function of |u| with 128 segments, and the sign of u beside it; `both`: of the function that is asked
 * for.
 */
export function activationTable(prefix: string, romModule: Rom, both: boolean) {
  return defineBlock({
    name: `${prefix}_activation_table`,
    doc: 'Piecewise linear function of |u|: y = y0[k] + ((slope[k] * r + 32) >> 6), k = |u| >> 6, r = |u| mod 64, |u| clamped to 8191. u has 10 fraction bits, y has 12. Latency: ROM, register, product, sum: four cycles.',
    parameters: {
      MEM_DIR: folderParameter(),
      TABLE_FILE: both
        ? imageParameter(
            prefix,
            'functions',
            'Image of both tables, sigmoid first: {slope, y0} of each segment',
          )
        : imageParameter(prefix, 'sigmoid', 'Image of the table: {slope, y0} of each segment'),
    },
    ports: () => ({
      clk: input(bit),
      active: input(uint(TABLE_LATENCY), 'bit n: a value came n cycles ago'),
      ...(both ? { tanh: input(bit, 'with u: the function is tanh, else sigmoid') } : {}),
      u: input(sint(TABLE_INPUT_BITS)),
      y: output(uint(TABLE_Y0_BITS), 'value at |u|, 0 ... 4096'),
      negative: output(bit, 'u was below zero'),
    }),
    body: (m, _p, io) => {
      m.comment('Stages, in cycles after u; y follows the last.');
      const stage = {
        word: m.local('WORD_STAGE', int(1), 'the word of the segment is read'),
        product: m.local('PRODUCT_STAGE', int(2), 'slope and place in the segment meet'),
        sum: m.local('SUM_STAGE', int(TABLE_LATENCY - 1), 'y0 and the rise do'),
      };
      const magnitudeBits = TABLE_INPUT_BITS - 1;
      const negative = io.u.bit(magnitudeBits);
      const low13 = io.u.part(0, magnitudeBits);
      const lowest = m.wire(
        'lowest',
        negative.and(low13.any().not()),
        '-8192 has no positive twin',
      );
      const magnitude = m.wire(
        'magnitude',
        lowest.choose(
          literal(2 ** magnitudeBits - 1, magnitudeBits),
          negative.choose(low13.not().increment(), low13),
        ),
      );
      const word = m.net('word', uint(TABLE_WORD_BITS));
      const segment = magnitude.part(TABLE_SEGMENT_BITS, magnitudeBits - TABLE_SEGMENT_BITS);
      m.instance(
        'u_table',
        romModule,
        {
          clk: io.clk,
          enable: io.active.bit(0),
          address: 'tanh' in io ? concat(io.tanh as Expr<'u'>, segment) : segment,
          data: word,
        },
        {
          WIDTH: TABLE_WORD_BITS,
          DEPTH: both ? 2 * TABLE_SEGMENTS : TABLE_SEGMENTS,
          MEM_DIR,
          INIT_FILE: { parameter: 'TABLE_FILE' },
        },
      );
      const wordLate = m.reg('word_late', uint(TABLE_WORD_BITS));
      const y0 = m.reg('y0', uint(TABLE_Y0_BITS));
      const productBits = TABLE_SLOPE_BITS + TABLE_SEGMENT_BITS;
      const product = m.reg('product', uint(productBits));
      const signs = delayed(m, io.clk, 'sign', negative, stage.sum.plus(1));
      const place = magnitude.part(0, TABLE_SEGMENT_BITS);
      const rest = delayed(m, io.clk, 'rest', place, 2).at(2);
      const slope = m.wire('slope', wordLate.part(TABLE_Y0_BITS, TABLE_SLOPE_BITS));
      m.always(io.clk, [
        when(io.active.bit(stage.word), [set(wordLate, word)]),
        when(io.active.bit(stage.product), [
          set(y0, wordLate.part(0, TABLE_Y0_BITS)),
          set(product, productInLogic(m, 'rise_exact', rest, slope, productBits)),
        ]),
      ]);
      const rounded = m.wire(
        'rise',
        product
          .part(TABLE_SEGMENT_BITS, TABLE_SLOPE_BITS)
          .resize(TABLE_Y0_BITS)
          .addWrap(product.bit(TABLE_SEGMENT_BITS - 1).resize(TABLE_Y0_BITS)),
        'slope * r, rounded half up by six bits',
      );
      m.unused('product', product);
      m.always(io.clk, [when(io.active.bit(stage.sum), [set(io.y, y0.addWrap(rounded))])]);
      m.assign(io.negative, signs.at(stage.sum.plus(1)));
    },
  });
}

export type ActivationTable = ReturnType<typeof activationTable>;
