import { expect, test } from 'vitest';
import {
  bit,
  checkDesign,
  concat,
  defineModule,
  expand,
  input,
  integer,
  literal,
  output,
  registersBehind,
  set,
  signalSources,
  uint,
  when,
} from '../../generator/hdl/index.js';

const cell = defineModule({
  name: 'keeper',
  doc: '',
  parameters: { WIDTH: integer(4, 'Bits'), KEEP: integer(0, 'Keeps its input', 0, 1) },
  ports: (p) => ({
    clk: input(bit),
    mask: input(bit),
    a: input(uint(p.WIDTH)),
    y: output(uint(p.WIDTH)),
  }),
  body: (m, p, io) => {
    m.ifGenerate(
      'keep',
      p.KEEP,
      '==',
      1,
      (yes) => {
        const kept = yes.reg('kept', uint(p.WIDTH));
        yes.always(io.clk, [when(io.mask, [set(kept, io.a)])]);
        yes.assign(io.y, kept);
      },
      (no) => {
        const sum = no.reg('sum', uint(p.WIDTH));
        no.always(io.clk, [set(sum, io.a.addWrap(sum))]);
        const late = no.reg('late', uint(p.WIDTH));
        no.always(io.clk, [set(late, sum)]);
        no.assign(io.y, io.mask.choose(late, literal(0, p.WIDTH)));
      },
    );
  },
});
const top = defineModule({
  name: 'top',
  doc: '',
  parameters: { LANES: integer(3, 'Lanes') },
  ports: (p) => ({
    clk: input(bit),
    mask: input(bit),
    a: input(uint(p.LANES.times(4))),
    y: output(uint(p.LANES.times(4))),
    kept: output(uint(5)),
    stored: output(uint(4)),
  }),
  body: (m, p, io) => {
    m.forEach('lane', p.LANES, (lane, scope) => {
      const y = scope.net('own', uint(4));
      const a = io.a.part(lane.times(4), 4);
      scope.instance('u_cell', cell, { clk: io.clk, mask: io.mask, a, y });
      scope.assign(io.y.part(lane.times(4), 4), y);
    });
    const kept = m.net('held', uint(4));
    const ports = { clk: io.clk, mask: io.mask, a: io.a.part(0, 4), y: kept };
    m.instance('u_kept', cell, ports, { KEEP: 1 });
    m.assign(io.kept, concat(io.mask, kept));
    const words = m.memory('words', 4, 2, null);
    const read = m.reg('read', uint(4));
    m.always(io.clk, [set(words.at(io.mask), kept), set(read, words.at(io.mask))]);
    m.assign(io.stored, read);
  },
});
const expansion = expand(top);

test('the design is right', () =>
  expect(checkDesign(top).filter((d) => d.code !== 'NO_RESET')).toEqual([]));

test('every signal has its path, each instance takes its own branch', () => {
  const inside = (name: string) =>
    [...expansion.nodes.keys()].filter((path) => path.startsWith(name));
  expect(inside('top.g_lane')).toEqual([
    'top.g_lane[0:2].own',
    'top.g_lane[0:2].u_cell',
    ...['clk', 'mask', 'a', 'y'].map((port) => `top.g_lane[0:2].u_cell.${port}`),
    'top.g_lane[0:2].u_cell.g_keep_else.sum',
    'top.g_lane[0:2].u_cell.g_keep_else.late',
  ]);
  expect(inside('top.u_kept.g_')).toEqual(['top.u_kept.g_keep.kept']);
  const { instances, signals } = signalSources(expansion, false).keeper ?? {};
  expect(instances).toEqual(['top.g_lane[0:2].u_cell', 'top.u_kept']);
  expect(signals?.['g_keep.kept']).toEqual({ kind: 'register', source: null, drivenAt: [] });
  expect(signals?.y?.kind).toBe('wire');
  expect(expansion.nodes.get('top.words')?.kind).toBe('memory');
  expect(expansion.nodes.get('top.u_kept')?.kind).toBe('instance');
});

test('signals name the lines that declare and drive them', () => {
  const { keeper: found } = signalSources(expansion, true);
  const sum = found?.signals['g_keep_else.sum'];
  expect(sum?.source).toMatch(/^test\/hdl\/signals\.test\.ts:\d+$/);
  const line = Number(sum?.source?.split(':')[1]);
  expect(sum?.drivenAt).toEqual([`test/hdl/signals.test.ts:${line + 1}`]);
  // two instances, two lines
  expect(found?.signals.a?.drivenAt).toHaveLength(2);
});

test('behind a signal stand the registers that compute, not those that pass on, and memories', () => {
  expect(registersBehind(expansion, 'top.y')).toEqual(['top.g_lane[0:2].u_cell.g_keep_else.sum']);
  // nothing is computed between input and output: the last register that there is
  expect(registersBehind(expansion, 'top.kept')).toEqual(['top.u_kept.g_keep.kept']);
  expect(registersBehind(expansion, 'top.stored')).toEqual(['top.words']);
  expect(registersBehind(expansion, 'top.nothing')).toEqual([]);
});
