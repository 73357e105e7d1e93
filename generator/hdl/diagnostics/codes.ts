/** How bad: an error is refused, a warning is reported and can be waived. */
export type Severity = 'error' | 'warning';

interface Entry {
  readonly severity: Severity;
  /** What is wrong, for every design alike. */
  readonly what: string;
  /** What to do, in one line. */
  readonly fix: string;
}

const error = (what: string, fix: string) => ({ severity: 'error', what, fix }) as const;
const warning = (what: string, fix: string) => ({ severity: 'warning', what, fix }) as const;

/** Everything the eDSL can complain about. */
export const DIAGNOSTICS = {
  WIDTH_MISMATCH: error(
    'two widths that have to be equal differ',
    'use resize(), part() or an operator that grows',
  ),
  SIGN_MISMATCH: error(
    'signed and unsigned values meet',
    'say what the bits mean with asSigned() or asUnsigned()',
  ),
  NOT_A_VALUE: error('a plain number stands for a signal', 'write literal(value, width)'),
  NO_BITS: error('a signal has no bits', 'choose parameters that leave it at least one bit'),
  LITERAL_RANGE: error('a constant does not fit its width', 'give it more bits, or another value'),
  INDEX_RANGE: error(
    'a bit, a part or a word lies outside of its signal',
    'stay below the width of the signal, or the depth of the memory',
  ),
  NEEDS_NAME: error(
    'Verilog cannot select from an expression, nor multiply or widen inside one',
    'bind it with wire() first',
  ),
  UNNAMED: error(
    'a signal without a name is not the value of a variable, or its file cannot be read',
    "bind it, const total = m.wire(...), or name it, m.wire('total', ...)",
  ),
  NAME_CLASH: error('a name is taken, or differs from another only in case', 'choose another name'),
  RESERVED_NAME: error(
    'a name is a keyword of Verilog, SystemVerilog or VHDL',
    'choose another name',
  ),
  INVALID_NAME: error(
    'a name is no identifier',
    'use letters, digits and _, and begin with a letter',
  ),
  MODULE_CLASH: error('two different modules have one name', 'name them apart'),
  NOT_VISIBLE: error(
    'a name of another module, or of a generate block that this line is not in',
    'pass it through a port, or declare it around the block',
  ),
  UNDRIVEN: error(
    'nothing drives a signal',
    'assign it, set it in an always block, or connect it to an output of an instance',
  ),
  PARTLY_DRIVEN: error('nothing drives some bits of a signal', 'drive the bits that are missing'),
  DRIVEN_TWICE: error('two places drive the same bits', 'drive a signal in one place'),
  NOT_A_REGISTER: error(
    'set() of a wire, or assign() of a register',
    'set() drives what reg() declared, or an output; assign() and instances drive the rest',
  ),
  COMBINATIONAL_LOOP: error(
    'a signal depends on itself without a register between',
    'put a register into the path',
  ),
  UNCONNECTED_PORT: error('a port of an instance is left open', 'connect every port'),
  UNKNOWN_PORT: error('an instance connects a port that its module does not have', 'remove it'),
  UNKNOWN_PARAMETER: error(
    'there is no parameter of this name and kind',
    'declare it, or name one that is declared',
  ),
  PARAMETER_RANGE: error(
    'a value lies outside of the range that its parameter declares',
    'choose a value inside, or declare a wider range',
  ),
  PARAMETER_RELATION: error(
    'values of parameters are not to each other as their module says',
    'choose others, or declare another relation',
  ),
  UNREAD: warning(
    'nothing reads a signal',
    'remove it, or pass it to unused() when it is left over on purpose',
  ),
  UNREAD_BITS: warning(
    'nothing reads some bits of a signal',
    'make it narrower, or pass it to unused() when bits are left over on purpose',
  ),
  DEAD_PARAMETER: warning('nothing depends on a parameter', 'remove it, or use it'),
  NO_RESET: warning(
    'a register that no reset sets decides what other registers do',
    'set it in the branch of the reset; waive the warning where something else sets it in time',
  ),
} as const satisfies Readonly<Record<string, Entry>>;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;

/** The codes that can be waived. */
export type WarningCode = {
  [C in DiagnosticCode]: (typeof DIAGNOSTICS)[C]['severity'] extends 'warning' ? C : never;
}[DiagnosticCode];

export function severityOf(code: DiagnosticCode): Severity {
  return DIAGNOSTICS[code].severity;
}
