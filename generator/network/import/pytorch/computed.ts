import type { SafetensorsFile, Tensor } from '../../formats/safetensors.js';
import { masked } from './pruned.js';
import { normalised } from './weight-norm.js';

/** A file in which tensors that torch computes from others have their values. */
export interface Computed {
  readonly source: SafetensorsFile;
  /** By name of a tensor that the file does not have: those it is made of, and how: what of, by what. */
  readonly parts: ReadonlyMap<string, { readonly from: readonly string[]; readonly how: How }>;
}

type How = readonly [what: string, by: string];
type Make = (tensors: readonly Tensor[], names: readonly string[], file: string) => Tensor;

interface Rule {
  /** `weight_ih_l0_orig`: what stands before the name, the name, and what stands behind it. */
  readonly first: RegExp;
  /** All names of the tensors, given the module with its point and the own name. */
  readonly names: (module: string, name: string) => readonly string[];
  readonly how: How;
  readonly make: Make;
}

const pruned: Omit<Rule, 'first' | 'names'> = {
  how: ['the product of', 'pruned'],
  make: ([orig, mask], [, field], file) =>
    masked(orig as Tensor, mask as Tensor, field as string, file),
};
const weightNorm: Omit<Rule, 'first' | 'names'> = {
  how: ['g v / |v| of', 'weight norm'],
  make: ([g, v], [field], file) => normalised(g as Tensor, v as Tensor, field as string, file),
};
const inList = (module: string, name: string) => `${module}parametrizations.${name}`;

/**
 * torch.nn.utils.prune keeps a pruned tensor `X` as `X_orig` and `X_mask`, a parametrization with a mask as
 * `parametrizations.X.original` and `parametrizations.X.0.mask`; torch.nn.utils.weight_norm keeps it as `X_g` and
 * `X_v`, torch.nn.utils.parametrizations.weight_norm as `parametrizations.X.original0` and `original1`.
 */
const RULES: readonly Rule[] = [
  {
    ...pruned,
    first: /^((?:.*\.)?)([^.]+)_orig$/s,
    names: (module, name) => [`${module}${name}_orig`, `${module}${name}_mask`],
  },
  {
    ...pruned,
    first: /^((?:.*\.)?)parametrizations\.([^.]+)\.original$/s,
    names: (module, name) => [`${inList(module, name)}.original`, `${inList(module, name)}.0.mask`],
  },
  {
    ...weightNorm,
    first: /^((?:.*\.)?)([^.]+)_g$/s,
    names: (module, name) => [`${module}${name}_g`, `${module}${name}_v`],
  },
  {
    ...weightNorm,
    first: /^((?:.*\.)?)parametrizations\.([^.]+)\.original0$/s,
    names: (module, name) => [
      `${inList(module, name)}.original0`,
      `${inList(module, name)}.original1`,
    ],
  },
];

const LISTED = /^((?:.*\.)?parametrizations\.[^.]+)\./s;

/**
 * Gives every tensor that the file has in parts its value. Parts beside the tensor itself, some of several parts, and
 * those of a parametrization with more to it stay as they are.
 * @throws UserError PRUNE_MASK or WEIGHT_NORM where the parts do not fit each other
 */
export function computed(source: SafetensorsFile, file: string): Computed {
  const { tensors } = source;
  const parts = new Map<string, { from: readonly string[]; how: How }>();
  const made = new Map<string, Tensor>();
  const inLists = new Map<string, number>();
  for (const name of tensors.keys()) {
    const list = LISTED.exec(name)?.[1];
    if (list !== undefined) inLists.set(list, (inLists.get(list) ?? 0) + 1);
  }
  for (const first of tensors.keys()) {
    for (const rule of RULES) {
      const [, module, own] = rule.first.exec(first) ?? [];
      if (module === undefined || own === undefined) continue;
      const name = module + own;
      const from = rule.names(module, own);
      const values = from.flatMap((one) => tensors.get(one) ?? []);
      const listed = inLists.get(inList(module, own)) ?? 0;
      const more = listed > (LISTED.test(first) ? from.length : 0);
      if (values.length < from.length || tensors.has(name) || made.has(name) || more) continue;
      made.set(name, rule.make(values, from, file));
      parts.set(name, { from, how: rule.how });
    }
  }
  const used = new Set([...parts.values()].flatMap(({ from }) => from));
  const others = [...tensors].filter(([name]) => !used.has(name));
  return { source: { ...source, tensors: new Map([...others, ...made]) }, parts };
}
