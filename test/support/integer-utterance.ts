import type { Model, ModelOperand, ModelPass } from '../../generator/network/model.js';
import { fractionOf, sideBySide, step, type Written } from './integer-cells.js';

/** What a pass makes in a step, and what its operands read. */
type Done = ReturnType<typeof step> & { readonly read: readonly Written[] };

/**
 * One utterance of a network whose passes run in either direction, in BigInt, straight from the definition: each value is asked
 * for by pass and step, and asks for what it needs. No order of computation is chosen, so none can be wrong. By frame: what
 * each pass makes of it, and what stands there in the vector of the last pass.
 */
export function integerUtterance(model: Model, frames: readonly (readonly number[])[]) {
  const { passes, input } = model;
  const last = frames.length - 1;
  const made = new Map<string, Done>();
  const frameOf = (pass: number, s: number) =>
    passes[pass]?.direction === 'backward' ? last - s : s;
  /** The step in which a pass writes a place. */
  const stepAt = (pass: number, place: number) =>
    passes[pass]?.aligned === false ? place : frameOf(pass, place);
  const zeros = (n: number): Written => {
    const pass = passes[n] as ModelPass;
    const point = fractionOf(model, pass, passes[n + 1]);
    return { h: new Array<bigint>(pass.rows).fill(0n), point };
  };

  function value(n: number, s: number): Done {
    const key = `${n} ${s}`;
    const known = made.get(key) ?? compute(n, s);
    made.set(key, known);
    return known;
  }

  function vector(id: number, age: 0 | 1, reader: number, s: number): Written {
    const frame = frameOf(reader, s);
    if (id === 0) return { h: (frames[frame] as number[]).map(BigInt), point: input.fraction };
    const writer = id - 1;
    if (age === 1) return s === 0 ? zeros(writer) : value(writer, s - 1);
    return value(writer, waitsFor(writer, reader) ? s : stepAt(writer, frame));
  }

  /** Whether a pass needs, a step later, what one makes that reads it: then both are in the same step. */
  function waitsFor(writer: number, reader: number): boolean {
    return (passes[writer] as ModelPass).operands.some(
      ({ vectors, age }: ModelOperand) => age === 1 && vectors.some((id) => id - 1 >= reader),
    );
  }

  function compute(n: number, s: number): Done {
    const pass = passes[n] as ModelPass;
    const read = pass.operands.map(({ vectors, age }) =>
      sideBySide(vectors.map((id) => vector(id, age, n, s))),
    );
    const at = pass.cell.startsWith('gru-reset') ? n + 1 : n;
    const keeper = passes[at] as ModelPass;
    const start = Array.from({ length: pass.rows }, (_, k) =>
      BigInt(keeper.initial?.state?.[k] ?? 0),
    );
    const state = s === 0 ? start : (value(at, s - 1).state ?? start);
    const z = pass.cell.startsWith('gru-new') ? (value(n - 1, s).z ?? []) : [];
    const done = step(model, pass, keeper, read, { state, z }, s === 0);
    return { ...done, read };
  }

  const top = passes.length - 1;
  return frames.map((_, t) => ({
    layers: passes.map((_, n) => value(n, frameOf(n, t))),
    outputs: value(top, stepAt(top, t)).h,
  }));
}
