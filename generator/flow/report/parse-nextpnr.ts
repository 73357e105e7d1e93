import { z } from 'zod';
import type { CriticalPath } from './report.js';
import { signalName } from './signal-name.js';

const place = z.object({ cell: z.string(), port: z.string() });
const reportSchema = z.object({
  fmax: z.record(z.string(), z.object({ achieved: z.number() })),
  utilization: z.record(z.string(), z.object({ available: z.number(), used: z.number() })),
  critical_paths: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      path: z.array(
        z.object({
          delay: z.number(),
          type: z.string(),
          from: place,
          to: place,
          net: z.string().optional(),
          sources: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
});

/** How much of each kind of cell of a device is used. */
export type Utilization = Readonly<
  Record<string, { readonly used: number; readonly available: number }>
>;

export interface Routed {
  /** Of the slowest clock; null for a design without a register-to-register path. */
  readonly fmaxMHz: number | null;
  readonly utilization: Utilization;
  readonly criticalPath: CriticalPath | null;
}

/** What nextpnr's `--report` says. `instance` is the design inside its wrapper: names begin below it. */
export function parseReport(text: string, instance: string): Routed {
  const { fmax, utilization, critical_paths } = reportSchema.parse(JSON.parse(text));
  const clocks = Object.entries(fmax).sort(([, a], [, b]) => a.achieved - b.achieved);
  const [clock, slowest] = clocks[0] ?? [];
  const edge = `posedge ${clock}`;
  const found = critical_paths.find(({ from, to }) => from === edge && to === edge);
  const inside = (name: string) =>
    name.startsWith(`${instance}.`) ? name.slice(instance.length + 1) : name;
  const steps = found?.path ?? [];
  const segments = steps.map((s) => ({
    kind: s.type,
    delayNs: round(s.delay),
    from: `${inside(s.from.cell)}.${s.from.port}`,
    to: `${inside(s.to.cell)}.${s.to.port}`,
    net: s.net === undefined ? null : inside(s.net),
    sources: (s.sources ?? []).filter((source) => source.startsWith('rtl/')),
  }));
  const [first, last] = [steps[0]?.from.cell, steps.at(-1)?.to.cell];
  return {
    fmaxMHz: slowest === undefined ? null : round(slowest.achieved),
    utilization,
    criticalPath:
      first === undefined || last === undefined
        ? null
        : {
            delayNs: round(segments.reduce((sum, { delayNs }) => sum + delayNs, 0)),
            from: signalName(inside(first)),
            to: signalName(inside(last)),
            segments,
          },
  };
}

/** The table `Device utilisation` of nextpnr's log, which is there even when the design does not fit. */
export function parseUtilization(lines: readonly string[]): Utilization {
  const start = lines.findLastIndex((line) => line.startsWith('Info: Device utilisation'));
  const rows: [string, { used: number; available: number }][] = [];
  for (const line of start === -1 ? [] : lines.slice(start + 1)) {
    const [, name, used, available] = /^Info:\s+(\w+):\s*(\d+)\/\s*(\d+)/.exec(line) ?? [];
    if (name === undefined) break;
    rows.push([name, { used: Number(used), available: Number(available) }]);
  }
  return Object.fromEntries(rows);
}

/** What nextpnr is at, from a line of its log. */
export function nextpnrStage(line: string): string | null {
  const [, said = ''] = /^Info: (.*)/.exec(line) ?? [];
  if (/^Packing/.test(said)) return 'packing';
  if (/^(Creating initial|Running main)/.test(said)) return 'placing';
  if (/^Running simulated annealing/.test(said)) return 'refining the placement';
  if (/^Routing( globals)?\.\./.test(said)) return 'routing';
  return null;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
