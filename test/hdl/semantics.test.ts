import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import {
  defineModule,
  type Expr,
  emitModule,
  type Int,
  input,
  integer,
  type Module,
  max,
  output,
  type Port,
  sint,
  specialise,
  type Type,
  uint,
} from '../../generator/hdl/index.js';
import { portsOf } from '../support/block-ports.js';
import { type InputVector, type OutputVector, verilate } from '../support/verilated-block.js';
import { runIcarus } from './support/icarus.js';
import { type Case, ExpressionSource, read, type Values } from './support/random-exprs.js';

/** HCGS_SEED chooses other expressions, HCGS_RUNS more modules of them. */
const SEED = Number(process.env.HCGS_SEED ?? 1);
const RUNS = Number(process.env.HCGS_RUNS ?? 1);
const OUTPUTS = 90;
const VECTORS = 100;
const DEFAULTS = { A: 5, B: 11 };

/** Inputs of constant and of symbolic width. */
function inputTypes(A: Int, B: Int): Readonly<Record<string, Type>> {
  return {
    ...{ u1: uint(1), u4: uint(4), u13: uint(13), u32: uint(32), u40: uint(40) },
    ...{ s2: sint(2), s9: sint(9), s32: sint(32), s33: sint(33) },
    ...{ ua: uint(A), sb: sint(B), uab: uint(A.plus(B)), sm: sint(max(A, B).plus(1)) },
  };
}

/** A module of `OUTPUTS` random expressions over the inputs. */
function randomModule(seed: number): { readonly module: Module; readonly cases: readonly Case[] } {
  const cases: Case[] = [];
  let types: Record<string, Type> = {};
  const draft = (widths: readonly Type[] | null): Module => {
    const random = new Random(seed);
    cases.length = 0;
    return defineModule({
      name: 'expressions',
      doc: 'Random expressions.',
      parameters: { A: integer(DEFAULTS.A, 'Bits'), B: integer(DEFAULTS.B, 'Bits') },
      ports: (p) => {
        types = inputTypes(p.A, p.B);
        const ports = Object.entries(types).map(([n, t]): [string, Port] => [n, input(t)]);
        const outs = (widths ?? []).map((t, i): [string, Port] => [`y${i}`, output(t)]);
        return Object.fromEntries([...ports, ...outs]);
      },
      body: (m, p, io) => {
        const inputs = Object.entries(types).map(([name, { sign, width }]): Case => {
          const bits = (at: Values): number => width.evaluate(at.numbers);
          return {
            text: name,
            expr: io[name] as Expr,
            value: (at) => read(sign, bits(at), at.inputs[name] as bigint),
          };
        });
        const at = (name: string): number => DEFAULTS[name as keyof typeof DEFAULTS];
        const draw = new ExpressionSource(random, m, inputs, p, at);
        m.unused('inputs', ...inputs.map((c) => c.expr));
        for (let i = 0; i < OUTPUTS; i++) {
          const c = draw.draw(1 + (i % 4));
          cases.push(c);
          if (widths === null) m.unused(`y${i}`, c.expr);
          else m.assign(io[`y${i}`] as Expr, c.expr);
        }
        m.unused('wires', ...draw.wires);
      },
    });
  };
  // The types of the outputs are known once the expressions are drawn: the same seed draws them again.
  draft(null);
  const module = draft(cases.map(({ expr: { sign, width } }) => ({ sign, width })));
  return { module, cases };
}

function vectorsOf(module: Module, given: Record<string, number>, seed: number): InputVector[] {
  const random = new Random(seed);
  const inputs = portsOf(module, given).filter((p) => p.direction === 'input');
  return Array.from({ length: VECTORS }, (_, n) =>
    Object.fromEntries(
      inputs.map(({ name, width }) => {
        const word = (BigInt(random.uint32()) << 32n) | BigInt(random.uint32());
        const corners = [0n, -1n, 1n, 1n << BigInt(width - 1), (1n << BigInt(width - 1)) - 1n];
        const value = n < 5 ? corners[n] : random.below(4) === 0 ? corners[random.below(5)] : word;
        return [name, BigInt.asUintN(width, value as bigint)];
      }),
    ),
  );
}

function differences(
  cases: readonly Case[],
  given: Record<string, number>,
  vectors: readonly InputVector[],
  got: readonly OutputVector[],
): string[] {
  const numbers = (name: string): number => given[name] as number;
  return cases.flatMap(({ text, expr, value }, i) => {
    const width = expr.width.evaluate(numbers);
    const wrong = vectors.findIndex((inputs, n) => {
      const wanted = value({ numbers, inputs: inputs as Record<string, bigint> });
      return BigInt.asUintN(width, wanted) !== got[n]?.[`y${i}`];
    });
    if (wrong < 0) return [];
    const wanted = value({ numbers, inputs: vectors[wrong] as Record<string, bigint> });
    return [`y${i} = ${text}: expected ${wanted}, got ${got[wrong]?.[`y${i}`]} (vector ${wrong})`];
  });
}

const POINTS = [DEFAULTS, { A: 2, B: 3 }, { A: 17, B: 9 }] as const;

describe.each(Array.from({ length: RUNS }, (_, i) => SEED + 2 * i))(
  'random expressions, seed %i',
  (seed) => {
    const directory = mkdtempSync(path.join(tmpdir(), 'hcgs-expressions-'));
    afterAll(() => rmSync(directory, { recursive: true }));
    const { module, cases } = randomModule(seed);
    let text: string;
    beforeAll(() => {
      console.log(`HCGS_SEED=${seed}`);
      text = emitModule(module);
    });

    it.each(POINTS)('mean in Icarus what the eDSL says, at $A and $B bits', async (given) => {
      const vectors = vectorsOf(module, given, seed);
      const got = await runIcarus(module.name, text, portsOf(module, given), given, vectors);
      expect(differences(cases, given, vectors, got)).toEqual([]);
    });

    it.each(POINTS)('mean in Verilator what the eDSL says, at $A and $B bits', async (given) => {
      const block = await verilate({
        top: module.name,
        sources: [{ name: 'expressions.v', text }],
        ports: portsOf(module, given),
        parameters: given,
        clock: null,
      });
      const vectors = vectorsOf(module, given, seed);
      expect(differences(cases, given, vectors, await block.run(vectors))).toEqual([]);
    });

    it.each(POINTS)('mean the same specialised to $A and $B bits', async (given) => {
      const vectors = vectorsOf(module, given, seed);
      const special = emitModule(specialise(module, given));
      expect(special).not.toMatch(/\bparameter\b/);
      const got = await runIcarus(module.name, special, portsOf(module, given), {}, vectors);
      expect(differences(cases, given, vectors, got)).toEqual([]);
    });

    it('mean something else without their signs', async () => {
      const vectors = vectorsOf(module, DEFAULTS, seed);
      const ports = portsOf(module, DEFAULTS);
      const broken = text.replaceAll('$signed', '$unsigned');
      const got = await runIcarus(module.name, broken, ports, DEFAULTS, vectors);
      expect(differences(cases, DEFAULTS, vectors, got)).not.toEqual([]);
    });

    it('raise no width warning in Verilator', async () => {
      writeFileSync(path.join(directory, 'expressions.v'), text);
      const flags = ['--lint-only', '-Wall', '-Wno-UNUSED', '-Wno-CMPCONST', '-Wno-UNSIGNED'];
      const lint = await execa('verilator', [...flags, 'expressions.v'], {
        cwd: directory,
        reject: false,
      });
      expect(lint.stderr).toBe('');
    });
  },
);
