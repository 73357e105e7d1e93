import { z } from 'zod';
import { recordsOf, type Trace } from '../trace.js';

/** The engine of a chain in the name of a record of its trace. */
const ENGINE = /^trace_(e\d+)_/;

/** A register or memory of the hardware and the source lines that set it, from design.json. */
export const registerSchema = z.strictObject({
  signal: z.string(),
  source: z.string().nullable(),
  drivenAt: z.array(z.string()),
});
export const registersSchema = z.record(z.string(), z.array(registerSchema));

export type RegisterSource = Readonly<z.infer<typeof registerSchema>>;
/** The registers in which the values of each tensor come about, by its name. */
export type Registers = Readonly<Record<string, readonly RegisterSource[]>>;

/** The registers of a tensor; in a chain those of the engine that has the layer, of the outputs those of the last one. */
export function registersOf(
  { registers, trace }: { readonly registers?: Registers; readonly trace: Trace },
  { tensor, layer }: { readonly tensor: string; readonly layer: number | null },
): readonly RegisterSource[] {
  const all = registers?.[tensor] ?? [];
  const [record] = layer === null ? [] : recordsOf(trace, layer);
  const [, engine] = ENGINE.exec(record?.port ?? '') ?? [];
  return engine === undefined ? all : all.filter(({ signal }) => signal.includes(`.u_${engine}.`));
}

/** Which registers hold values and where they are set: one line of text each. */
export function heldBy(registers: readonly RegisterSource[]): readonly string[] {
  return registers.map(({ signal, drivenAt }) =>
    drivenAt.length === 0
      ? `held by ${signal}`
      : `held by ${signal}, set at ${drivenAt.join(' and ')}`,
  );
}
