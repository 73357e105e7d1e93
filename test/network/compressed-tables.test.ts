import { describe, expect, it } from 'vitest';
import { FORMAT_KEY, MODEL_KEY } from '../../generator/network/compressed/metadata.js';
import { checkModel, modelBytes, parseModel } from '../../generator/network/compressed-model.js';
import { readSafetensors, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import type { ActivationTable, Model } from '../../generator/network/model.js';
import { randomModel } from '../../generator/network/random.js';
import { format1Bytes } from '../support/format-1.js';
import { refusal } from '../support/refusal.js';

const model = (tableBits?: number): Model =>
  randomModel({
    ...{ inputs: 3, hidden: [4], patterns: [null], sharing: 'shared', outputs: 2, seed: 2 },
    words: { weight: 6, activation: 13, cell: 16, bias: 16 },
    tableBits,
  });

/** The file with other fields of its scheme. */
function withScheme(bytes: Uint8Array, change: Readonly<Record<string, number>>): Uint8Array {
  const { metadata, tensors } = readSafetensors(bytes, 'm');
  const description = JSON.parse(metadata[MODEL_KEY] as string);
  Object.assign(description.tables, change);
  return writeSafetensors({
    metadata: { ...metadata, [MODEL_KEY]: JSON.stringify(description) },
    tensors,
  });
}

describe('files with tables of other schemes', () => {
  it.each([12, 13, 14, 15, 16])('of %i fraction bits come back as they were written', (bits) => {
    const own = model(bits);
    const read = parseModel(modelBytes(own), 'm');
    expect(read).toEqual(own);
    expect(read.tables.scheme.outputFraction).toBe(bits);
    expect(modelBytes(read)).toEqual(modelBytes(own));
  });

  it('are of 12 bits where nobody says otherwise', () => {
    expect(modelBytes(model())).toEqual(modelBytes(model(12)));
  });

  it.each([
    ['outputFraction', 11, '12 to 16'],
    ['outputFraction', 17, '12 to 16'],
    ['outputFraction', 12, 14],
    ['segments', 1024, 512],
    ['inputBits', 16, 17],
    ['inputFraction', 11, 12],
  ])('with %s %i are refused by name', (field, value, expected) => {
    const bytes = withScheme(modelBytes(model(14)), { [field]: value });
    const named = field === 'outputFraction' && value === 12 ? 'inputBits' : field;
    const got = named === field ? value : 17;
    expect(refusal(() => parseModel(bytes, 'm.safetensors'))).toMatchObject({
      ...{ code: 'MODEL_INVALID', file: 'm.safetensors', field: `hcgs_model.tables.${named}` },
      ...{ expected, got },
    });
  });

  it('with tensors of another number of segments are refused', () => {
    const scheme = { inputBits: 14, inputFraction: 10, outputFraction: 12, segments: 128 };
    const report = refusal(() => parseModel(withScheme(modelBytes(model(13)), scheme), 'm'));
    expect(report).toMatchObject({ field: 'table.sigmoid.y0', got: 'I32 [512]' });
  });

  it('with values beyond their words are refused', () => {
    const own = model(14);
    const { tables } = own;
    const over = { ...tables.tanh, y0: tables.tanh.y0.map((y, k) => (k === 0 ? 16385 : y)) };
    const steep = { ...tables.tanh, slope: tables.tanh.slope.map((s, k) => (k === 0 ? 1024 : s)) };
    const short = { ...tables.tanh, slope: tables.tanh.slope.slice(1) };
    const field = (tanh: ActivationTable) =>
      refusal(() => checkModel({ ...own, tables: { ...tables, tanh } }));
    expect(field(over)).toMatchObject({ field: 'table.tanh.y0', expected: '0 to 16384 at 0' });
    expect(field(steep)).toMatchObject({ field: 'table.tanh.slope', expected: '0 to 1023 at 0' });
    expect(field(short)).toMatchObject({ expected: '512 segments', got: 511 });
  });

  it('have to be of 12 bits in format 1', () => {
    const bytes = format1Bytes(model(14));
    expect(readSafetensors(bytes, 'm').metadata[FORMAT_KEY]).toBe('1');
    expect(refusal(() => parseModel(bytes, 'm'))).toMatchObject({
      ...{ field: 'hcgs_model.tables.inputBits', expected: 14, got: 17 },
    });
  });
});

it('a state that would not stay exact with longer values is refused', () => {
  const own = model(16);
  const words = { ...own.words, cell: 24 };
  const passes = own.passes.map((pass) =>
    pass.stateFraction === null ? pass : { ...pass, stateFraction: 2 },
  );
  const at = (bits: number) => ({ ...own, words, passes, tables: model(bits).tables });
  expect(() => checkModel(at(12))).not.toThrow();
  const report = refusal(() => checkModel(at(16)));
  expect(report).toMatchObject({ code: 'NOT_EXACT', field: 'layer 0 cell state', got: 55 });
});
