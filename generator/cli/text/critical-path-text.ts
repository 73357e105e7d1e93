import type { CriticalPath, PathSegment } from '../../flow/report/report.js';
import { signalName } from '../../flow/report/signal-name.js';
import { textTable } from './text-table.js';

/** Part of a path that is named after one signal of the Verilog. */
interface Stretch {
  readonly signal: string;
  readonly steps: number;
  readonly inCellsNs: number;
  readonly onWiresNs: number;
}

/** The slowest path for a person: the signals it goes through, and what each costs. */
export function criticalPathLines(path: CriticalPath | null): readonly string[] {
  if (path === null) return [];
  const rows = stretches(path.segments).map((s) => [
    ...[`  ${s.signal}`, s.steps, `${s.inCellsNs.toFixed(2)} ns`, `${s.onWiresNs.toFixed(2)} ns`],
  ]);
  return [
    `critical path, ${path.delayNs} ns, from ${path.from} to ${path.to}`,
    ...textTable([['  through', 'steps', 'in cells', 'on wires'], ...rows]),
  ];
}

/** Neighbouring steps of the same signal as one. */
function stretches(segments: readonly PathSegment[]): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const { kind, net, to, delayNs } of segments) {
    const onWire = kind === 'routing';
    // a cell is called CELL.PORT
    const signal = signalName(net ?? to.slice(0, to.lastIndexOf('.')))
      .replace(/(\[\d+\])+$/, '')
      // cells of a chip between the signals are known by their block
      .replace(/\._\d+_$/, '');
    const last = found.at(-1);
    const same = last?.signal === signal ? found.pop() : undefined;
    found.push({
      signal,
      steps: (same?.steps ?? 0) + 1,
      inCellsNs: (same?.inCellsNs ?? 0) + (onWire ? 0 : delayNs),
      onWiresNs: (same?.onWiresNs ?? 0) + (onWire ? delayNs : 0),
    });
  }
  return found;
}
