import type { Part } from '../format.js';

/** What people call modules that leave values as they are. */
const HARMLESS = /drop|identity|loss|criterion/i;
/** What people call functions that change them. */
const FUNCTION =
  /relu|elu|(^|[._\d])(act|activ\w*|nonlin\w*|non_lin\w*|tanh|sigm\w*|silu|swish|mish|soft\w*|log_?soft\w*|\w*norm\d*|bn\d*|ln\d*|\w*pool\w*|clamp|clip|scale\w*)([._\d]|$)/i;

/**
 * The modules without tensors, by the names that torch keeps beside a state_dict: those whose name says that they
 * change values, or that stand in a numbered list with what has weights; those that leave them as they are; and the rest.
 */
export function namedFunctions(
  modules: readonly string[],
  tensors: readonly string[],
): {
  readonly functions: readonly Part[];
  readonly harmless: readonly Part[];
  readonly unknown: readonly string[];
} {
  const parents = new Set(modules.flatMap(above));
  const holders = new Set(tensors.flatMap(above));
  const bare = modules.filter((name) => name !== '' && !parents.has(name) && !holders.has(name));
  const harmless = bare.filter((name) => HARMLESS.test(lastOf(name)));
  const open = bare.filter((name) => !HARMLESS.test(lastOf(name)));
  const listed = (name: string) =>
    /(^|\.)\d+$/.test(name) && holders.has(name.split('.').slice(0, -1).join('.'));
  const isFunction = (name: string) => listed(name) || FUNCTION.test(lastOf(name));
  const part = (name: string): Part => ({ name, what: 'module without weights' });
  return {
    functions: open.filter(isFunction).map(part),
    harmless: harmless.map(part),
    unknown: open.filter((name) => !isFunction(name)),
  };
}

const lastOf = (name: string): string => name.split('.').at(-1) as string;

/** `a.b.c` to `a` and `a.b`, and the empty name of the whole. */
function above(name: string): readonly string[] {
  const parts = name.split('.');
  return parts.map((_, i) => parts.slice(0, i).join('.'));
}
