import type { Expr, Sign } from './expr.js';
import { type Int, int } from './int.js';
import { type Statement, type Type, when } from './module.js';
import type { Scope } from './scope.js';

/**
 * A row of stages with a register between each two of them, which stands or is left out: the work of both is done in one cycle
 * then. All paths of a block cross the same row, so that any choice of registers gives the same values, sooner or later.
 */
export class Track {
  /** `registers`: whether each stands, in order; `before` of them lie before stage 0, which is in cycle `start`. */
  constructor(
    private readonly registers: readonly boolean[],
    private readonly before = 0,
    private readonly start = 0,
  ) {}

  /** Whether the register between stage `place` and the next one stands. */
  stands(place: number): boolean {
    const own = this.registers[place + this.before];
    if (own === undefined) throw new RangeError(`no register behind stage ${place}`);
    return own;
  }

  /** Cycle of stage `place`: so many registers that stand are between it and stage 0. */
  cycles(place: number): number {
    const [first, past] = place < 0 ? [place, 0] : [0, place];
    if (first + this.before < 0 || past + this.before > this.registers.length) {
      throw new RangeError(`no stage ${place}`);
    }
    const own = this.registers.slice(first + this.before, past + this.before);
    const count = own.filter((stands) => stands).length;
    return this.start + (place < 0 ? 0 - count : count);
  }

  /** All registers stand. */
  get whole(): boolean {
    return this.registers.every((stands) => stands);
  }

  /** Cycles from one stage to a later one. */
  between(from: number, to: number): number {
    return this.cycles(to) - this.cycles(from);
  }
}

/** A stage of a track, and its cycle in the text of a module: a number, or a localparam and what it is away from it. */
export class Stage {
  constructor(
    private readonly track: Track,
    readonly place: number,
    private readonly base: { readonly place: number; readonly cycle: () => Int } | null = null,
  ) {}

  /** Its cycle, from that of stage 0 on or as the track says. */
  get cycle(): Int {
    if (this.base === null) return int(this.track.cycles(this.place));
    return this.base.cycle().plus(this.track.between(this.base.place, this.place));
  }

  plus(stages: number): Stage {
    return new Stage(this.track, this.place + stages, this.base);
  }

  /** The stage that many stages behind, and so many cycles, as the text calls them. */
  behind(stages: number, cycles: () => Int): Stage {
    const place = this.place + stages;
    return new Stage(this.track, place, { place, cycle: () => this.cycle.plus(cycles()) });
  }
}

/** Whether a stage holds something, as a bit of `bits`: bit n is that of cycle n. */
export function bitOfStage(bits: Expr<'u'>): (stage: Stage) => Expr<'u'> {
  return (stage) => bits.bit(stage.cycle);
}

/** Values that registers take: those behind `stage`, while it holds something, or in every cycle. */
interface Taken {
  readonly stage: Stage;
  readonly always: boolean;
  readonly sets: readonly Statement[];
}

/** The stages of a module: registers of stages that are left out are wires, and their values assignments. */
export class Stages {
  /** The localparams that were made. */
  readonly #labels: string[] = [];

  constructor(
    private readonly m: Scope,
    private readonly clock: Expr<'u'>,
    readonly track: Track,
    /** Whether a stage holds something. */
    readonly active: (stage: Stage) => Expr<'u'>,
  ) {}

  /** A comment above the localparams, where one of them is there. */
  title(text: string): void {
    this.m.commentFor(text, this.#labels);
  }

  /** A stage by its number. */
  at(place: number): Stage {
    return new Stage(this.track, place);
  }

  /** A stage by a localparam, which is not there where nothing depends on it; `note`: what is there in that stage. */
  named(label: string, place: number, note: string): Stage {
    const cycles = this.track.cycles(place);
    // of one cycle or none the text has nothing to count: a bit has no place, a line of one register no stages
    if (cycles < 2 && !this.track.whole) return this.at(place);
    const local = this.m.localFor(label, cycles, note);
    this.#labels.push(label);
    return new Stage(this.track, place, { place, cycle: () => local });
  }

  /** A register behind a stage; a wire where it is left out. */
  reg<S extends Sign>(stage: Stage, name: string, type: Type<S>, note = ''): Expr<S> {
    return this.track.stands(stage.place)
      ? this.m.reg(name, type, note)
      : this.m.net(name, type, note);
  }

  /** What registers behind a stage take while it holds something. */
  held(stage: Stage, ...sets: readonly Statement[]): Taken {
    return { stage, always: false, sets };
  }

  /** What they take in every cycle. */
  free(stage: Stage, ...sets: readonly Statement[]): Taken {
    return { stage, always: true, sets };
  }

  /** Sets registers of several stages. */
  set(...all: readonly Taken[]): void {
    const body: Statement[] = [];
    for (const { stage, always, sets } of all) {
      if (!this.track.stands(stage.place)) for (const one of sets) this.#assign(one);
      else if (always) body.push(...sets);
      else body.push(when(this.active(stage), sets));
    }
    if (body.length > 0) this.m.always(this.clock, body);
  }

  #assign(statement: Statement): void {
    if (statement.kind !== 'set') throw new Error('a condition on a register that is left out');
    this.m.assign(statement.target, statement.value);
  }

  /** Whether these stages hold something, as far as there are registers behind them. */
  idle(...stages: readonly Stage[]): readonly Expr<'u'>[] {
    return stages.filter(({ place }) => this.track.stands(place)).map(this.active);
  }

  /** Says that nothing asks for that. */
  unasked(name: string, ...stages: readonly Stage[]): void {
    const own = this.idle(...stages);
    if (own.length > 0) this.m.unused(name, ...own);
  }
}
