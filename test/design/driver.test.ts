import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  busFeatures,
  busHash,
  checkHardwareContract,
  type DesignOptions,
  type Hardware,
  planHardware,
} from '../../generator/accelerator/index.js';
import { type DriverFacts, driverFiles } from '../../generator/design/files/driver-files.js';
import { type RandomOptions, randomModel } from '../../generator/network/random.js';
import { withFlips } from '../accelerator/protect/support/flipped.js';
import { edit } from '../support/block.js';
import { STANDARD_WORDS } from '../support/kws.js';
import { compiledDriver, type Driven, driven } from './support/driven.js';
import { loadOf, utterance } from './support/frames.js';

const drawn = (seed: number, more: Partial<RandomOptions> = {}) =>
  randomModel({
    ...{ inputs: 5, hidden: [16, 8], outputs: 3, sharing: 'shared', seed },
    words: STANDARD_WORDS,
    patterns: [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }],
    ...more,
  });
const [one, two] = [drawn(3), drawn(4)];

const planned = (options: Partial<DesignOptions>): Hardware =>
  planHardware(one, { name: 'dut', macs: 16, bus: 'axi4lite', ...options }).hardware;

/** The driver of a design, of which sizes of frames do not matter here. */
function driverOf(hardware: Hardware, changes: Partial<DriverFacts['bus']> = {}) {
  const frames = { inputs: 5, inputBeats: 5, inputBytes: 2, outputs: 3, outputBeats: 3 };
  const bus = { ...busFeatures(hardware), hash: busHash(hardware), ...changes };
  return driverFiles({ name: hardware.name, ...frames, outputBytes: 4, lanes: 1, bus });
}

const RESULT = { ok: '0', noDesign: '3', absent: '4', noPlace: '5', length: '6', busy: '7' };
const REFUSED = '9';
const TIMEOUT = '8';

describe.each([8, 32] as const)(
  'the driver of two resident models, loaded by %i bits',
  (loadBits) => {
    const hardware = planned({ weights: 'loaded', residents: 2, loadBits });
    let board: Driven;
    beforeAll(async () => {
      checkHardwareContract(hardware, two, []);
      board = await driven(hardware, one, driverOf(hardware));
      const bad = (bytes: Buffer, at: number) => {
        const copy = Buffer.from(bytes);
        copy[at] = (copy[at] as number) ^ 4;
        return copy;
      };
      const good = loadOf(hardware, one);
      for (const [name, bytes] of Object.entries({
        'one.bin': good,
        'two.bin': loadOf(hardware, two, 1),
        'sum.bin': bad(good, 40),
        'other.bin': bad(good, 8),
        'short.bin': good.subarray(0, good.length - 40),
        'odd.bin': good.subarray(0, good.length - 1),
        'place.bin': loadOf(hardware, one, 2),
      })) {
        writeFileSync(join(board.directory, name), bytes);
      }
    });
    afterAll(() => board.remove());

    test('loads both, and computes with the one that is chosen', () => {
      const [a, b, c] = [
        utterance(hardware, one, 4, 1),
        utterance(hardware, two, 3, 2),
        utterance(hardware, one, 2, 3),
      ];
      const answers = board.run([
        ...['identify', 'loaded 0', 'load one.bin 10', 'loaded 0', 'loaded 1', 'load two.bin 10'],
        ...['wait 1 0', ...a.commands, `outputs ${a.beats}`, 'select 1', ...b.commands],
        ...[`outputs ${b.beats}`, 'select 0', ...c.commands, `outputs ${c.beats}`, 'counters'],
        ...['select 2', 'refused', 'status'],
      ]);
      expect(answers.slice(0, 7)).toEqual(['0', '0', '0', '1', '0', '0', '0']);
      const outputs = answers.filter((answer) => answer.length > 20);
      expect(outputs).toEqual([a.outputs, b.outputs, c.outputs]);
      const [counters, select, refused, status] = answers.slice(-4);
      expect(counters).toMatch(/^[1-9]\d+ 9 0$/);
      expect([select, refused, status]).toEqual([RESULT.noPlace, '0', `${3 * 2 ** 16}`]);
    });

    test('sees a load that is refused, and why, and goes on', () => {
      const sent = utterance(hardware, one, 2, 5);
      const answers = board.run([
        ...['load sum.bin 10', 'cause', 'loaded 0', 'load other.bin 10', 'cause'],
        ...['load short.bin 10', 'cause', 'load odd.bin 10', 'load place.bin 10', 'wait 0 5'],
        ...[
          'load one.bin 10',
          'cause',
          'wait 1 5',
          ...sent.commands,
          `outputs ${sent.beats}`,
          'refused',
        ],
      ]);
      expect(answers.slice(0, 10)).toEqual([
        ...[REFUSED, '6 a wrong CRC-32', '0', REFUSED, '3 a load for another design'],
        ...[REFUSED, '7 tlast within a record', RESULT.length, RESULT.noPlace, REFUSED],
      ]);
      expect(answers.slice(10, 13)).toEqual([RESULT.ok, '0 none', TIMEOUT]);
      expect(answers.slice(-2)).toEqual([sent.outputs, '0']);
    });

    test('keeps off a load through the stream, and ends one that was broken off', () => {
      const answers = board.run([
        ...[
          'stream one.bin 20',
          'load two.bin 10',
          'write 60 1',
          'abort',
          'cause',
          'load two.bin 10',
        ],
        ...['stream one.bin 100000', 'wait 0 5', 'loaded 1', 'refused'],
      ]);
      const beats = loadOf(hardware, one).length / (loadBits / 8);
      expect(answers).toEqual([
        ...['20', RESULT.busy, '2', RESULT.ok, '7 tlast within a record', RESULT.ok],
        ...[`${beats}`, RESULT.ok, '1', '1'],
      ]);
    });

    test('gets interrupts of the causes that it asks for', () => {
      const sent = utterance(hardware, one, 2, 6);
      const [first = ''] = sent.commands;
      const answers = board.run([
        ...[
          'enable 1',
          'irq',
          'load one.bin 10',
          'irq',
          'take 15',
          'irq',
          'load sum.bin 10',
          'irq',
        ],
        ...['take 15', 'load one.bin 10', 'take 15', 'enable 8', ...sent.commands],
        ...[
          `outputs ${sent.beats}`,
          'irq',
          'take 15',
          first.replace(/ 0 1$/, ' 1 1'),
          'idle 4',
          'irq',
        ],
        ...['take 8', 'irq', 'counters'],
      ]);
      expect(answers.slice(0, 11)).toEqual([
        '',
        '0',
        '0',
        '1',
        '1',
        '0',
        REFUSED,
        '0',
        '2',
        '0',
        '1',
      ]);
      const tail = answers.slice(-9);
      expect(tail.slice(0, 8)).toEqual([sent.outputs, '0', '4', '1', '', '1', '8', '0']);
      expect(tail[8]).toMatch(/ 2 1$/);
    });

    test('resets the core at any moment, and models stay', () => {
      const sent = utterance(hardware, one, 3, 7);
      const start = board.run(['load one.bin 10', ...sent.commands, `outputs ${sent.beats}`]);
      expect(start.at(-1)).toBe(sent.outputs);
      for (let cut = 0; cut <= sent.commands.length; cut++) {
        for (const wait of [0, 3, 40]) {
          const answers = board.run([
            ...['load one.bin 10', ...sent.commands.slice(0, cut), `idle ${wait}`, 'reset'],
            ...['counters', 'loaded 0', 'outputs 0', 'idle 200', 'outputs 0', ...sent.commands],
            ...[`outputs ${sent.beats}`, 'counters', 'refused'],
          ]);
          const [counters, loaded, , , late] = answers.slice(cut + 3);
          expect([counters, loaded, late], `${cut} beats, ${wait} cycles`).toEqual([
            '0 0 0',
            '1',
            '',
          ]);
          expect(answers.slice(-3)).toEqual([sent.outputs, expect.stringMatching(/ 3 0$/), '0']);
        }
      }
    });

    test('waits for frames of the model that is there, so often as it is told', () => {
      const sent = utterance(hardware, one, 1, 8);
      const answers = board.run([
        ...['load one.bin 10', ...sent.commands.slice(0, 2), 'load one.bin 5', 'loaded 0'],
        ...[...sent.commands.slice(2), `outputs ${sent.beats}`, 'load one.bin 5', 'refused'],
      ]);
      expect(answers[3]).toBe(TIMEOUT);
      expect(answers[4]).toBe('1');
      expect(answers.slice(-3)).toEqual([sent.outputs, RESULT.ok, '0']);
    });
  },
);

/** Cuts an utterance of one model short by a reset, everywhere, and has one of another model behind it. Whether all outputs came. */
function changesModels(board: Driven, hardware: Hardware): boolean {
  writeFileSync(join(board.directory, 'one.bin'), loadOf(hardware, one));
  writeFileSync(join(board.directory, 'two.bin'), loadOf(hardware, two, 1));
  const [before, behind] = [utterance(hardware, one, 2, 1), utterance(hardware, two, 2, 2)];
  return before.commands.every((_, cut) => {
    const answers = board.run([
      ...['load one.bin 10', 'load two.bin 10', ...before.commands.slice(0, cut + 1), 'reset'],
      ...['counters', 'idle 300', 'outputs 0', 'select 1', ...behind.commands],
      ...[`outputs ${behind.beats}`, 'counters'],
    ]);
    const [counters = '', , , , ...rest] = answers.slice(cut + 4);
    const [outputs, after = ''] = rest.slice(-2);
    return counters === '0 0 0' && outputs === behind.outputs && / 2 0$/.test(after);
  });
}

describe('a soft reset of two resident models', () => {
  const hardware = planned({ weights: 'loaded', residents: 2 });
  const board = (mutate?: (file: string, text: string) => string) =>
    driven(hardware, one, driverOf(hardware), mutate);

  test('leaves nothing of a frame that was cut, whatever model comes next', async () => {
    const made = await board();
    expect(changesModels(made, hardware)).toBe(true);
    made.remove();
  });

  test.each<[string, string | RegExp, string]>([
    ['core', 'anew || !there', 'rst || !there'],
    ['choice of the model', /(u_gate \([^;]*\.rst +\()anew/, '$1rst'],
  ])('a mutant whose %s stays is seen', async (_title, from, to) => {
    const made = await board((file, text) => (file === 'rtl/dut.v' ? edit(from, to)(text) : text));
    expect(changesModels(made, hardware)).toBe(false);
    made.remove();
  });
});

describe('the driver of a model in ROMs', () => {
  const hardware = planned({});

  test('watches the design and loads nothing', async () => {
    const board = await driven(hardware, one, driverOf(hardware));
    const sent = utterance(hardware, one, 3, 1);
    const answers = board.run([
      ...['identify', 'loaded 0', 'load one.bin 1', 'abort', 'select 0', 'select 1'],
      ...[
        ...sent.commands,
        `outputs ${sent.beats}`,
        'counters',
        'refused',
        'write 60 1',
        'read 32',
      ],
    ]);
    board.remove();
    expect(answers.slice(0, 6)).toEqual(['0', '1', ...[RESULT.absent, RESULT.absent], '0', '5']);
    expect(answers.slice(-5)).toEqual([
      ...[sent.outputs, expect.stringMatching(/ 3 0$/), '0', '2', '0 2'],
    ]);
  });

  test('knows another design by its hash', async () => {
    const [first = 0, ...others] = busHash(hardware);
    const board = await driven(
      hardware,
      one,
      driverOf(hardware, { hash: [(first ^ 1) >>> 0, ...others] }),
    );
    const answers = board.run(['identify', 'text 3']);
    board.remove();
    expect(answers).toEqual([RESULT.noDesign, 'another design than that of the header']);
  });

  test.each<[string, string, string | RegExp, string]>([
    ['is not reset', 'rtl/dut.v', 'wire core_rst = rst || soft_reset', 'wire core_rst = rst'],
    ['is not watched', 'rtl/dut.v', /(\.frame_left +\()frame_left/, "$11'b0"],
  ])('a top that %s is seen', async (_title, file, from, to) => {
    const board = await driven(hardware, one, driverOf(hardware), (path, text) =>
      path === file ? edit(from, to)(text) : text,
    );
    const sent = utterance(hardware, one, 2, 1);
    const [first = ''] = sent.commands;
    const answers = board.run([
      ...[...sent.commands, `outputs ${sent.beats}`, 'counters', first, 'reset', 'counters'],
      ...[...sent.commands, `outputs ${sent.beats}`],
    ]);
    board.remove();
    const right = [sent.outputs, expect.stringMatching(/ 2 0$/), '1', '', '0 0 0'];
    const at = sent.commands.length;
    expect([...answers.slice(at, at + 5), answers.at(-1)]).not.toEqual([...right, sent.outputs]);
  });
});

describe('the driver of a design whose words have check bits', () => {
  test('reads how many were faulty, and whether one was lost, until a soft reset', async () => {
    const hardware = planned({ protect: 'secded' });
    const board = await driven(hardware, one, driverOf(hardware));
    const sent = utterance(hardware, one, 3, 1);
    const answers = (): readonly string[] =>
      board
        .run([
          ...[...sent.commands, `outputs ${sent.beats}`, 'memory', 'reset', 'memory', 'refused'],
        ])
        .slice(sent.commands.length);
    expect(answers()).toEqual([sent.outputs, '0 0 0', '', '0 0 0', '0']);
    const file = join(board.directory, 'mem/dut_weights_0.mem');
    const image = readFileSync(file, 'utf8');
    writeFileSync(file, withFlips(image, [{ word: 2, bit: 0 }]));
    expect(answers()).toEqual([sent.outputs, '0 3 0', '', '0 0 0', '0']);
    writeFileSync(
      file,
      withFlips(
        image,
        [0, 1].map((bit) => ({ word: 2, bit })),
      ),
    );
    expect(answers().slice(1)).toEqual(['0 3 1', '', '0 0 0', '0']);
    board.remove();
  });

  test('says where there are none', async () => {
    const hardware = planned({});
    const board = await driven(hardware, one, driverOf(hardware));
    expect(board.run(['memory', 'read 64'])).toEqual([`${RESULT.absent} 0 0`, '0 2']);
    board.remove();
  });
});

describe('the text of the drivers', () => {
  test.each<[string, Partial<DesignOptions>]>([
    ['ROMs', {}],
    ['loaded', { weights: 'loaded' }],
    ['check bits', { protect: 'parity' }],
  ])(
    'compiles without a warning, as C and as C++, with every header by itself: %s',
    (_title, options) => {
      const directory = mkdtempSync(join(tmpdir(), 'hcgs-driver-'));
      const driver = driverOf(planned(options));
      expect(compiledDriver(driver, directory).said).toBe('');
      for (const header of ['hcgs_registers.h', 'hcgs.h', 'dut_design.h']) {
        writeFileSync(
          join(directory, 'alone.c'),
          `#include "driver/${header}"\ntypedef int unused;\n`,
        );
        for (const [compiler, standard] of [
          ['gcc', 'c99'],
          ['g++', 'c++11'],
        ] as const) {
          const { stderr } = spawnSync(
            compiler,
            [
              `-std=${standard}`,
              '-Wall',
              '-pedantic',
              '-Wno-unused-variable',
              '-fsyntax-only',
              'alone.c',
            ],
            { cwd: directory, encoding: 'utf8' },
          );
          expect(stderr, `${compiler} ${header}`).toBe('');
        }
      }
      rmSync(directory, { recursive: true, force: true });
    },
  );
});
