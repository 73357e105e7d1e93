import type { CriticalPath } from '../../flow/report/report.js';
import type { ReportInput, SynthEvidence } from '../input.js';
import { barChart, NOTHING } from '../pictures/bars.js';
import { PAGE, type Picture } from '../pictures/picture.js';
import { figure, type Section, section, type Table } from './section.js';

/** The clock, and the slowest path. */
export function timingSection({ synth }: ReportInput): Section {
  const paths = synth.flatMap((one, n) =>
    [
      { corner: null, criticalPath: one.criticalPath },
      ...one.corners.map(({ corner, criticalPath }) => ({ corner, criticalPath })),
    ].flatMap(({ corner, criticalPath }, k) =>
      criticalPath === null ? [] : [pathPicture(one, corner, criticalPath, `path-${n}-${k}`)],
    ),
  );
  return section('timing', 'Timing', {
    tables: synth.length === 0 ? [] : [clockTable(synth), ...synth.flatMap(pathTable)],
    pictures: paths,
    missing:
      synth.length === 0
        ? ['The clock and the critical path: --synth FILE of "hcgs synth --json-file FILE".']
        : [],
  });
}

function clockTable(synth: readonly SynthEvidence[]): Table {
  const mhz = (value: number | null) => (value === null ? '-' : figure(value));
  return {
    caption: 'Highest clock, of the slowest path from register to register',
    head: ['report', 'target', 'corner', 'MHz', 'asked, MHz'],
    rows: synth.flatMap(({ file, target, fmaxMHz, clockMHz, corners }) => [
      [file, target, '', mhz(fmaxMHz), mhz(clockMHz)],
      ...corners.map(({ corner, fmaxMHz: own }) => [file, target, corner, mhz(own), mhz(clockMHz)]),
    ]),
  };
}

function pathPicture(
  { target }: SynthEvidence,
  corner: string | null,
  { delayNs, from, to, segments }: CriticalPath,
  id: string,
): Picture {
  const where = corner === null ? target : `${target}, ${corner}`;
  // inside of a chip some nets take no time
  const steps = segments.map((one, n) => ({ ...one, row: `${n + 1} ${one.kind}` }));
  const rows = steps.flatMap(({ delayNs: own, row }) => (own > 0 ? [row] : []));
  let at = 0;
  const values = steps.flatMap(({ kind, delayNs: own, from: cell, to: next, row }) => {
    const before = at;
    at += own;
    if (own === 0) return [];
    const text = `${row}: ${figure(own, 3)} ns, ${cell} to ${next}`;
    return [
      { row, part: 'before', value: before, text: '' },
      { row, part: isWire(kind) ? 'routing' : 'logic', value: own, text },
    ];
  });
  return {
    ...{ id, title: `Critical path, ${where}` },
    label: `${figure(delayNs, 3)} ns in ${segments.length} steps, from ${from} to ${to}`,
    spec: barChart(
      {
        rows,
        parts: [
          ['before', NOTHING],
          ['logic', PAGE.accent],
          ['routing', PAGE.series[1]],
        ],
        values,
        title: 'ns',
      },
      PAGE,
    ),
  };
}

const isWire = (kind: string): boolean => kind === 'routing';

function pathTable({ criticalPath, target }: SynthEvidence): readonly Table[] {
  if (criticalPath === null) return [];
  return [
    {
      caption: `Steps of the critical path, ${target}`,
      head: ['', 'kind', 'ns', 'from', 'to', 'Verilog'],
      rows: criticalPath.segments.map(({ kind, delayNs, from, to, sources }, n) => [
        n + 1,
        kind,
        figure(delayNs, 3),
        from,
        to,
        sources.join(', '),
      ]),
    },
  ];
}
