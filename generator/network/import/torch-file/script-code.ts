import type { Part } from '../format.js';

/** Code of torch itself; what its modules do is known by their classes. */
const OWN = /^code\/__torch__\/torch\//;

/** Operators that move, select, count or create values, and change none. */
const MOVES = new Set(
  `to view reshape size dim len select slice transpose permute t unsqueeze squeeze contiguous flatten detach
  zeros zeros_like stack eq ne lt gt le ge format append list device dtype layout warn
  dropout narrow index_select clone alias numel unbind chunk split
  __is__ __isnot__ __not__ __contains__ __getitem__ __derive_index __range_length`.split(/\s+/),
);
/** Functions of torch.nn.functional that do nothing when a network is used. */
const IDLE = /^(dropout|feature_dropout|alpha_dropout|_verify_\w+)$/;

/**
 * What the code of a TorchScript file computes outside of modules: operators and functions that may change values,
 * each once, and constants of the file. The code says where they stand, which is not followed here.
 */
export function scriptFunctions(code: ReadonlyMap<string, string>): readonly Part[] {
  const found = new Set<string>();
  for (const [path, text] of code) {
    if (OWN.test(path)) continue;
    for (const [, operator = ''] of text.matchAll(/(?<![\w.])torch\.([a-z_]\w*)\(/g)) {
      if (!MOVES.has(operator)) found.add(`torch.${operator}`);
    }
    for (const [, name = ''] of text.matchAll(/__torch__\.torch\.nn\.functional\.(\w+)/g)) {
      if (!IDLE.test(name)) found.add(`torch.nn.functional.${name}`);
    }
    for (const [name] of text.matchAll(/\bCONSTANTS\.c\d+\b/g)) found.add(name);
    for (const [name] of text.matchAll(/\bops\.(?!prim\.)\w+\.\w+/g)) found.add(name);
  }
  return [...found].map((name) => ({ name, what: 'in the code' }));
}

/** What the network takes, as the code of its outermost module says it: `input, h_t, c_t`; none where it does not. */
export function forwardArguments(
  code: ReadonlyMap<string, string>,
  type: string,
): readonly string[] {
  const name = type.split('.').at(-1);
  for (const [path, text] of code) {
    if (OWN.test(path)) continue;
    const at = text.indexOf(`class ${name}(Module):`);
    const own =
      at < 0 ? null : /\n {2}def forward\(\w+: [^,)]*((?:,\s*\w+: [^,)]*)*)\)/.exec(text.slice(at));
    if (own) return [...(own[1] as string).matchAll(/(\w+): /g)].map((match) => match[1] as string);
  }
  return [];
}
