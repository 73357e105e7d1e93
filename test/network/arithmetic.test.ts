import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  alignSums,
  cellRounding,
  hiddenRounding,
  nextCell,
  nextHidden,
  rnd,
  rounded,
  roundedCell,
  sat,
  sigmoid,
  tanh,
  toTableInput,
} from '../../generator/network/arithmetic.js';
import { schemeOf } from '../../generator/network/table-scheme.js';
import { tablesFor } from '../../generator/network/tables.js';

const S = schemeOf(12);
const FINE = schemeOf(16);

describe('rnd rounds half up', () => {
  it.each([
    [0, 1, 0],
    [1, 1, 1], // 0.5 -> 1
    [-1, 1, 0], // -0.5 -> 0
    [3, 1, 2], // 1.5 -> 2
    [-3, 1, -1], // -1.5 -> -1
    [5, 2, 1], // 1.25
    [6, 2, 2], // 1.5
    [7, 2, 2], // 1.75
    [-5, 2, -1], // -1.25
    [-6, 2, -1], // -1.5
    [-7, 2, -2], // -1.75
    [5, 0, 5],
    [5, -3, 40],
    [-5, -3, -40],
    [2 ** 52 - 1, 1, 2 ** 51],
  ])('%i by %i bits is %i', (value, shift, expected) => {
    expect(rnd(value, shift)).toBe(expected);
  });

  it('equals the integer formula (v + 2^(s-1)) >> s', () => {
    const values = fc.maxSafeInteger().map((v) => Math.trunc(v / 4));
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (v, s) => {
        expect(BigInt(rnd(v, s))).toBe((BigInt(v) + (1n << BigInt(s - 1))) >> BigInt(s));
      }),
    );
  });
});

describe('sat clamps to a word', () => {
  it.each([
    [127, 8, 127],
    [128, 8, 127],
    [-128, 8, -128],
    [-129, 8, -128],
    [2 ** 40, 14, 8191],
    [-(2 ** 40), 14, -8192],
  ])('%i in %i bits is %i', (value, bits, expected) => {
    expect(sat(value, bits)).toBe(expected);
  });
});

describe('sums meet at the finest binary point', () => {
  it.each([
    [
      { x: 14, h: 16, bias: 13 },
      { fraction: 16, x: 2, h: 0, bias: 3 },
    ],
    [
      { x: 3, h: 4, bias: 5 },
      { fraction: 10, x: 7, h: 6, bias: 5 },
    ], // not below the table input
    [
      { x: 3, h: null, bias: 5 },
      { fraction: 5, x: 2, h: 0, bias: 0 },
    ], // output layer: no table
    [
      { x: -2, h: 11, bias: 0 },
      { fraction: 11, x: 13, h: 0, bias: 11 },
    ],
  ])('%j', (points, expected) =>
    expect(alignSums(points, points.h === null ? null : S.inputFraction)).toEqual(expected),
  );
});

describe('table inputs', () => {
  it.each([
    [512, 10, 512],
    [1 << 9, 20, 1], // exactly half a step: up
    [-(1 << 9), 20, 0],
    [8 * 1024, 10, 8191],
    [-8 * 1024 - 1, 10, -8192],
    [1, 8, 4],
  ])('%i with %i fraction bits is %i', (value, fraction, expected) => {
    expect(toTableInput(value, fraction, S)).toBe(expected);
  });
});

describe('tables, by hand', () => {
  // sigmoid: y0[0] = 2048, y0[1] = round(4096 / (1 + e^(-1/16))) = 2112; tanh: 0, 256 (255.67), 509 (509.36...)
  it.each([
    [0, 2048],
    [1, 2049], // 2048 + rnd(64 * 1 / 64)
    [32, 2080],
    [64, 2112],
    [-1, 2047], // 4096 - 2049
    [-64, 1984],
    [8191, 4095],
    [-8192, 1], // |u| clamped to 8191
  ])('sigmoid(%i) = %i', (u, expected) =>
    expect(sigmoid(tablesFor(12).sigmoid, u, S)).toBe(expected),
  );

  it.each([
    [0, 0],
    [1, 4], // 256 / 64
    [64, 256],
    [-64, -256],
    [65, 260], // 256 + rnd(253 / 64 = 3.95)
    [66, 264], // 256 + rnd(7.906)
    [74, 296], // 256 + rnd(39.53)
    [8191, 4096],
    [-8192, -4096],
  ])('tanh(%i) = %i', (u, expected) => expect(tanh(tablesFor(12).tanh, u, S)).toBe(expected));
});

describe('cell state', () => {
  it('is rounded once, half up, and saturates last', () => {
    // f = 1/2, c = 3, i * g = 0, 12 fraction bits: 1.5 -> 2; c = -3: -1.5 -> -1
    expect(nextCell(2048, 3, 0, 0, 12, 16, S)).toBe(2);
    expect(nextCell(2048, -3, 0, 0, 12, 16, S)).toBe(-1);
    // f * c = 4096 * 32767 and i * g = 4096 * 4096 at 12 fraction bits: beyond the word
    expect(roundedCell(4096, 32767, 4096, 4096, cellRounding(12, S))).toBe(32767 + 4096);
    expect(nextCell(4096, 32767, 4096, 4096, 12, 16, S)).toBe(32767);
    expect(nextCell(4096, -32768, 4096, -4096, 12, 16, S)).toBe(-32768);
  });

  it('adds both products before rounding', () => {
    // 0.5 + 0.5 of a last bit: 1, where two roundings would give 2
    expect(nextCell(2048, 1, 1, 2048, 12, 16, S)).toBe(1);
  });

  it('meets at the finer point when c has few or many fraction bits', () => {
    // i * g = 1: c has 8 fraction bits -> 256, 14 -> 16384, -1 -> rnd(0.5) = 1
    expect(nextCell(0, 0, 4096, 4096, 8, 16, S)).toBe(256);
    expect(nextCell(0, 0, 4096, 4096, 14, 16, S)).toBe(16384);
    expect(nextCell(0, 0, 4096, 4096, -1, 16, S)).toBe(1);
    expect(nextCell(4096, 5, 0, 0, -1, 16, S)).toBe(5);
  });
});

describe('hidden state', () => {
  it('turns +1 into the largest code and keeps -1', () => {
    expect(rounded(4096 * 4096, hiddenRounding(13, S))).toBe(4096);
    expect(nextHidden(4096, 4096, 13, S)).toBe(4095);
    expect(nextHidden(4096, -4096, 13, S)).toBe(-4096);
  });

  it('is rounded half up', () => {
    expect(nextHidden(2048, 3, 13, S)).toBe(2);
    expect(nextHidden(2048, -3, 13, S)).toBe(-1);
    expect(nextHidden(4096, 4096, 16, S)).toBe(32767);
    expect(nextHidden(4096, 2048, 4, S)).toBe(4);
  });
});

describe('values of 16 fraction bits, by hand', () => {
  const { sigmoid: sigma, tanh: th } = tablesFor(16);

  it('reads inputs of 19 bits with 14 fraction bits', () => {
    expect(alignSums({ x: 3, h: 4, bias: 5 }, FINE.inputFraction)).toMatchObject({
      fraction: 14,
      x: 11,
      bias: 9,
    });
    expect(toTableInput(1 << 3, 18, FINE)).toBe(1); // exactly half a step: up
    expect(toTableInput(-(1 << 3), 18, FINE)).toBe(0);
    expect(toTableInput(16 * 2 ** 14, 14, FINE)).toBe(2 ** 18 - 1);
    expect(toTableInput(-16 * 2 ** 14 - 1, 14, FINE)).toBe(-(2 ** 18));
  });

  // sigmoid: y0[0] = 32768, y0[1] = round(65536 / (1 + e^(-1/64))) = 33024; tanh: 0, 1024 (1023.92)
  it.each([
    [0, 32768, 0],
    [1, 32769, 4], // 256 / 256; 1024 / 256
    [-1, 32767, -4],
    [255, 33023, 1020],
    [256, 33024, 1024],
    [-256, 32512, -1024],
    [2 ** 18 - 1, 65536, 65536],
    [-(2 ** 18), 0, -65536],
  ])('at %i sigmoid is %i and tanh %i', (u, expected, expectedTanh) => {
    expect([sigmoid(sigma, u, FINE), tanh(th, u, FINE)]).toEqual([expected, expectedTanh]);
  });

  it('rounds c and h by the bits of both factors', () => {
    expect(nextCell(32768, 3, 0, 0, 12, 16, FINE)).toBe(2); // 1.5, half up
    expect(nextCell(32768, -3, 0, 0, 12, 16, FINE)).toBe(-1);
    expect(nextCell(0, 0, 65536, 65536, 8, 16, FINE)).toBe(256);
    expect(nextCell(65536, 5, 0, 0, 20, 24, FINE)).toBe(5);
    expect(nextHidden(65536, 65536, 16, FINE)).toBe(32767);
    expect(nextHidden(65536, -65536, 16, FINE)).toBe(-32768);
    expect(nextHidden(65536, 3, 16, FINE)).toBe(2);
    expect(nextHidden(65536, -3, 16, FINE)).toBe(-1);
  });
});
