import type { CriticalPath, PathSegment } from '../report/report.js';

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

/** Cells and nets that have no name in the Verilog. */
const ANONYMOUS = /(^|\.)_\d+_$/;

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
  const [from, to] = [ownerOf(first.from), ownerOf(last.to)];
  return { path: { delayNs, from, to, segments }, slackNs: Number(slack) };
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
 * Wires have no delay before layout, so each step is one through a cell, to its output and the net that it drives. The
 * kind of a step is the cell, with what it does at the ends of the path.
 */
function segmentsOf(lines: readonly PathLine[], setupNs: number): readonly PathSegment[] {
  const segments: PathSegment[] = [];
  let from: string | null = null;
  let cell = '';
  for (const [i, line] of lines.entries()) {
    if ('net' in line) continue;
    const { pin, delayNs } = line;
    if (from !== null && (delayNs !== 0 || segments.length === 0)) {
      const starts = segments.length === 0 && cell === line.cell;
      const kind = starts ? `clk-to-q ${cell}` : line.cell;
      segments.push({ kind, delayNs, from, to: pin, net: namedNet(lines[i + 1]), sources: [] });
    }
    from = pin;
    cell = line.cell;
  }
  if (from !== null && setupNs > 0) {
    const kind = `setup ${cell}`;
    segments.push({ kind, delayNs: setupNs, from, to: from, net: null, sources: [] });
  }
  return segments;
}

/** The net of a line, where it has a name of the Verilog. */
function namedNet(line: PathLine | undefined): string | null {
  if (line === undefined || !('net' in line)) return null;
  return ANONYMOUS.test(line.net) ? null : line.net;
}

/** The register or macro of a pin, or the port. */
function ownerOf(pin: string): string {
  return pin.replace(/\.(\w+)(\[\d+\])?$/, '').replace(/_reg$/, '');
}

/** Instances and pin with dots between, without the backslashes that Verilog and Tcl put before brackets. */
function plainPath(path: string): string {
  return path.replaceAll('\\', '').replaceAll('/', '.');
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
