import { type Macro, type MacroList, pinsOf } from '../../devices/macros/macro.js';
import { imageOf, instancesBelow, type Module, type PlacedInstance } from '../../hdl/index.js';
import { styled } from '../build/styled.js';
import { enginesOf, type Hardware } from '../chain/chain.js';
import { gridFor } from '../macros/grid.js';
import { accessOf, macrosOf } from '../macros/with-macros.js';
import { romsOf } from './stores.js';

/** A port of a memory with its width in numbers. */
export interface MacroPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly bits: number;
  /** The clock pin that it counts from, which is itself where it is one; null: it is tied to a level. */
  readonly clock: string | null;
}

/** One size and content of memory: what a macro of a memory compiler stands for in a chip. */
export interface MemoryMacro {
  /** Name for the macro, `kws_rom_1984x48_weights_0`: words x bits, and what is in a ROM. */
  readonly name: string;
  /** Module of the design that it replaces, with the parameters that make this size of it. */
  readonly module: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly words: number;
  readonly bits: number;
  /** A module without a write is a ROM. */
  readonly kind: 'rom' | 'ram';
  /** Image of a ROM; null for a RAM. */
  readonly image: string | null;
  /** It is a cell of the list of macros, under its own name. */
  readonly listed: boolean;
  /** µm², where the list says it. */
  readonly area: number | null;
  readonly ports: readonly MacroPort[];
  /** Paths below the top, `u_core.u_cells.u_c`. */
  readonly instances: readonly string[];
}

/** A memory that no macro stands for: registers. */
export interface RegisterMemory {
  readonly path: string;
  readonly words: number;
  readonly bits: number;
  /** Why no macro of the list holds it; null: it lies in a module with other things. */
  readonly reason: string | null;
}

/** An instance directly below the core that is no memory. */
export interface CoreBlock {
  readonly instance: string;
  readonly module: string;
}

/** How a design would be laid out in a chip. */
export interface ChipMemories {
  /** The blocks that areas are given for. */
  readonly blocks: readonly CoreBlock[];
  /** Of the leaf modules that are a memory and nothing else, one per size and content. */
  readonly macros: readonly MemoryMacro[];
  readonly registers: readonly RegisterMemory[];
}

/** Every memory of a design as it is emitted, sizes, contents and places, and the blocks around them. */
export function chipMemories(c: Hardware): ChipMemories {
  const blocks: CoreBlock[] = [];
  const macros = new Map<string, MemoryMacro>();
  const registers: RegisterMemory[] = [];
  const contents = new Map(
    enginesOf(c).flatMap((engine) =>
      romsOf(engine).map(({ image, name }) => [image, name] as const),
    ),
  );
  const list = macrosOf(c);
  for (const placed of instancesBelow(styled(c))) {
    const listed = list?.macros.find(({ name }) => name === placed.module.name);
    if (listed !== undefined || isMemoryLeaf(placed.module)) {
      const macro = listed === undefined ? macroOf(placed, contents) : listedMacro(listed, placed);
      if (list !== undefined && !macro.listed && macro.kind === 'ram') {
        registers.push(withoutMacro(c, list, placed, macro));
        continue;
      }
      const known = macros.get(macro.name);
      const instances = [...(known?.instances ?? []), placed.path];
      macros.set(macro.name, { ...macro, instances });
      continue;
    }
    registers.push(...memoriesInside(placed));
    const { parent, module, path } = placed;
    if (parent.name === `${c.name}_core`) {
      blocks.push({ instance: path.slice(path.lastIndexOf('.') + 1), module: module.name });
    }
  }
  return { blocks, macros: [...macros.values()], registers };
}

/** A memory that no macro of the list holds, with the reason. */
function withoutMacro(
  c: Hardware,
  list: MacroList,
  { module, path }: PlacedInstance,
  { words, bits }: MemoryMacro,
): RegisterMemory {
  const atOnce = accessOf(c, module.name)?.atOnce;
  if (atOnce === undefined) throw new Error(`no access is known of ${module.name}`);
  const reason = gridFor({ width: bits, words }, atOnce, list);
  if (typeof reason !== 'string') throw new Error(`${path} has macros that it does not use`);
  return { path, words, bits, reason };
}

/** A memory with its ports, and nothing else that could be logic. */
function isMemoryLeaf({ items }: Module): boolean {
  const kinds = items.map(({ kind }) => kind);
  return (
    kinds.filter((kind) => kind === 'memory').length === 1 &&
    kinds.every((kind) => ['memory', 'always', 'comment', 'local', 'unused'].includes(kind))
  );
}

/** `contents`: names of what is in the ROMs, by image. */
function macroOf(
  { module, numbers, texts, path }: PlacedInstance,
  contents: ReadonlyMap<string, string>,
): MemoryMacro {
  const at = (name: string): number => numbers.get(name) ?? Number.NaN;
  const memory = module.items.find((item) => item.kind === 'memory');
  if (memory?.kind !== 'memory') throw new Error(`no memory in ${module.name}`);
  const [words, bits] = [memory.depth.evaluate(at), memory.width.evaluate(at)];
  const file = imageOf(memory, (name) => texts.get(name) ?? '');
  const content = file === null ? undefined : contents.get(file);
  if (file !== null && content === undefined) throw new Error(`no store has the image ${file}`);
  return {
    name: [module.name, `${words}x${bits}`, ...(content === undefined ? [] : [content])].join('_'),
    module: module.name,
    parameters: Object.fromEntries([...numbers, ...texts]),
    words,
    bits,
    kind: memory.image === null ? 'ram' : 'rom',
    image: file,
    ...{ listed: false, area: null },
    ports: Object.entries(module.ports).map(([name, { direction, type }]) => ({
      ...{ name, direction, clock: 'clk' },
      bits: type.width.evaluate(at),
    })),
    instances: [path],
  };
}

/** A macro of the list of a design. */
function listedMacro(macro: Macro, { path }: PlacedInstance): MemoryMacro {
  const { name, words, bits, area, ports } = macro;
  return {
    ...{ name, module: name, parameters: {}, words, bits },
    ...{ kind: 'ram', image: null, listed: true, area: area ?? null },
    ports: pinsOf(macro).map((pin) => ({
      ...{ name: pin.name, bits: pin.bits },
      direction: pin.use === 'dataOut' ? 'output' : 'input',
      clock: pin.port === null ? null : (ports[pin.port]?.clock ?? null),
    })),
    instances: [path],
  };
}

function memoriesInside({ module, numbers, path }: PlacedInstance): readonly RegisterMemory[] {
  const at = (name: string): number => numbers.get(name) ?? Number.NaN;
  return module.items.flatMap((item) =>
    item.kind === 'memory'
      ? [
          {
            path: `${path}.${item.name}`,
            words: item.depth.evaluate(at),
            bits: item.width.evaluate(at),
            reason: null,
          },
        ]
      : [],
  );
}
