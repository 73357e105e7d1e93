import { writeFileSync } from 'node:fs';
import { readModel } from '../../generator/network/compressed-model.js';
import { encodeElements } from '../../generator/network/formats/elements.js';
import { type Tensor, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { programOf } from '../../generator/network/program.js';

/** Writes a model of one LSTM layer as PyTorch has it. */
export async function asNetwork(name: string, file: string): Promise<void> {
  const { operands } = programOf(await readModel(name)).passes[0] as ReturnType<
    typeof programOf
  >['passes'][0];
  const tensors = operands.map(({ matrix: { codes, rows, columns } }, o): [string, Tensor] => [
    `lstm.weight_${o === 0 ? 'ih' : 'hh'}_l0`,
    // no code is zero, so that what is kept is seen
    { dtype: 'F32', shape: [4 * rows, columns], bytes: encodeElements('float32', codes) },
  ]);
  writeFileSync(file, writeSafetensors({ metadata: {}, tensors: new Map(tensors) }));
}
