import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cached } from '../../generator/cosim/build/cache.js';
import { beatPacker } from '../../generator/cosim/driver/beats.js';
import { randomFrames } from '../../generator/cosim/driver/random-frames.js';
import { steadyCycles } from '../../generator/cosim/driver/session.js';
import { type Observation, ObservationParser } from '../../generator/cosim/monitor/observations.js';
import { junitReport } from '../../generator/cosim/report/junit.js';
import { earlier, type Mismatch } from '../../generator/cosim/scoreboard/mismatch.js';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'hcgs-parts-'));
});
afterAll(() => rm(scratch, { recursive: true }));

describe('packing of frames into beats', () => {
  const ports = { streamLanes: 2, xBytes: 2, outBytes: 4 };

  it('sign-extends values, fills unused lanes with zero and sets tuser and tlast', () => {
    const bytes = beatPacker(ports)([1, -2, 4095], true);
    expect([...bytes]).toEqual([2, 1, 0, 0xfe, 0xff, 1, 0xff, 0x0f, 0, 0]);
  });

  it('sets both flags on the only beat of a short frame', () => {
    expect([...beatPacker(ports)([7], true)]).toEqual([3, 7, 0, 0, 0]);
  });
});

describe('random frames', () => {
  it('hold every code of the format and two utterances or more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(1000), (frames, seed) => {
        const made = randomFrames({ frames, inputs: 3, bits: 4, seed });
        const { utteranceStarts: starts } = made;
        expect(made.codes.every((code) => code >= -8 && code <= 7)).toBe(true);
        expect(starts[0]).toBe(0);
        expect(starts.length).toBeGreaterThanOrEqual(2);
        expect([...new Set(starts)].sort((a, b) => a - b)).toEqual(starts);
        expect(starts.at(-1)).toBeLessThan(frames);
      }),
    );
    const many = randomFrames({ frames: 100, inputs: 10, bits: 4, seed: 1 });
    expect(new Set(many.codes).size).toBe(16);
  });

  it('are one utterance when there is one frame', () => {
    expect(randomFrames({ frames: 1, inputs: 2, bits: 8, seed: 1 }).utteranceStarts).toEqual([0]);
  });
});

describe('observations from a pipe', () => {
  const record = (code: number, words: number[], doubles: number[]) => {
    const bytes = new Uint8Array(8 + 4 * words.length + 8 * doubles.length);
    bytes.set(new Uint8Array(Uint32Array.of(code, bytes.length - 8, ...words).buffer));
    bytes.set(new Uint8Array(Float64Array.from(doubles).buffer), 8 + 4 * words.length);
    return bytes;
  };
  const stream = Buffer.concat([
    record(5, [3, 0], [17]),
    record(2, [5, 2], [99, -4, 2 ** 40]),
    record(3, [1, 9], [12]),
    record(7, [], [40]),
  ]);

  it('are the same however the pipe cuts them', () => {
    const expected: Observation[] = [
      { kind: 'mark', id: 3, cycle: 17 },
      { kind: 'output', stream: 0, sequence: 5, cycle: 99, values: Float64Array.of(-4, 2 ** 40) },
      { kind: 'input', sequence: 1, beats: 9, cycle: 12 },
      { kind: 'reset', cycle: 40 },
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }), (sizes) => {
        const parser = new ObservationParser();
        const seen: Observation[] = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          seen.push(...parser.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(seen).toEqual(expected);
      }),
    );
  });
});

describe('the steady state', () => {
  it('is measured between the warm-up and the last two frames', () => {
    const left = [100, 190, 260, 270, 280, 290, 300, 310, 312, 313];
    expect(steadyCycles(left, 3)).toEqual({ cyclesPerFrame: 10, least: 10, most: 10 });
  });

  it('is not measured from too few frames', () => {
    expect(steadyCycles([1, 2, 3, 4, 5, 6], 2)).toBeNull();
  });

  it('is a mean where frames of two lengths take turns', () => {
    const left = [0, 34, 69, 103, 138, 172, 207, 210, 212];
    const state = steadyCycles(left, 1);
    expect(state).toEqual({ cyclesPerFrame: 34.5, least: 34.5, most: 34.5 });
  });

  it('shows when it is none', () => {
    expect(steadyCycles([0, 10, 25, 30, 60, 0, 0], 0)).toMatchObject({ least: 10, most: 17.5 });
  });
});

describe('the first of several mismatches', () => {
  const base: Mismatch = {
    frame: 1,
    layer: 0,
    row: 3,
    tensor: 'h',
    gate: null,
    expected: 1,
    actual: 2,
    cycle: 50,
  };

  it('is the one with the lowest cycle, then the one that was given first, or of one tensor the lowest row', () => {
    expect(earlier(null, base)).toBe(base);
    expect(earlier(base, { ...base, frame: 9, cycle: 49 }).cycle).toBe(49);
    expect(earlier(base, { ...base, row: 2 }).row).toBe(2);
    expect(earlier(base, { ...base, tensor: 'c', row: 2 })).toBe(base);
    expect(earlier(base, { ...base, layer: null, tensor: 'outputs' })).toBe(base);
  });
});

describe('the cache of builds', () => {
  it('fills an entry once when two ask at the same time', async () => {
    const root = path.join(scratch, 'cache');
    let fills = 0;
    const fill = async (directory: string) => {
      fills++;
      await writeFile(path.join(directory, 'simulation'), 'x');
    };
    const both = await Promise.all([cached('key', fill, root), cached('key', fill, root)]);
    expect(new Set(both.map(({ program }) => program)).size).toBe(1);
    expect((await cached('key', fill, root)).hit).toBe(true);
    expect(fills).toBe(1);
    expect(await readdir(root)).toEqual(['builds']);
  });

  it('keeps nothing of a build that fails', async () => {
    const root = path.join(scratch, 'failing');
    const fail = () => Promise.reject(new Error('no'));
    await expect(cached('key', fail, root)).rejects.toThrow('no');
    expect(await readdir(path.join(root, 'builds'))).toEqual([]);
    expect(await readdir(root)).toEqual(['builds']);
  });

  it('says which directory it cannot write', async () => {
    const root = path.join(scratch, 'file');
    await writeFile(root, '');
    await expect(cached('key', async () => undefined, root)).rejects.toMatchObject({
      report: { code: 'CACHE_UNUSABLE', file: root },
    });
  });
});

it('a JUnit report has a case for every check and escapes its texts', () => {
  const report = junitReport(
    'kws',
    [
      { name: 'layer 0 h', detail: '', failure: null },
      { name: 'cycles <per> frame', detail: '', failure: '"9" & 10\nmore' },
    ],
    1.5,
  );
  expect(report).toContain('<testsuite name="kws" tests="2" failures="1" errors="0" time="1.500">');
  expect(report).toContain('name="layer 0 h"/>');
  expect(report).toContain('name="cycles &lt;per&gt; frame">');
  expect(report).toContain('message="&quot;9&quot; &amp; 10">');
});
