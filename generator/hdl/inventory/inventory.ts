import { Int } from '../int.js';
import type { Item, Module } from '../module.js';
import { chosen, clockedTargets, imageOf } from '../verilog/lower.js';
import { addLogic, type LogicCount, noLogic } from './logic.js';
import { type InventoryScope, type MemoryDraft, outerAddress } from './scope.js';
import { countAlways } from './statements.js';
import type { MemoryPort, MemoryStock, ProductStock, Stock } from './stock.js';
import { countValue } from './values.js';

type Instance = Extract<Item, { kind: 'instance' }>;
type Memory = Extract<Item, { kind: 'memory' }>;
type Texts = Readonly<Record<string, string>>;
type Numbers = Readonly<Record<string, number>>;
/** The stock of a module at values of its parameters, taken once. */
type StockOf = (module: Module, numbers: Numbers, texts: Texts) => Stock;

interface Draft {
  readonly memories: MemoryStock[];
  readonly products: ProductStock[];
  readonly logic: LogicCount;
}

/**
 * What a design is made of at given values of the parameters of its top module, those left out at their defaults:
 * its memories with their ports, its multiplications and the bits of its logic. Generate loops are unrolled, of
 * conditions the branch taken counts. Follows from the description alone: no tool is called.
 */
export function inventory(top: Module, values: Numbers = {}): Stock {
  const known = new Map<string, Stock>();
  const stockOf: StockOf = (module, numbers, texts) => {
    const key = JSON.stringify([module.name, numbers, texts]);
    const stock = known.get(key) ?? takeStock(module, numbers, texts, stockOf);
    known.set(key, stock);
    return stock;
  };
  return stockOf(top, { ...defaults(top).numbers, ...values }, defaults(top).texts);
}

function defaults({ parameters }: Module): { readonly numbers: Numbers; readonly texts: Texts } {
  const entries = Object.entries(parameters);
  return {
    numbers: Object.fromEntries(
      entries.flatMap(([name, p]) => (p.kind === 'integer' ? [[name, p.value] as const] : [])),
    ),
    texts: Object.fromEntries(
      entries.flatMap(([name, p]) => (p.kind === 'text' ? [[name, p.value] as const] : [])),
    ),
  };
}

function takeStock(module: Module, numbers: Numbers, texts: Texts, stockOf: StockOf): Stock {
  const draft: Draft = { memories: [], products: [], logic: noLogic() };
  const at = (name: string): number => numbers[name] as number;
  const ports = Object.entries(module.ports);
  const clocked = new Set(clockedTargets(module.items));
  const outputs = ports.filter(([name, p]) => p.direction === 'output' && clocked.has(name));
  for (const [, { type }] of outputs) draft.logic.registers += type.width.evaluate(at);
  const place: InventoryScope = {
    at,
    prefix: '',
    memories: new Map(),
    registers: new Set(outputs.map(([name]) => name)),
    inputs: new Set(ports.filter(([, p]) => p.direction === 'input').map(([name]) => name)),
  };
  takeItems(module, module.items, place, texts, draft, stockOf);
  return draft;
}

function takeItems(
  module: Module,
  items: readonly Item[],
  outer: InventoryScope,
  texts: Texts,
  draft: Draft,
  stockOf: StockOf,
): void {
  const { at, prefix } = outer;
  const memories = new Map<string, MemoryDraft>(outer.memories);
  const registers = new Set(outer.registers);
  const own: { readonly item: Memory; readonly ports: MemoryDraft }[] = [];
  for (const item of items) {
    if (item.kind === 'memory') {
      const ports = { width: item.width.evaluate(at), reads: [], writes: [] };
      memories.set(item.name, ports);
      own.push({ item, ports });
    }
    if (item.kind === 'signal' && item.storage === 'reg') {
      registers.add(item.name);
      draft.logic.registers += item.type.width.evaluate(at);
    }
  }
  const place: InventoryScope = { ...outer, memories, registers };
  const below = (inner: readonly Item[], change: Partial<InventoryScope>): void =>
    takeItems(module, inner, { ...place, ...change }, texts, draft, stockOf);
  for (const [n, item] of items.entries()) {
    switch (item.kind) {
      case 'signal':
        if (item.value !== null) countValue(item.value, place, draft, item.name);
        break;
      case 'assign':
        countValue(item.value, place, draft);
        break;
      case 'always':
        countAlways(item.body, place, draft, `${prefix}${n}`);
        break;
      case 'instance':
        takeInstance(item, place, texts, draft, stockOf);
        break;
      case 'for': {
        const count = item.count.evaluate(at);
        for (let i = 0; i < count; i++) {
          below(item.items, {
            at: (name) => (name === item.variable ? i : at(name)),
            prefix: `${prefix}${item.label}[${i}].`,
          });
        }
        break;
      }
      case 'if': {
        const yes = chosen(item, at);
        const label = yes ? item.label : item.otherwiseLabel;
        below(yes ? item.then : item.otherwise, { prefix: `${prefix}${label}.` });
        break;
      }
      default:
    }
  }
  for (const { item, ports } of own) {
    draft.memories.push({
      path: `${prefix}${item.name}`,
      module: module.name,
      width: ports.width,
      depth: item.depth.evaluate(at),
      image: imageOf(item, (name) => texts[name] ?? ''),
      ...(item.unset && { unset: item.unset }),
      reads: ports.reads,
      writes: ports.writes,
    });
  }
}

function takeInstance(
  { name, module, parameters, ports }: Instance,
  place: InventoryScope,
  texts: Texts,
  draft: Draft,
  stockOf: StockOf,
): void {
  const numbers: Record<string, number> = { ...defaults(module).numbers };
  const images: Record<string, string> = { ...defaults(module).texts };
  for (const [parameter, value] of Object.entries(parameters)) {
    if (value instanceof Int) numbers[parameter] = value.evaluate(place.at);
    else images[parameter] = 'text' in value ? value.text : (texts[value.parameter] as string);
  }
  const stock = stockOf(module, numbers, images);
  const path = `${place.prefix}${name}.`;
  const seen = (p: MemoryPort): MemoryPort => ({
    ...p,
    address: outerAddress(p.address, ports, place),
  });
  for (const m of stock.memories) {
    const [reads, writes] = [m.reads.map(seen), m.writes.map(seen)];
    draft.memories.push({ ...m, path: `${path}${m.path}`, reads, writes });
  }
  for (const p of stock.products) draft.products.push({ ...p, path: `${path}${p.path}` });
  addLogic(draft.logic, stock.logic);
}
