import { z } from 'zod';
import { UserError } from '../../base/errors.js';
import { macroComplaints } from '../../devices/macros/complaints.js';
import type { MacroList } from '../../devices/macros/macro.js';
import { isDesignName } from './name.js';

/** A name in Verilog: it becomes a part of the Verilog as it is. */
const identifier = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
    'expected a Verilog identifier of at most 64 characters, beginning with a letter',
  )
  .refine(isDesignName, 'expected an identifier that is no keyword of Verilog or VHDL');

const level = z.union([z.literal(0), z.literal(1)]);
const active = z.enum(['high', 'low']);
const control = z.union([identifier, z.strictObject({ pin: identifier, active })]);
const bits = z.int().min(1).max(4096);

const access = z.strictObject({
  clock: identifier,
  address: identifier,
  enable: control.optional(),
  writeEnable: control.optional(),
  readEnable: control.optional(),
  dataIn: identifier.optional(),
  dataOut: identifier.optional(),
  mask: z
    .strictObject({
      pin: identifier,
      bits: bits.describe('bits of a word that one bit of the mask stands for'),
      active: active.optional(),
    })
    .optional(),
});

const macro = z.strictObject({
  name: identifier.describe('of the cell'),
  words: z
    .int()
    .min(2)
    .max(2 ** 24),
  bits: bits.describe('of a word'),
  latency: z.int().min(0).max(16).describe('cycles from the address to the data: 1'),
  area: z.number().positive().optional().describe('µm²; of all macros, or of none'),
  ports: z.array(access).min(1).max(2),
  ties: z
    .record(identifier, z.union([level, z.strictObject({ bits, value: level })]))
    .optional()
    .describe('inputs that stay at a level'),
});

const fields = {
  registerBitArea: z
    .number()
    .positive()
    .optional()
    .describe('µm² that a bit takes as registers: a memory that is smaller so stays registers'),
  macros: z.array(macro).min(1).max(256),
};

type Issues = { addIssue(issue: { code: 'custom'; path: PropertyKey[]; message: string }): void };

/** What `macroComplaints` finds, as issues of a schema. */
function refined(list: MacroList, issues: Issues): void {
  for (const { path, expected } of macroComplaints(list)) {
    issues.addIssue({ code: 'custom', path: [...path], message: `expected ${expected}` });
  }
}

/** A list of macros in a configuration. */
export const macroListSchema = z.strictObject(fields).superRefine(refined);

/** The same in a file of its own, which may say where its figures are from. */
export const macroFileSchema = z
  .strictObject({ source: z.string().optional().describe('for a reader'), ...fields })
  .superRefine(refined);

/**
 * Names of macros and of the modules of a design: these begin with its own.
 * @throws UserError MACROS
 */
export function checkMacroNames(design: string, list: MacroList | undefined): void {
  const own = design.toLowerCase();
  const taken = list?.macros.find(({ name }) => {
    const other = name.toLowerCase();
    return other === own || other.startsWith(`${own}_`);
  });
  if (taken === undefined) return;
  throw new UserError({
    code: 'MACROS',
    message: `the macro ${taken.name} has a name as modules of the design ${design} have: give the design another --name`,
    field: '--name',
    expected: `a name that ${taken.name} does not begin with`,
    got: design,
  });
}
