import { patternKind } from '../../sparsity/kind-of.js';
import type { Pattern } from '../../sparsity/registry.js';
import { TABLE_FUNCTIONS } from '../cells/cell.js';
import { type Tensor, writeSafetensors } from '../formats/safetensors.js';
import type { Model } from '../model.js';
import { FILE_NAMES, type PassName } from '../pass-names.js';
import { programOf } from '../program.js';
import { checkModel } from './check.js';
import type { ModelDescription } from './description.js';
import { FORMAT_KEY, MODEL_KEY } from './metadata.js';
import { fileMatrix, fillTensor, planTensors, TABLE_PARTS } from './tensors.js';

/**
 * The bytes of the compressed-model file, format 2, the same for equal models (docs/compressed-model.md).
 * @throws UserError when the model breaks a limit; RangeError when a code lies outside of what its pattern keeps.
 */
export function modelBytes(model: Model): Uint8Array {
  checkModel(model);
  const description = describe(model);
  const values = valuesOf(model, description);
  const tensors = new Map<string, Tensor>(
    planTensors(description, FILE_NAMES).map((plan) => [
      plan.name,
      fillTensor(plan, values.get(plan.name) ?? []),
    ]),
  );
  const metadata = { [FORMAT_KEY]: '2', [MODEL_KEY]: JSON.stringify(description) };
  return writeSafetensors({ metadata, tensors });
}

function describe(model: Model): ModelDescription {
  const { weight, activation, cell, bias } = model.words;
  const { input, passes } = programOf(model);
  const { inputBits, inputFraction, outputFraction, segments } = model.tables.scheme;
  return {
    words: { weight, activation, cell, bias },
    vectors: [input, ...passes.map(({ writes }) => writes)].map(({ length, fraction }) => ({
      length,
      fraction,
    })),
    passes: passes.map(
      ({ cell: kind, operands, biasFraction, stateFraction, clip, initial, ...pass }, n) => ({
        cell: kind,
        operands: operands.map(({ vectors, age, matrix: { exponent, sharing, patterns } }) => ({
          vector: described(vectors.map(({ id }) => id)),
          age,
          exponent,
          sharing,
          pattern: patternKind(patterns[0] as Pattern).file.describe(patterns),
        })),
        biasFraction,
        stateFraction,
        ...(model.passes[n]?.range && { range: passes[n]?.range }),
        ...(clip !== undefined && { clip }),
        ...(initial === undefined ? {} : { initial: true as const }),
        ...(pass.direction && { direction: pass.direction }),
        ...(pass.aligned === false && { aligned: pass.aligned }),
      }),
    ),
    tables: { inputBits, inputFraction, outputFraction, segments },
    provenance: Object.fromEntries(Object.entries(model.provenance).sort()),
  };
}

/** One number where it is one vector, as it always was. */
function described(vectors: readonly number[]): number | readonly number[] {
  const [first, ...others] = vectors;
  return others.length === 0 ? (first as number) : vectors;
}

/** Values of all tensors by name. */
function valuesOf(
  { passes, tables }: Model,
  description: ModelDescription,
): ReadonlyMap<string, ArrayLike<number>> {
  const values = new Map<string, ArrayLike<number>>();
  const names = FILE_NAMES.passes(passes);
  passes.forEach((pass, n) => {
    const { pass: own, operands } = names[n] as PassName;
    pass.operands.forEach(({ vectors, matrix }, o) => {
      const name = operands[o] as string;
      const { patterns, codes, sharing } = matrix;
      const size = fileMatrix(
        pass,
        { vector: described(vectors), sharing },
        description,
        pass.rows,
      );
      const { file } = patternKind(patterns[0] as Pattern);
      for (const [part, content] of file.encode(patterns, codes, size, name)) {
        values.set(`${name}.${part}`, content);
      }
    });
    values.set(`${own}.bias`, pass.bias);
    if (pass.initial !== undefined) {
      values.set(`${own}.initial.bias`, pass.initial.bias);
      values.set(`${own}.initial.state`, pass.initial.state ?? []);
    }
  });
  for (const table of TABLE_FUNCTIONS) {
    for (const part of TABLE_PARTS) values.set(`table.${table}.${part}`, tables[table][part]);
  }
  return values;
}
