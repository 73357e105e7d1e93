import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, draw, keyOf, type Mutant, mutantsOf } from '../../generator/cosim/inject/draw.js';
import type { Design } from '../../generator/design/read/read.js';
import { ARGUED } from '../../scripts/mutation/equivalent.js';
import { goldenDesign, modulesOf } from '../../scripts/mutation/golden-design.js';
import { prove } from '../../scripts/mutation/prove.js';
import { survey } from '../../scripts/mutation/survey.js';

const GOLDEN = 'test/accelerator/golden';

/** A module with one place for each kind of mutation, and places that are left alone. */
const SMALL = `
module mini_small #(parameter WIDTH = 4) (
  input wire clk,
  input wire rst,
  input wire enable, // a + b
  input wire [WIDTH - 1:0] a,
  input wire [WIDTH - 1:0] b,
  output reg [WIDTH - 1:0] q
);
  generate
    if (WIDTH < 2) begin : g_check
      WIDTH_must_be_at_least_2 parameter_error ();
    end
  endgenerate
  wire more = a <= b;
  wire [WIDTH - 1:0] chosen = more ? a : {b[WIDTH - 2:0], a[3]};
  wire unused_bits = &{1'b0, a[1], 1'b0};
  always @(posedge clk) begin
    if (rst) begin
      q <= {WIDTH{1'b0}};
    end else if (enable) begin
      q <= chosen - 4'd3;
    end
  end
endmodule
`;

const changes = (text: string) =>
  [...mutantsOf('small', text)].flatMap(([kind, all]) =>
    all.map((one) => `${kind}: ${one.from} -> ${one.to}`),
  );

describe('mutants', () => {
  test('are of every kind, at every place of a module that does something', () => {
    const all = changes(SMALL);
    for (const one of [
      'operator: <= -> <',
      'operator: - -> +',
      "operator: chosen - 4'd3 -> 4'd3 - chosen",
      "constant: 4'd3 -> 4'd4",
      "constant: 4'd3 -> 4'd0",
      'slice: 3 -> (3) - 1',
      'slice: WIDTH - 2:0 -> (WIDTH - 2) + 1:(0) + 1',
      "reset: q <= {WIDTH{1'b0}}; -> ;",
      "reset: {WIDTH{1'b0}} -> ~({WIDTH{1'b0}})",
      "reset: rst -> 1'b0",
      'branch: enable -> !(enable)',
      "branch: enable -> 1'b1",
      "assignment: q <= chosen - 4'd3; -> ;",
      'assignment: a -> b',
      'ternary: a : {b[WIDTH - 2:0], a[3]} -> {b[WIDTH - 2:0], a[3]} : a',
      "ternary: more -> 1'b0",
      'concatenation: b[WIDTH - 2:0], a[3] -> a[3], b[WIDTH - 2:0]',
    ]) {
      expect(all).toContain(one);
    }
  });

  test('are none of the header, of guards, of widths and of wires that nothing reads', () => {
    const lines = [...mutantsOf('small', SMALL).values()].flat().map(({ line }) => line);
    expect(lines.filter((line) => /parameter|input|unused|WIDTH < 2|g_check/.test(line))).toEqual(
      [],
    );
    // an assignment under a clock is no comparison
    expect(changes(SMALL).filter((one) => one.startsWith('operator: <='))).toHaveLength(2);
  });

  test('are known by their line, wherever it stands', () => {
    const keys = (text: string) => [...mutantsOf('small', text).values()].flat().map(keyOf);
    const moved = SMALL.replace('  wire more', '\n  // a comment\n    wire  more');
    expect(keys(moved)).toEqual(keys(SMALL));
    expect(new Set(keys(SMALL)).size).toBe(keys(SMALL).length);
  });

  test('are drawn from all modules alike, the same ones again, no one twice', () => {
    const texts = new Map(
      readdirSync(GOLDEN)
        .filter((name) => name.endsWith('.v'))
        .map((name) => [name, readFileSync(join(GOLDEN, name), 'utf8')]),
    );
    const some = (seed: number, count: number) => {
      const all: Mutant[] = [];
      for (const mutant of draw(texts, seed)) if (all.push(mutant) === count) break;
      return all;
    };
    const first = some(5, 8 * texts.size);
    expect(some(5, 8 * texts.size)).toEqual(first);
    expect(some(6, 20)).not.toEqual(first.slice(0, 20));
    expect(new Set(first.map(keyOf)).size).toBe(first.length);
    for (const module of texts.keys()) {
      const of = first.filter((one) => one.module === module).length;
      expect([module, of]).toEqual([module, 8]);
    }
    expect(new Set(first.map(({ kind }) => kind)).size).toBe(8);
    for (const one of first) expect(changed(texts.get(one.module) as string, one)).not.toBe('');
  });

  test('count in the order of the draw, whichever is judged first', async () => {
    const drawn = [...mutantsOf('small', SMALL).values()].flat().slice(0, 9);
    const kinds = ['killed', 'same', 'unbuilt', 'survived'] as const;
    const judge = async (mutant: Mutant) => {
      const n = drawn.indexOf(mutant);
      for (let turns = 0; turns < 9 - n; turns++) await Promise.resolve();
      return { kind: kinds[n % 4] as (typeof kinds)[number], by: '' };
    };
    for (const jobs of [1, 3]) {
      const { judged, same, unbuilt } = await survey(drawn, judge, { count: 3, jobs });
      expect(judged.map(({ mutant }) => drawn.indexOf(mutant))).toEqual([0, 3, 4]);
      expect([same, unbuilt]).toEqual([1, 1]);
    }
  });
});

describe('the golden mini design', () => {
  let folder: string;
  let design: Design;
  beforeAll(async () => {
    spawnSync('scripts/build');
    folder = mkdtempSync(join(tmpdir(), 'hcgs-mutation-'));
    design = await goldenDesign(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The mutants of a module that change a text into another one. */
  const mutants = (module: string, from: string, to: string) =>
    [...mutantsOf(module, modulesOf(design).get(module) as string).values()]
      .flat()
      .filter((one) => one.from === from && one.to === to);

  test('is the one whose Verilog is kept', () => {
    for (const [module, text] of modulesOf(design)) {
      const name = module === 'top' ? 'mini' : `mini_${module}`;
      expect(text, module).toBe(readFileSync(join(GOLDEN, `${name}.v`), 'utf8'));
    }
  });

  test('has every mutant of the list of arguments', () => {
    const all = [...modulesOf(design)].flatMap(([module, text]) => [
      ...mutantsOf(module, text).values(),
    ]);
    const known = new Set(all.flat().map(keyOf));
    expect(ARGUED.map((one) => keyOf(one)).filter((key) => !known.has(key))).toEqual([]);
  });

  test('a proof finds what is the same and nothing else', async () => {
    const text = modulesOf(design).get('busy_counter') as string;
    const [counted] = mutants('busy_counter', "32'd1", "32'd2");
    expect(counted).toBeDefined();
    expect(await prove(design, counted as Mutant, join(folder, 'wrong'))).toBe(false);
    const start = text.indexOf("32'd1", counted?.start);
    const same = { ...(counted as Mutant), start, end: start + 5, to: "(32'd2 - 32'd1)" };
    expect(await prove(design, same, join(folder, 'same'))).toBe(true);
  });

  test('is found to be wrong with a mutant in it', async () => {
    const run = spawnSync('scripts/mutate', ['--count', '3', '--seed', '7', '--json'], {
      encoding: 'utf8',
    });
    // what three mutants say of the check is no figure: a survivor among them is no fault of the tool
    expect([0, 1], run.stderr).toContain(run.status);
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: run.status === 0, seed: 7, mutants: 3 });
    expect(run.stderr).toMatch(/3\/3 (killed|survived)/);
  });
});

test('scripts/mutate knows its options and refuses others', () => {
  const run = (...options: string[]) => spawnSync('scripts/mutate', options, { encoding: 'utf8' });
  expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--count') });
  expect(run('--count', 'x')).toMatchObject({ status: 2, stdout: '' });
  const { stdout, status } = run('--list', '--count', '4', '--json');
  expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ length: 4 })]);
});
