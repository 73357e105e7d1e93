import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { confusionOf } from '../../generator/golden/confusion.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { runCli } from '../support/cli.js';

let folder: string;
const at = (name: string) => join(folder, name);
const UTTERANCES = 6;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-classes-'));
  const shape = ['--inputs', '2', '--hidden', '8', '--outputs', '3', '--seed', '4'];
  for (const line of [
    ['random', ...shape, '-o', at('m.safetensors')],
    ['generate', at('m.safetensors'), '--macs', '8', '-o', at('tiny')],
  ])
    expect((await runCli(line)).exitCode).toBe(0);
  const data = Array.from({ length: 2 * UTTERANCES }, (_, n) => (n % 5) - 2);
  writeFileSync(at('f.npy'), writeNpy({ type: 'float32', shape: [UTTERANCES, 1, 2], data }));
  writeFileSync(at('l.json'), JSON.stringify([0, 1, 2, 0, 1, 2]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = async (...more: readonly string[]) => {
  const outcome = await runCli(['run', ...more, '--frames', at('f.npy'), '--labels', at('l.json')]);
  expect(outcome.exitCode, outcome.stderr).toBe(0);
  return outcome;
};

describe('hcgs run', () => {
  test('counts the classes that labels are taken for', async () => {
    const report = schemas.run.parse((await run(at('m.safetensors'), '--json')).json());
    const { decisions, confusion, classes, correct } = report;
    expect(decisions).toHaveLength(UTTERANCES);
    expect(confusion?.flat().reduce((sum, n) => sum + n)).toBe(UTTERANCES);
    decisions.forEach((decision, u) => {
      expect(confusion?.[u % 3]?.[decision]).toBeGreaterThan(0);
    });
    expect(classes?.map(({ utterances }) => utterances)).toEqual([2, 2, 2]);
    expect(classes?.reduce((sum, own) => sum + own.correct, 0)).toBe(correct);
  });

  test('shows them with --verbose', async () => {
    const short = await run(at('m.safetensors'));
    expect(short.stdout).not.toContain('by the class decided');
    const long = await run(at('m.safetensors'), '--verbose');
    expect(long.stdout).toContain('utterances of each class (rows) by the class decided (columns)');
  });

  test('takes a design for its model', async () => {
    const [model, design] = [
      schemas.run.parse((await run(at('m.safetensors'), '--json')).json()),
      schemas.run.parse((await run(at('tiny'), '--json')).json()),
    ];
    expect(design).toEqual({ ...model, model: at('tiny') });
  });
});

test('a confusion matrix has labels in rows', () => {
  const { matrix, classes } = confusionOf(Int32Array.of(1, 1, 0), Int32Array.of(0, 1, 0), 2);
  expect(matrix).toEqual([
    [1, 1],
    [0, 1],
  ]);
  expect(classes).toEqual([
    { class: 0, utterances: 2, correct: 1 },
    { class: 1, utterances: 1, correct: 1 },
  ]);
});
