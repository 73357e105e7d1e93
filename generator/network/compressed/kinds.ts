import { UserError } from '../../base/errors.js';
import { patternKinds } from '../../sparsity/kind-of.js';
import { CELL_KINDS } from '../cells/registry.js';

/**
 * Refuses cells and patterns that this version does not know, by name: a file of a newer version is not "invalid".
 * What is no text at these places is left to the schema. @throws UserError MODEL_KIND
 */
export function checkKinds(json: unknown, file: string): void {
  for (const [n, pass] of entriesOf(json, 'passes')) {
    checkKind(at(pass, 'cell'), 'cell', CELL_KINDS, `passes.${n}.cell`, file);
    for (const [o, operand] of entriesOf(pass, 'operands')) {
      const field = `passes.${n}.operands.${o}.pattern.kind`;
      checkKind(
        at(at(operand, 'pattern'), 'kind'),
        'pattern',
        patternKinds().map(({ kind: own }) => own),
        field,
        file,
      );
    }
  }
}

function checkKind(
  kind: unknown,
  what: string,
  known: readonly string[],
  field: string,
  file: string,
): void {
  if (typeof kind !== 'string' || known.includes(kind)) return;
  const expected = known.join(', ');
  throw new UserError({
    code: 'MODEL_KIND',
    message: `${file}: ${field}: this version of hcgs knows no ${what} "${kind}" (${expected}); read the file with the version that wrote it, or make it anew with "hcgs compress"`,
    file,
    field,
    expected,
    got: kind,
  });
}

function at(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object'
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function entriesOf(value: unknown, key: string): readonly (readonly [number, unknown])[] {
  const list = at(value, key);
  return Array.isArray(list) ? [...list.entries()] : [];
}
