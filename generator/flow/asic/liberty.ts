import { UserError } from '../../base/errors.js';
import { type Group, readGroups, unquoted } from './liberty-groups.js';

/** What synthesis needs to know of a standard cell. */
export interface LibertyCell {
  readonly name: string;
  /** In the unit of the library, which is µm² in all that are known. */
  readonly area: number;
  /** What it keeps a bit in; null for a gate. */
  readonly storage: 'flip-flop' | 'latch' | null;
  /** One input, and one output that follows it. */
  readonly buffer: boolean;
  /** Not for synthesis: test, clock and filler cells. */
  readonly dontUse: boolean;
}

/** The cells of a Liberty file. */
export interface Liberty {
  readonly name: string;
  readonly cells: ReadonlyMap<string, LibertyCell>;
}

const KEPT = new Set(['library', 'cell', 'pin', 'ff', 'latch', 'ff_bank', 'latch_bank']);

/**
 * Reads the cells of a Liberty file; timing and power are passed over.
 * @throws UserError LIBERTY where it is none, or has no cells
 */
export function parseLiberty(text: string, file: string): Liberty {
  const library = readGroups(text, KEPT).find(({ type }) => type === 'library');
  const cells = library?.inner.filter(({ type }) => type === 'cell') ?? [];
  if (library === undefined || cells.length === 0) {
    throw new UserError({
      code: 'LIBERTY',
      message: `${file} is no Liberty file: it has no library of cells`,
      file,
      expected: 'library (…) { cell (…) { … } … }',
      got: library === undefined ? 'no library' : 'no cell',
    });
  }
  return { name: library.name, cells: new Map(cells.map((cell) => [cell.name, cellOf(cell)])) };
}

function cellOf({ name, attributes, inner }: Group): LibertyCell {
  const pins = inner.filter(({ type }) => type === 'pin');
  const directed = (direction: string): readonly Group[] =>
    pins.filter((pin) => unquoted(pin.attributes.get('direction') ?? '') === direction);
  const [inputs, outputs] = [directed('input'), directed('output')];
  const has = (type: string): boolean => inner.some((group) => group.type.startsWith(type));
  const storage = has('ff') ? 'flip-flop' : has('latch') ? 'latch' : null;
  const follows = unquoted(outputs[0]?.attributes.get('function') ?? '').replace(/[()\s]/g, '');
  return {
    name,
    area: Number(unquoted(attributes.get('area') ?? '0')),
    storage,
    buffer:
      storage === null &&
      inputs.length === 1 &&
      outputs.length === 1 &&
      follows === inputs[0]?.name,
    dontUse: unquoted(attributes.get('dont_use') ?? '') === 'true',
  };
}
