import { z } from 'zod';
import { ROLES, type Role } from '../network/cells/shown.js';

const count = z.number().int().positive();
/** What becomes a name in the harness, and is printed. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,31}$/, 'a short name of letters and digits');
const port = z.string().regex(/^trace_[a-z0-9_]{1,48}$/, 'a port whose name begins with trace_');
const fraction = z.number().int();

/** Widest values, by what they are: sums are compared as doubles, the others as 32-bit integers. */
const WIDEST = { sums: 53, state: 32, value: 32 } as const;

const tensorSchema = z
  .strictObject({
    role: z.enum(ROLES),
    name,
    channels: z.array(name).min(1).max(64).nullable().readonly(),
    port,
    bits: count,
    signed: z.boolean(),
  })
  .refine(({ role, bits, signed }) => bits <= WIDEST[role] - (signed ? 0 : 1), {
    path: ['bits'],
    error: `at most ${WIDEST.sums} bits of sums and ${WIDEST.value} of others, one less without sign`,
  });

/** `trace` of design.json: what the trace port shows, in the order of computation, and of which layers. */
export const traceSchema = z.strictObject({
  lanes: count.max(1024),
  records: z.array(
    z.strictObject({
      port,
      tensors: z.array(tensorSchema).min(1),
      lanes: count.max(1024).optional(),
      layers: z.strictObject({ first: z.number().int().nonnegative(), count }).optional(),
    }),
  ),
  layers: z.array(
    z.strictObject({
      pass: z.number().int().nonnegative(),
      rows: count,
      fractions: z.partialRecord(z.enum(ROLES), fraction),
      names: z.partialRecord(z.enum(ROLES), name),
      channels: z.array(z.strictObject({ name, place: z.number().int().nonnegative().max(63) })),
      order: z.array(z.number().int().nonnegative()).readonly().optional(),
      direction: z.literal('backward').optional(),
    }),
  ),
});

/** The same as it stands in design.json, with the passes that the layers are. */
export type RecordedTrace = Readonly<z.infer<typeof traceSchema>>;

export type TracedTensor = Readonly<z.infer<typeof tensorSchema>>;

/** What is shown of a layer: under which names, and which of the sums of a lane are its own. */
export interface TracedLayer {
  readonly rows: number;
  readonly names: Readonly<Partial<Record<Role, string>>>;
  readonly channels: readonly { readonly name: string; readonly place: number }[];
  /** Of each row of the hardware its row in the model; absent: the same. */
  readonly order?: readonly number[] | undefined;
  /** It shows the last frame of an utterance first; absent: the first one. */
  readonly direction?: 'backward' | undefined;
}

/** A tensor as a layer shows it. */
export interface LayerTensor {
  readonly role: Role;
  readonly name: string;
  /** Null where there is one number in a row. */
  readonly channels: readonly string[] | null;
}

/** Tensors that are shown together, row by row. */
export interface TracedRecord {
  /** The ports that say when and of what: `_valid`, `_layer` and `_row` behind it. */
  readonly port: string;
  readonly tensors: readonly TracedTensor[];
  /** Rows at a time, where they are not those of the trace. */
  readonly lanes?: number | undefined;
  /** The layers that it shows, which counts them from there: those of an engine of a chain; absent: all. */
  readonly layers?: { readonly first: number; readonly count: number } | undefined;
}

/** What the trace port of a design shows; no record where there is none. */
export interface Trace {
  /** Rows at a time. */
  readonly lanes: number;
  readonly records: readonly TracedRecord[];
  readonly layers: readonly TracedLayer[];
}

export const NO_TRACE: Trace = { lanes: 1, records: [], layers: [] };

/** Values of a tensor in one row. */
export function width({ channels }: Pick<TracedTensor, 'channels'>): number {
  return channels?.length ?? 1;
}

/** Whether the harness hands on the values of a record as doubles; else as 32-bit integers. */
export function isWide({ tensors }: TracedRecord): boolean {
  return tensors.some(({ role }) => WIDEST[role] > 32);
}

/** Tensors of a record, with the column in which each begins. */
export function columns({
  tensors,
}: TracedRecord): readonly { readonly tensor: TracedTensor; readonly first: number }[] {
  let next = 0;
  return tensors.map((tensor) => {
    const first = next;
    next += width(tensor);
    return { tensor, first };
  });
}

/** A tensor of the trace as a layer shows it; null where it does not. */
export function layerTensor(
  { names, channels }: TracedLayer,
  { role }: TracedTensor,
): LayerTensor | null {
  const name = names[role];
  if (name === undefined) return null;
  return { role, name, channels: role === 'sums' ? channels.map((one) => one.name) : null };
}

/** Values of one frame of a record of a layer, tensor by tensor; each is [channel][row]. */
export function split<T extends Float64Array | Int32Array>(
  record: TracedRecord,
  layer: TracedLayer,
  rows: number,
  values: T,
): readonly (readonly [LayerTensor, T])[] {
  return columns(record).flatMap(({ tensor, first }) => {
    const own = layerTensor(layer, tensor);
    if (own === null) return [];
    const places = own.channels === null ? [0] : layer.channels.map(({ place }) => place);
    return [
      [
        own,
        columnsOf(
          values,
          places.map((place) => first + place),
          rows,
        ),
      ] as const,
    ];
  });
}

/** Columns of `rows` values each, behind one another. */
function columnsOf<T extends Float64Array | Int32Array>(
  values: T,
  places: readonly number[],
  rows: number,
): T {
  const [first = 0] = places;
  if (places.every((place, n) => place === first + n)) {
    return values.subarray(first * rows, (first + places.length) * rows) as T;
  }
  const own = values.slice(0, places.length * rows) as T;
  for (const [n, place] of places.entries()) {
    own.set(values.subarray(place * rows, (place + 1) * rows), n * rows);
  }
  return own;
}

/** The records that show a layer. */
export function recordsOf(
  { records }: Pick<Trace, 'records'>,
  layer: number,
): readonly TracedRecord[] {
  return records.filter(
    ({ layers: own }) => own === undefined || (layer >= own.first && layer < own.first + own.count),
  );
}

/** All tensors in the order of computation. */
export function tensorsOf({ records }: Pick<Trace, 'records'>): readonly TracedTensor[] {
  return records.flatMap(({ tensors }) => tensors);
}

/** The tensors of a record in words: `c and h`. */
export function recordText({ tensors }: TracedRecord): string {
  return tensors.map((tensor) => tensor.name).join(' and ');
}
