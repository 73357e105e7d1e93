import { z } from 'zod';

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

/** Which registers hold the values of a tensor and where they are set: one line of text each. */
export function heldBy(registers: Registers | undefined, tensor: string): readonly string[] {
  return (registers?.[tensor] ?? []).map(({ signal, drivenAt }) =>
    drivenAt.length === 0
      ? `held by ${signal}`
      : `held by ${signal}, set at ${drivenAt.join(' and ')}`,
  );
}
