import { COVERED, type Count, type Covered } from '../../cosim/reached/points.js';
import type { CosimEvidence, ReportInput } from '../input.js';
import { figure, percent, type Section, section, type Table } from './section.js';

/** What was compared with the golden model, and with what result. */
export function checksSection({ cosim }: ReportInput): Section {
  const failed = cosim.filter(({ ok }) => !ok);
  return section('checks', 'What was checked', {
    text:
      cosim.length === 0
        ? []
        : [
            failed.length === 0
              ? 'Every value that was compared is equal, and every check of the protocol held.'
              : `FAILED: ${failed.map(({ file }) => file).join(', ')}.`,
          ],
    tables: cosim.flatMap((one) => [checkTable(one), ...coverageTable(one)]),
    missing:
      cosim.length === 0
        ? [
            'Nothing is on record: --cosim FILE of "hcgs cosim --json-file FILE", once for the RTL, once for a netlist.',
          ]
        : cosim.every(({ coverage }) => coverage === null)
          ? ['Which lines of the Verilog were reached: "hcgs cosim --coverage" counts them.']
          : [],
  });
}

/** What the run reached of each module of the Verilog. */
function coverageTable({ coverage, file }: CosimEvidence): readonly Table[] {
  if (coverage === null) return [];
  const share = ({ covered, points }: Count) =>
    points === 0 ? '-' : `${covered} of ${points} (${percent(covered / points)})`;
  const row = (name: string, one: Readonly<Record<Covered, Count>>) => [
    name,
    ...COVERED.map((kind) => share(one[kind])),
  ];
  return [
    {
      caption: `Coverage of the Verilog in ${file}`,
      head: ['module', 'lines', 'branches', 'toggles'],
      rows: [row('all', coverage), ...coverage.modules.map((one) => row(one.module, one))],
    },
  ];
}

function checkTable(one: CosimEvidence): Table {
  const { compared, protocol } = one;
  const count = (cycles: number | null) => (cycles === null ? 'not measured' : figure(cycles));
  const stalls =
    one.gap === 0 && one.pause === 0
      ? 'none'
      : `input gaps ${percent(one.gap)}, back-pressure ${percent(one.pause)} of the cycles`;
  const complaints = [...one.complaints, ...(protocol?.complaints ?? [])];
  return {
    caption: `${one.file}: ${one.netlist === null ? 'the RTL' : `netlist, ${one.netlist}`} in ${one.simulator}, seed ${one.seed}`,
    head: ['check', 'result'],
    rows: [
      ['frames', `${figure(one.frames)} in ${figure(one.utterances)} utterances`],
      ['gaps and back-pressure', stalls],
      ...(['sums', 'c', 'h', 'outputs'] as const).map((kind) => [
        `${kind} compared`,
        figure(compared[kind]),
      ]),
      ['mismatches', one.mismatches],
      [
        'cycles a frame',
        `${count(one.cyclesPerFrame)}, predicted ${figure(one.predictedCyclesPerFrame)}`,
      ],
      [
        'latency in cycles',
        `${count(one.latencyCycles)}, predicted ${figure(one.predictedLatencyCycles)}`,
      ],
      ...(one.accuracy === null ? [] : [['accuracy in hardware', percent(one.accuracy)] as const]),
      ...(protocol === null
        ? [['protocol', 'left out'] as const]
        : [
            ['resets in operation', protocol.resets] as const,
            ['wrong frames', protocol.wrongFrames] as const,
          ]),
      ['complaints', complaints.length === 0 ? 'none' : complaints.join('; ')],
    ],
  };
}
