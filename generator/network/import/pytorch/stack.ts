import type { SafetensorsFile } from '../../formats/safetensors.js';
import { type RecurrentModule, tensorOf } from './modules.js';

/** Recurrent modules whose names differ in one number only, in the order of that number. */
export interface Stack {
  readonly modules: readonly RecurrentModule[];
  readonly numbers: readonly number[];
  /** What their names have in common before the number; empty where it is the beginning. */
  readonly parent: string;
}

/** The modules as a stack; null where their names or kinds are not those of a list. */
export function stackOf(modules: readonly RecurrentModule[]): Stack | null {
  const parts = modules.map(({ name }) => name.split('.'));
  const [first = []] = parts;
  if (modules.length === 0 || modules.some(({ kind }) => kind !== modules[0]?.kind)) return null;
  if (parts.some((part) => part.length !== first.length)) return null;
  const differing = first.flatMap((_, i) =>
    parts.some((part) => part[i] !== first[i]) || parts.length === 1 ? [i] : [],
  );
  const numbered = differing.filter((i) => parts.every((part) => /^\d+$/.test(part[i] ?? '')));
  const [at] = numbered;
  if (at === undefined || (parts.length > 1 && differing.length !== 1)) return null;
  const number = (module: RecurrentModule) => Number(module.name.split('.')[at]);
  const sorted = [...modules].sort((a, b) => number(a) - number(b));
  const numbers = sorted.map(number);
  if (new Set(numbers).size !== numbers.length) return null;
  return { modules: sorted, numbers, parent: first.slice(0, at).join('.') };
}

/**
 * Why a list need not be a stack: names say that there is a list, not what is done with it. Null where the sizes
 * chain, do not allow that the modules stand side by side, and no number is left out between them.
 */
export function stackDoubt(
  { modules, numbers }: Stack,
  { tensors }: SafetensorsFile,
): string | null {
  const [first] = modules;
  const other = modules.find(({ cell }) => cell !== first?.cell || cell === 'other');
  if (other !== undefined) return `${other.name} is ${otherText(other, first)}`;
  const columns = (module: RecurrentModule, kind: string, l: number) =>
    tensors.get(tensorOf(module, kind, l))?.shape[1];
  const inputs = modules.map((module) => columns(module, 'weight_ih', 0));
  const cells = modules.map((module) => {
    const own = columns(module, 'weight_hh', module.layers - 1);
    return own && own * (module.reverse === undefined ? 1 : 2);
  });
  const broken = inputs.findIndex((n, i) => i > 0 && n !== cells[i - 1]);
  if (broken > 0) {
    return `${modules[broken]?.name} has ${inputs[broken]} inputs, ${modules[broken - 1]?.name} ${cells[broken - 1]} ${modules[broken - 1]?.reverse === undefined ? 'cells' : 'values of both directions'}`;
  }
  if (inputs.every((n) => n === inputs[0])) {
    return 'all have as many inputs, so that they may stand side by side';
  }
  const gap = numbers.findIndex((n, i) => i > 0 && n !== (numbers[i - 1] as number) + 1);
  if (gap < 0) return null;
  return `between ${modules[gap - 1]?.name} and ${modules[gap]?.name} stands something without weights`;
}

function otherText({ cell }: RecurrentModule, first: RecurrentModule | undefined): string {
  return cell === 'other' ? 'no cell of torch' : `of ${cell}, ${first?.name} of ${first?.cell}`;
}
