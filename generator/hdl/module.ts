import { callSite, type Diagnostic, type Waiver } from './diagnostics.js';
import { Expr, literalOf, type Sign } from './expr.js';
import { type Int, type IntLike, int, parameterInt } from './int.js';
import { alike, expectValue } from './operands.js';
import type { CompareOp, Relation } from './relation.js';

/** Width and sign of a signal. */
export interface Type<S extends Sign = Sign> {
  readonly sign: S;
  readonly width: Int;
}

/** Unsigned, `width` bits. */
export const uint = (width: IntLike): Type<'u'> => ({ sign: 'u', width: int(width) });
/** Two's complement, `width` bits. */
export const sint = (width: IntLike): Type<'s'> => ({ sign: 's', width: int(width) });
/** One bit, unsigned. */
export const bit: Type<'u'> = uint(1);

/** An integer parameter with its range, or a text parameter such as a file name. */
export type Parameter =
  | {
      readonly kind: 'integer';
      readonly value: number;
      readonly least: number;
      readonly most: number;
      /** Specialised text keeps it: the module is used with several values of it. */
      readonly stays?: true;
      readonly doc: string;
      /** See `noted`. */
      readonly note?: string;
      readonly site: string;
    }
  | TextParameter;

/** A text with its default, which tools and instances may replace. */
export interface TextParameter {
  readonly kind: 'text';
  readonly value: string;
  readonly doc: string;
  /** See `noted`. */
  readonly note?: string;
  readonly site: string;
}

/** Largest value of a parameter whose range has no upper end. */
export const LARGEST = 2 ** 30;

/** An integer parameter with its default and its range, both ends included. */
export function integer(value: number, doc: string, least = 1, most = LARGEST): Parameter {
  return { kind: 'integer', value, doc, least, most, site: callSite() };
}

/** A parameter of 0 or 1 that a module keeps when it is specialised: the same text is used with and without something. */
export function option(value: 0 | 1, doc: string): Parameter & { readonly kind: 'integer' } {
  return { kind: 'integer', value, doc, least: 0, most: 1, stays: true, site: callSite() };
}

/** The range of an integer parameter for a reader, e.g. `1 … 30` or `at least 1`. */
export function showRange({
  least,
  most,
}: {
  readonly least: number;
  readonly most: number;
}): string {
  if (most >= LARGEST) return `at least ${least}`;
  return least === most ? String(least) : `${least} … ${most}`;
}

/** A text parameter with its default: the name of a memory image. */
export function text(value: string, doc: string): TextParameter {
  return { kind: 'text', value, doc, site: callSite() };
}

/**
 * The parameter with a note of its author, for a list of parameters that an application makes: what the value has to agree
 * with outside of the Verilog, say. The Verilog does not have it.
 */
export function noted<P extends Parameter>(
  parameter: P,
  note: string,
): P & { readonly note: string } {
  return { ...parameter, note };
}

/** A port of a module; its key in the record of ports is its name. */
export interface Port<S extends Sign = Sign> {
  readonly direction: 'input' | 'output';
  readonly type: Type<S>;
  readonly doc: string;
  readonly site: string;
}

/** An input. */
export function input<S extends Sign>(type: Type<S>, doc = ''): Port<S> {
  return { direction: 'input', type, doc, site: callSite() };
}

/** An output: set in an always block it is a register, else a wire. */
export function output<S extends Sign>(type: Type<S>, doc = ''): Port<S> {
  return { direction: 'output', type, doc, site: callSite() };
}

/** What a register or a memory word does at the clock edge. */
export type Statement =
  | { readonly kind: 'set'; readonly target: Expr; readonly value: Expr; readonly site: string }
  | {
      readonly kind: 'when';
      readonly site: string;
      readonly test: Expr<'u'>;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    };

/** Names of the text parameters of an image: its file, and what stands before that, if anything can. */
export interface ImageParameters {
  readonly file: string;
  readonly folder: string | null;
}

export type ItemBody =
  | {
      readonly kind: 'signal';
      readonly name: string;
      readonly type: Type;
      readonly storage: 'wire' | 'reg';
      readonly value: Expr | null;
      readonly doc: string;
    }
  | { readonly kind: 'local'; readonly name: string; readonly value: Int; readonly doc: string }
  | {
      readonly kind: 'memory';
      readonly name: string;
      readonly width: Int;
      readonly depth: Int;
      /** Text parameters with the image file and its folder, or null: cleared for simulation and FPGA start. */
      readonly image: ImageParameters | null;
      /** Nothing is known of its words at the start; without an image. */
      readonly unset?: true;
      readonly doc: string;
    }
  | { readonly kind: 'assign'; readonly target: Expr; readonly value: Expr }
  | {
      readonly kind: 'always';
      readonly clock: Expr<'u'>;
      readonly body: readonly Statement[];
      readonly doc: string;
    }
  | {
      readonly kind: 'for';
      readonly variable: string;
      readonly count: Int;
      readonly label: string;
      readonly items: readonly Item[];
    }
  | {
      readonly kind: 'if';
      readonly a: Int;
      readonly op: CompareOp;
      readonly b: Int;
      readonly label: string;
      readonly otherwiseLabel: string;
      readonly then: readonly Item[];
      readonly otherwise: readonly Item[];
    }
  | {
      readonly kind: 'instance';
      readonly name: string;
      readonly module: Module;
      readonly parameters: Readonly<Record<string, Int | TextValue>>;
      readonly ports: Readonly<Record<string, Expr>>;
    }
  | { readonly kind: 'unused'; readonly name: string; readonly values: readonly Expr[] }
  | { readonly kind: 'comment'; readonly text: string };

/** What a module is made of, with the line of the author that made it. */
export type Item = ItemBody & { readonly site: string };

/** A text parameter passed on, or a literal text. */
export type TextValue = { readonly parameter: string } | { readonly text: string };

/** A module as plain data: what `defineModule` made of the author's description. */
export interface Module {
  readonly kind: 'module';
  readonly name: string;
  readonly doc: string;
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** Of a specialised module: the numbers that stand in place of its integer parameters. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** What its parameters have to be to each other. */
  readonly relations: readonly Relation[];
  readonly ports: Readonly<Record<string, Port>>;
  readonly items: readonly Item[];
  readonly diagnostics: readonly Diagnostic[];
  /** Warnings that its author waived; paths below the module. */
  readonly waivers: readonly Waiver[];
  /** Where `defineModule` was called. */
  readonly site: string;
}

/** A module that remembers the keys of its ports for type-checked instances. */
export interface TypedModule<Q extends Record<string, Port> = Record<string, Port>> extends Module {
  readonly portTypes: Q;
}

export type ParameterInts<P> = {
  readonly [K in keyof P as P[K] extends { kind: 'text' } ? never : K]: Int;
};

export type PortValues<Q> = {
  readonly [K in keyof Q]: Q[K] extends Port<infer S> | undefined
    ? Expr<S> | Extract<Q[K], undefined>
    : never;
};

export function parameterInts<P extends Record<string, Parameter>>(
  parameters: P,
): ParameterInts<P> {
  const entries = Object.entries(parameters).filter(([, p]) => p.kind === 'integer');
  return Object.fromEntries(
    entries.map(([name]) => [name, parameterInt(name)]),
  ) as ParameterInts<P>;
}

export function named<S extends Sign>(name: string, type: Type<S>): Expr<S> {
  return new Expr(type.sign, type.width, { kind: 'name', name });
}

/**
 * Assignment to a register, a part of one, or a memory word, at the clock edge: read one cycle later. Equal widths and
 * signs; what no statement sets keeps its value.
 */
export function set<S extends Sign>(target: Expr<S>, value: Expr<S>): Statement {
  const site = callSite();
  return { kind: 'set', target, value: alike(target, value, 'set()', site), site };
}

/** Statements for a condition of one bit, and for its opposite. The last assignment to a register counts. */
export function when(
  test: Expr<'u'>,
  then: readonly Statement[],
  otherwise: readonly Statement[] = [],
): Statement {
  const site = callSite();
  const condition = expectValue(test, 'when()', literalOf(0n, bit), site);
  return { kind: 'when', test: condition, then, otherwise, site };
}
