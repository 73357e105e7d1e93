import { type Elaborated, type Signal, signalAt } from '../walk/elaborate.js';
import { references } from '../walk/exprs.js';
import type { Elaborations } from '../walk/points.js';

/** Which signals a signal depends on without a register between: whole signals, so it may say too much. */
export class SignalPaths {
  private readonly sources = new WeakMap<Signal, ReadonlySet<Signal>>();
  private readonly inputs = new WeakMap<Signal, ReadonlySet<string>>();

  constructor(private readonly elaborations: Elaborations) {}

  sourcesOf(signal: Signal): ReadonlySet<Signal> {
    const known = this.sources.get(signal);
    if (known !== undefined) return known;
    const found = new Set<Signal>();
    for (const { clocked, source } of signal.drives) {
      if (clocked || signal.declared.storage === 'input') continue;
      const add = (value: Parameters<typeof references>[0], place: typeof from): void =>
        references(value, (node) => {
          const read = signalAt(node, place);
          if (read !== undefined) found.add(read);
        });
      const from = source.kind === 'value' ? source.place : source.instance.place;
      if (source.kind === 'value') {
        add(source.value, from);
        continue;
      }
      const { item, values } = source.instance;
      for (const input of this.inputsOf(this.elaborations.at(item.module, values), source.port)) {
        const value = item.ports[input];
        if (value !== undefined) add(value, from);
      }
    }
    this.sources.set(signal, found);
    return found;
  }

  /** Inputs of a module that an output of it depends on. */
  private inputsOf({ ports }: Elaborated, port: string): ReadonlySet<string> {
    const output = ports.get(port) as Signal;
    const known = this.inputs.get(output);
    if (known !== undefined) return known;
    const seen = new Set([output]);
    for (const signal of seen) for (const source of this.sourcesOf(signal)) seen.add(source);
    const inputs = [...seen].filter(({ declared }) => declared.storage === 'input');
    const names = new Set(inputs.map(({ declared }) => declared.name));
    this.inputs.set(output, names);
    return names;
  }
}
