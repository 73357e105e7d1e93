import type { Configuration } from '../../../generator/accelerator/index.js';
import { stateSizes } from '../../../generator/accelerator/states/sizes.js';
import type { Model } from '../../../generator/network/model.js';
import { type Frames, parts } from './frames.js';
import { type Dialogue, sends, type slept, wrong } from './sleeping.js';

const SEED = Number(process.env.HCGS_SEED ?? 1);

type Slept = Awaited<ReturnType<typeof slept>>;

/** Registers of states, and the fields of ERROR_CAUSE that speak of them. */
const [ADDRESS, DATA, CAUSE] = [0x40, 0x44, 0x2c];
const cause = (code: number) => `${code * 2 ** 12} 0`;
const unsigned = (text: string | undefined) => `${Number(text) >>> 0}`;
const REFUSED = '0 2';
const IN_USE = '12';

/** Accesses of no state, or of half of one, or while a frame comes in. What was wrong. */
export function refusals(
  { hardware, board }: Slept,
  model: Model,
  args: readonly string[],
): readonly string[] {
  const { values, keptBits } = stateSizes(hardware as Configuration);
  const [head, tail] = parts(hardware, model, [3, 1], SEED + 1) as [Frames, Frames];
  const saved = head.states.split(' ');
  const most = 2 ** (keptBits - 1);
  const part = (tail.commands[0] as string).replace(/1 0$/, '0 0');
  const dialogue: Dialogue = [
    ...sends(head),
    ...[[`write ${ADDRESS} 1`, '0'] as const, [`read ${DATA}`, `${unsigned(saved[1])} 0`] as const],
    ...[[`read ${DATA}`, `${unsigned(saved[2])} 0`] as const, [`read ${ADDRESS}`, '3 0'] as const],
    // part of a word, and bits that the address has not
    ...[[`write ${DATA} 5 7`, '2'] as const, [`write ${ADDRESS} 0 3`, '2'] as const],
    ...[[`write ${ADDRESS} ${2 ** 19}`, '2'] as const, [`read ${ADDRESS}`, '3 0'] as const],
    [`read ${CAUSE}`, cause(0)],
    // behind the last one
    ...[[`write ${ADDRESS} ${values}`, '0'] as const, [`read ${DATA}`, REFUSED] as const],
    ...[[`read ${ADDRESS}`, `${values} 0`] as const, [`read ${CAUSE}`, cause(2)] as const],
    // a word from its middle on
    ...[[`write ${ADDRESS} 1`, '0'] as const, [`read ${CAUSE}`, cause(0)] as const],
    ...[[`write ${DATA} 0`, '2'] as const, [`read ${CAUSE}`, cause(3)] as const],
    // more than its word
    ...[[`write ${ADDRESS} ${2 ** 31}`, '0'] as const, [`write ${DATA} ${most}`, '2'] as const],
    ...[[`read ${CAUSE}`, cause(4)] as const, [`write ${ADDRESS} ${2 ** 31}`, '0'] as const],
    [`write ${DATA} ${2 ** 32 - most - 1}`, '2'],
    [`restore 0 ${[...saved.slice(0, -1), most].join(' ')}`, '13'],
    [`restore 0 ${saved.join(' ')}`, '0'],
    [`restore 0 ${saved.slice(1).join(' ')}`, '11'],
    [`restore 1 ${saved.join(' ')}`, '10'],
    // half of a frame has come
    [`write ${ADDRESS} 0`, '0'],
    ...[[part, '1'] as const, [`read ${DATA}`, REFUSED] as const],
    ...[[`write ${DATA} 0`, '2'] as const, [`read ${CAUSE}`, cause(1)] as const],
    ...([
      [`restore 0 ${saved.join(' ')}`, IN_USE] as const,
      [part.replace(/0 0$/, '1 0'), '1'],
    ] as const),
    [`states 0`, `0: ${saved.join(' ')}`],
    ...sends(tail),
  ];
  return wrong(board, dialogue, 5, args);
}

const MOMENTS = Array.from({ length: 16 }, (_, n) => n);

/**
 * A frame that comes in any cycle of an access: that of a write, which takes back that the frame begins an utterance, and that of a
 * read. What was wrong.
 */
export function races(
  { hardware, board }: Slept,
  model: Model,
  args: readonly string[],
): readonly string[] {
  const [head, tail] = parts(hardware, model, [2, 1], SEED + 2) as [Frames, Frames];
  const [first = '0'] = head.states.split(' ');
  const beat = (tail.commands[0] as string).replace('beat ', '');
  // too long, so that what follows begins an utterance
  const long = [`beat ${beat.replace(/1 0$/, '0 1')}`, `beat ${beat}`];
  const access = (command: string, begins: readonly string[]) =>
    MOMENTS.map((n) => {
      const commands = [
        ...[...head.commands, `outputs ${head.beats}`, ...begins, `write ${ADDRESS} 0`],
        ...[`during ${n} ${beat}`, command, `outputs ${tail.beats}`],
      ];
      return board.run(commands, n + 1, args).slice(-2) as [string, string];
    });
  const writes = access(`write ${DATA} ${unsigned(first)}`, long);
  const reads = access(`read ${DATA}`, []);
  const odd = [
    ...writes.filter(
      ([answer, outputs]) => outputs !== (answer === '0' ? tail.outputs : tail.alone),
    ),
    ...reads.filter(
      ([answer, outputs]) =>
        outputs !== tail.outputs || ![`${unsigned(first)} 0`, REFUSED].includes(answer),
    ),
  ].map(([answer]) => `a frame during an access that is answered by ${answer}`);
  const both = [writes, reads].every((some) => new Set(some.map(([answer]) => answer)).size === 2);
  return both ? odd : [...odd, 'all accesses had one answer'];
}
