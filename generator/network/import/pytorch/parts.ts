import { UserError } from '../../../base/errors.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import type { Part } from '../format.js';
import { computed } from './computed.js';
import { type RecurrentModule, recurrentModules, tensorOf } from './modules.js';
import { byNumber, shapeText } from './tensors.js';

/** The modules of a state_dict: recurrent ones in the words of the field, the tensors of all others. */
export function partsOf(file: SafetensorsFile): readonly Part[] {
  const source = whole(file);
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

/** The file with the values of tensors that it has in parts; as it is where they do not fit each other. */
function whole(file: SafetensorsFile): SafetensorsFile {
  try {
    return computed(file, '').source;
  } catch (error) {
    if (error instanceof UserError) return file;
    throw error;
  }
}

/** `bidirectional LSTM, 40 inputs, 2 layers of 64 cells`. */
function recurrentText(module: RecurrentModule, { tensors }: SafetensorsFile): string {
  const shapeOf = (kind: string) => tensors.get(tensorOf(module, kind, 0))?.shape ?? [];
  const [rows = 0, inputs = 0] = shapeOf('weight_ih');
  const [, width = 0] = shapeOf('weight_hh');
  // torch has projections for LSTM only
  const cells = module.projection === undefined ? width : rows / 4;
  const direction = module.reverse === undefined ? '' : 'bidirectional ';
  const projected = module.projection === undefined ? '' : `, projection to ${width}`;
  const layers =
    module.layers === 1 ? `${cells} cells` : `${module.layers} layers of ${cells} cells`;
  const known = module.projection === undefined ? module.cell : 'LSTM';
  const cell = known === 'other' ? 'recurrent module' : known;
  return `${direction}${cell}, ${inputs} inputs, ${layers}${projected}`;
}
