import { UserError } from '../../base/errors.js';
import { patternKind, patternKinds } from '../../sparsity/kind-of.js';
import type { Pattern, PatternSpec } from '../../sparsity/registry.js';
import { badValue, list, type OptionValues } from './options.js';

type Kind = Pattern['kind'];

/** The kind of a pattern that is not named. */
const USUAL: Kind = 'hcgs';
/** In place of a text: this layer has none. */
const NONE = '-';
/** A layer that keeps every weight. */
const DENSE: PatternSpec = { kind: 'hcgs', blocks: [], keep: [] };

const KINDS = patternKinds().map(({ kind }) => kind);

/** What states a pattern, in the words of its kind; each kind says what it takes. */
export const patternOptions = {
  pattern: list(`kind of pattern, ${USUAL} if absent: ${KINDS.join(', ')}`, 'KIND'),
  blocks: list(
    'block sizes: hcgs N,N outermost first, strips and kernels HxW, banks N; once, or once per layer, - = dense',
    'N,N|HxW|N',
  ),
  keep: list('hcgs: blocks kept in a block row of each level', 'K/N,K/N'),
  rate: list(
    'strips: one column in C is kept, and one row in R; banks, rows, kernels, mask: one weight in C',
    'C[,R]',
  ),
  balance: list(
    'whether strip blocks, rows of a mask or blocks of kernels keep as many',
    'equal|binomial|skewed',
  ),
};

/** The options besides the kind itself, by the names that they have in texts. */
const TEXTS = ['blocks', 'keep', 'rate', 'balance'] as const;

export type PatternTexts = OptionValues<typeof patternOptions>;
type Texts = Readonly<Record<string, string>>;

/** What the options say of a layer. */
export interface LayerTexts {
  readonly kind: Kind;
  readonly texts: Texts;
  /** The first option of its kind is `-`. */
  readonly dense: boolean;
}

/**
 * What the options say layer by layer. Each is given once, and is for all layers whose kind takes it; or once per layer, with `-` for
 * a layer whose kind does not take it, or that is dense. `layers`: how many there are, where that is known.
 * @throws UserError BAD_OPTION_VALUE for lists of other lengths, unknown kinds, and options that no kind or not that of a layer takes
 */
export function layerTexts(given: PatternTexts, layers?: number): readonly LayerTexts[] {
  const kinds = given.pattern.length === 0 ? [USUAL] : given.pattern.map(kindOf);
  const lengths = [...TEXTS, 'pattern' as const].map((name) => given[name].length);
  const count = Math.max(1, ...lengths);
  for (const name of ['pattern', ...TEXTS] as const) {
    const { length } = given[name];
    if (length <= 1 || length === (layers ?? count)) continue;
    const expected = `one list, or one for each of ${layers ?? count} layers`;
    throw badValue(`--${name}`, expected, `${length} lists`);
  }
  for (const name of TEXTS) {
    if (given[name].length > 0 && !kinds.some((kind) => takes(kind, name))) {
      throw notTaken(name, kinds);
    }
  }
  return Array.from({ length: count }, (_, l) => {
    const kind = kinds[kinds.length === 1 ? 0 : l] as Kind;
    return { kind, ...textsOf(kind, l, given) };
  });
}

function textsOf(kind: Kind, l: number, given: PatternTexts): Omit<LayerTexts, 'kind'> {
  const texts: Record<string, string> = {};
  const first = patternKind({ kind }).parse.options[0];
  let dense = false;
  for (const name of TEXTS) {
    const text = given[name][given[name].length === 1 ? 0 : l];
    if (text === undefined) continue;
    const perLayer = given[name].length > 1;
    if (text === NONE) dense ||= `--${name}` === first;
    else if (takes(kind, name)) {
      if (dense && perLayer)
        throw badValue(`--${name}`, `${NONE} for layer ${l}, as ${first} has it`, text);
      texts[name] = text;
    } else if (perLayer) throw notTaken(name, [kind], `; give ${NONE} for layer ${l}`);
  }
  return { texts, dense };
}

/** The spec of a layer. @throws UserError of its kind; of `missing` where it lacks a text that it needs */
export function specOf(
  { kind, texts, dense }: LayerTexts,
  missing: (option: string, example: string) => UserError,
): PatternSpec {
  if (dense) return DENSE;
  const { needs = {}, ...parse } = patternKind({ kind }).parse;
  for (const [option, example] of Object.entries(needs)) {
    if (texts[option.slice(2)] === undefined) throw missing(option, example);
  }
  return parse.spec(texts);
}

/** The patterns of a network that is drawn; null = dense. @throws UserError as `layerTexts`, or of a kind */
export function drawnPatterns(
  given: PatternTexts,
  layers: number,
): readonly (PatternSpec | null)[] {
  const nothing = TEXTS.every((name) => given[name].length === 0);
  const own = layerTexts(given, layers);
  if (nothing && own.every(({ kind }) => kind === USUAL)) return [null];
  return own.map((layer) =>
    specOf(layer, (option, example) =>
      badValue(option, `what pattern ${layer.kind} needs, e.g. ${option} ${example}`, 'nothing'),
    ),
  );
}

function kindOf(text: string): Kind {
  const kind = KINDS.find((one) => one === text);
  if (kind === undefined) throw badValue('--pattern', KINDS.join(' or '), text);
  return kind;
}

function takes(kind: Kind, name: string): boolean {
  return patternKind({ kind }).parse.options.includes(`--${name}`);
}

/** The error of an option that the kinds of a network do not take. */
function notTaken(name: string, kinds: readonly Kind[], advice = ''): UserError {
  const field = `--${name}`;
  const owners = KINDS.filter((kind) => takes(kind, name)).join(' and ');
  const others = [...new Set(kinds)].map(
    (kind) => `${kind} takes ${patternKind({ kind }).parse.options.join(', ')}`,
  );
  return new UserError({
    code: 'BAD_OPTION_VALUE',
    message: `${field} is of pattern ${owners}; ${others.join('; ')}${advice}`,
    field,
    expected: `pattern ${owners}`,
    got: kinds.join(' and '),
  });
}
