import {
  type ChainEstimate,
  engineLabel,
  type HardwareEstimate,
  isOfChain,
} from '../../accelerator/index.js';
import {
  emitLines,
  estimateLines,
  estimateSummary,
  loadLines,
  protectionLines,
} from './estimate-text.js';
import { textTable } from './text-table.js';

/** The figures of a design for a person: of one engine, or of a chain. */
export function figuresLines(e: HardwareEstimate): readonly string[] {
  return isOfChain(e) ? chainLines(e) : estimateLines(e);
}

/** The same in a few lines. */
export function figuresSummary(e: HardwareEstimate): readonly string[] {
  return isOfChain(e) ? chainSummary(e) : estimateSummary(e);
}

function chainLines(e: ChainEstimate): readonly string[] {
  return [
    ...chainSummary(e),
    ...e.engines.flatMap((own, k) => ['', `engine ${engineLabel(k)}`, ...estimateLines(own)]),
  ];
}

function chainSummary(e: ChainEstimate): readonly string[] {
  const busy = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return [
    `${e.engines.length} engines, ${e.macs} MACs: ${e.cyclesPerFrame} cycles per frame, latency ${e.latencyCycles} cycles, ${busy(e.macUtilization)} of the MACs busy`,
    ...emitLines(e),
    ...protectionLines(e),
    ...loadLines(e),
    '',
    ...textTable([
      [
        'engine',
        'MACs',
        'layers',
        'cycles per frame',
        'latency',
        'busy',
        e.load === undefined ? 'ROM bits' : 'loaded bits',
        'RAM bits',
      ],
      ...e.engines.map((own, k) => [
        engineLabel(k),
        own.macs,
        own.layers.length,
        own.cyclesPerFrame,
        own.latencyCycles,
        busy(own.macUtilization),
        own.weightBits + own.indexBits + own.biasBits + own.tableBits + own.controlBits,
        own.ramBits,
      ]),
    ]),
  ];
}
