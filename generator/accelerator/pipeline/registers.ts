/** How deep the pipeline of a design is: registers for the fastest clock, half of them, or as few as a synchronous design has. */
export const PIPELINES = ['deep', 'balanced', 'short'] as const;
export type Pipeline = (typeof PIPELINES)[number];

/** A register, or registers of the same kind, of the pipeline. */
interface Register {
  /** What is in it. */
  readonly holds: string;
  /** Pipelines in which it stands. */
  readonly stands: readonly Pipeline[];
}

/** Memories, what stands beside their outputs, and registers that more than one cycle looks at. */
const always = (holds: string): Register => ({ holds, stands: PIPELINES });
const halfway = (holds: string): Register => ({ holds, stands: ['deep', 'balanced'] });
const deep = (holds: string): Register => ({ holds, stands: ['deep'] });

/**
 * Every register of the datapath and of the lanes, from the issue of a tile on: the one place that says which of them stand. All
 * latencies follow from it.
 */
export const REGISTERS = {
  // decoder
  index: always('block numbers, as the index ROM has them; base and place in the innermost block'),
  number: deep('the same'),
  offset: halfway('block number × stride'),
  address: deep('address, their sum'),
  // memories
  word: always('words of the activation memories and of the weight ROMs'),
  wordLate: deep('the same'),
  operand: halfway('operands: x or h; weights of the chosen ROM'),
  // array
  product: halfway('products'),
  level: deep('sums of a level of the adder tree, one for each level'),
  accumulator: always('accumulators'),
  slot: always('both halves side by side'),
  feed: always('sums at the lanes'),
  // sums of a step
  sumOperand: halfway('Sx, Sh and bias'),
  sumAligned: deep('the same at one binary point'),
  sum: always('aligned sum'),
  sumScaled: deep('the same at the finest point of sums'),
  sumRounded: deep('rounded'),
  tableInput: halfway('saturated: the table input u'),
  // a table
  segment: always('slope and y0, as the table ROM has them'),
  segmentLate: deep('the same'),
  rise: deep('slope · r'),
  magnitude: deep('y0 + slope · r'),
  gate: halfway('the value with its sign'),
  turn: always('the value of a gate, where the gates come one after another'),
  // a new state from its products
  stateOperand: deep('the state before, masked in the first frame'),
  stateProduct: halfway('both products'),
  stateAligned: deep('the same at one binary point'),
  stateExact: deep('their sum'),
  stateScaled: halfway('shifted'),
  stateRounded: deep('rounded'),
  state: halfway('saturated: the new state'),
  squashScaled: deep('the state shifted for its table'),
  squashRounded: deep('rounded'),
  squashInput: halfway('saturated'),
  // a value from its product, or from a state
  valueProduct: halfway('product'),
  valueScaled: deep('at its binary point'),
  valueRounded: deep('rounded'),
  value: halfway('saturated: the value'),
  // the new gate of a GRU
  resetProduct: halfway('r · d'),
  resetAligned: deep('r · d at the finest point of states'),
  resetSum: deep('the sum under tanh, or ReLU'),
  resetRounded: deep('rounded'),
  resetInput: halfway('saturated: the input of tanh'),
  // a GRU with ReLU
  openSum: always('the sum at the finest point of sums'),
  codeScaled: deep('at the point of the state'),
  codeRounded: deep('rounded'),
  code: halfway('saturated: n'),
  blendLate: deep('both products of the new state once more'),
  // peepholes
  seenState: always('the state, which its gates see'),
  seenProduct: halfway('p · c'),
  seenAligned: deep('the same at one binary point, and the sum'),
  seenExact: deep('their sum'),
  seenRounded: deep('rounded'),
  seenInput: halfway('saturated: the table input'),
  // a linear layer
  range: always('the value in its range'),
} as const satisfies Readonly<Record<string, Register>>;

export type RegisterName = keyof typeof REGISTERS;

/** A design, as far as its pipeline goes; absent: deep. */
export interface Pipelined {
  readonly pipeline?: Exclude<Pipeline, 'deep'> | undefined;
}

/** The field of a design for a pipeline: deep has none, so that such designs are the same as ever. */
export function pipelined(pipeline: Pipeline | undefined): Pipelined {
  return pipeline === undefined || pipeline === 'deep' ? {} : { pipeline };
}

/** How deep the pipeline of a design is. */
export function pipelineOf({ pipeline }: Pipelined): Pipeline {
  return pipeline ?? 'deep';
}

/** Whether a register stands in a design. */
export function stands(c: Pipelined, name: RegisterName): boolean {
  const { stands: own }: Register = REGISTERS[name];
  return own.includes(pipelineOf(c));
}
