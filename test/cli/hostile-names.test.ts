import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProgress } from '../../generator/base/progress.js';
import { commands } from '../../generator/cli/commands.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { readSafetensors, writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { tensor } from '../network/import/support/state-dict.js';
import { runCli } from '../support/cli.js';
import { node, onnxFile, tensor as onnxTensor, value } from '../support/onnx.js';

/** Clears a screen, forges a line, turns and hides text; without NUL, which no path can have. */
const HOSTILE = 'x\x1b[2J\rFORGED\nFORGED\x07\u202e\u2066\u200b\u0085\x9b31m\x7f';
const HIDDEN = /[^\P{Cc}\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

let folder: string;
const at = (name: string): string => join(folder, `${HOSTILE} ${name}`);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-hostile-'));
  writeFileSync(at('net.safetensors'), network(HOSTILE.replace(/[\n\r]/g, '')));
  writeFileSync(at('lines.safetensors'), network(HOSTILE));
  writeFileSync(at('alone.safetensors'), network(HOSTILE.replace(/[\n\r]/g, ''), { alone: true }));
  writeFileSync(at('net.onnx'), onnxNetwork(`${HOSTILE}\0Op`));
  writeFileSync(at('plain.onnx'), onnxNetwork('LSTM'));
  const data = Float64Array.from({ length: 12 }, (_, i) => (i % 5) / 5);
  writeFileSync(at('frames.npy'), writeNpy({ type: 'float32', shape: [2, 3, 2], data }));
  writeFileSync(at('labels.npy'), writeNpy({ type: 'int32', shape: [2], data: [0, 1] }));
  writeFileSync(at('labels-bad.npy'), writeNpy({ type: 'int32', shape: [3], data: [0, 1, 7] }));
  writeFileSync(at('config.ts'), `const a: number = 'x';\nexport default { macs: a, b: 1 };\n`);
  writeFileSync(at('broken'), HOSTILE);
  await quiet(['random', '--inputs', '2', '--hidden', '2', '-o', at('m.safetensors')]);
  const { metadata, tensors } = readSafetensors(readFileSync(at('m.safetensors')), 'm');
  const [key, text] = Object.entries(metadata).find(([, text]) => text.includes('provenance'))!;
  const model = JSON.parse(text);
  model.provenance = { [`${HOSTILE}\0`]: `${HOSTILE}\0` };
  const changed = { ...metadata, [key]: JSON.stringify(model), [HOSTILE]: HOSTILE };
  writeFileSync(at('m.safetensors'), writeSafetensors({ metadata: changed, tensors }));
  await quiet(['generate', at('m.safetensors'), '--macs', '4', '--name', 'tiny', '-o', at('tiny')]);
  const file = `${HOSTILE} m.safetensors`;
  const space = { networks: [{ name: HOSTILE, file }], design: { macs: [4, 5], array: 'sets' } };
  writeFileSync(at('space.json'), JSON.stringify(space));
  mkdirSync(at('forged'));
  copyFileSync(join(at('tiny'), 'design.json'), join(at('forged'), 'design.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A float network whose names and metadata are all hostile; `alone`: without a tensor that is refused. */
function network(prefix: string, { alone = false } = {}): Uint8Array {
  const values = Array.from({ length: 32 }, (_, i) => (i % 7) / 8 - 0.25);
  const name = `${HOSTILE}\0`;
  return writeSafetensors({
    metadata: { [name]: name },
    tensors: new Map([
      [`${prefix}\0.weight_ih_l0`, tensor([8, 2], values.slice(0, 16))],
      [`${prefix}\0.weight_hh_l0`, tensor([8, 2], values.slice(0, 16))],
      [`${prefix}\0.bias_ih_l0`, tensor([8], values.slice(0, 8))],
      [`${prefix}\0.bias_hh_l0`, tensor([8], values.slice(0, 8))],
      ...(alone ? [] : [[`${name}.counter`, tensor([3], [1, 2, 3])] as const]),
    ]),
  });
}

/** An LSTM behind a node that is none of the known ones, unless its operator is `LSTM`. */
function onnxNetwork(op: string): Uint8Array {
  const n = (name: string) => `${HOSTILE}\0${name}`;
  const values = (length: number) => Array.from({ length }, (_, i) => (i % 5) / 8);
  const lstm = node('LSTM', [n('X'), n('W'), n('R')], [n('Y')], { hidden_size: 2 }, n('lstm'));
  const after = node(op, [n('Y')], [n('Z')], { [n('a')]: n('b') }, n('after'));
  return onnxFile({
    node: op === 'LSTM' ? [lstm] : [lstm, { ...after, domain: n('domain'), op_type: op }],
    initializer: [
      { ...onnxTensor([1, 8, 2], values(16)), name: n('W') },
      { ...onnxTensor([1, 8, 2], values(16)), name: n('R') },
      { ...onnxTensor([3], [1, 2, 3]), name: n('unused') },
    ],
    name: n('graph'),
    input: [value(n('X'), [n('T'), 1, 2])],
    output: [value(op === 'LSTM' ? n('Y') : n('Z'))],
  });
}

async function quiet(argv: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runCli(argv);
  if (exitCode !== 0) throw new Error(stderr);
}

const CASES: readonly (readonly string[])[] = [
  ['inspect', '@net.safetensors'],
  ['inspect', '@lines.safetensors'],
  ['inspect', '@net.onnx'],
  ['inspect', '@plain.onnx'],
  ['inspect', '@m.safetensors'],
  ['inspect', '@broken'],
  ['inspect', '@absent'],
  ['inspect', '@net.safetensors', '--map', `lstm=${HOSTILE}`],
  ['inspect', '@net.safetensors', '--map', `${HOSTILE}=${HOSTILE}`],
  ['compress', '@net.safetensors', '--calibrate', '@frames.npy', '--dense', '-o', '@c.safetensors'],
  [
    'compress',
    '@alone.safetensors',
    '--calibrate',
    '@frames.npy',
    '--dense',
    '-o',
    '@c.safetensors',
  ],
  [
    'compress',
    '@net.safetensors',
    '--calibrate',
    '@frames.npy',
    '--labels',
    '@labels.npy',
    '--dense',
    '-o',
    '@d.safetensors',
  ],
  [
    'compress',
    '@net.safetensors',
    '--calibrate',
    '@frames.npy',
    '--labels',
    '@labels-bad.npy',
    '-o',
    '@x',
  ],
  [
    'compress',
    '@net.safetensors',
    '--calibrate',
    '@frames.npy',
    '--config',
    '@config.ts',
    '-o',
    '@x',
  ],
  ['compress', '@net.safetensors', '--calibrate', '@broken', '-o', '@x'],
  ['compress', '@net.onnx', '--calibrate-noise', '1', '-o', '@x'],
  ['compress', '@m.safetensors', '--calibrate-noise', '1', '-o', '@x'],
  [
    'sweep-bits',
    '@alone.safetensors',
    '--calibrate',
    '@frames.npy',
    '--dense',
    '--weight-bits',
    '4',
    '--activation-bits',
    '8',
    '--csv',
    '@t.csv',
    '--plot',
    '@t.svg',
  ],
  ['sweep-bits', '@net.safetensors', '--calibrate-noise', '1', '--plot', HOSTILE],
  ['random', '--inputs', '2', '--hidden', '2', '-o', '@r.safetensors'],
  ['random', '--inputs', HOSTILE, '--hidden', '2', '-o', '@r.safetensors'],
  ['random', '--inputs', '2', '--hidden', HOSTILE, '-o', '@r.safetensors'],
  ['run', '@m.safetensors', '--frames', '@frames.npy', '-o', '@y.npy', '--states', '@s.npz'],
  ['run', '@m.safetensors', '--frames', '@broken'],
  ['run', '@broken', '--frames', '@frames.npy'],
  ['info', '@m.safetensors'],
  ['info', '@c.safetensors'],
  ['info', '@tiny'],
  ['info', '@forged'],
  ['info', '@broken'],
  ['estimate', '@m.safetensors', '--macs', '4', '--target', 'ecp5'],
  ['estimate', '@tiny'],
  ['estimate', '@tiny', '--device', HOSTILE],
  ['estimate', '@m.safetensors', '--config', '@config.ts'],
  ['report', '@tiny', '--frames', '@frames.npy', '--labels', '@labels.npy', '-o', '@r.html'],
  ['report', '@m.safetensors', '--macs', '4', '--cosim', '@broken', '-o', '@r.html'],
  ['report', '@m.safetensors', '--float', '@net.onnx', '--frames', '@frames.npy', '-o', '@r.html'],
  ['report', '@tiny', '-o', HOSTILE],
  ['draw', 'sparsity', '@m.safetensors', '--macs', '4', '-o', '@s.svg'],
  ['draw', HOSTILE, '@m.safetensors', '-o', '@s.svg'],
  ['generate', '@m.safetensors', '--macs', '4', '--name', 'again', '-o', '@again'],
  ['generate', '@m.safetensors', '-o', '@name-from-path'],
  ['generate', '@m.safetensors', '--name', HOSTILE],
  ['generate', '@broken', '--name', 'x', '-o', '@y'],
  ['images', '@m.safetensors', '@again'],
  ['images', '@broken', '@again'],
  ['cosim', '@tiny', '--frames', '@frames.npy', '--junit', '@junit.xml', '--outputs', '@out.npy'],
  ['cosim', '@tiny', '--frames', '@broken'],
  ['cosim', '@forged'],
  ['synth', '@tiny', '--target', 'asic', '--liberty', '@broken'],
  ['synth', '@tiny', '--target', HOSTILE],
  ['synth', '@tiny', '--target', 'ice40', '--device', HOSTILE],
  ['sweep', '@space.json', '-o', '@sweep'],
  ['sweep', '@sweep', '--dry-run'],
  ['sweep', '@broken', '-o', '@other'],
  ['sweep', '@space.json', '-o', '@tiny'],
  ['sweep', '@space.json', '-o', '@sweep', '--stages', HOSTILE],
  ['doctor', '--wait', HOSTILE],
  ['explain', HOSTILE],
  ['completion', HOSTILE],
  [HOSTILE],
  ['info', `--${HOSTILE}`],
  ['info', '@tiny', HOSTILE],
];

describe('names that act on a terminal', () => {
  test.each(
    CASES.flatMap((argv) => [argv, [...argv, '--json']]).map(
      (argv) => [argv.join(' ').replaceAll(HOSTILE, 'HOSTILE'), argv] as const,
    ),
  )('stay text: %s', async (_, argv) => {
    const line = argv.map((word) => (word.startsWith('@') ? at(word.slice(1)) : word));
    const { stdout, stderr, exitCode } = await runCli(line);
    expect(exitCode, stderr).toBeLessThanOrEqual(2);
    for (const text of [stdout, stderr]) {
      expect(HIDDEN.exec(text)).toBeNull();
      expect(text).not.toMatch(/^FORGED/m);
    }
    if (argv.includes('--json')) JSON.parse(stdout);
  });

  test('are tried on every command', () => {
    const tried = new Set(CASES.map(([name]) => name));
    expect(commands.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  test('stay out of the files that commands write', () => {
    for (const name of ['junit.xml', 't.svg', 't.csv', 'sweep/table.csv']) {
      expect(HIDDEN.exec(readFileSync(at(name), 'utf8').replaceAll('\r\n', '\n'))).toBeNull();
    }
    const page = readFileSync(join(at('tiny'), 'README.md'), 'utf8');
    expect(page).not.toContain('FORGED');
  });

  test('stay text in what long work tells', () => {
    let shown = '';
    let now = 0;
    const write = (text: string) => {
      shown += text;
    };
    const progress = createProgress({ write, terminal: false, now: () => now });
    now = 2000;
    progress.step(HOSTILE);
    expect(shown).not.toBe('');
    now = 99_000;
    progress.detail(HOSTILE);
    expect(HIDDEN.exec(shown)).toBeNull();
    expect(shown).not.toMatch(/^FORGED/m);
  });
});
