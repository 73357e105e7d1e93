import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectCache } from '../../generator/cosim/build/verilator.js';
import { programPath } from '../../generator/flow/tools/tools.js';
import { beatsOf, outputBeats, readRun, streamBench } from '../support/stream-bench.js';
import { smallDesign } from './support/small-design.js';

const fusesoc = programPath('fusesoc');
if (fusesoc === null) {
  console.warn('skipped: fusesoc is not installed (scripts/setup --flow)');
}

const tclsh = programPath('tclsh');
const compilerCache = await objectCache();

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-fusesoc-'));
  design = await smallDesign(folder, 'tiny');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Files of the design in one of its folders, as the core file names them. */
function filesIn(name: string): readonly string[] {
  return readdirSync(join(design, name)).map((file) => `${name}/${file}`);
}

/** `fusesoc run` of a target; a target's work root is below `build`. */
async function fusesocRun(target: string, build: string, ...options: readonly string[]) {
  const root = ['--build-root', build, '--target', target];
  const { exitCode, all } = await execa(
    fusesoc ?? '',
    ['--cores-root', design, 'run', ...options, ...root, 'tiny'],
    { cwd: folder, all: true, reject: false, env: compilerCache },
  );
  return { exitCode, output: all };
}

function workRoot(build: string, target: string): string {
  const [core] = readdirSync(build);
  return join(build, core ?? '', target);
}

describe('the FuseSoC description of a design', () => {
  test('names every source and every memory image, and nothing that is not there', () => {
    const listed = [
      ...readFileSync(join(design, 'tiny.core'), 'utf8').matchAll(/^ {6}- ([^:\n]+)/gm),
    ].map(([, path]) => path as string);
    const verilog = filesIn('rtl').filter((path) => path.endsWith('.v'));
    expect(listed.filter((path) => path.startsWith('rtl/')).sort()).toEqual([...verilog].sort());
    expect(listed.filter((path) => path.startsWith('mem/')).sort()).toEqual(
      [...filesIn('mem')].sort(),
    );
    for (const path of listed) expect(existsSync(join(design, path)), path).toBe(true);
    expect(new Set(listed).size).toBe(listed.length);
  });

  test.skipIf(fusesoc === null)('lints', async () => {
    const { exitCode, output } = await fusesocRun('lint', join(folder, 'lint'));
    expect(exitCode, output).toBe(0);
    expect(output).toContain('verilator');
    expect(output).not.toContain('%Warning');
  });

  test.skipIf(fusesoc === null)('simulates, and compares with the golden outputs', async () => {
    const build = join(folder, 'sim');
    const good = await fusesocRun('sim', build);
    expect(good.exitCode, good.output).toBe(0);
    expect(good.output).toContain('PASSED: 6 frames');

    // one golden value off by one
    const outputs = join(workRoot(build, 'sim'), 'sim', 'vectors', 'outputs.txt');
    const text = readFileSync(outputs, 'utf8');
    writeFileSync(
      outputs,
      text.replace(/^-?\d+/, (value) => `${Number(value) + 1}`),
    );
    const bad = await execa('./Vtiny', { cwd: workRoot(build, 'sim'), reject: false });
    expect(bad.exitCode).toBe(1);
    expect(bad.stdout).toContain('frame 0, beat 0: output 0: expected');

    cpSync(outputs, join(design, 'sim', 'vectors', 'outputs.txt'));
    try {
      const red = await fusesocRun('sim', build);
      expect(red.exitCode).not.toBe(0);
      expect(red.output).toContain('FAILED: 6 frames');
    } finally {
      writeFileSync(join(design, 'sim', 'vectors', 'outputs.txt'), text);
    }
  });

  test.skipIf(fusesoc === null)('gives Vivado a project with all sources and images', async () => {
    const build = join(folder, 'vivado');
    const { exitCode, output } = await fusesocRun('vivado', build, '--setup');
    expect(exitCode, output).toBe(0);
    const root = workRoot(build, 'vivado');
    const script = readdirSync(root).find((file) => /\d\.tcl$/.test(file)) ?? '';
    const project = readFileSync(join(root, script), 'utf8');
    expect(project).toContain('set_property part xc7a100tcsg324-1 [current_project]');
    expect(project).toContain('set_property top tiny');
    const sources = [...project.matchAll(/^read_verilog \{(.*)\}$/gm)].map(
      ([, path]) => path ?? '',
    );
    expect(sources.map((path) => path.replace(/^.*\/rtl\//, 'rtl/')).sort()).toEqual(
      filesIn('rtl')
        .filter((path) => path.endsWith('.v'))
        .sort(),
    );
    for (const source of sources) expect(existsSync(join(root, source)), source).toBe(true);
    for (const image of filesIn('mem')) {
      expect(readFileSync(join(root, image))).toEqual(readFileSync(join(design, image)));
    }
    expect(project).toMatch(/^source \{.*flow\/vivado_hook\.tcl\}$/m);
  });

  test.skipIf(tclsh === null)('has Vivado copy the images to where it synthesises', async () => {
    const root = join(folder, 'project');
    const run = join(root, 'tiny.runs', 'synth_1');
    mkdirSync(run, { recursive: true });
    cpSync(join(design, 'mem'), join(root, 'mem'), { recursive: true });
    cpSync(join(design, 'flow'), join(root, 'flow'), { recursive: true });
    // what Vivado would do: make the project, then call the hook in the directory of the run
    const script = `
      proc read_mem {files} { puts "images [llength $files]" }
      proc get_runs {name} { return $name }
      proc set_property {property value object} {
        if {$property ne "STEPS.SYNTH_DESIGN.TCL.PRE"} { error $property }
        set ::hook $value
      }
      source flow/vivado_hook.tcl
      cd tiny.runs/synth_1
      source $::hook
    `;
    const { stdout } = await execa('tclsh', { cwd: root, input: script });
    expect(stdout).toContain(`images ${filesIn('mem').length}`);
    for (const image of filesIn('mem')) {
      expect(readFileSync(join(run, image))).toEqual(readFileSync(join(design, image)));
    }
  });

  test.skipIf(fusesoc === null)('sets Quartus, ECP5 and iCE40 projects up', async () => {
    for (const target of ['quartus', 'ecp5', 'ice40']) {
      const { exitCode, output } = await fusesocRun(target, join(folder, target), '--setup');
      expect(exitCode, output).toBe(0);
    }
  });
});

/** A core that depends on two designs, and a bench with a top of each. */
const PAIR = `CAPI=2:
name: ::pair:0
filesets:
  bench:
    depend: [hcgs:designs:tiny, hcgs:designs:twin]
    files:
      - tb.v: {file_type: verilogSource-2005}
      - beats.txt: {file_type: user, copyto: beats.txt}
targets:
  sim:
    filesets: [bench]
    toplevel: tb
    flow: sim
    flow_options: {tool: icarus}
`;

test.skipIf(fusesoc === null)(
  'two designs of one shape in one project each compute their own network',
  async () => {
    const twin = await smallDesign(folder, 'twin', [], 2);
    const vectors = (directory: string, name: string) =>
      readFileSync(join(directory, 'sim', 'vectors', name), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
    const frames = vectors(design, 'frames.txt');
    expect(vectors(twin, 'frames.txt')).toEqual(frames);
    const manifest = JSON.parse(readFileSync(join(design, 'design.json'), 'utf8'));
    const { streamLanes: lanes, xBytes, outBytes } = manifest.ports;
    const sequence = {
      inputs: frames[0]?.length as number,
      frames: frames.length,
      codes: Int32Array.from(frames.flatMap(([, ...codes]) => codes)),
      utteranceStarts: frames.flatMap(([start], n) => (start === 1 ? [n] : [])),
    };
    const beats = beatsOf(
      { ...sequence, inputs: sequence.inputs - 1 },
      { lanes, bytes: xBytes, other: '0' },
    );
    const duts = ['tiny', 'twin'].map((module) => ({ module, outBits: 8 * outBytes * lanes }));
    const pair = join(folder, 'pair');
    mkdirSync(pair);
    for (const [name, text] of [...streamBench(duts, beats), ['pair.core', PAIR] as const]) {
      writeFileSync(join(pair, name), text);
    }
    const roots = [design, twin, pair].flatMap((root) => ['--cores-root', root]);
    const { all, exitCode } = await execa(
      fusesoc ?? '',
      [...roots, 'run', '--build-root', join(folder, 'both'), '--target', 'sim', 'pair'],
      { cwd: folder, all: true, reject: false },
    );
    expect(exitCode, all).toBe(0);
    const expected = [design, twin].map((directory) =>
      outputBeats(vectors(directory, 'outputs.txt'), { lanes, bytes: outBytes }),
    );
    expect(expected[0]).not.toEqual(expected[1]);
    expect(readRun(all ?? '', 2).beats).toEqual(expected);
  },
);
