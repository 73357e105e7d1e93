import { type CellStages, cellStages } from '../cell/stages.js';
import { DECODER_LATENCY } from '../decoder/latency.js';
import { type Configuration, stepsPerGroup } from '../plan/configuration.js';
import { stagesOf } from './stages.js';
import { aheadOf, type LayerWalk } from './walk.js';

/** What the clock-exact model of the sequencer predicts. */
export interface Prediction {
  /**
   * Cycles from one output frame to the next, input always there, output always taken; the mean where frames of
   * two or more lengths take turns.
   */
  readonly cyclesPerFrame: number;
  /** Last input beat accepted to last output beat, idle core. */
  readonly latencyCycles: number;
  /** Cycles of the frame that no tile is issued in, by layer, in the steady state. */
  readonly layers: readonly { readonly tiles: number; readonly stalls: number }[];
}

/** Frames after which the pattern of a frame repeats; the model checks that it does. */
const SETTLE_FRAMES = 12;
const MOST_FRAMES = 400;
/** Most frames after which the distances of the output frames may repeat. */
const LONGEST_PERIOD = 8;

export type ScheduleShape = Pick<
  Configuration,
  'sumSlots' | 'cellLanes' | 'cellCycles' | 'tileRows' | 'tileColumns' | 'rowGroups'
> & { readonly inputBeats: number; readonly outputBeats: number };

/** How long a row group set is in the cell lanes. */
interface Lanes {
  readonly stages: CellStages;
  /** Cycles from its first step to its last, and those in which no other one can come. */
  readonly lastStep: number;
  readonly cycles: number;
}

interface Times {
  /** Last tile issued. */
  issued: number;
  /** Row group sets completed until then have retired at the end of this cycle. */
  retired: number;
  /** First cycle in which the cell lanes take another row group set. */
  lanesFree: number;
}

/**
 * Cycle-exact model: a recurrence over the halves of a frame. `issue` of a tile is the cycle in which the
 * sequencer presents it; every constant below is a stage count of the hardware.
 */
export function predict(layers: readonly LayerWalk[], shape: ScheduleShape): Prediction {
  const stages = cellStages(shape);
  // from the first step of a row group set to its last
  const lastStep = (stepsPerGroup(shape as Configuration) - 1) * shape.cellCycles;
  const lanes: Lanes = { stages, lastStep, cycles: lastStep + shape.cellCycles };
  const outputs: number[] = [];
  const frameStarts: number[] = [];
  const xReleases: number[] = [];
  let stalls: number[] = [];
  const times: Times = { issued: -1, retired: -Infinity, lanesFree: -Infinity };
  let committed = -1;
  let outputDone = -Infinity;
  let outputs2: number[] = [];
  const isOutput = layers.at(-1)?.kind === 'output';
  const feed = stagesOf(shape).feed;
  const outputStage = feed + (isOutput ? stages.lastSum : stages.hidden) + lastStep;
  for (let frame = 0; frame < MOST_FRAMES; frame++) {
    committed = commitTime(frame, committed, shape.inputBeats, xReleases);
    const previousEnd = times.issued;
    // A frame that waits when the last tile of the one before is issued follows at once.
    const start = Math.max(committed + 1, previousEnd) + 1;
    frameStarts.push(start);
    stalls = [];
    let loaded = start - 1;
    for (const layer of layers) {
      const free =
        layer.index === layers.length - 1 ? (outputs2[frame - 2] ?? -Infinity) + 1 : -Infinity;
      const before = loaded;
      const { end, xEnd, tiles } = runLayer(
        layer,
        loaded,
        free,
        { lanes, feed, slots: shape.sumSlots },
        times,
      );
      if (layer.index === 0) xReleases.push(xEnd + DECODER_LATENCY);
      stalls.push(end - before - tiles);
      loaded = end;
    }
    times.issued = loaded;
    const written = times.issued + outputStage;
    // Write, ask, read, queue: the first beat is at the port three cycles after the last write.
    const firstBeat = Math.max(written + 3, outputDone + 1);
    outputDone = firstBeat + shape.outputBeats - 1;
    outputs.push(outputDone);
    outputs2 = outputs;
    if (frame > SETTLE_FRAMES && periodOf(outputs) !== null) break;
  }
  const frames = outputs.length;
  const period = periodOf(outputs) ?? 1;
  return {
    cyclesPerFrame:
      ((outputs[frames - 1] as number) - (outputs[frames - 1 - period] as number)) / period,
    latencyCycles: (outputs[0] as number) - (shape.inputBeats - 1),
    layers: layers.map((l, i) => ({
      tiles: l.groups * (l.x.tiles + (l.h?.tiles ?? 0)),
      stalls: stalls[i] as number,
    })),
  };
}

/** Cycle in which the last beat of a frame is accepted: two buffers, one beat per cycle. */
function commitTime(
  frame: number,
  previous: number,
  beats: number,
  xReleases: readonly number[],
): number {
  // The buffer of the frame two before is free one cycle after its last read.
  const free = frame < 2 ? -Infinity : (xReleases[frame - 2] as number) + 1;
  return Math.max(previous + 1, free) + beats - 1;
}

function runLayer(
  layer: LayerWalk,
  loaded: number,
  outputFree: number,
  { lanes, feed, slots }: { readonly lanes: Lanes; readonly feed: number; readonly slots: number },
  times: Times,
): { readonly end: number; readonly xEnd: number; readonly tiles: number } {
  const ahead = aheadOf(layer, slots);
  const firstTiles = layer.first === null ? 0 : (layer[layer.first]?.tiles as number);
  const secondTiles = layer[layer.second]?.tiles as number;
  let now = loaded;
  let ready = 0;
  let tiles = 0;
  let xEnd = loaded;
  for (let done = 0; done < layer.groups; done++) {
    while (layer.first !== null && ready < layer.groups && ready - done < ahead) {
      now += firstTiles;
      tiles += firstTiles;
      ready++;
      if (layer.first === 'x') xEnd = now;
    }
    // First tile of the completing half: everything before has retired, an output buffer is free.
    let begin = now + 1;
    if (done === 0 && layer.waits) begin = Math.max(begin, times.retired + 1);
    begin = Math.max(begin, outputFree);
    let end = Math.max(begin + secondTiles - 1, times.lanesFree);
    // The next word of the layer table takes two cycles to come.
    if (done === layer.groups - 1) end = Math.max(end, loaded + 2);
    tiles += secondTiles;
    now = end;
    times.lanesFree = end + lanes.cycles;
    times.retired = end + feed + lanes.stages.retire + lanes.lastStep;
    if (layer.second === 'x') xEnd = end;
  }
  return { end: now, xEnd, tiles };
}

/** Frames after which the distances of the last frames repeat; null when they do not yet. */
function periodOf(outputs: readonly number[]): number | null {
  const n = outputs.length;
  const gap = (i: number): number => (outputs[n - i] as number) - (outputs[n - i - 1] as number);
  for (let period = 1; period <= LONGEST_PERIOD; period++) {
    const compared = Math.max(4, 2 * period);
    if (n < compared + period + 1) return null;
    const indices = Array.from({ length: compared }, (_, i) => i + 1);
    if (indices.every((i) => gap(i) === gap(i + period))) return period;
  }
  return null;
}
