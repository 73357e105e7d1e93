import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../support/cli.js';

const EXAMPLE = 'examples/keyword-spotting';
let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-draw-'));
  const calibrate = ['--calibrate', `${EXAMPLE}/synth_frames.npy`, '-o', at('v16.safetensors')];
  await runCli(['compress', `${EXAMPLE}/V16_q6.safetensors`, ...calibrate, '--quiet']);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function drawn(what: string, ...options: string[]): Promise<string> {
  const argv = ['draw', what, at('v16.safetensors'), '--macs', '8', ...options];
  const outcome = await runCli([...argv, '-o', at(`${what}.svg`), '--json']);
  expect(outcome.exitCode).toBe(0);
  expect(outcome.json()).toMatchObject({ drawn: what, picture: at(`${what}.svg`) });
  return readFileSync(at(`${what}.svg`), 'utf8');
}

const texts = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

describe('hcgs draw', () => {
  test.each(['schedule', 'sparsity'])('draws the picture of docs/report.md: %s', async (what) => {
    // docs/report/NAME.svg is written anew with --update
    await expect(await drawn(what)).toMatchFileSnapshot(`../../docs/report/${what}.svg`);
  });

  test('draws every memory with its bits', async () => {
    const svg = await drawn('memory');
    expect(texts(svg)).toEqual(expect.arrayContaining(['weight bank 0', 'biases', 'Memories']));
    expect(svg).toContain('141\u202f017 bits in 17 memories');
  });

  test('draws a histogram of every matrix, and of states where there are frames', async () => {
    const titles = (svg: string) =>
      texts(svg).filter((text) => text?.match(/ of (the|layer)|^inputs/));
    const weights = titles(await drawn('histograms'));
    expect(weights.filter((text) => text?.startsWith('W_h'))).toHaveLength(2);
    const all = titles(await drawn('histograms', '--frames', `${EXAMPLE}/synth_frames.npy`));
    expect(all).toEqual(expect.arrayContaining([...weights, 'inputs', 'c of layer 1']));
  });

  test('puts pictures below each other, as high as all of them', async () => {
    const svg = await drawn('sparsity');
    const heights = [...svg.matchAll(/<svg [^>]*?height="([\d.]+)"/g)].map(([, h]) => Number(h));
    const [whole, ...parts] = heights;
    expect(parts).toHaveLength(5);
    expect(whole).toBeCloseTo(
      parts.reduce((sum, height) => sum + height, 0),
      6,
    );
  });

  test('refuses a name that is no SVG, and draws nothing that it does not know', async () => {
    const model = at('v16.safetensors');
    const png = await runCli(['draw', 'memory', model, '-o', at('m.png')]);
    expect(png.stderr).toContain('-o: expected a name ending in .svg');
    const wrong = await runCli(['draw', 'memry', model, '-o', at('m.svg')]);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain('memory');
  });
});
