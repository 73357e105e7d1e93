import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { generateAgain } from '../../generator/design/read/again.js';
import { foreignHardware } from '../../generator/design/read/foreign.js';
import { readDesign } from '../../generator/design/read/read.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);
const SHAPE = ['--inputs', '5', '--hidden', '8', '--outputs', '3'];
const SEQUENCE = ['--order', 'sequence', '--max-frames', '4', '--macs', '16'];

async function done(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json();
}

async function refused(...argv: string[]): Promise<unknown> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.exitCode).toBe(2);
  return outcome.json().error;
}

/** Utterances of equal length as a file. */
function frames(name: string, utterances: number, length: number): string {
  const random = new Random(3);
  const count = utterances * length * 5;
  const data = Int32Array.from({ length: count }, () => random.between(-4096, 4095));
  writeFileSync(at(name), writeNpy({ type: 'int32', shape: [utterances, length, 5], data }));
  return at(name);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-time-'));
  await done('random', ...SHAPE, '-o', at('forward.safetensors'));
  await done('random', ...SHAPE, '--bidirectional', 'sum', '-o', at('both.safetensors'));
  await done('generate', at('both.safetensors'), ...SEQUENCE, '-o', at('both'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a design of whole utterances on the command line', () => {
  test('is simulated to the cycle of every frame, whatever the lengths', async () => {
    const cosim = await done('cosim', at('both'), '--random', '24');
    expect(cosim).toMatchObject({ ok: true, order: 'sequence', maxFrames: 4, mismatches: 0 });
    expect(cosim.frameCycles).toEqual(cosim.predictedFrameCycles);
    expect((cosim.frameCycles as number[]).length).toBe(24);
    expect(cosim.cyclesPerFrame).toBe(cosim.predictedCyclesPerFrame);
    const stalled = await done('cosim', at('both'), '--random', '12', '--stall', '0.3');
    expect(stalled).toMatchObject({ ok: true, frameCycles: null, cyclesPerFrame: null });
  });

  test('says what estimate says, of the model and of its directory', async () => {
    const own = await done('estimate', at('both'));
    expect(own).toMatchObject({ order: 'sequence', maxFrames: 4 });
    const figures = await done('estimate', at('both.safetensors'), ...SEQUENCE);
    for (const field of ['cyclesPerFrame', 'latencyCycles', 'ramBits', 'controlBits', 'layers']) {
      expect(figures[field], field).toEqual(own[field]);
    }
    const text = await runCli(['estimate', at('both'), '--quiet']);
    expect(text.stdout).toContain('whole utterances of at most 4 frames');
  });

  test('says how it is made again, and is read back', () => {
    const own = readDesign(at('both'));
    const bytes = readFileSync(at('both.safetensors'));
    const again = generateAgain(at('both'), { ...own.manifest }, bytes);
    expect(again).toContain(' --order sequence --max-frames 4 ');
    const read = foreignHardware(own);
    expect(read).toMatchObject({ order: 'sequence', maxFrames: 4 });
    const parameters = { ...own.manifest.parameters, order: '`include' };
    const edited = { ...own, manifest: { ...own.manifest, parameters } };
    expect(foreignHardware(edited as never)).toBeNull();
  });

  test('takes another model, of other directions', async () => {
    await done(
      'random',
      ...SHAPE,
      '--seed',
      '7',
      '--bidirectional',
      'sum',
      '-o',
      at('other.safetensors'),
    );
    const before = readFileSync(join(at('both'), 'rtl', 'both_sequencer.v'));
    await done('images', at('other.safetensors'), at('both'));
    expect(readFileSync(join(at('both'), 'rtl', 'both_sequencer.v'))).toEqual(before);
    expect(await done('cosim', at('both'), '--random', '16')).toMatchObject({ ok: true });
    await done('images', at('both.safetensors'), at('both'));
  });

  test('has the outputs of the order of frames where time goes forward', async () => {
    const model = at('forward.safetensors');
    const file = frames('four.npy', 3, 4);
    await done('generate', model, '--macs', '16', '-o', at('frames'));
    await done('generate', model, ...SEQUENCE, '-o', at('whole'));
    for (const design of ['frames', 'whole']) {
      await done('cosim', at(design), '--frames', file, '--outputs', at(`${design}.npy`));
    }
    await done('run', model, '--frames', file, '-o', at('golden.npy'));
    expect(readFileSync(at('whole.npy'))).toEqual(readFileSync(at('frames.npy')));
    expect(readFileSync(at('whole.npy'))).toEqual(readFileSync(at('golden.npy')));
  });

  test('writes the outputs of last frames alone', async () => {
    const options = [...SEQUENCE, '--emit', 'last'];
    await done('generate', at('both.safetensors'), ...options, '-o', at('ends'));
    const file = frames('three.npy', 5, 3);
    const cosim = await done('cosim', at('ends'), '--frames', file, '--outputs', at('ends.npy'));
    expect(cosim).toMatchObject({ ok: true, emit: 'last', compared: { outputs: 15, h: 240 } });
    const run = ['run', at('both.safetensors'), '--frames', file, '--emit', 'last'];
    await done(...run, '-o', at('last.npy'));
    expect(readFileSync(at('ends.npy'))).toEqual(readFileSync(at('last.npy')));
  });
});

describe('what is refused by name:', () => {
  test('the order of sequences without the longest utterance, and that without the order', async () => {
    const estimate = ['estimate', at('forward.safetensors'), '--macs', '16'];
    expect(await refused(...estimate, '--order', 'sequence')).toMatchObject({
      ...{ code: 'DESIGN_OPTION', field: '--max-frames', got: 'none' },
    });
    expect(await refused(...estimate, '--max-frames', '9')).toMatchObject({
      ...{ code: 'DESIGN_OPTION', field: '--max-frames', got: 9 },
    });
    const many = [...estimate, '--order', 'sequence', '--max-frames', '70000'];
    expect(await refused(...many)).toMatchObject({
      ...{ code: 'DESIGN_OPTION', field: '--max-frames', expected: '1 ... 65536' },
    });
  });

  test('a network that runs backward in the order of frames', async () => {
    expect(await refused('estimate', at('both.safetensors'), '--macs', '16')).toMatchObject({
      ...{ code: 'DESIGN_PROGRAM', expected: 'a design of --order sequence with --max-frames' },
    });
  });

  test('an utterance that is longer than the design has room for', async () => {
    const file = frames('five.npy', 2, 5);
    const error = await refused('cosim', at('both'), '--frames', file);
    expect(error).toMatchObject({
      ...{ code: 'UTTERANCE_LENGTH', file, got: '5 frames in utterance 0' },
    });
  });
});
