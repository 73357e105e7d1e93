import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../generator/base/random.js';
import { readNpy, writeNpy } from '../../generator/network/formats/npy.js';
import { readNpz, writeNpz } from '../../generator/network/formats/npz.js';
import { writeSafetensors } from '../../generator/network/formats/safetensors.js';
import { randomLayer, randomLinear } from '../network/import/support/lstm-reference.js';
import { layerTensors, linearTensors, stateDict } from '../network/import/support/state-dict.js';
import { runCli } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-frame-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const hcgs = (line: string) =>
  runCli(line.split(' ').map((word) => word.replace('@', `${folder}/`)));
const errorOf = async (line: string) => {
  const { exitCode, json } = await hcgs(`${line} --json`);
  expect(exitCode).toBe(2);
  return (json() as { error: { message: string; code: string; field: string } }).error;
};

const [INPUTS, CLASSES, LONGEST] = [5, 3, 7];
const LENGTHS = [4, 7, 1];
const NAMES = ['b', 'a', 'arr_10'];
const random = new Random(9);
/** [utterance][frame][input], sixty-fourths: exact in a CSV. */
const clips = LENGTHS.map((length) =>
  Array.from({ length }, () =>
    Array.from({ length: INPUTS }, () => random.between(-128, 127) / 64),
  ),
);
const float = (shape: number[], data: number[]) => ({ type: 'float32', shape, data }) as const;
const int = (data: number[], shape = [data.length]) => ({ type: 'int32', shape, data }) as const;
const write = (name: string, content: string | Uint8Array) => writeFileSync(at(name), content);

beforeAll(async () => {
  const layer = randomLayer(random, INPUTS, 4);
  const dict = stateDict(
    ...layerTensors(layer, (kind) => `lstm.${kind}_l0`),
    ...linearTensors(randomLinear(random, 4, CLASSES), 'fc'),
  );
  write('net.safetensors', writeSafetensors(dict));
  const arrays = clips.map((clip, u) => float([LENGTHS[u] as number, INPUTS], clip.flat()));
  write('clips.npz', writeNpz(new Map(arrays.map((array, u) => [NAMES[u] as string, array]))));
  for (const [u, array] of arrays.entries()) write(`clip${u}.npy`, writeNpy(array));
  const none = new Array(INPUTS).fill(Number.NaN);
  const padded = clips.map((clip) => [...clip, ...new Array(LONGEST - clip.length).fill(none)]);
  write('padded.npy', writeNpy(float([3, LONGEST, INPUTS], padded.flat(2))));
  const turned = Array.from({ length: LONGEST }, (_, f) => padded.map((clip) => clip[f]));
  write('turned.npy', writeNpy(float([LONGEST, 3, INPUTS], turned.flat(2))));
  write('n.npy', writeNpy(int(LENGTHS)));
  write('n.json', `{"lengths": ${JSON.stringify(LENGTHS)}}`);
  write('n.csv', `clip,length\na.wav,4\nb.wav,7\nc.wav,1\n`);
  const parts = {
    x: float([3, LONGEST, INPUTS], padded.flat(2)),
    n: int(LENGTHS),
    y: int([2, 0, 1]),
  };
  write('parts.npz', writeNpz(new Map(Object.entries(parts))));
  const csv = (separator: string) =>
    clips.map((clip) => clip.map((frame) => frame.join(separator)).join('\n')).join('\n\n');
  write('f.csv', `a,b,c,d,e\n${csv(',')}\n`);
  write('f.tsv', csv('\t'));
  write('one.txt', `# mfcc\n${clips[0]?.map((frame) => frame.join('  ')).join('\r\n')}\r\n`);
  const made = await hcgs(
    'compress @net.safetensors --dense --calibrate @clips.npz -o @m.safetensors',
  );
  expect(made.exitCode, made.stderr).toBe(0);
});

/** The same utterances in other files. */
const SAME = [
  'padded.npy --lengths @n.npy',
  'padded.npy --lengths @n.csv',
  'turned.npy --lengths @n.json --time-major',
  'parts.npz#x --lengths @parts.npz#n',
  'f.csv',
  'f.tsv',
];

describe('utterances of different length', () => {
  it.each(SAME)('compress and sweep-bits know no difference between clips and %s', async (same) => {
    const options = '--dense --weight-bits 5 --labels @parts.npz#y';
    const one = await hcgs(
      `compress @net.safetensors ${options} --calibrate @clips.npz -o @a --json`,
    );
    const two = await hcgs(
      `compress @net.safetensors ${options} --calibrate @${same} -o @b --json`,
    );
    const {
      calibration: clipped,
      file: a,
      bytes: an,
      ...first
    } = one.json() as Record<string, never>;
    const { calibration, file: b, bytes: bn, ...second } = two.json() as Record<string, never>;
    expect(second).toEqual(first);
    expect(calibration).toMatchObject({ frames: 12, utterances: 3 });
    const sweep = `sweep-bits @net.safetensors --dense --weight-bits 4-5 --activation-bits 9 --labels @parts.npz#y`;
    const points = async (file: string) => {
      const { json } = await hcgs(`${sweep} --calibrate @${file} --json`);
      return (json() as { points: unknown }).points;
    };
    expect(await points(same)).toEqual(await points('clips.npz'));
  });

  it('run starts each from zeros and ends it where it ends', async () => {
    const all = await hcgs(
      'run @m.safetensors --frames @clips.npz -o @y.npz --states @s.npz --json',
    );
    expect(all.json()).toMatchObject({ frames: 12, utterances: 3 });
    const y = readNpz(readFileSync(at('y.npz')), 'y');
    expect([...y.keys()]).toEqual(NAMES);
    const h = readNpz(readFileSync(at('s.npz')), 's').get('h0');
    expect(h?.shape).toEqual([3, LONGEST, 4]);
    for (const [u, name] of NAMES.entries()) {
      await hcgs(`run @m.safetensors --frames @clip${u}.npy -o @one.npy --states @one.npz`);
      const alone = readNpy(readFileSync(at('one.npy')), 'one');
      expect(y.get(name)?.shape).toEqual([LENGTHS[u], CLASSES]);
      expect(y.get(name)?.data).toEqual(alone.data);
      const own = readNpz(readFileSync(at('one.npz')), 'one').get('h0')?.data as Float64Array;
      const all = h?.data as Float64Array;
      const rest = new Float64Array((LONGEST - (LENGTHS[u] as number)) * 4);
      expect([...all.slice(u * LONGEST * 4, (u + 1) * LONGEST * 4)]).toEqual([...own, ...rest]);
    }
  });

  it.each(SAME)('run gives the outputs of the clips for %s', async (same) => {
    const labels = '--labels @parts.npz#y';
    const clipped = await hcgs(`run @m.safetensors --frames @clips.npz ${labels} -o @y.npz --json`);
    const other = await hcgs(`run @m.safetensors --frames @${same} ${labels} -o @z.npz --json`);
    const { outputsFile: _, ...report } = clipped.json() as Record<string, unknown>;
    expect(other.json()).toMatchObject(report);
    const y = [...readNpz(readFileSync(at('y.npz')), 'y').values()];
    const z = [...readNpz(readFileSync(at('z.npz')), 'z')];
    if (z.length > 1) {
      expect(z.map(([name]) => name)).toEqual(['arr_0', 'arr_1', 'arr_2']);
      expect(z.map(([, array]) => array)).toEqual(y);
      return;
    }
    const [name, { shape, data }] = z[0] as (typeof z)[number];
    expect(name).toBe(same.includes('#x') ? 'x' : 'arr_0');
    const turned = same.includes('--time-major');
    expect(shape).toEqual(turned ? [LONGEST, 3, CLASSES] : [3, LONGEST, CLASSES]);
    for (let u = 0; u < 3; u++) {
      for (let f = 0; f < LONGEST; f++) {
        const place = (turned ? f * 3 + u : u * LONGEST + f) * CLASSES;
        const found = Array.from({ length: CLASSES }, (_, k) => data[place + k]);
        const own = f < (LENGTHS[u] as number) ? f * CLASSES : null;
        const expected = Array.from({ length: CLASSES }, (_, k) =>
          own === null ? 0 : y[u]?.data[own + k],
        );
        expect(found).toEqual(expected);
      }
    }
  });

  it('a length that is one too long is another result', async () => {
    write('wrong.npy', writeNpy(int([5, 7, 1])));
    const error = await errorOf('run @m.safetensors --frames @padded.npy --lengths @wrong.npy');
    expect(error).toMatchObject({ code: 'FRAMES_NOT_FINITE', field: '[0, 4, 0]' });
    write('short.npy', writeNpy(int([3, 7, 1])));
    const short = await hcgs('run @m.safetensors --frames @padded.npy --lengths @short.npy --json');
    expect(short.json()).toMatchObject({ frames: 11 });
  });

  it('reports say how long they are', async () => {
    const axes = async (file: string) =>
      /^frames: (.*)$/m.exec((await hcgs(`run @m.safetensors --frames @${file}`)).stdout)?.[1];
    expect(await axes('clips.npz')).toBe('3 clips of 1 to 7 frames, 5 inputs');
    expect(await axes('f.csv')).toBe('3 clips of 1 to 7 frames, 5 inputs');
    expect(await axes('padded.npy --lengths @n.npy')).toBe(
      '[utterances, frames, inputs] = [3, 7, 5], of each 1 to 7 frames',
    );
    expect(await axes('one.txt')).toBe('[frames, inputs] = [4, 5]');
  });
});

describe('labels', () => {
  const KINDS: readonly [name: string, content: string | Uint8Array][] = [
    ['column.npy', writeNpy(int([2, 0, 1], [3, 1]))],
    ['hot.npy', writeNpy(float([3, 3], [0, 0, 1, 1, 0, 0, 0, 1, 0]))],
    ['one.npz', writeNpz(new Map([['any', int([2, 0, 1])]]))],
    ['plain.csv', '2\n0\n1\n'],
    ['header.csv', 'answer\n2\n0\n1'],
    ['column.csv', 'file;Class;speaker\na.wav;2;x\nb.wav;0;y\nc.wav;1;z\n'],
    ['hot.csv', 'no,yes,go\n0,0,1\n1,0,0\n0,1,0\n'],
    ['list.json', '[2, 0, 1]'],
    ['object.json', '{"labels": [2, 0, 1]}'],
    ['hot.json', '[[0, 0, 1], [1, 0, 0], [0, 1, 0]]'],
    ['names.json', '{"classes": ["no", "yes", "go"], "labels": ["go", "no", "yes"]}'],
  ];

  it.each(KINDS)('of %s are those of the array', async (name, content) => {
    write(name, content);
    const read = (file: string) =>
      hcgs(`run @m.safetensors --frames @clips.npz --labels @${file} --json`);
    const { correct } = (await read('parts.npz#y')).json() as { correct: number };
    const found = await read(name);
    expect(found.json()).toMatchObject({ correct });
  });

  it('decide at the last frame of each utterance', async () => {
    await hcgs('run @m.safetensors --frames @clips.npz -o @y.npz');
    const decided = [...readNpz(readFileSync(at('y.npz')), 'y').values()].map(({ data }) => {
      const last = Array.from(data).slice(-CLASSES);
      return last.indexOf(Math.max(...last));
    });
    write('right.json', JSON.stringify(decided));
    const { json } = await hcgs(
      'run @m.safetensors --frames @padded.npy --lengths @n.npy --labels @right.json --json',
    );
    expect(json()).toMatchObject({ correct: 3, accuracy: 1 });
  });
});

describe('refused', () => {
  it.each<[string, string, string | Uint8Array, string, RegExp]>([
    [
      'clips and labels',
      'a.npz',
      writeNpz(new Map(Object.entries({ x: float([2, 5], new Array(10).fill(0)), y: int([1]) }))),
      'NPZ_CHOICE',
      /a\.npz#NAME, which says which one has the frames .* got x \[2, 5\], y \[1\]$/,
    ],
    [
      'clips named as parts',
      'a.npz',
      writeNpz(
        new Map(
          Object.entries({
            x: float([1, 5], new Array(5).fill(0)),
            y: float([1, 5], new Array(5).fill(0)),
          }),
        ),
      ),
      'NPZ_CHOICE',
      /got x \[1, 5\], y \[1, 5\]$/,
    ],
    [
      'clips of codes and of numbers',
      'a.npz',
      writeNpz(
        new Map(
          Object.entries({
            a: float([1, 5], new Array(5).fill(0)),
            b: int(new Array(5).fill(0), [1, 5]),
          }),
        ),
      ),
      'NPZ_CHOICE',
      /got a \[1, 5\]/,
    ],
    [
      'a clip of another width',
      'a.npz',
      writeNpz(
        new Map(
          Object.entries({
            a: float([1, 5], new Array(5).fill(0)),
            b: float([1, 4], new Array(4).fill(0)),
          }),
        ),
      ),
      'FRAMES_WIDTH',
      /frames of 5 values, got 4 in b \[frames, inputs\] = \[1, 4\]$/,
    ],
    [
      'an empty clip',
      'a.npz',
      writeNpz(
        new Map(Object.entries({ a: float([1, 5], new Array(5).fill(0)), b: float([0, 5], []) })),
      ),
      'FRAMES_SHAPE',
      /a\.npz: b: expected at least one frame in each clip, got none$/,
    ],
    [
      'NaN in a clip',
      'a.npz',
      writeNpz(
        new Map(
          Object.entries({
            a: float([1, 5], new Array(5).fill(0)),
            b: float([1, 5], [0, 0, Number.NaN, 0, 0]),
          }),
        ),
      ),
      'FRAMES_NOT_FINITE',
      /b\[0, 2\]: expected a finite number, got NaN$/,
    ],
    ['CSV of another width', 'a.csv', '1,2\n3,4\n', 'FRAMES_WIDTH', /line 1: expected 5 values/],
    [
      'a ragged line',
      'a.csv',
      '1,2,3,4,5\n1,2,3,4\n',
      'CSV_ROW',
      /line 2: expected 5 cells, as in line 1, got 4$/,
    ],
    [
      'an empty cell',
      'a.csv',
      '1,2,3,4,5\n1,2,,4,5\n',
      'CSV_CELL',
      /line 2, column 3: expected a finite number, got nothing$/,
    ],
    [
      'a WAV file',
      'a.wav',
      'RIFF\x24\0\0\0WAVEfmt ',
      'FOREIGN_FORMAT',
      /is audio \(WAV\); expected .*: .*compute the features/,
    ],
    ['a damaged archive', 'a.npz', 'PK\x03\x04 and no more', 'ZIP_INVALID', /no valid zip archive/],
  ])('%s', async (_, name, content, code, message) => {
    write(name, content);
    const error = await errorOf(`run @m.safetensors --frames @${name}`);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    const other = await errorOf(`compress @net.safetensors --dense -o @c --calibrate @${name}`);
    expect(other).toEqual(error);
  });

  it.each([
    [
      'run @m.safetensors --frames @clips.npz --lengths @n.npy',
      'BAD_USAGE',
      /3 clips of their own lengths/,
    ],
    [
      'run @m.safetensors --frames @clips.npz -o @y.npy',
      'OUTPUT_FORMAT',
      /-o: expected a name that ends in \.npz/,
    ],
    ['run @m.safetensors --frames @parts.npz#z', 'NPZ_CHOICE', /expected z, got x, n, y$/],
    [
      'run @m.safetensors --frames @parts.npz#x --lengths @parts.npz',
      'NPZ_CHOICE',
      /which says which one has the lengths/,
    ],
    [
      'run @m.safetensors --frames @turned.npy --lengths @n.npy',
      'LENGTHS_SHAPE',
      /7 lengths, .* got 3; the second axis .* with --time-major\?$/,
    ],
    [
      'run @m.safetensors --frames @padded.npy --lengths @padded.npy',
      'LENGTHS_TYPE',
      /an integer type, got float32$/,
    ],
    [
      'run @m.safetensors --frames @parts.npz#x --lengths @n.npy -o @parts.npz',
      'OUTPUT_IS_INPUT',
      /--frames/,
    ],
    [
      'compress @net.safetensors --calibrate-noise 1 --lengths @n.npy -o @c',
      'BAD_USAGE',
      /--lengths needs --calibrate/,
    ],
    ['cosim @none --lengths @n.npy', 'BAD_USAGE', /--lengths belongs to --frames/],
  ])('%s', async (line, code, message) => {
    expect(await errorOf(line)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it.each([
    ['l.npy', writeNpy(float([3], [0, 1, 2])), 'LABELS_TYPE', /an integer type, got float32$/],
    [
      'l.npy',
      writeNpy(int([0, 1, 1, 1, 0, 0, 0, 0, 1], [3, 3])),
      'LABELS_ONE_HOT',
      /\[0\]: expected zeros and a single 1, got 0, 1, 1$/,
    ],
    [
      'l.npy',
      writeNpy(int([0, 1, 1, 1, 0, 0], [3, 2])),
      'LABELS_SHAPE',
      /one-hot \[utterances, classes\] = \[3, 3\], got \[3, 2\]$/,
    ],
    ['l.csv', '0\n1\n3\n', 'LABELS_RANGE', /line 3: expected 0 to 2, got 3$/],
    [
      'l.csv',
      'label\nyes\nno\ngo\n',
      'CSV_CELL',
      /line 2, column 1: .* got yes: names of classes need \{"classes"/,
    ],
    [
      'l.csv',
      'label,class\n0,0\n1,1\n2,2\n',
      'CSV_HEADER',
      /one column named labels or label or class, got label and class$/,
    ],
    ['l.csv', '0.5\n1\n2\n', 'LIST_NUMBER', /line 1: expected a whole number, got 0\.5$/],
    ['l.json', '["yes", "no", "go"]', 'LABELS_NAMES', /numbers, or \{"classes": .* got "yes"$/],
    [
      'l.json',
      '{"classes": ["yes", "no"], "labels": [0, 1, 1]}',
      'LABELS_NAMES',
      /classes: expected 3 different names/,
    ],
    [
      'l.json',
      '{"classes": ["a", "b", "c"], "labels": ["a", "b", "d"]}',
      'LABELS_NAMES',
      /labels\[2\]: expected a name of classes, got "d"$/,
    ],
    ['l.json', '[0, null, 1]', 'LIST_NUMBER', /\[1\]: expected a whole number, got null$/],
    ['l.json', '{"answers": [0]}', 'JSON_INVALID', /a list of labels, or \{"labels": \[\.\.\.\]\}/],
    ['l.json', '[0,', 'JSON_INVALID', /expected JSON/],
  ])('labels %s: %#', async (name, content, code, message) => {
    write(name, content);
    for (const line of [
      'run @m.safetensors --frames @clips.npz',
      'sweep-bits @net.safetensors --dense --calibrate @clips.npz',
    ]) {
      const error = await errorOf(`${line} --labels @${name}`);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    }
  });
});
