import { basename, resolve } from 'node:path';
import { UserError } from '../../base/errors.js';
import { isKeyword } from '../../hdl/index.js';

const LONGEST = 64;

/** Name and directory of a design from what the user gave: `--name`, `-o`, both or neither. */
export function designPlace(
  name: string | undefined,
  directory: string | undefined,
): { readonly name: string; readonly directory: string } {
  if (name === undefined && directory === undefined) {
    throw new UserError({
      code: 'MISSING_ARGUMENT',
      message: 'neither -o nor --name says where the design goes',
      field: '-o',
    });
  }
  const chosen = name ?? basename(resolve(directory as string));
  checkDesignName(chosen, name === undefined ? '-o' : '--name');
  return { name: chosen, directory: directory ?? `rtl-out/${chosen}` };
}

/** Verilator calls the scope above the top module so, and gets lost in a module of that name. */
const ABOVE_TOP = 'TOP';

/** Modules below are called by it, and no module of the language has a name that begins with an underscore. */
export function isDesignName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]*$/.test(name) && name.length <= LONGEST && !isKeyword(name);
}

/** The module below the top, which also has the trace port. */
export const coreName = (name: string): string => `${name}_core`;

/** @throws UserError BAD_DESIGN_NAME where a signal of the design has its name: a module may have that of none */
export function checkNotTaken(name: string, taken: string | null, field: string): void {
  if (taken === null) return;
  throw new UserError({
    code: 'BAD_DESIGN_NAME',
    message: `'${name}' cannot name a design: ${taken} is a signal of it; choose another name${field === '-o' ? ' with --name' : ''}`,
    ...{ field, expected: 'a name that no signal of the design has', got: name },
  });
}

/** A design's name is its top module: a Verilog identifier, and no keyword of an HDL. */
export function checkDesignName(name: string, field: string): void {
  const expected = `a Verilog identifier of at most ${LONGEST} characters that begins with a letter and is no keyword`;
  if (isDesignName(name) && name !== ABOVE_TOP) return;
  const reason =
    name === ABOVE_TOP
      ? 'Verilator has that name for what stands above the top module'
      : isKeyword(name)
        ? 'it is a keyword of Verilog, SystemVerilog or VHDL'
        : `expected ${expected}`;
  const advice = field === '-o' ? '; --name gives the design another name' : '';
  throw new UserError({
    code: 'BAD_DESIGN_NAME',
    message: `'${name}' cannot name a design: ${reason}${advice}`,
    field,
    expected,
    got: name,
  });
}
