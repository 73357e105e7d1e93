import { DIAGNOSTICS, type DiagnosticCode } from '../../../hdl/diagnostics.js';
import type { Explanation, Theme } from '../explanation.js';

/** What usually causes each complaint of the language; what it says and what to do stand with the complaint itself. */
const WHY: Readonly<Record<DiagnosticCode, string>> = {
  WIDTH_MISMATCH:
    'Verilog would cut or extend without a word. A sum has a bit more than its terms, a product as many as both together.',
  SIGN_MISMATCH:
    'In Verilog one unsigned operand makes the whole expression unsigned, and -1 a large number.',
  NOT_A_VALUE: 'A number of JavaScript has no width; Verilog would give it 32 bits.',
  NO_BITS: 'A width that is computed of parameters comes to zero, as clog2(1) does.',
  LITERAL_RANGE: 'A number with more bits than were given to it, or a negative one without a sign.',
  INDEX_RANGE: 'Counting from 1, or a width that depends on a parameter which became smaller.',
  NEEDS_NAME:
    'Verilog selects bits of names alone, and computes inside an expression with the width of its largest part.',
  UNNAMED:
    'Names come from the variables of the program. A signal in an array, or one that a helper returns, has none.',
  NAME_CLASH: 'Two signals of one name, or Data and data, which some tools take for the same.',
  RESERVED_NAME: 'A signal called input, reg or signal, say.',
  INVALID_NAME: 'A name with a dash, a blank or a digit in front, put together by the program.',
  MODULE_CLASH: 'A function that makes modules gives each the same name, with different content.',
  NOT_VISIBLE: 'A signal was handed from one module to another as a value of the program.',
  UNDRIVEN: 'An output or a wire that was declared and forgotten.',
  PARTLY_DRIVEN: 'A loop over the bits of a signal ends too early.',
  DRIVEN_TWICE: 'Two always blocks, or an assignment beside an output of an instance.',
  NOT_A_REGISTER: 'A wire was declared where a register is meant, or the other way round.',
  COMBINATIONAL_LOOP:
    'A valid that depends on a ready that depends on it, or a value that keeps itself, which would be a latch.',
  UNCONNECTED_PORT: 'A port that was added to a module and not to its instances.',
  UNKNOWN_PORT: 'A port that was removed from a module or named anew.',
  UNKNOWN_PARAMETER: 'A parameter that was removed or named anew.',
  PARAMETER_RANGE: 'An instance, or a default, that the author of the module did not think of.',
  PARAMETER_RELATION: 'Two parameters that depend on each other were set apart.',
  UNREAD: 'Something is left over from a change, or its reader was forgotten.',
  UNREAD_BITS: 'A sum whose upper bits are cut off, or a counter that is too wide.',
  DEAD_PARAMETER: 'What it decided was removed.',
  NO_RESET:
    'Simulation begins with some value in it, hardware with another. Registers that only carry data need none.',
};

function explanationOf(code: DiagnosticCode): Explanation {
  const { severity, what, fix } = DIAGNOSTICS[code];
  const waiver = severity === 'warning' ? ', and how to waive a warning' : '';
  return {
    means: what,
    why: WHY[code],
    remedy: `${fix}. docs/edsl/errors.md has an example with its report${waiver}.`,
  };
}

/** The language that blocks are written in: its errors are those of `emitDesign`, not of a command. */
export const LANGUAGE: Theme = {
  title: 'the language of the blocks',
  codes: Object.fromEntries(
    (Object.keys(DIAGNOSTICS) as DiagnosticCode[]).map((code) => [code, explanationOf(code)]),
  ),
};
