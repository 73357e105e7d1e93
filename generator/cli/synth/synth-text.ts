import { basename } from 'node:path';
import { familyNamed } from '../../devices/find.js';
import type { Advice } from '../../flow/report/advice.js';
import type { FlowReport } from '../../flow/report/report.js';
import { criticalPathLines } from '../text/critical-path-text.js';
import { textTable } from '../text/text-table.js';
import { cellsLines } from './synth-cells-text.js';
import { energyLines } from './synth-energy-text.js';

/** A report of the flow for a person. */
export function synthLines(
  design: string,
  report: FlowReport,
  advice: Advice | null,
): readonly string[] {
  const { device, tools } = report;
  const used = Object.entries(tools).map(([name, version]) => `${name} ${version}`);
  return [
    `${design} on ${device ?? report.target}, with ${used.join(', ')}`,
    '',
    ...(report.cellArea === null
      ? [...useTable(report), '', ...blockTable(report)]
      : cellsLines(report)),
    ...fitLines(report),
    ...adviceLines(report, advice),
    ...clockLines(report),
    ...criticalPathLines(report.criticalPath),
    ...report.corners.map(
      ({ corner, library, fmaxMHz }) =>
        `in the corner ${corner} (${library}): Fmax ${fmaxMHz ?? '-'} MHz`,
    ),
    ...energyLines(report.energy),
    '',
    'files:',
    ...report.files.map((file) => `  ${file}`),
    ...bitstreamLines(report),
  ];
}

/** A bitstream of the design alone has no pins of a board. */
function bitstreamLines({ target, files }: FlowReport): readonly string[] {
  const ending = familyNamed(target)?.place?.bitstream;
  const bitstream = files.find((file) => ending !== undefined && file.endsWith(ending));
  if (bitstream === undefined) return [];
  return [
    `${basename(bitstream)} is for measurement, not for a board: its top is the design behind four pins; docs/flow.md has the way to a board`,
  ];
}

function useTable(report: FlowReport): readonly string[] {
  const { luts, registers, multipliers, blockRams, available } = report;
  const row = (label: string, used: number | null, all: number | null) =>
    used === null || all === null || all === 0
      ? [label, used ?? '-', all ?? '-', '-']
      : [label, used, all, `${Math.round((100 * used) / all)} %`];
  return textTable([
    ['resource', 'used', 'available', ''],
    row('LUTs', luts, available.luts),
    row('registers', registers, available.registers),
    row('multipliers', multipliers, available.multipliers),
    row('block RAMs', blockRams, available.blockRams),
  ]);
}

function blockTable({ blocks }: FlowReport): readonly string[] {
  return textTable([
    ['block', 'LUTs', 'registers', 'multipliers', 'block RAMs'],
    ...blocks.map((b) => [
      b.block,
      b.luts ?? '-',
      b.registers,
      b.multipliers ?? '-',
      b.blockRams ?? '-',
    ]),
  ]);
}

function fitLines({ fits, shortages, device }: FlowReport): readonly string[] {
  if (fits) return [];
  const lacking = shortages.map(
    ({ resource, needed, available }) =>
      `  ${resource}: ${needed} needed, ${available} there, ${needed - available} too few`,
  );
  return ['', `does not fit ${device}:`, ...lacking];
}

function adviceLines({ device }: FlowReport, advice: Advice | null): readonly string[] {
  if (advice === null) return [];
  const { smallestDevice, largestMacs, largestMacsInTurn, cellCyclesInTurn } = advice;
  return [
    smallestDevice === null
      ? 'no larger device of the family should hold it'
      : `the smallest device that should hold it: --device ${smallestDevice}`,
    largestMacs === null
      ? `no smaller MAC count should fit ${device}`
      : `the largest MAC count that should fit ${device}: generate --macs ${largestMacs}`,
    ...(largestMacsInTurn === null
      ? []
      : [
          `with a time-multiplexed lane: generate --macs ${largestMacsInTurn} --cell-cycles ${cellCyclesInTurn}`,
        ]),
  ];
}

function clockLines({ fmaxMHz, clockMHz, seed, cellArea }: FlowReport): readonly string[] {
  if (fmaxMHz === null) return [];
  const asked =
    clockMHz === null
      ? ''
      : fmaxMHz >= clockMHz
        ? `, ${clockMHz} MHz were asked for`
        : `: the ${clockMHz} MHz asked for are not reached`;
  const how = [
    ...(seed === null ? [] : [`seed ${seed}`]),
    ...(cellArea === null ? [] : ['before layout: wires without delay']),
  ];
  return ['', `Fmax ${fmaxMHz} MHz (${how.join(', ')})${asked}`];
}
