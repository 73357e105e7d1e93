import { encodeElements } from '../../../../generator/network/formats/elements.js';
import type { SafetensorsFile, Tensor } from '../../../../generator/network/formats/safetensors.js';
import type { Gate, GateLayer, Linear } from './lstm-reference.js';

type Type = 'F16' | 'BF16' | 'F32' | 'F64';
const ELEMENTS = { F16: 'float16', BF16: 'bfloat16', F32: 'float32', F64: 'float64' } as const;

export function tensor(
  shape: readonly number[],
  values: Iterable<number>,
  dtype: Type = 'F32',
): Tensor {
  return { dtype, shape, bytes: encodeElements(ELEMENTS[dtype], Float64Array.from(values)) };
}

export const zeros = (...shape: number[]): Tensor =>
  tensor(shape, new Float64Array(shape.reduce((a, b) => a * b, 1)));

/** Tensors of a layer as PyTorch lays them out: gates i, f, g, o below each other. `name` completes the name. */
export function layerTensors(
  { inputs, cells, gates }: GateLayer,
  name: (kind: string) => string,
  { biases = true, dtype = 'F32' as Type } = {},
): [string, Tensor][] {
  const stacked = (part: (gate: Gate) => readonly (number | readonly number[])[]) =>
    [gates.i, gates.f, gates.g, gates.o].flatMap((gate) => part(gate).flat());
  const all: [string, Tensor][] = [
    [
      name('weight_ih'),
      tensor(
        [4 * cells, inputs],
        stacked(({ W }) => W),
        dtype,
      ),
    ],
    [
      name('weight_hh'),
      tensor(
        [4 * cells, cells],
        stacked(({ R }) => R),
        dtype,
      ),
    ],
    [
      name('bias_ih'),
      tensor(
        [4 * cells],
        stacked(({ Wb }) => Wb),
        dtype,
      ),
    ],
    [
      name('bias_hh'),
      tensor(
        [4 * cells],
        stacked(({ Rb }) => Rb),
        dtype,
      ),
    ],
  ];
  return biases ? all : all.slice(0, 2);
}

export function linearTensors({ W, b }: Linear, module: string): [string, Tensor][] {
  return [
    [`${module}.weight`, tensor([W.length, W[0]?.length ?? 0], W.flat())],
    [`${module}.bias`, tensor([b.length], b)],
  ];
}

export const stateDict = (...tensors: readonly (readonly [string, Tensor])[]): SafetensorsFile => ({
  metadata: {},
  tensors: new Map(tensors),
});
