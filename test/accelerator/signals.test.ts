import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import {
  type Configuration,
  designSignals,
  emitVerilog,
  planDesign,
} from '../../generator/accelerator/index.js';
import { randomModel } from '../../generator/network/random.js';

const model = randomModel({
  inputs: 16,
  hidden: [16, 16],
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
  sharing: 'shared',
  outputs: 5,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
});
const styles = (['parameterized', 'specialised'] as const).map(
  (style) =>
    [
      style,
      planDesign(model, { name: 'mini', macs: 64, cellLanes: 2, style }).configuration,
    ] as const,
);

/** Paths of all wires and registers that a simulation of the core shows, by Icarus Verilog. */
async function shownPaths(c: Configuration): Promise<ReadonlySet<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-signals-'));
  try {
    const verilog = [...emitVerilog(c)].filter(([path]) => path.endsWith('.v'));
    const files = verilog.map(([path, text]) => {
      const file = join(folder, path.replace('rtl/', ''));
      // a simulation at time zero needs no images
      writeFileSync(file, text.replace(/^.*\$readmemh.*$/gm, ''));
      return file;
    });
    const dump = `module dump; initial begin $dumpfile("${folder}/dump.vcd");
      $dumpvars(0, mini_core); #1 $finish; end endmodule`;
    writeFileSync(join(folder, 'dump.v'), dump);
    const program = join(folder, 'dump.vvp');
    const tops = ['-s', 'mini_core', '-s', 'dump'];
    await execa('iverilog', ['-g2005', '-o', program, ...tops, join(folder, 'dump.v'), ...files]);
    await execa('vvp', ['-n', program]);
    const scopes: string[] = [];
    const paths = new Set<string>();
    for (const line of readFileSync(join(folder, 'dump.vcd'), 'utf8').split('\n')) {
      const [word, kind, ...rest] = line.trim().split(/\s+/);
      if (word === '$scope') scopes.push(rest[0] as string);
      if (word === '$upscope') scopes.pop();
      if (word === '$var' && kind !== 'parameter' && kind !== 'integer') {
        paths.add([...scopes, rest[2]].join('.'));
      }
    }
    return paths;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Every path that a path with ranges stands for. */
function spread(path: string): readonly string[] {
  const range = /\[(\d+):(\d+)\]/.exec(path);
  if (range === null) return [path];
  const [text, first, last] = range;
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) =>
    path.replace(text, `[${Number(first) + i}]`),
  ).flatMap(spread);
}

describe.each(styles)('signals of a %s design', (_, c) => {
  const { signals, registers } = designSignals(c, true);

  test('are the ones in a waveform, with the same paths', async () => {
    const { mini: _, ...below } = signals;
    const listed = Object.values(below).flatMap((module) =>
      module.instances.flatMap((instance) =>
        Object.entries(module.signals)
          .filter(([, { kind }]) => kind === 'wire' || kind === 'register')
          .flatMap(([name]) => spread(`${instance}.${name}`)),
      ),
    );
    const shown = await shownPaths(c);
    expect(shown.size).toBeGreaterThan(500);
    expect([...shown].filter((path) => !new Set(listed).has(path))).toEqual([]);
    // two instances of a module can take different branches of a generate condition
    expect(listed.filter((path) => !shown.has(path) && !/\.g_\w+\./.test(path))).toEqual([]);
  });

  test('name lines of the accelerator that speak of them', () => {
    for (const [name, module] of Object.entries(signals)) {
      expect(module.source, name).toMatch(/^generator\/accelerator\/[\w/-]+\.ts:\d+$/);
      for (const [signal, { source, kind, drivenAt }] of Object.entries(module.signals)) {
        expect(source, signal).toMatch(/^generator\/accelerator\/[\w/-]+\.ts:\d+$/);
        if (kind === 'register') expect(drivenAt, `${name}.${signal}`).not.toEqual([]);
      }
    }
  });

  test('the registers behind the compared tensors are those that compute them', () => {
    const line = (at: string): string => {
      const [file, number] = at.split(':') as [string, string];
      return (readFileSync(file, 'utf8').split('\n')[Number(number) - 1] as string).trim();
    };
    const found = Object.fromEntries(
      Object.entries(registers).map(([tensor, list]) => [
        tensor,
        list.map(({ signal, drivenAt }) => [signal, ...drivenAt.map(line)]),
      ]),
    );
    expect(found).toEqual({
      sums: [
        [
          'mini_core.u_cells.g_lane[0:1].g_gate[0:3].u_gate_sum.sum',
          'stages.held(stage, set(io.sum, x.addWrap(h).addWrap(b))),',
        ],
      ],
      c: [
        [
          'mini_core.u_cells.g_lane[0:1].u_lane.cell_next',
          'stages.held(at.plus(3), set(io.cell_next, clamped)),',
        ],
      ],
      h: [
        [
          'mini_core.u_cells.g_lane[0:1].u_lane.hidden',
          'stages.held(at.plus(1), set(io.hidden, hiddenClamped)),',
        ],
      ],
      outputs: [['mini_core.u_output.queue', 'when(asked, [set(queue.at(tail), entry)]),']],
    });
  });

  test('have no lines where none are wanted', () => {
    expect(JSON.stringify(designSignals(c, false))).not.toContain('generator/');
    expect(designSignals(c, false).registers.h?.[0]?.signal).toBe(registers.h?.[0]?.signal);
  });
});
