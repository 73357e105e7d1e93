import { imageOf, instancesBelow, type Module, type PlacedInstance } from '../../hdl/index.js';
import { styled } from '../build/styled.js';
import { enginesOf, type Hardware } from '../chain/chain.js';
import { romsOf } from './stores.js';

/** A port of a memory with its width in numbers. */
export interface MacroPort {
  readonly name: string;
  readonly direction: 'input' | 'output';
  readonly bits: number;
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
  readonly ports: readonly MacroPort[];
  /** Paths below the top, `u_core.u_cells.u_c`. */
  readonly instances: readonly string[];
}

/** A memory inside a module with other things: without a macro, registers. */
export interface RegisterMemory {
  readonly path: string;
  readonly words: number;
  readonly bits: number;
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
  for (const placed of instancesBelow(styled(c))) {
    if (isMemoryLeaf(placed.module)) {
      const macro = macroOf(placed, contents);
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
    ports: Object.entries(module.ports).map(([name, { direction, type }]) => ({
      name,
      direction,
      bits: type.width.evaluate(at),
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
          },
        ]
      : [],
  );
}
