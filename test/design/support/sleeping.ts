import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Configuration,
  type DesignOptions,
  type Hardware,
  planHardware,
} from '../../../generator/accelerator/index.js';
import { driverFiles } from '../../../generator/design/files/driver-files.js';
import { busFacts } from '../../../generator/design/manifest/facts.js';
import type { Model } from '../../../generator/network/model.js';
import { withOrders } from '../../../generator/network/unit-order.js';
import { type Driven, driven } from './driven.js';
import { type Frames, loadOf, parts } from './frames.js';

const SEED = Number(process.env.HCGS_SEED ?? 1);

/** A design whose states a bus reaches, with its driver, simulated. */
export async function slept(
  model: Model,
  options: Partial<DesignOptions> = {},
  mutate?: (file: string, text: string) => string,
) {
  const { hardware, orders } = planHardware(model, {
    ...{ name: 'dut', macs: 16, bus: 'axi4lite', busStates: true, ...options },
  });
  const placed = orders === null ? model : withOrders(model, orders);
  const bus = busFacts(hardware, placed, orders);
  if (bus === null) throw new Error('the design has a bus');
  const frames = { inputs: 5, inputBeats: 5, inputBytes: 2, outputs: 3, outputBeats: 3 };
  const driver = driverFiles({ name: 'dut', ...frames, outputBytes: 4, lanes: 1, bus });
  const board = await driven(hardware, placed, driver, mutate);
  return { hardware, orders, board, load: loadsOf(hardware, placed, board) };
}

function loadsOf(hardware: Hardware, model: Model, { directory }: Driven): readonly string[] {
  if ((hardware as Configuration).weights === undefined) return [];
  writeFileSync(join(directory, 'model.bin'), loadOf(hardware, model));
  return ['load model.bin 10'];
}

/** Commands, and what each has to answer; null: anything. */
export type Dialogue = readonly (readonly [string, string | null])[];

export const sends = ({ commands, beats, outputs }: Frames): Dialogue => [
  ...commands.map((command) => [command, '1'] as const),
  [`outputs ${beats}`, outputs],
];

/** How many of the answers are wrong. */
export function wrong(
  board: Driven,
  dialogue: Dialogue,
  seed: number,
  args: readonly string[],
): readonly string[] {
  const answers = board.run(
    dialogue.map(([command]) => command),
    seed,
    args,
  );
  return dialogue.flatMap(([command, expected], n) =>
    expected === null || answers[n] === expected
      ? []
      : [`${command}: expected ${expected}, got ${answers[n]}`],
  );
}

/** Saves states in the middle of an utterance, sleeps, wakes, and goes on, at odd and even frames. What was wrong. */
export function sleeps(
  { hardware, board, load }: Awaited<ReturnType<typeof slept>>,
  model: Model,
  args: readonly string[] = [],
): readonly string[] {
  const { streams = 1 } = hardware as Configuration;
  const found: string[] = [];
  for (const [before, between] of [
    [1, 0],
    [2, 1],
    [3, 2],
    [2, 0],
  ] as const) {
    const stream = (before + between) % streams;
    const [head, tail] = parts(hardware, model, [before, 3], SEED + before, stream) as [
      Frames,
      Frames,
    ];
    const saved = head.states;
    const other = (n: number, at: number) =>
      parts(hardware, model, [n], SEED + 7, at).flatMap(sends);
    const beside = (stream + 1) % streams;
    const neighbour = parts(hardware, model, [2, 2], SEED + 9, beside) as [Frames, Frames];
    const several = streams > 1;
    const dialogue: Dialogue = [
      ...load.map((command) => [command, '0'] as const),
      ...sends(head),
      [`states ${stream}`, `0: ${saved}`],
      // twice the same, and reading changes nothing
      [`states ${stream}`, `0: ${saved}`],
      ...(between === 0 ? ([['reset', '']] as const) : other(between, stream)),
      ...(several ? sends(neighbour[0]) : []),
      [`restore ${stream} ${saved}`, '0'],
      [`states ${stream}`, `0: ${saved}`],
      ...(several ? sends(neighbour[1]) : []),
      ...sends(tail),
      [`states ${stream}`, `0: ${tail.states}`],
      ['refused', '0'],
    ];
    found.push(
      ...wrong(board, dialogue, before, args).map((text) => `${before}, ${between}: ${text}`),
    );
  }
  // power was off: registers and memories hold anything
  for (let seed = 1; seed <= 4; seed++) {
    const [head, tail] = parts(hardware, model, [2, 1], SEED + seed) as [Frames, Frames];
    const dialogue: Dialogue = [
      ...load.map((command) => [command, '0'] as const),
      ...[[`restore 0 ${head.states}`, '0'] as const, ['states 0', `0: ${head.states}`] as const],
      ...sends(tail),
      ['states 0', `0: ${tail.states}`],
    ];
    const answers = wrong(board, dialogue, seed, [...args, `+verilator+seed+${seed}`]);
    found.push(...answers.map((text) => `without power, ${seed}: ${text}`));
  }
  return found;
}
