/** One step of a path: a pin where the signal arrives. */
export interface TimingStep {
  /** Instance and pin, `u_core/u_array/sum[3]_reg/Q`, or a port. */
  readonly pin: string;
  /** Cell or macro; null at a port. */
  readonly cell: string | null;
  /** Since the pin before, and since the clock edge; ns. */
  readonly delayNs: number;
  readonly timeNs: number;
}

/** The slowest path of a netlist, as OpenSTA found it. */
export interface TimingPath {
  /** Register, macro or port where it begins and where it ends. */
  readonly from: string;
  readonly to: string;
  readonly steps: readonly TimingStep[];
  /** Set-up of the register or macro at its end. */
  readonly setupNs: number;
  readonly slackNs: number;
}

export interface TimingReport {
  readonly path: TimingPath;
  /** Sum of the slacks of all ends that miss the clock; 0 when none does. */
  readonly totalNegativeSlackNs: number;
}

const STEP = /^\s*(?:[\d.]+\s+)?(-?[\d.]+)\s+(-?[\d.]+)\s+[v^]\s+(\S+)\s+\((\w+|[^()\s]+)\)\s*$/;

/** Reads what flow/asic_sta.tcl prints; null when the netlist has no path, or the text is something else. */
export function parseTiming(text: string): TimingReport | null {
  const from = /^Startpoint: (\S+)/m.exec(text)?.[1];
  const to = /^Endpoint: (\S+)/m.exec(text)?.[1];
  const slack = /^\s*(-?[\d.]+)\s+slack \((?:MET|VIOLATED)\)/m.exec(text)?.[1];
  if (from === undefined || to === undefined || slack === undefined) return null;
  const arrival = text.slice(0, text.indexOf('data arrival time'));
  const steps = arrival.split('\n').flatMap((line) => {
    const [, delay, time, pin, cell] = STEP.exec(line) ?? [];
    if (delay === undefined || time === undefined || pin === undefined) return [];
    const port = cell === 'in' || cell === 'out';
    return [
      {
        pin: plainPath(pin),
        cell: port ? null : (cell ?? null),
        delayNs: Number(delay),
        timeNs: Number(time),
      },
    ];
  });
  const setup = /(-?[\d.]+)\s+-?[\d.]+\s+library setup time/.exec(text)?.[1] ?? '0';
  const tns = /^tns (-?[\d.]+)/m.exec(text)?.[1] ?? '0';
  return {
    path: {
      from: plainPath(from),
      to: plainPath(to),
      steps,
      setupNs: Math.abs(Number(setup)),
      slackNs: Number(slack),
    },
    totalNegativeSlackNs: Number(tns),
  };
}

/** Without the backslashes that Verilog and Tcl put before brackets. */
function plainPath(path: string): string {
  return path.replaceAll('\\', '');
}
