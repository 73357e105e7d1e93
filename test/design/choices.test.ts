import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onFamily } from '../../generator/accelerator/resources/on-family.js';
import { choicesOf, multiplierRules } from '../../generator/cli/options/multiplier-rules.js';
import { choicesFiles, choicesScript } from '../../generator/design/manifest/choices.js';
import { type Design, designHardware, readDesign } from '../../generator/design/read/read.js';
import { ECP5 } from '../../generator/devices/ecp5.js';
import type { Device } from '../../generator/devices/family.js';
import { findDevice } from '../../generator/devices/find.js';
import { ICE40 } from '../../generator/devices/ice40.js';
import { smallDesign } from '../flow/support/small-design.js';

let folder: string;
let design: Design;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-choices-'));
  design = readDesign(await smallDesign(folder, 'tiny', ['--headroom', '0']));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A device with these numbers of block RAMs and multipliers. */
function deviceWith(blockRams: number, multipliers: number): Device {
  const name = `with ${blockRams} and ${multipliers}`;
  return { ...findDevice(ECP5, 'LFE5U-25F'), name, blockRams, multipliers };
}

function images(): ReadonlyMap<string, string> {
  const memories = [...design.files].filter(([path]) => path.startsWith('mem/'));
  return new Map(memories.map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}

const placementOn = (device: Device) =>
  onFamily(ECP5, designHardware(design.manifest), images()).on(device);

/** The choices of the design for a device, those of a user or its own. */
function choices(device: Device, multipliers?: string): string {
  return choicesScript(device, placementOn(device), multiplierRules(multipliers) ?? undefined);
}

/** Reads the design with Yosys, runs the choices, and counts what each selection finds then. */
async function after(script: string, selections: readonly string[]): Promise<readonly number[]> {
  const file = join(folder, 'choices.ys');
  writeFileSync(file, script);
  const counts = selections.map((selection) => `select -count ${selection}`);
  const commands = ['script flow/ecp5.ys read:synth', `script ${file}`, ...counts].join('; ');
  const { stdout } = await execa('yosys', ['-p', commands], { cwd: design.directory });
  return [...stdout.matchAll(/^(\d+) objects\.$/gm)].map(([, count]) => Number(count));
}

const MACS = 'c:*u_core.*u_array.* t:$mul %i';
const CELLS = 'c:*u_core.*u_cells.* t:$mul %i';
const MOVED = 'm:* a:ram_style m:* %i a:rom_style m:* %i %u %i';

describe('choices for a device', () => {
  test('are none where the device has enough of everything', () => {
    expect(choices(deviceWith(56, 28))).toBe('');
    expect(choicesOf(design, null)(findDevice(ECP5, 'LFE5U-25F'))).toBe('');
  });

  test('leave the multipliers to the MACs first, then to the largest products', async () => {
    // four MACs, three products of the cell lane
    expect(choices(deviceWith(56, 7))).toBe('');
    const products = placementOn(deviceWith(56, 7)).products.filter(
      ({ block }) => block === 'u_cells',
    );
    const { a, b } = products.reduce((p, q) => (q.a * q.b > p.a * p.b ? q : p));
    const largest = `${CELLS} r:A_WIDTH=${a} %i r:B_WIDTH=${b} %i`;
    const kept = [MACS, CELLS, largest, 't:$macc'];
    expect(await after(choices(deviceWith(56, 5)), kept)).toEqual([4, 1, 1, 2]);
    expect(await after(choices(deviceWith(56, 3)), kept)).toEqual([3, 0, 0, 4]);
  });

  test.each([
    ['logic', [0, 0]],
    ['dsp', [4, 3]],
    ['macs=logic', [0, 3]],
    ['cells=logic', [4, 0]],
    ['macs=logic,cells=dsp', [0, 3]],
    ['macs=auto,cells=dsp', [2, 3]],
  ])('follow --multipliers %s', async (rule, expected) => {
    const script = choices(deviceWith(56, 5), rule);
    expect(await after(script, [MACS, CELLS])).toEqual(expected);
  });

  test('take memories out of block RAM until the others have room, weights never', async () => {
    const device = deviceWith(2, 28);
    const { blockRams, movedMemories } = placementOn(device);
    expect(blockRams).toBe(2);
    expect(movedMemories).toHaveLength(3);
    expect(await after(choices(device), [MOVED])).toEqual([3]);
    expect(choices(device)).not.toContain('u_weights');
  });

  test('are in the design directory for each device that needs them', () => {
    const files = choicesFiles(designHardware(design.manifest), images());
    // no multipliers on these
    expect([...files.keys()]).toContain('flow/choices/HX8K.ys');
    expect([...files.keys()]).not.toContain('flow/choices/UP5K.ys');
    for (const [path, text] of files) {
      expect(Buffer.from(design.files.get(path) ?? '').toString()).toBe(text);
    }
    const HX8K = findDevice(ICE40, 'HX8K');
    expect(choicesOf(design, null)(HX8K)).toBe(files.get('flow/choices/HX8K.ys'));
    expect(choicesOf(design, { macs: 'auto', cells: 'auto' })(HX8K)).toBe(
      files.get('flow/choices/HX8K.ys'),
    );
  });
});
