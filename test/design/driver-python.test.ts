import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { busFeatures, busHash, planHardware } from '../../generator/accelerator/index.js';
import { driverFiles } from '../../generator/design/files/driver-files.js';
import { randomModel } from '../../generator/network/random.js';
import { STANDARD_WORDS } from '../support/kws.js';
import { driven } from './support/driven.js';
import { loadOf, parts } from './support/frames.js';
import { slept } from './support/sleeping.js';

const model = randomModel({
  ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed: 3 },
  words: STANDARD_WORDS,
  patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
});
const { hardware } = planHardware(model, {
  ...{ name: 'dut', macs: 16, bus: 'axi4lite', weights: 'loaded', residents: 2, protect: 'parity' },
});
const driver = driverFiles({
  ...{ name: 'dut', inputs: 5, inputBeats: 5, inputBytes: 2, outputs: 3, outputBeats: 3 },
  ...{ outputBytes: 4, lanes: 1, bus: { ...busFeatures(hardware), hash: busHash(hardware) } },
});

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hcgs-python-'));
  for (const [path, text] of driver) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the script of the tests beside a driver. What it printed. */
function python(mode: string, folder: string, ...args: readonly string[]): string {
  const script = fileURLToPath(new URL('support/use_driver.py', import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    'python3',
    ['-W', 'error', script, join(folder, 'driver'), mode, ...args],
    { encoding: 'utf8', env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' } },
  );
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

describe('the driver in Python', () => {
  test('does on a device of its own what it says', () => {
    expect(python('fake', directory).split('\n')).toEqual([
      'no hcgs design at this address',
      'registers of another version',
      expect.stringMatching(/^another design than dut: hash [0-9a-f]{8} /),
      'identified',
      'no load has 3 bytes',
      'no resident place 7 of 2',
      'a load through the stream has begun',
      "aborted, then ['0x1']",
      'no model within the limit',
      'MODEL 1',
      'no resident place 2 of 2',
      "interrupts ['FRAME_DONE', 'LOAD_DONE'], cleared 0x5",
      "{'cycles': 7, 'frames': 8, 'errors': 9}",
      "{'count': 3, 'lost': True}",
      'mapped 0x12345678 0xcafe',
      '',
    ]);
  });

  test('drives the design itself', async () => {
    const board = await driven(hardware, model, driver);
    const good = loadOf(hardware, model, 1);
    const bad = Buffer.from(good);
    bad[44] = (bad[44] as number) ^ 1;
    writeFileSync(join(board.directory, 'good.bin'), good);
    writeFileSync(join(board.directory, 'bad.bin'), bad);
    const printed = python('pipe', directory, board.program, board.directory);
    board.remove();
    expect(printed.split('\n')).toEqual([
      'identified',
      'the load was refused: a wrong CRC-32',
      "['LOAD_ERROR']",
      'False True 0',
      "['LOAD_DONE']",
      "{'cycles': 0, 'frames': 0, 'errors': 0}",
      "{'count': 0, 'lost': False}",
      '',
    ]);
  });

  test('saves states and goes on with them', async () => {
    const { hardware: sleeper, board } = await slept(model, { cellLanes: 4 });
    writeFileSync(
      join(board.directory, 'parts.json'),
      JSON.stringify(parts(sleeper, model, [2, 2], 3)),
    );
    const printed = python('sleep', board.directory, board.program, board.directory);
    board.remove();
    expect(printed.split('\n')).toEqual([
      'True',
      "['h0', 'c0', 'h1', 'c1'] True",
      'no stream 1 of 1',
      expect.stringMatching(/^expected \d+ numbers of c0$/),
      'a number that a state has not the bits for',
      'True True',
      'a frame is in the core, or no model is there',
      '',
    ]);
  });
});
