import { describe, expect, test } from 'vitest';
import { delayedValid } from '../../../generator/accelerator/build/pipeline.js';
import { layerTable } from '../../../generator/accelerator/control/layer-table.js';
import { sequencer } from '../../../generator/accelerator/control/sequencer.js';
import { hcgsDecoder } from '../../../generator/accelerator/decoder/hcgs/decoder.js';
import { hcgsTable } from '../../../generator/accelerator/decoder/hcgs/table.js';
import { buildImages, planDesign } from '../../../generator/accelerator/index.js';
import { rom } from '../../../generator/accelerator/memory/leaf.js';
import { bitsOf, type Configuration } from '../../../generator/accelerator/plan/configuration.js';
import { jobsOf } from '../../../generator/accelerator/schedule/jobs.js';
import { type PassWalk, tilesOfPass } from '../../../generator/accelerator/schedule/pass-walk.js';
import { walkModel } from '../../../generator/accelerator/schedule/walk.js';
import { bit, defineModule, input, output, uint } from '../../../generator/hdl/index.js';
import type { Model } from '../../../generator/network/model.js';
import { blockUnderTest, edit } from '../../support/block.js';
import { randomShape } from '../../support/random-shapes.js';

/** Cycles from the end of a completing half to its retirement in this bench. */
const RETIRE = 20;

/** Sequencer and decoder with a cell update that retires every row group set RETIRE cycles later. */
function bench(c: Configuration) {
  const leaf = rom(c.name);
  const s = sequencer(c, leaf);
  const d = hcgsDecoder(c, leaf);
  const record = layerTable(c, hcgsTable).reduce((sum, f) => sum + f.width, 0);
  return defineModule({
    name: `${c.name}_bench`,
    doc: 'Sequencer and decoder for a test.',
    parameters: {},
    ports: () => ({
      clk: input(bit),
      rst: input(bit),
      frame_ready: input(bit),
      output_taken: input(bit),
      frame_start: output(bit),
      issue: output(bit),
      store: output(bit),
      complete: output(bit),
      x_side: output(bit),
      slot: output(uint(s.portTypes.slot.type.width.evaluate(() => c.sumSlots))),
      layer_number: output(uint(Math.max(1, Math.ceil(Math.log2(c.layers))))),
      weight_address: output(uint(bitsOf(c.weightDepth))),
      frame_end: output(bit),
    }),
    body: (m, _p, io) => {
      const n = m.nets({
        x_release: 1,
        tile_first: 1,
        tile_last: 1,
        load: 1,
        next_layer: record,
        layer: record,
        from_input: 1,
        upper_buffer: 1,
        zero: 1,
        restart: 1,
        parity: 1,
        group_last: 1,
      });
      const retire = delayedValid(m, io.clk, io.rst, 'retire', io.complete, RETIRE).at(RETIRE);
      m.instance('u_sequencer', s, {
        clk: io.clk,
        rst: io.rst,
        frame_ready: io.frame_ready,
        frame_restart: io.frame_ready,
        frame_start: io.frame_start,
        x_release: n.x_release,
        retire,
        output_taken: io.output_taken,
        tile_last: n.tile_last,
        load: n.load,
        next_layer: n.next_layer,
        layer: n.layer,
        x_side: io.x_side,
        from_input: n.from_input,
        upper_buffer: n.upper_buffer,
        issue: io.issue,
        store: io.store,
        complete: io.complete,
        zero: n.zero,
        slot: io.slot,
        weight_address: io.weight_address,
        frame_end: io.frame_end,
        layer_number: io.layer_number,
        restart: n.restart,
        parity: n.parity,
        group_last: n.group_last,
      });
      const streams = d.portTypes.address.type.width;
      const address = m.net('address', uint(streams.evaluate((name) => parameterOf(d, name))));
      const columns = d.portTypes.present.type.width;
      const present = m.net('present', uint(columns.evaluate((name) => parameterOf(d, name))));
      m.instance('u_decoder', d, {
        clk: io.clk,
        rst: io.rst,
        load: n.load,
        next_layer: n.next_layer,
        layer: n.layer,
        x_side: io.x_side,
        from_input: n.from_input,
        upper_buffer: n.upper_buffer,
        advance: io.issue,
        tile_first: n.tile_first,
        tile_last: n.tile_last,
        address,
        present,
      });
      m.unused(
        'rest',
        n.tile_first,
        n.x_release,
        n.zero,
        n.restart,
        n.parity,
        n.group_last,
        address,
        present,
      );
    },
  });
}

function parameterOf(module: ReturnType<typeof hcgsDecoder>, name: string): number {
  const p = (module.parameters as Record<string, { kind: string; value: unknown }>)[name];
  return Number(p?.value);
}

/** Halves as the sequencer ends them in two frames, with cycle, slot and the tiles issued for them. */
async function observe(
  model: Model,
  macs: number,
  mutate?: (text: string) => string,
  edited: (c: Configuration, files: Record<string, string>) => Record<string, string> = (_, f) => f,
) {
  const c = planDesign(model, { name: 'dut', macs }).configuration;
  const block = await blockUnderTest(bench(c), mutate, ['dut_sequencer']);
  const tiles = walkModel(model, c).reduce((sum, walk) => sum + tilesOfPass(walk), 0);
  const cycles = 4 * (tiles + 60 * c.layers) + 100;
  const vectors = Array.from({ length: cycles }, (_, i) =>
    i === 0 ? { rst: 1, frame_ready: 1, output_taken: 0 } : { rst: 0, output_taken: 0 },
  );
  const files = edited(c, Object.fromEntries(buildImages(c, model)));
  const out = await block.run(vectors as Record<string, number>[], { files });
  let issued = 0;
  let from = -1;
  const halves = out.flatMap((o, cycle) => {
    if (cycle < 2) return [];
    if (o.issue === 1n) {
      if (issued === 0) from = Number(o.weight_address);
      issued++;
      // the tiles of a half are neighbours
      expect(Number(o.weight_address)).toBe(from + issued - 1);
    }
    if (o.store !== 1n && o.complete !== 1n) return [];
    const half = {
      cycle,
      layer: Number(o.layer_number),
      side: o.x_side === 1n ? 'x' : 'h',
      completes: o.complete === 1n,
      slot: Number(o.slot),
      tiles: issued,
      firstWord: from,
      frameEnd: o.frame_end === 1n,
    };
    issued = 0;
    return [half];
  });
  return { c, halves, walks: walkModel(model, c) };
}

/** The images with another number in a field of the layer table. */
function withField(
  c: Configuration,
  files: Record<string, string>,
  layer: number,
  name: string,
  value: number,
): Record<string, string> {
  const file = 'mem/dut_layers.mem';
  const fields = layerTable(c, hcgsTable);
  const at = fields.findIndex((f) => f.name === name);
  const base = BigInt(fields.slice(0, at).reduce((sum, f) => sum + f.width, 0));
  const mask = ((1n << BigInt(fields[at]?.width ?? 0)) - 1n) << base;
  const words = (files[file] as string).trimEnd().split('\n');
  const old = BigInt(`0x${words[layer]}`);
  const word = (old & ~mask) | (BigInt(value) << base);
  words[layer] = word.toString(16).padStart((words[layer] as string).length, '0');
  return { ...files, [file]: `${words.join('\n')}\n` };
}

describe('sequencer', () => {
  test.each([
    [29, 32],
    [2, 64],
    [28, 256],
    [12, 8],
  ])(
    'shape %i: the halves of a frame in the order of the plan, each with its tiles and slot',
    async (seed, macs) => {
      const { c, halves, walks } = await observe(randomShape(seed).model(1), macs);
      const plan = jobsOf(walks, c.sumSlots);
      const completes = ({ ends }: { ends: string }) => ends === 'lanes';
      const frame = halves.slice(0, plan.length);
      expect(frame.map((h) => [h.layer, h.side, h.completes])).toEqual(
        plan.map((p) => [p.pass, p.side, completes(p)]),
      );
      expect(frame.map((h) => h.tiles)).toEqual(plan.map((p) => p.tiles));
      // weights are read in the order of the images, in every frame anew
      const words = plan.map((_, i) => plan.slice(0, i).reduce((sum, p) => sum + p.tiles, 0));
      expect(halves.map((h) => h.firstWord)).toEqual(halves.map((_, i) => words[i % plan.length]));
      expect(frame.map((h) => h.frameEnd)).toEqual(plan.map((_, i) => i === plan.length - 1));
      // a completing half fetches the slot that its ready half was stored in, and nobody has overwritten it
      const slots = new Map<number, string>();
      plan.forEach((p, i) => {
        const slot = frame[i]?.slot as number;
        const key = `${p.pass}.${p.set}`;
        if (!completes(p)) {
          expect(slots.has(slot)).toBe(false);
          slots.set(slot, key);
        } else if ((walks[p.pass] as PassWalk).first !== null) {
          expect(slots.get(slot)).toBe(key);
          slots.delete(slot);
        }
      });
    },
  );

  test('waits for the layer below to retire, for the cell lanes, and for an output buffer', async () => {
    const { c, halves, walks } = await observe(randomShape(29).model(1), 32);
    const gap = (c.rowGroups * c.tileRows) / c.cellLanes;
    const completing = halves.filter((h) => h.completes);
    completing.slice(1).forEach((h, i) => {
      const before = completing[i] as (typeof completing)[number];
      expect(h.cycle - before.cycle).toBeGreaterThanOrEqual(gap);
      if (h.layer !== before.layer && walks[h.layer]?.waits) {
        expect(h.cycle - h.tiles + 1).toBeGreaterThan(before.cycle + RETIRE);
      }
    });
    // no output is ever taken: the third frame stops before the completing halves of its last layer
    const ends = halves.filter((h) => h.frameEnd).length;
    expect(ends).toBe(2);
  });

  test('weights of a layer start at the base that the table says', async () => {
    const { halves } = await observe(randomShape(29).model(1), 32, undefined, (c, files) =>
      withField(c, files, 1, 'weight_base', 3),
    );
    const first = halves.find(({ layer }) => layer === 1);
    expect(first?.firstWord).toBe(3);
  });

  test('the checks fail when it does not wait', async () => {
    const lane = await observe(
      randomShape(29).model(1),
      32,
      edit(/wire output_wait = .*;/, "wire output_wait = 1'b0;"),
    );
    expect(lane.halves.filter((h) => h.frameEnd).length).toBeGreaterThan(2);
  });
});
