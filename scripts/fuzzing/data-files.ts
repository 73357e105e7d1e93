import { writeNpy } from '../../generator/network/formats/npy.js';
import { writeNpz } from '../../generator/network/formats/npz.js';
import type { Mutation } from './mutate-bytes.js';
import type { Seed } from './seeds.js';

const text = (name: string, content: string): Seed => ({
  name,
  bytes: new TextEncoder().encode(content),
});
const array = (shape: number[], type: 'float32' | 'int32' = 'float32') => ({
  type,
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)).fill(1),
});

/** Frames of three values. */
export function frameSeeds(): readonly Seed[] {
  const clips = new Map([
    ['a', array([2, 3])],
    ['b', array([1, 3])],
  ]);
  return [
    { name: 'padded', bytes: writeNpy(array([2, 2, 3])) },
    { name: 'clips', bytes: writeNpz(clips) },
    { name: 'one of an archive', bytes: writeNpz(new Map([['x', array([2, 3], 'int32')]])) },
    text('CSV', 'a,b,c\n1,2.5,-3e1\n0.5,0,1\n\n7,8,9\n'),
    text('CSV of Windows', '"1";"2";"3"\r\n4;5;6\r\n'),
    text('columns', '# mfcc\n  1.0  2.0  3.0\n  4.0  5.0 -6.0\n'),
  ];
}

/** Labels of three utterances in two classes. */
export function labelSeeds(): readonly Seed[] {
  const { data: _, ...shape } = array([3], 'int32');
  return [
    { name: 'integers', bytes: writeNpy({ ...shape, data: [0, 1, 1] }) },
    text('list', '[0, 1, 1]'),
    text('one-hot', '[[0, 1], [1, 0], [0, 1]]'),
    text('names', '{"classes": ["no", "yes"], "labels": ["yes", "no", "yes"]}'),
  ];
}

const WORDS = [
  ...['', ' ', ',', ',,', ';', '\t', '\n', '\n\n', '\r', '\r\r\n', '"', '""', '#', '\0', '\ufeff'],
  ...[
    'nan',
    '-inf',
    '1e999',
    '0x1',
    '1e-400',
    '0,5',
    '9007199254740993',
    '-1',
    '2',
    'null',
    'true',
  ],
  ...['[', ']', '{', '}', '[]', '"classes":', '"labels":', '"__proto__":', '"constructor":'],
];

/** Changes of a text: words of CSV and JSON in its places, very long lines, deep nesting. */
export const dataText: Mutation = (bytes, random) => {
  let content = new TextDecoder('latin1').decode(bytes);
  for (let n = random.between(1, 3); n > 0; n--) {
    const word = WORDS[random.below(WORDS.length)] as string;
    const at = random.below(content.length + 1);
    const times = random.below(20) === 0 ? 10 ** random.between(1, 5) : 1;
    const removed = random.below(2) === 0 ? 0 : random.below(4);
    content = content.slice(0, at) + word.repeat(times) + content.slice(at + removed);
  }
  return Uint8Array.from(content, (char) => char.charCodeAt(0));
};
