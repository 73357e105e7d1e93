/** Everything the eDSL can complain about: code, text, and what to do. */
export const DIAGNOSTICS = {
  WIDTH_MISMATCH: 'widths differ; use resize(), part() or an operator that grows',
  NEEDS_NAME:
    'bind it with wire(): Verilog cannot select from an expression, nor multiply or widen inside one',
  NAME_CLASH: 'choose another name',
  RESERVED_NAME: 'the name is a keyword of Verilog, SystemVerilog or VHDL; choose another',
  UNDRIVEN: 'assign it, set it in an always block, or connect it to an output of an instance',
  UNREAD: 'remove it, or pass it to unused() when it is left over on purpose',
  DRIVEN_TWICE: 'drive a signal in one place',
  NOT_A_REGISTER:
    'set() drives what reg() declared, or an output; assign() and instances drive the rest',
  UNCONNECTED_PORT: 'connect every port of an instance',
  UNKNOWN_PARAMETER: 'the instantiated module has no such parameter',
  PARAMETER_RANGE: 'the value lies outside the range the parameter declares',
  DEAD_PARAMETER: 'remove the parameter, or use it',
  LITERAL_RANGE: 'the literal does not fit its width',
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** Module and signal, with what was expected and what came. */
  readonly message: string;
  /** file:line in the TypeScript source, where known. */
  readonly site: string;
}

/** All complaints about one module, thrown together. */
export class HdlError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(
      diagnostics
        .map((d) => `${d.code}: ${d.message}\n  at ${d.site}\n  fix: ${DIAGNOSTICS[d.code]}`)
        .join('\n'),
    );
    this.name = 'HdlError';
    this.diagnostics = diagnostics;
  }
}

let collector: Diagnostic[] | null = null;

/** Adds a complaint to those of the module in hand; outside of any module it is thrown at once. */
export function complain(code: DiagnosticCode, message: string, site = callSite()): void {
  const complaint = { code, message, site };
  if (collector === null) throw new HdlError([complaint]);
  collector.push(complaint);
}

/** The result of `work`, and what it complained about. */
export function collect<T>(work: () => T): readonly [T, readonly Diagnostic[]] {
  const outer = collector;
  const complaints: Diagnostic[] = [];
  collector = complaints;
  try {
    return [work(), complaints];
  } finally {
    collector = outer;
  }
}

/** First stack frame outside the eDSL itself, as file:line. */
export function callSite(): string {
  const stack = (new Error('site').stack ?? '').split('\n').slice(1);
  const frame = stack.find((line) => !/[\\/](generator|dist)[\\/]hdl[\\/]/.test(line));
  const match = frame?.match(/([^\s(]+):(\d+):\d+\)?$/);
  if (!match) return 'unknown';
  return `${(match[1] as string).replace(/^file:\/\//, '').replace(/^.*\/(generator|test)\//, '$1/')}:${match[2]}`;
}
