import { expect } from 'vitest';
import { Random } from '../../../../generator/base/random.js';
import { FloatNetwork } from '../../../../generator/network/float/run.js';
import { decodeElements } from '../../../../generator/network/formats/elements.js';
import { importNetwork } from '../../../../generator/network/import/import.js';
import type { Imported } from '../../../../generator/network/import/imported.js';
import { type GateLayer, type Linear, runReference } from './lstm-reference.js';
import { layerTensors, linearTensors } from './state-dict.js';

export const jsonBytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

export const readJson = (value: unknown, ...map: string[]): Imported =>
  importNetwork(jsonBytes(value), 'net.json', { map });

/** A tensor as a form of JSON has it. */
export type Written = (shape: readonly number[], values: readonly number[]) => unknown;

export const nested: Written = ([rows, ...rest], values) =>
  rows === undefined
    ? values[0]
    : Array.from({ length: rows }, (_, i) => {
        const size = values.length / rows;
        return nested(rest, values.slice(i * size, (i + 1) * size));
      });
export const flat: Written = (_, values) => values;

/** Layers and the fully connected layer under names of PyTorch. */
export function namedTensors(
  layers: readonly GateLayer[],
  linear: Linear | null,
  {
    lstm = 'lstm',
    fc = 'fc',
    write = nested,
  }: { lstm?: string; fc?: string; write?: Written } = {},
): Record<string, unknown> {
  const tensors = [
    ...layers.flatMap((layer, l) =>
      layerTensors(layer, (kind) => `${lstm}.${kind}_l${l}`, { dtype: 'F64' }),
    ),
    ...(linear ? linearTensors(linear, fc) : []),
  ];
  return Object.fromEntries(
    tensors.map(([name, { dtype, shape, bytes }]) => {
      const values = decodeElements(dtype === 'F64' ? 'float64' : 'float32', bytes);
      return [name, write(shape, [...values])];
    }),
  );
}

const SEED = 31;

/** Runs what was imported against the equations, to 1e-12. */
export function expectNetwork(
  { model }: Imported,
  layers: readonly GateLayer[],
  linear: Linear | null,
): void {
  const random = new Random(SEED);
  const frames = Array.from({ length: 30 }, () =>
    Array.from({ length: layers[0]?.inputs as number }, () => 4 * random.unit() - 2),
  );
  const network = new FloatNetwork(model);
  const { outputs } = runReference(layers, linear, frames);
  const most = frames.flatMap((frame, t) => {
    const own = network.step(Float64Array.from(frame)).outputs;
    expect(own.length).toBe(outputs[t]?.length);
    return Array.from(own, (value, i) => Math.abs(value - (outputs[t]?.[i] as number)));
  });
  expect(Math.max(...most)).toBeLessThan(1e-12);
}
