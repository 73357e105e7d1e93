import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import {
  bit,
  defineModule,
  emitDesign,
  indexBits,
  input,
  integer,
  output,
  set,
  uint,
  when,
} from '../../generator/hdl/index.js';

/** Number of latches that Yosys makes of a design. */
async function latches(verilog: Iterable<string>, name: string): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-latch-'));
  try {
    writeFileSync(join(directory, 'design.v'), [...verilog].join('\n'));
    const steps = [
      `read_verilog design.v; hierarchy -top ${name}; proc; flatten`,
      'tee -o count.txt select -count t:$dlatch t:$dlatchsr t:$adlatch t:$sr',
    ];
    await execa('yosys', ['-q', '-p', steps.join('; ')], { cwd: directory });
    return Number(/(\d+) objects/.exec(readFileSync(join(directory, 'count.txt'), 'utf8'))?.[1]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Conditions that leave registers, parts of registers, words and outputs as they are. */
const incomplete = defineModule({
  name: 'incomplete',
  doc: 'Sets little, and seldom.',
  parameters: { DEPTH: integer(4, 'Words') },
  ports: (p) => ({
    clk: input(bit),
    x: input(bit),
    a: input(uint(8)),
    place: input(uint(indexBits(p.DEPTH))),
    q: output(uint(8)),
    word: output(uint(8)),
    y: output(uint(8)),
  }),
  body: (m, p, io) => {
    const words = m.memory('words', 8, p.DEPTH, null);
    const part = m.reg('part', uint(8));
    m.always(io.clk, [
      when(io.x, [set(io.q, io.a)]),
      when(io.a.bit(0), [when(io.x, [], [set(part.part(0, 4), io.a.part(4, 4))])]),
      when(io.x, [set(part.part(4, 4), io.a.part(0, 4))]),
      when(io.a.any(), [set(words.at(io.place), part)]),
      when(io.x, [set(io.word, words.at(io.place))]),
    ]);
    m.assign(io.y, io.x.choose(io.a, part));
  },
});

test('no latch comes from conditions that leave something as it is', async () => {
  expect(await latches(emitDesign(incomplete).modules.values(), 'incomplete')).toBe(0);
});

test('a latch written by hand is counted', async () => {
  const text =
    'module m (input wire e, input wire d, output reg q); always @* if (e) q = d; endmodule';
  expect(await latches([text], 'm')).toBe(1);
});
