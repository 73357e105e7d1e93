import type { Estimate } from '../../accelerator/index.js';
import { textTable } from './text-table.js';

/** The figures of a design for a person. */
export function estimateLines(e: Estimate): readonly string[] {
  return [
    ...headLines(e),
    '',
    ...textTable([
      ['layer', 'rows', 'columns', 'kept weights', 'cycles', 'waiting'],
      ...e.layers.map((layer, l) => [
        layer.kind === 'output' ? 'output' : String(l),
        layer.rows,
        layer.columns.join('+'),
        layer.keptWeights,
        rounded(layer.tiles + layer.stallCycles),
        rounded(layer.stallCycles),
      ]),
    ]),
    '',
    ...sizeLines(e),
    `kept weights: ${e.keptWeights}, and ${e.paddedWeights} stored positions beside them`,
    ...memoryLines(e),
  ];
}

/** The same in a few lines. */
export function estimateSummary(e: Estimate): readonly string[] {
  return [...headLines(e), ...sizeLines(e), ...memoryLines(e)];
}

function headLines(e: Estimate): readonly string[] {
  const busy = `${(100 * e.macUtilization).toFixed(2)} % of the MACs busy`;
  return [
    `${e.macs} MACs: ${rounded(e.cyclesPerFrame)} cycles per frame, latency ${e.latencyCycles} cycles, ${busy}`,
    ...(e.order === 'sequence'
      ? [`whole utterances of at most ${e.maxFrames} frames; figures are of one of ${e.maxFrames}`]
      : []),
    ...(e.streams > 1
      ? [`${e.streams} streams; figures are of frames of all of them back to back`]
      : []),
    ...emitLines(e),
    lossesLine(e),
  ];
}

function sizeLines(e: Estimate): readonly string[] {
  const pace = e.cellCycles === 1 ? '' : `, time-multiplexed, ${e.cellCycles} cycles per cell`;
  return [
    arrayLine(e),
    `lanes: cells ${e.cellLanes}${pace}, streams ${e.streamLanes}; sum slots ${e.sumSlots}${e.pipeline === undefined ? '' : `; pipeline ${e.pipeline}`}`,
    `multipliers: ${e.multipliers.mac} in the array, ${e.multipliers.cell} in the cell update`,
  ];
}

function memoryLines(e: Estimate): readonly string[] {
  const perWeight = `${e.indexBitsPerKeptWeight.toFixed(3)} per kept weight`;
  return [
    `${e.load === undefined ? 'ROM' : 'loaded'} bits: weights ${e.weightBits}, block numbers ${e.indexBits} (${perWeight}), biases ${e.biasBits}, tables ${e.tableBits}, control ${e.controlBits}`,
    `RAM bits: ${e.ramBits}`,
    ...protectionLines(e),
    ...loadLines(e),
  ];
}

/** How words are protected. */
export function protectionLines({ protection }: Pick<Estimate, 'protection'>): readonly string[] {
  if (protection === undefined) return [];
  return [`check bits: ${protection.checkBits} beside them, ${protection.kind}`];
}

/** What it takes to load a model. */
export function loadLines({ load }: Pick<Estimate, 'load'>): readonly string[] {
  if (load === undefined) return [];
  const places = load.residents === 1 ? '' : `; ${load.residents} models are resident`;
  return [
    `load: ${load.bytes} bytes, ${load.cycles} cycles over a port of ${load.beatBits} bits${places}`,
  ];
}

/** How the array is cut. */
function arrayLine({ array, tile, rowGroups, slices, activationCopies }: Estimate): string {
  const many =
    array === 'queues'
      ? `${rowGroups} with queues`
      : `${rowGroups} in parallel in each of ${slices} slice${slices === 1 ? '' : 's'}`;
  return `array: tile ${tile.join(' x ')}, ${many}, activation copies ${activationCopies}`;
}

/** Where the rest of the MAC cycles is. */
export function lossesLine({
  balance,
  padding,
  waiting,
}: Pick<Estimate, 'balance' | 'padding' | 'waiting'>): string {
  const [one, two, three] = [balance, padding, waiting].map((part) => (100 * part).toFixed(2));
  return `of the others ${one} % stand behind row groups with more tiles, ${two} % are padding, ${three} % wait`;
}

/** Means over the frames of an utterance are no whole numbers. */
function rounded(cycles: number): number {
  return Math.round(cycles * 100) / 100;
}

/** What a design does whose outputs leave of last frames alone, frame by frame. */
export function emitLines({ silentCycles }: Pick<Estimate, 'silentCycles'>): readonly string[] {
  if (silentCycles === null) return [];
  return [
    `outputs leave of last frames alone; any other ends ${silentCycles} cycles after its last beat`,
  ];
}
