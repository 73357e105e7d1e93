import type { Diagnostic, DiagnosticCode } from '../diagnostics.js';
import type { Expr } from '../expr.js';
import type { Item, Module, Statement } from '../module.js';
import { chosen } from '../verilog/lower.js';

/** One signal or memory; inside a generate loop, that of one iteration. */
interface Signal {
  readonly name: string;
  readonly storage: 'input' | 'output' | 'wire' | 'reg';
  readonly width: number;
  readonly site: string;
  readonly drives: Drive[];
}

/** Bits low ... high - 1, driven by one assignment, instance or always block. */
interface Drive {
  readonly low: number;
  readonly high: number;
  readonly by: object;
  readonly clocked: boolean;
  readonly site: string;
}

interface Place {
  readonly visible: ReadonlyMap<string, Signal>;
  /** Values of parameters and loop variables. */
  readonly numbers: ReadonlyMap<string, number>;
}

/**
 * Bits that two places drive or that none does, and set() or assign() on the wrong kind of signal. The module is
 * unrolled at the default values of its parameters; a branch that is not taken there is not looked at.
 */
export function checkDrivers(module: Module): Diagnostic[] {
  const numbers = new Map<string, number>();
  for (const [name, p] of Object.entries(module.parameters)) {
    if (p.kind === 'integer') numbers.set(name, p.value);
  }
  const signals = new Map<string, Signal>();
  for (const [name, { direction, type, site }] of Object.entries(module.ports)) {
    const width = type.width.evaluate((n) => numbers.get(n) as number);
    signals.set(name, { name, storage: direction, width, site, drives: [] });
  }
  const all = [...signals.values()];
  unroll(module.items, { visible: signals, numbers }, all);
  const found = new Map<string, Diagnostic>();
  for (const signal of all) {
    for (const [code, text, site] of complaints(signal)) {
      const message = `${module.name}.${signal.name}${text}`;
      if (!found.has(`${code} ${signal.name}`)) {
        found.set(`${code} ${signal.name}`, { code, message, site });
      }
    }
  }
  return [...found.values()];
}

function unroll(items: readonly Item[], outer: Place, all: Signal[]): void {
  const { numbers } = outer;
  const at = (name: string): number => numbers.get(name) as number;
  const visible = new Map(outer.visible);
  const place = { visible, numbers };
  for (const item of items) {
    const { site } = item;
    if (item.kind !== 'signal' && item.kind !== 'memory') continue;
    const { name } = item;
    const [storage, bits] =
      item.kind === 'memory' ? (['reg', item.width] as const) : [item.storage, item.type.width];
    const signal: Signal = { name, storage, width: bits.evaluate(at), site, drives: [] };
    visible.set(name, signal);
    all.push(signal);
  }
  for (const item of items) {
    switch (item.kind) {
      case 'signal': {
        const signal = visible.get(item.name) as Signal;
        const whole = { low: 0, high: signal.width, by: {}, clocked: false, site: item.site };
        if (item.value !== null) signal.drives.push(whole);
        break;
      }
      case 'assign':
        drive(item.target, place, { by: {}, clocked: false, site: item.site });
        break;
      case 'always': {
        const by = {};
        for (const s of item.body) statement(s, place, by);
        break;
      }
      case 'instance':
        for (const [name, port] of Object.entries(item.module.ports)) {
          const target = item.ports[name];
          if (port.direction === 'input' || target === undefined) continue;
          drive(target, place, { by: {}, clocked: false, site: item.site });
        }
        break;
      case 'for': {
        const count = item.count.evaluate(at);
        for (let i = 0; i < count; i++) {
          unroll(item.items, { visible, numbers: new Map(numbers).set(item.variable, i) }, all);
        }
        break;
      }
      case 'if':
        unroll(chosen(item, at) ? item.then : item.otherwise, place, all);
    }
  }
}

function statement(s: Statement, place: Place, by: object): void {
  if (s.kind === 'set') drive(s.target, place, { by, clocked: true, site: s.site });
  else for (const inner of [...s.then, ...s.otherwise]) statement(inner, place, by);
}

function drive({ node }: Expr, place: Place, what: Pick<Drive, 'by' | 'clocked' | 'site'>): void {
  if (node.kind === 'cast') {
    drive(node.a, place, what);
    return;
  }
  if (node.kind !== 'name' && node.kind !== 'part' && node.kind !== 'select') return;
  const signal = place.visible.get(node.name);
  if (signal === undefined) return;
  const at = (name: string): number => place.numbers.get(name) as number;
  const low = node.kind === 'part' ? node.base.evaluate(at) : 0;
  const high = node.kind === 'part' ? low + node.width.evaluate(at) : signal.width;
  signal.drives.push({ ...what, low, high });
}

function* complaints(signal: Signal): Generator<readonly [DiagnosticCode, string, string]> {
  const { storage, width, drives } = signal;
  const [first] = drives;
  if (first === undefined) return;
  if (storage === 'input') {
    yield ['DRIVEN_TWICE', ' is an input', first.site];
    return;
  }
  const clocked = storage === 'reg' || (storage === 'output' && drives.some((d) => d.clocked));
  const wrong = drives.find((d) => d.clocked !== clocked);
  if (wrong !== undefined) yield ['NOT_A_REGISTER', '', wrong.site];
  const order = [...drives].sort((a, b) => a.low - b.low);
  let reached = { low: 0, high: 0, by: {} } as Drive;
  for (const next of order) {
    if (next.low < reached.high && next.by !== reached.by) {
      const bits = `, bit ${next.low}: at ${reached.site} too`;
      yield ['DRIVEN_TWICE', bits, next.site];
    }
    if (next.low > reached.high) {
      yield ['UNDRIVEN', `, bits ${reached.high} to ${next.low - 1}`, signal.site];
    }
    if (next.high > reached.high) reached = next;
  }
  if (reached.high < width) {
    yield ['UNDRIVEN', `, bits ${reached.high} to ${width - 1}`, signal.site];
  }
  if (reached.high > width) {
    yield ['WIDTH_MISMATCH', ` has ${width} bits, bit ${reached.high - 1} is driven`, reached.site];
  }
}
