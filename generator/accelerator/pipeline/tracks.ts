import { Track } from '../../hdl/index.js';
import { type Pipelined, type RegisterName, stands } from './registers.js';

/**
 * A part of the pipeline: registers behind one another, from its first stage on; `before` of them lie before stage 0, which is in
 * cycle `start`.
 */
export function trackOf(
  c: Pipelined,
  registers: readonly RegisterName[],
  before = 0,
  start = 0,
): Track {
  const own = registers.map((name) => stands(c, name));
  return new Track(own, before, start);
}

/** Cycles that registers behind one another take. */
export function cyclesOf(c: Pipelined, registers: readonly RegisterName[]): number {
  return registers.filter((name) => stands(c, name)).length;
}

/** From the issue of a tile to its addresses, and from there to the operands. */
export const DECODER = ['index', 'number', 'offset', 'address'] as const;
export const MEMORY = ['word', 'wordLate', 'operand'] as const;

/** From what a sum is made of to the sum, and from there to the input of a table. */
export const SUM = ['sumAligned', 'sum'] as const;
export const TABLE_INPUT = ['sumScaled', 'sumRounded', 'tableInput'] as const;

/** From the input of a table to the magnitude of its value, and to the value. */
export const TABLE = ['segment', 'segmentLate', 'rise', 'magnitude'] as const;
export const GATE = [...TABLE, 'gate'] as const;

/** From the products of the gates to the new state, from there to the input of tanh, and from o · tanh to h. */
export const NEW_STATE = [
  'stateAligned',
  'stateExact',
  'stateScaled',
  'stateRounded',
  'state',
] as const;
export const SQUASH = ['squashScaled', 'squashRounded', 'squashInput'] as const;
export const VALUE = ['valueRounded', 'value'] as const;

/** Cycles from the issue of a tile to its activation address, in every decoder. */
export function decoderLatency(c: Pipelined): number {
  return cyclesOf(c, DECODER);
}

/** Cycles from an address to the operands: memory, its register, then the register behind the choice of the memory. */
export function memoryLatency(c: Pipelined): number {
  return cyclesOf(c, MEMORY);
}

/** Cycles from the address of the state to the state: memory, then the register that masks it. */
export function stateLatency(c: Pipelined): number {
  return stands(c, 'stateOperand') ? 2 : 1;
}
