import {
  type ChainEstimate,
  type Configuration,
  type Estimate,
  engineLabel,
} from '../../accelerator/index.js';
import type { DesignFacts } from '../write/documents.js';

type Rows = DesignFacts['figures'];

/** The figures of a chain, and behind them those of each engine alone, as `rowsOf` has them. */
export function chainRows(
  { engines: own, ...whole }: ChainEstimate,
  engines: readonly Configuration[],
  rowsOf: (figures: Estimate, c: Configuration) => Rows,
): Rows {
  const share = `${(100 * whole.macUtilization).toFixed(2)} %`;
  return [
    { label: 'engines in a chain', value: own.length },
    { label: 'multipliers of the MAC arrays', value: whole.macs },
    { label: 'cycles per frame', value: String(Math.round(whole.cyclesPerFrame * 100) / 100) },
    { label: 'MAC utilization', value: share },
    {
      label: 'latency, last input beat to last output beat',
      value: `${whole.latencyCycles} cycles`,
    },
    ...own.flatMap((figures, k) =>
      rowsOf(figures, engines[k] as Configuration).map(({ label, value }) => ({
        label: `${engineLabel(k)}: ${label}`,
        value,
      })),
    ),
  ];
}
