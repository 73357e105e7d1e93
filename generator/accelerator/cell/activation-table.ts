import {
  bit,
  bitOfStage,
  concat,
  type Expr,
  input,
  literal,
  output,
  Stages,
  set,
  sint,
  uint,
} from '../../hdl/index.js';
import type { TableScheme } from '../../network/model.js';
import {
  magnitudeBits,
  segmentBits,
  slopeBits,
  tableOne,
  y0Bits,
} from '../../network/table-scheme.js';
import { defineBlock } from '../build/define-block.js';
import { productInLogic } from '../build/numeric.js';
import { delayed } from '../build/pipeline.js';
import { folderParameter, imageParameter, MEM_DIR } from '../images/names.js';
import type { Rom } from '../memory/leaf.js';
import type { StoreSize } from '../memory/store.js';
import type { Pipelined } from '../pipeline/registers.js';
import { cyclesOf, TABLE, trackOf } from '../pipeline/tracks.js';

/** Cycles from `u` to `y`. */
export function tableLatency(c: Pipelined): number {
  return cyclesOf(c, TABLE);
}

/** Bits of one table word: slope above y0. */
export function tableWordBits(scheme: TableScheme): number {
  return y0Bits(scheme) + slopeBits(scheme);
}

/** Functions in a memory one behind the other, a word for each segment. */
export function tableSize(scheme: TableScheme, functions = 1): StoreSize {
  return { width: tableWordBits(scheme), words: functions * scheme.segments };
}

const NUMBERS: Readonly<Record<number, string>> = {
  ...{ 1: 'one', 2: 'two', 3: 'three', 4: 'four' },
  ...{ 6: 'six', 7: 'seven', 8: 'eight' },
};

/** Functions that share a table, in the order of its words. */
export const TABLE_FUNCTIONS = ['sigmoid', 'tanh'] as const;

/** How long the table takes, in words. */
function latencyText(c: Pipelined): string {
  const parts = ['ROM', 'register', 'product', 'sum'].filter((_, n) => trackOf(c, TABLE).stands(n));
  const cycles = NUMBERS[parts.length] as string;
  return `${parts.join(', ')}: ${cycles} cycle${parts.length === 1 ? '' : 's'}`;
}

/** Piecewise linear function of |u|, and the sign of u beside it; `both`: of the function that is asked for; else the image is that of `of`, where an instance names no other. */
export function activationTable(
  prefix: string,
  romModule: Rom,
  scheme: TableScheme,
  of: (typeof TABLE_FUNCTIONS)[number] | 'both',
  c: Pipelined = {},
) {
  const track = trackOf(c, TABLE);
  const both = of === 'both';
  const { inputBits, inputFraction, outputFraction, segments } = scheme;
  const magnitude = { bits: magnitudeBits(scheme), end: 2 ** magnitudeBits(scheme) };
  const within = segmentBits(scheme);
  const bits = { word: tableWordBits(scheme), y0: y0Bits(scheme), slope: slopeBits(scheme) };
  return defineBlock({
    name: `${prefix}_activation_table`,
    doc: `Piecewise linear function of |u|: y = y0[k] + ((slope[k] * r + ${2 ** (within - 1)}) >> ${within}), k = |u| >> ${within}, r = |u| mod ${2 ** within}, |u| clamped to ${magnitude.end - 1}. u has ${inputFraction} fraction bits, y has ${outputFraction}. Latency: ${latencyText(c)}.`,
    parameters: {
      MEM_DIR: folderParameter(),
      TABLE_FILE: both
        ? imageParameter(
            prefix,
            'functions',
            'Image of both tables, sigmoid first: {slope, y0} of each segment',
          )
        : imageParameter(prefix, of, 'Image of the table: {slope, y0} of each segment'),
    },
    ports: () => ({
      clk: input(bit),
      active: input(uint(tableLatency(c)), 'bit n: a value came n cycles ago'),
      ...(both ? { tanh: input(bit, 'with u: the function is tanh, else sigmoid') } : {}),
      u: input(sint(inputBits)),
      y: output(uint(bits.y0), `value at |u|, 0 ... ${tableOne(scheme)}`),
      negative: output(bit, 'u was below zero'),
    }),
    body: (m, _p, io) => {
      const stages = new Stages(m, io.clk, track, bitOfStage(io.active));
      stages.title('Stages, in cycles after u; y follows the last.');
      const stage = {
        word: stages.named('WORD_STAGE', 1, 'the word of the segment is read'),
        product: stages.named('PRODUCT_STAGE', 2, 'slope and place in the segment meet'),
        sum: stages.named('SUM_STAGE', 3, 'y0 and the rise do'),
      };
      const negative = io.u.bit(magnitude.bits);
      const below = io.u.part(0, magnitude.bits);
      const lowest = m.wire(
        'lowest',
        negative.and(below.any().not()),
        `-${magnitude.end} has no positive twin`,
      );
      const absolute = m.wire(
        'magnitude',
        lowest.choose(
          literal(magnitude.end - 1, magnitude.bits),
          negative.choose(below.not().increment(), below),
        ),
      );
      const word = m.net('word', uint(bits.word));
      const segment = absolute.part(within, magnitude.bits - within);
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
          WIDTH: bits.word,
          DEPTH: both ? 2 * segments : segments,
          MEM_DIR,
          INIT_FILE: { parameter: 'TABLE_FILE' },
        },
      );
      const wordLate = stages.reg(stage.word, 'word_late', uint(bits.word));
      const y0 = stages.reg(stage.product, 'y0', uint(bits.y0));
      const productBits = bits.slope + within;
      const product = stages.reg(stage.product, 'product', uint(productBits));
      const latency = stage.sum.plus(1).cycle;
      const signs = delayed(m, io.clk, 'sign', negative, latency);
      const place = absolute.part(0, within);
      const toProduct = track.cycles(2);
      const rest = delayed(m, io.clk, 'rest', place, toProduct).at(toProduct);
      const slope = m.wire('slope', wordLate.part(bits.y0, bits.slope));
      stages.set(
        stages.held(stage.word, set(wordLate, word)),
        stages.held(
          stage.product,
          set(y0, wordLate.part(0, bits.y0)),
          set(product, productInLogic(m, 'rise_exact', rest, slope, productBits)),
        ),
      );
      const rounded = m.wire(
        'rise',
        product
          .part(within, bits.slope)
          .resize(bits.y0)
          .addWrap(product.bit(within - 1).resize(bits.y0)),
        `slope * r, rounded half up by ${NUMBERS[within] ?? within} bits`,
      );
      m.unused('product', product);
      stages.set(stages.held(stage.sum, set(io.y, y0.addWrap(rounded))));
      m.assign(io.negative, signs.at(latency));
    },
  });
}

export type ActivationTable = ReturnType<typeof activationTable>;
