import type { CriticalPath, PathSegment } from '../report.js';

/** What OpenSTA says of a netlist. */
export interface Timing {
  /** The slowest path: from a clock edge to the set-up of the register, macro or port at its end. */
  readonly path: CriticalPath;
  /** Time left in the clock period, negative when the path is too slow; ns. */
  readonly slackNs: number;
}

/** A line of a path: a pin where the signal arrives, or the net behind it. */
type PathLine =
  | { readonly pin: string; readonly cell: string; readonly delayNs: number }
  | { readonly net: string };

const PIN = /^\s*(?:[\d.]+\s+)?(-?[\d.]+)\s+-?[\d.]+\s+[v^]\s+(\S+)\s+\((\S+)\)\s*$/;
const NET = /^\s*\d+\s+[\d.]+\s+(\S+)\s+\(net\)\s*$/;

/** Reads what flow/asic_sta.tcl prints; null when the netlist has no path, or the text is something else. */
export function parseTiming(text: string): Timing | null {
  const slack = /^\s*(-?[\d.]+)\s+slack \((?:MET|VIOLATED)\)/m.exec(text)?.[1];
  const arrival = text.indexOf('data arrival time');
  if (slack === undefined || arrival === -1) return null;
  const setup = Math.abs(Number(/(-?[\d.]+)\s+-?[\d.]+\s+library setup time/.exec(text)?.[1] ?? 0));
  const segments = segmentsOf(text.slice(0, arrival).split('\n').flatMap(lineOf), setup);
  const [first, last] = [segments[0], segments.at(-1)];
  if (first === undefined || last === undefined) return null;
  const delayNs = round(segments.reduce((sum, s) => sum + s.delayNs, 0));
  return { path: { delayNs, from: first.from, to: last.to, segments }, slackNs: Number(slack) };
}

function lineOf(line: string): readonly PathLine[] {
  const [, delay, pin, cell] = PIN.exec(line) ?? [];
  if (delay !== undefined && pin !== undefined && cell !== undefined) {
    return [{ pin: plainPath(pin), cell, delayNs: Number(delay) }];
  }
  const [, net] = NET.exec(line) ?? [];
  return net === undefined ? [] : [{ net: plainPath(net) }];
}

/**
 * Wires have no delay before layout, so each step is one through a cell, from the net before it to its output. The kind
 * of a step is the cell, with what it does at the ends of the path.
 */
function segmentsOf(lines: readonly PathLine[], setupNs: number): readonly PathSegment[] {
  const segments: PathSegment[] = [];
  let net: string | null = null;
  let from: string | null = null;
  let cell = '';
  for (const line of lines) {
    if ('net' in line) {
      net = line.net;
      continue;
    }
    const { pin, delayNs } = line;
    if (from !== null && (delayNs !== 0 || segments.length === 0)) {
      const kind = net === null ? `clk-to-q ${line.cell}` : line.cell;
      segments.push({ kind, delayNs, from, to: pin, net, sources: [] });
    }
    from = pin;
    cell = line.cell;
  }
  if (from !== null && setupNs > 0) {
    const kind = `setup ${cell}`;
    segments.push({ kind, delayNs: setupNs, from, to: from, net, sources: [] });
  }
  return segments;
}

/** Instances and pin with dots between, without the backslashes that Verilog and Tcl put before brackets. */
function plainPath(path: string): string {
  return path.replaceAll('\\', '').replaceAll('/', '.');
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
