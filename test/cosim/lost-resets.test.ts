import { describe, expect, it } from 'vitest';
import { emitVerilog, planDesign } from '../../generator/accelerator/index.js';
import { randomModel } from '../../generator/network/random.js';
import { simulate } from '../support/simulate.js';

/** The golden design of test/accelerator/golden. */
const model = randomModel({
  inputs: 16,
  hidden: [16, 16],
  patterns: [
    {
      kind: 'hcgs',
      blocks: [8, 4],
      keep: [
        { k: 1, n: 2 },
        { k: 1, n: 2 },
      ],
    },
  ],
  sharing: 'shared',
  outputs: 5,
  words: { weight: 6, activation: 13, cell: 16, bias: 16 },
  seed: 1,
});
const { configuration } = planDesign(model, { name: 'mini', macs: 64 });

/** Resets that nothing can show: without them the core does the same on its ports. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  'frame_input restarts': 'written with each frame, before it is read',
  'sequencer parity': 'the two h buffers change places; the first frame reads neither',
  'sequencer restart': 'written when a frame starts, read while it runs',
  'sequencer gap': 'has run out before the first set of a new frame can end',
  'weight_banks valid_line': 'loads a word that the next one replaces',
  'mac_array valid_line': 'adds to a sum that the first operands of a new one replace',
  'lane_feed steps_left': 'counts without steps, and is written with the next set',
  'cell_update end_line': 'says of a step that it is the last; no step is there',
  'cell_update first_step_line': 'loads words that the first step behind it loads again',
  'core issue_line': 'reads words that nothing waits for',
  'cell_update position': 'takes the base of a layer with its first set',
  'cell_update first_step': 'written with each set, before its first step',
  'core store_line': 'writes a slot that is written again before it is read',
};

interface Reset {
  /** Module and register. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** Every assignment under `if (rst)`, by module and register. */
function resetsOf(verilog: ReadonlyMap<string, string>): readonly Reset[] {
  return [...verilog].flatMap(([path, text]) => {
    let inside = false;
    return text.split('\n').flatMap((code, line) => {
      if (/if \(rst\) begin/.test(code)) inside = true;
      else if (/^\s*end\b/.test(code)) inside = false;
      const register = inside ? /^\s*(\w+) <=/.exec(code)?.[1] : undefined;
      const file = path.slice('rtl/'.length);
      const name = `${file.replace(/^mini_|\.v$/g, '')} ${register}`;
      return register === undefined ? [] : [{ name, file, line }];
    });
  });
}

const resets = resetsOf(emitVerilog(configuration));

/** Of each kind one; all of them with HCGS_ALL_RESETS=1, which takes some minutes. */
const SHOWN = [
  'frame_input pending',
  'sequencer outputs_waiting',
  'frame_output read_upper',
  'core layer_begins',
];
const all = process.env.HCGS_ALL_RESETS === '1';
const tried = resets.filter(({ name }) => all || SHOWN.includes(name));

describe('a run without options of a design that has lost a reset', () => {
  it('is tried for resets that exist', () => {
    const names = resets.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([...SHOWN, ...Object.keys(WITHOUT_EFFECT)]));
  });

  it.each(tried.map((reset) => [reset.name, reset] as const))('%s', async (name, reset) => {
    const mutate = (file: string, text: string) =>
      file === reset.file ? text.split('\n').toSpliced(reset.line, 1, '').join('\n') : text;
    const result = await simulate(configuration, model, { frames: 20, protocol: true, mutate });
    const { predicted } = result.design;
    const wrong =
      result.firstMismatch !== null ||
      result.complaints.length > 0 ||
      (result.protocol?.complaints.length ?? 0) > 0 ||
      result.steady?.cyclesPerFrame !== predicted.cyclesPerFrame ||
      result.latencyCycles !== predicted.latencyCycles;
    expect(wrong).toBe(!(name in WITHOUT_EFFECT));
  });
});
