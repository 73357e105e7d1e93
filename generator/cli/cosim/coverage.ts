import { COVERED, type Count, type Coverage } from '../../cosim/reached/points.js';
import { textTable } from '../text/text-table.js';

const share = ({ covered, points }: Count): string =>
  points === 0 ? '-' : `${((100 * covered) / points).toFixed(1)} %`;

/** What a run reached, in a line. */
export function coverageLine(coverage: Coverage): string {
  const each = COVERED.map((kind) => {
    const { covered, points } = coverage[kind];
    return `${PLURAL[kind]} ${covered} of ${points} (${share(coverage[kind])})`;
  });
  return `coverage: ${each.join(', ')}`;
}

/** The same with every module. */
export function coverageLines(coverage: Coverage): readonly string[] {
  return [
    coverageLine(coverage),
    ...textTable([
      ['module', ...COVERED.map((kind) => PLURAL[kind])],
      ...coverage.modules.map((one) => [one.module, ...COVERED.map((kind) => share(one[kind]))]),
    ]),
  ];
}

const PLURAL = { line: 'lines', branch: 'branches', toggle: 'toggles' } as const;
