import { UserError } from '../../../base/errors.js';
import type { FormatName, Imported, LeftOut } from '../imported.js';
import type { NameMap } from '../map.js';
import { importGraph } from '../onnx/import-onnx.js';
import { checkDirections } from './directions.js';
import { tensorflowError } from './errors.js';
import type { Lowered } from './lowered.js';
import { withLstms } from './spelled/with-lstms.js';
import { toOnnx } from './to-onnx.js';

/** Where a lowered graph comes from. */
export interface LoweredSource {
  readonly file: string;
  /** Size of the file in bytes. */
  readonly bytes: number;
  readonly format: FormatName;
  /** Everything that is in the file. */
  readonly parts: readonly LeftOut[];
  /** Constants that a node of the file reads, and nodes that make them: they belong to it. */
  readonly constantsOf: (node: string) => readonly string[];
}

/**
 * Reads the chain of LSTMs and the head of a graph that is there in ONNX's operators, and accounts for it in nodes and
 * tensors of the file. @throws UserError as `importGraph`, under codes of its own
 */
export function importLowered(whole: Lowered, source: LoweredSource, map: NameMap): Imported {
  const { file, bytes, format } = source;
  try {
    const lowered = withLstms(whole, file, bytes);
    checkDirections(lowered.items, file);
    const { projections } = lowered.collected;
    const imported = importGraph(toOnnx(lowered), { file, bytes, format, projections }, map);
    checkLoops(whole, file);
    const notes = [...imported.notes, ...lowered.collected.notes];
    const clips = [...lowered.collected.cellClips];
    const model =
      clips.length === 0 ? imported.model : { ...imported.model, cellClip: Math.min(...clips) };
    return { ...imported, model, ...accountFor(lowered, imported, source), notes };
  } catch (error) {
    throw renamed(error);
  }
}

/**
 * A graph that is taken has no ends inside of loops: TensorFlow hands out none, and what hangs on h there would be lost.
 * @throws UserError TENSORFLOW_INVALID
 */
function checkLoops({ inLoops = [] }: Lowered, file: string): void {
  const [end] = inLoops;
  if (end === undefined) return;
  const expected = 'a value outside of loops, behind an Exit';
  const got = `${end.op} in the loop ${end.loop}, which nobody reads`;
  throw tensorflowError(file, 'TENSORFLOW_INVALID', end.name, expected, got);
}

/** What of the file became the model, by the names that it has there. */
function accountFor(
  { items, collected: { constants } }: Lowered,
  imported: Imported,
  { parts, constantsOf }: LoweredSource,
): Pick<Imported, 'taken' | 'leftOut'> {
  const nodes = new Map(items.map((item) => [item.name, item.of]));
  const taken = new Set<string>();
  for (const name of imported.taken) {
    for (const own of nodes.get(name) ?? constants.get(name)?.of ?? []) taken.add(own);
  }
  for (const name of taken) for (const own of constantsOf(name)) taken.add(own);
  return {
    taken: parts.flatMap(({ name }) => (taken.has(name) ? [name] : [])),
    leftOut: parts.filter(({ name }) => !taken.has(name)),
  };
}

/** What a graph that was made of this file can be refused for, which is none of ONNX. */
const OWN: Readonly<Record<string, { readonly code: string }>> = {
  ONNX_INVALID: { code: 'TENSORFLOW_INVALID' },
  ONNX_ATTRIBUTE: { code: 'TENSORFLOW_ATTRIBUTE' },
  ONNX_NOT_CONSTANT: { code: 'TENSORFLOW_NOT_CONSTANT' },
};

/** Errors of the graph are about this file. */
function renamed(error: unknown): unknown {
  const own = error instanceof UserError ? OWN[error.report.code] : undefined;
  if (!(error instanceof UserError) || own === undefined) return error;
  return new UserError({ ...error.report, ...own }, { cause: error });
}
