import type { TableFunction } from '../../network/cells/cell.js';
import { activationTable } from '../cell/activation-table.js';
import { tablesIn } from '../cell/cell-stores.js';
import { cellUpdate } from '../cell/cell-update.js';
import { alignedSum, gateSum } from '../cell/gate-sum.js';
import { laneFeed } from '../cell/lane-feed.js';
import { placesOf } from '../cell/places.js';
import { laneOf, unitsOf } from '../cell/units.js';
import { jobSequencer } from '../control/job-sequencer.js';
import { sequencer } from '../control/sequencer.js';
import { macArray } from '../datapath/mac-array.js';
import { rowQueues } from '../datapath/row-queues.js';
import { sumSlots } from '../datapath/sum-slots.js';
import { weightBanks } from '../datapath/weight-banks.js';
import { decoderIn } from '../decoder/registry.js';
import { actMemory } from '../memory/act-memory.js';
import { activationMemory } from '../memory/activation-memory.js';
import { ram, rom } from '../memory/leaf.js';
import { type Configuration, emitOf, tablesOf } from '../plan/configuration.js';
import { stateAccess } from '../states/access.js';
import { busyCounter } from '../stream/busy-counter.js';
import { frameInput } from '../stream/frame-input.js';
import { frameOutput } from '../stream/frame-output.js';
import { streamInput } from '../stream/stream-input.js';
import { utteranceInput } from '../stream/utterance-input.js';

/** What a table of the lanes holds. */
function tableOf(c: Configuration): TableFunction | 'both' {
  const [first] = tablesIn(c);
  return first !== undefined && first.functions.length > 1
    ? 'both'
    : (first?.functions[0] ?? 'tanh');
}

/** What takes frames, by their order. */
function inputOf(c: Configuration) {
  if (c.order === 'sequence') return utteranceInput(c);
  return c.streams === undefined ? frameInput(c) : streamInput(c);
}

/** The blocks of a core: one member per file, so that another pattern or cell is another line here. */
export function blocksOf(c: Configuration) {
  const leafRom = rom(c.name);
  const leafRam = ram(c.name);
  const memory = actMemory(c.name, leafRam);
  const table = activationTable(c.name, leafRom, tablesOf(c), tableOf(c), c);
  return {
    rom: leafRom,
    input: inputOf(c),
    output: frameOutput(c, memory),
    // whole utterances end with outputs
    busy: busyCounter(c.name, c.order === 'sequence' ? 'every' : emitOf(c), c.streams),
    sequencer: c.jobs === undefined ? sequencer(c, leafRom) : jobSequencer(c, leafRom),
    decoder: decoderIn(c).module(c, leafRom),
    activations: activationMemory(c, memory),
    states: c.busStates ? stateAccess(c) : null,
    weights: weightBanks(c, leafRom),
    array: macArray(c),
    ...(c.queues === undefined
      ? { slots: sumSlots(c, leafRam), feed: laneFeed(c), queues: null }
      : { slots: null, feed: null, queues: rowQueues(c, { rom: leafRom, ram: leafRam }) }),
    cells: cellUpdate(c, {
      rom: leafRom,
      ram: leafRam,
      gateSum: gateSum(c),
      alignedSum: placesOf(c).some(({ rounded }) => !rounded) ? alignedSum(c) : null,
      lanes: unitsOf(c).map((unit) => laneOf(unit, c).module(c, table)),
    }),
  };
}
