import type { PruningLoss } from '../../golden/pruning-loss.js';
import type { Budget, Price } from '../../network/select/search/budget.js';
import type { Tried } from '../../network/select/search/search.js';
import { framesIn } from '../../network/utterances.js';
import { textTable } from '../text/text-table.js';
import type { SearchFrames } from './search-frames.js';

/** What a search for patterns found: a part of the JSON object. */
export interface PatternSearchReport {
  readonly budget: Budget;
  /** `outputs`: errors are those of the outputs on frames. `weights`: no frames; errors are shares of the squares that are dropped. */
  readonly by: 'outputs' | 'weights';
  /** Whether kept weights and biases were fitted to frames, or are those of the source. */
  readonly weights: 'fitted' | 'trained';
  /** Frames of each use; null without frames. */
  readonly frames: {
    readonly fitted: number;
    readonly judged: number;
    readonly heldOut: number;
  } | null;
  /** The form of each matrix, in the order of the patterns, and what the network takes, exactly. */
  readonly forms: readonly string[];
  readonly cycles: number;
  readonly bits: number;
  /** Of all that was judged that of which nothing else is at least as good in cycles, bits and error, by cycles. */
  readonly front: readonly FrontPoint[];
  readonly tried: readonly TriedPoint[];
  /** The float network with the patterns against the one without, on the frames held out; null without frames. */
  readonly heldOut: PruningLoss | null;
}

/** One of what was tried. */
export interface TriedPoint {
  readonly forms: readonly string[];
  readonly kept: number | null;
  readonly cycles: number | null;
  readonly bits: number | null;
  readonly error: number | null;
  readonly refused: string | null;
}

export interface FrontPoint extends TriedPoint {
  readonly cycles: number;
  readonly bits: number;
  readonly error: number;
}

export interface PatternSearchFacts {
  readonly budget: Budget;
  readonly frames: SearchFrames | null;
  readonly fitted: boolean;
  readonly forms: readonly string[];
  readonly tried: readonly Tried[];
  readonly heldOut: PruningLoss | null;
}

/** `price`: of the network as it is written. @throws Error where that is above the budget, which the search had met */
export function patternSearchReport(facts: PatternSearchFacts, price: Price): PatternSearchReport {
  const { budget, frames, fitted, forms, heldOut } = facts;
  if (price[budget.kind] > budget.limit) {
    throw new Error(`expected ${budget.kind} up to ${budget.limit}, got ${price[budget.kind]}`);
  }
  const tried = facts.tried.map(
    ({ price: own, ...rest }): TriedPoint => ({
      ...rest,
      cycles: own?.cycles ?? null,
      bits: own?.bits ?? null,
    }),
  );
  return {
    budget,
    ...waysOf(facts),
    frames: frames && {
      fitted: fitted ? framesIn(frames.fitted) + framesIn(frames.judged) : 0,
      judged: framesIn(frames.judged),
      heldOut: framesIn(frames.heldOut.frames),
    },
    forms,
    ...price,
    front: frontOf(tried),
    tried,
    heldOut,
  };
}

function waysOf({
  frames,
  fitted,
}: Pick<PatternSearchFacts, 'frames' | 'fitted'>): Pick<PatternSearchReport, 'by' | 'weights'> {
  return { by: frames === null ? 'weights' : 'outputs', weights: fitted ? 'fitted' : 'trained' };
}

/** Those than which no other is as good in everything and better in something; of equal ones the first. */
export function frontOf(tried: readonly TriedPoint[]): readonly FrontPoint[] {
  const judged = tried.filter(
    (one): one is FrontPoint => one.error !== null && one.refused === null,
  );
  const keys = ['cycles', 'bits', 'error'] as const;
  const better = (a: FrontPoint, b: FrontPoint, first: boolean) =>
    keys.every((key) => a[key] <= b[key]) && (first || keys.some((key) => a[key] < b[key]));
  return judged
    .filter((one, i) => !judged.some((other, j) => j !== i && better(other, one, j < i)))
    .sort((a, b) => a.cycles - b.cycles || a.bits - b.bits);
}

/** One line of the provenance of a model. */
export function patternSearchLine({ budget, ...facts }: PatternSearchFacts): string {
  const { by, weights } = waysOf(facts);
  const how =
    weights === 'fitted' ? 'kept weights and biases fitted to frames' : 'weights as trained';
  return `least error of the ${by} within ${budget.limit} ${budget.kind}, ${how}`;
}

/** The same for a person. */
export function patternSearchLines(report: PatternSearchReport): readonly string[] {
  const { budget, by, frames, front, tried, forms, cycles, bits } = report;
  const judged = tried.filter(({ error }) => error !== null).length;
  const head = ['cycles', 'bits', 'kept', by === 'outputs' ? 'error' : 'dropped', 'patterns'];
  const row = ({ cycles, bits, kept, error, forms }: TriedPoint) => [
    cycles ?? '-',
    bits ?? '-',
    kept ?? '-',
    error === null ? '-' : percent(error),
    formsText(forms),
  ];
  const refused = tried.filter((one) => one.refused !== null);
  return [
    `patterns chosen by a search, at most ${budget.limit} ${budget.kind}: ${cycles} cycles per frame, ${bits} bits of weights and index: ${formsText(forms)}`,
    frames === null
      ? 'no frames: judged by the weights alone, the share of their squares that is dropped'
      : `judged by the r.m.s. error of the outputs on ${frames.judged} frames${frames.fitted > 0 ? `, kept weights and biases fitted to ${frames.fitted}` : ', weights as trained'}`,
    ...heldOutLines(report),
    '',
    'front:',
    ...textTable([head, ...front.map(row)]),
    '',
    `tried: ${tried.length}, of which ${judged} were judged`,
    ...textTable([head, ...tried.filter((one) => one.refused === null).map(row)]),
    ...refused.map((one) => `${formsText(one.forms)}: ${one.refused}`),
    '',
  ];
}

function heldOutLines({ heldOut, frames }: PatternSearchReport): readonly string[] {
  if (heldOut === null || frames === null) return [];
  const { error, sameDecisions, correct, utterances } = heldOut;
  const share = error.relativeRms === null ? '' : ` (${percent(error.relativeRms)})`;
  return [
    [
      `on ${frames.heldOut} frames that the search has not seen: r.m.s. error ${error.rms.toPrecision(3)}${share}`,
      `largest ${error.largest.toPrecision(3)}`,
      ...(sameDecisions === null ? [] : [`${sameDecisions} of ${utterances} decisions the same`]),
      ...(correct === null
        ? []
        : [`correct ${correct.pruned} instead of ${correct.whole} of ${utterances}`]),
    ].join(', '),
  ];
}

/** Each form once, with the number of matrices that follow each other with it, as `rows` or `2 x rows; 2 x mask`. */
function formsText(forms: readonly string[]): string {
  const runs: { readonly form: string; count: number }[] = [];
  for (const form of forms) {
    const last = runs.at(-1);
    if (last?.form === form) last.count += 1;
    else runs.push({ form, count: 1 });
  }
  const [first] = runs;
  if (first !== undefined && runs.length === 1) return first.form;
  return runs.map(({ form, count }) => `${count} x ${form}`).join('; ');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
