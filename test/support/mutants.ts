import { expect } from 'vitest';
import { emitModule, type Module, modulesBelow } from '../../generator/hdl/index.js';
import { portsOf } from './block-ports.js';
import {
  type BlockPort,
  type InputVector,
  type OutputVector,
  verilate,
} from './verilated-block.js';

/** A change of the emitted text of one module, by the end of its name; it must hit. */
export interface Mutation {
  readonly module: string;
  readonly from: string | RegExp;
  readonly to: string;
}

export type Mutations = Readonly<Record<string, Mutation>>;

/** A block and mutants of it on the same inputs. */
export interface Mutants {
  /** `errors` counts what is wrong with the outputs: nothing for the block, something for every mutant. */
  check(
    vectors: readonly InputVector[],
    errors: (out: readonly OutputVector[]) => number,
    options?: { readonly files?: Readonly<Record<string, string>>; readonly seed?: number },
  ): Promise<void>;
}

/**
 * Builds a block side by side with mutants of it, in one simulation. A test shows that its check finds nothing wrong
 * with the block, and something with every mutant.
 */
export async function withMutants(
  module: Module,
  mutations: Mutations,
  parameters: Readonly<Record<string, number | string>> = {},
): Promise<Mutants> {
  const modules = modulesBelow(module).map((m) => ({ name: m.name, text: emitModule(m) }));
  const ports = portsOf(module, parameters);
  const clocked = module.ports.clk !== undefined;
  const names = Object.keys(mutations);
  const variants = [null, ...names.map((name) => mutations[name] as Mutation)];
  const sources = variants.flatMap((mutation, v) => {
    let hits = 0;
    const texts = modules.map(({ name, text }) => {
      const mutated =
        mutation !== null && name.endsWith(mutation.module)
          ? text.replace(mutation.from, mutation.to)
          : text;
      if (mutated !== text) hits++;
      const renamed = modules.reduce(
        (all, m) => all.replaceAll(new RegExp(`\\b${m.name}\\b`, 'g'), `${m.name}_v${v}`),
        mutated,
      );
      return { name: `${name}_v${v}.v`, text: renamed };
    });
    if (mutation !== null && hits !== 1) throw new Error(`nothing to replace: ${mutation.from}`);
    return texts;
  });
  const outputs = ports.filter((p) => p.direction === 'output');
  const inputs = ports.filter((p) => p.direction === 'input');
  const ofVariant = (v: number): BlockPort[] =>
    outputs.map((p) => ({ ...p, name: `${p.name}_v${v}` }));
  const all = [...inputs, ...variants.flatMap((_, v) => ofVariant(v))];
  const range = (p: BlockPort): string => (p.width === 1 ? '' : `[${p.width - 1}:0] `);
  const values = Object.entries(parameters).map(
    ([k, v]) => `.${k}(${typeof v === 'number' ? v : `"${v}"`})`,
  );
  const bench = [
    'module bench (',
    ...(clocked ? ['  input wire clk,'] : []),
    all.map((p) => `  ${p.direction} wire ${range(p)}${p.name}`).join(',\n'),
    ');',
    ...variants.map((_, v) => {
      const pins = [
        ...(clocked ? ['.clk(clk)'] : []),
        ...inputs.map((p) => `.${p.name}(${p.name})`),
        ...outputs.map((p) => `.${p.name}(${p.name}_v${v})`),
      ];
      return `  ${module.name}_v${v} #(${values.join(', ')}) dut_${v} (${pins.join(', ')});`;
    }),
    'endmodule',
    '',
  ].join('\n');
  const block = await verilate({
    top: 'bench',
    sources: [{ name: 'bench.v', text: bench }, ...sources],
    ports: all,
    ...(clocked ? {} : { clock: null }),
  });
  return {
    check: async (vectors, errors, options) => {
      const out = await block.run(vectors, options);
      const seenBy = (v: number): OutputVector[] =>
        out.map((o) =>
          Object.fromEntries(outputs.map(({ name }) => [name, o[`${name}_v${v}`] as bigint])),
        );
      expect(errors(seenBy(0)), 'wrong outputs').toBe(0);
      names.forEach((name, i) => {
        expect(errors(seenBy(i + 1)), `mutant that ${name}`).toBeGreaterThan(0);
      });
    },
  };
}
