import type { SafetensorsFile } from '../../formats/safetensors.js';
import type { Part } from '../format.js';
import { type RecurrentModule, recurrentModules, tensorOf } from './modules.js';
import { byNumber, shapeText } from './tensors.js';

/** The modules of a state_dict: recurrent ones in the words of the field, the tensors of all others. */
export function partsOf(source: SafetensorsFile): readonly Part[] {
  const modules = recurrentModules(source);
  const within = new Set(modules.flatMap(({ tensors }) => tensors));
  const others = [...source.tensors]
    .filter(([name]) => !within.has(name))
    .sort(([a], [b]) => byNumber(a, b));
  return [
    ...modules.map((module) => ({
      name: module.name || '(no prefix)',
      what: recurrentText(module, source),
    })),
    ...others.map(([name, tensor]) => ({ name, what: shapeText(tensor) })),
  ];
}

/** `bidirectional LSTM, 40 inputs, 2 layers of 64 cells`. */
function recurrentText(module: RecurrentModule, { tensors }: SafetensorsFile): string {
  const shapeOf = (kind: string) => tensors.get(tensorOf(module, kind, 0))?.shape ?? [];
  const [rows = 0, inputs = 0] = shapeOf('weight_ih');
  const [, width = 0] = shapeOf('weight_hh');
  const gates = { LSTM: 4, GRU: 3, RNN: 1, other: null }[module.cell];
  const cells = module.projection === undefined || gates === null ? width : rows / 4;
  const direction = module.reverse === undefined ? '' : 'bidirectional ';
  const projected = module.projection === undefined ? '' : `, projection to ${width}`;
  const layers =
    module.layers === 1 ? `${cells} cells` : `${module.layers} layers of ${cells} cells`;
  const cell = module.cell === 'other' ? 'recurrent module' : module.cell;
  return `${direction}${cell}, ${inputs} inputs, ${layers}${projected}`;
}
