import { LOAD_CAUSES } from '../load/causes.js';
import { MAGIC } from '../load/records.js';
import {
  STATE_CAUSE_BITS,
  STATE_CAUSES,
  STATE_INDEX_BITS,
  STATE_STREAM_BITS,
  type StateSizes,
} from '../states/sizes.js';

/** What a design has beside its core that registers speak of. */
export interface BusFeatures {
  /** The model comes in through a load port; else it lies in ROMs. */
  readonly loaded: boolean;
  /** Resident places; 1 where the model lies in ROMs. */
  readonly places: number;
  /** Values and states that can be read and written; absent: none can. */
  readonly states?: StateSizes;
  /** Words of memories have check bits. */
  readonly protect: boolean;
}

/** What a register or a field of one needs: a model that is loaded, several resident ones, states that can be reached, or check bits. */
export type Need = 'loaded' | 'residents' | 'states' | 'protect';

/** Some bits of a register. */
export interface RegisterField {
  readonly name: string;
  /** Lowest bit, and bits. */
  readonly low: number;
  readonly bits: number;
  readonly means: string;
  /** Only there where the design has that; else the bits are 0, and do nothing. */
  readonly needs?: Exclude<Need, 'residents'>;
}

/** One register of 32 bits. */
export interface Register {
  readonly name: string;
  /** Byte address, a multiple of 4. */
  readonly offset: number;
  /**
   * What a bus may do: read; read and write; write bits that act, which read as 0; read, and clear the bits that are written as 1;
   * write a word, which reads as 0.
   */
  readonly access: 'read' | 'read-write' | 'act' | 'clear' | 'word';
  readonly means: string;
  readonly fields?: readonly RegisterField[];
  /** Only there where the design has that. */
  readonly needs?: Need;
}

/** Value of ID: `HCGS`, the first letter in the low byte. */
export const BUS_ID = MAGIC;
/** Value of VERSION: of this map. */
export const BUS_VERSION = 1;
/** Bits of a register, of an address on the bus, and of the number of a register. */
export const REGISTER_BITS = 32;
export const BUS_ADDRESS_BITS = 8;
export const REGISTER_NUMBER_BITS = BUS_ADDRESS_BITS - 2;
/** Bits of frames that were discarded. */
export const ERROR_COUNT_BITS = 16;
/** Lowest bit of LOADED, which has one for each place. */
export const LOADED_LOW = 16;
/** Most places that LOADED has bits for. */
export const MOST_PLACES = 16;

/** Causes of an interrupt, by bit of IRQ_ENABLE and IRQ_STATUS. */
export const IRQ_CAUSES = [
  { name: 'LOAD_DONE', needs: 'loaded', means: 'a load ended well' },
  { name: 'LOAD_ERROR', needs: 'loaded', means: 'a load was refused' },
  { name: 'FRAME_DONE', means: 'the last beat of an output frame has left' },
  { name: 'FRAME_ERROR', means: 'a frame was discarded' },
] as const;

const irqFields: readonly RegisterField[] = IRQ_CAUSES.map((cause, low) => {
  return { ...cause, low, bits: 1 };
});

const flag = (name: string, low: number, means: string): RegisterField => {
  return { name, low, bits: 1, means };
};

const ofLoad = (name: string, low: number, means: string): RegisterField => {
  return { ...flag(name, low, means), needs: 'loaded' };
};

const causesIn = (causes: readonly { readonly code: number; readonly means: string }[]): string =>
  causes.map(({ code, means }) => `${code} ${means}`).join(', ');

/** Word n of the hash. */
function hashRegister<const N extends 0 | 1 | 2 | 3>(n: N) {
  return {
    name: `HASH${n}` as const,
    offset: 0x08 + 4 * n,
    access: 'read' as const,
    means: `bytes ${4 * n} to ${4 * n + 3} of the hash of what a load is for, the first one low`,
  };
}

/** The registers, by address. */
export const REGISTERS = [
  { name: 'ID', offset: 0x00, access: 'read', means: '`HCGS`, its first letter in the low byte' },
  {
    name: 'VERSION',
    offset: 0x04,
    access: 'read',
    means: `version of these registers, ${BUS_VERSION}`,
  },
  hashRegister(0),
  hashRegister(1),
  hashRegister(2),
  hashRegister(3),
  {
    name: 'STATUS',
    offset: 0x18,
    access: 'read',
    means: 'what goes on',
    fields: [
      flag('BUSY', 0, 'a frame is in the core'),
      flag('FRAME_ERROR', 1, 'a frame was discarded since the last reset'),
      ofLoad('LOAD_ERROR', 2, 'a load was refused since the last one that ended well'),
      ofLoad(
        'LOADING',
        3,
        'a load has begun and not ended, or what follows one refused is skipped',
      ),
      ofLoad('LOAD_BUS', 4, 'that load comes in through LOAD, not through the stream'),
      ofLoad('LOAD_WAITS', 5, 'that load waits for the last frame to leave the place'),
      ofLoad(
        'LOAD_SKIPS',
        6,
        'that load was refused, and what comes of it up to a new one is skipped',
      ),
      {
        ...flag('STATES', 7, 'h and c can be read and written, by the registers STATE_...'),
        needs: 'states',
      },
      {
        ...flag(
          'MEMORY_ERROR',
          8,
          'a word of a memory was read that could not be put right, since the last reset',
        ),
        needs: 'protect',
      },
      { name: 'LOADED', low: LOADED_LOW, bits: MOST_PLACES, means: 'per place: a model is there' },
    ],
  },
  {
    name: 'CONTROL',
    offset: 0x1c,
    access: 'act',
    means: 'bits that act once',
    fields: [
      flag('RESET', 0, 'the core begins anew, with its counters; models stay loaded'),
      ofLoad('ABORT', 1, 'a load that has begun is refused, as with tlast within a record'),
    ],
  },
  {
    name: 'MODEL',
    offset: 0x20,
    access: 'read-write',
    needs: 'residents',
    means: 'the place that utterances are computed with which begin from now on',
  },
  { name: 'CYCLES', offset: 0x24, access: 'read', means: 'busy cycles since reset' },
  { name: 'FRAMES', offset: 0x28, access: 'read', means: 'output frames that left since reset' },
  {
    name: 'ERROR_CAUSE',
    offset: 0x2c,
    access: 'read',
    means: 'what was wrong; 0: nothing',
    fields: [
      {
        name: 'LOAD',
        low: 0,
        bits: 3,
        needs: 'loaded',
        means: `why a load was refused: ${causesIn(LOAD_CAUSES)}`,
      },
      flag('FRAME', 8, 'a frame was discarded, as it had the wrong length or no stream'),
      {
        name: 'STATE',
        low: 12,
        bits: STATE_CAUSE_BITS,
        needs: 'states',
        means: `why an access of STATE_DATA was refused, the first one since STATE_ADDRESS was written: ${causesIn(STATE_CAUSES)}`,
      },
    ],
  },
  {
    name: 'ERROR_COUNT',
    offset: 0x30,
    access: 'read',
    means: `frames discarded since reset, up to ${2 ** ERROR_COUNT_BITS - 1}`,
  },
  {
    name: 'IRQ_ENABLE',
    offset: 0x34,
    access: 'read-write',
    means: 'causes that raise irq',
    fields: irqFields,
  },
  {
    name: 'IRQ_STATUS',
    offset: 0x38,
    access: 'clear',
    means: 'causes that came since they were cleared; 1 clears',
    fields: irqFields,
  },
  {
    name: 'LOAD',
    offset: 0x3c,
    access: 'word',
    needs: 'loaded',
    means: 'the next word of a load; a write ends when it is taken',
  },
  {
    name: 'STATE_ADDRESS',
    offset: 0x40,
    access: 'read-write',
    needs: 'states',
    means: 'the value or state that STATE_DATA is',
    fields: [
      {
        name: 'INDEX',
        low: 0,
        bits: STATE_INDEX_BITS,
        needs: 'states',
        means: 'its place in the memory of its stream; one more with every access of STATE_DATA',
      },
      {
        name: 'STREAM',
        low: STATE_INDEX_BITS,
        bits: STATE_STREAM_BITS,
        needs: 'states',
        means: 'its stream, with --streams',
      },
      {
        ...flag('KEPT', 31, '1: what a cell keeps, as c; 0: its value h'),
        needs: 'states',
      },
    ],
  },
  {
    name: 'STATE_DATA',
    offset: 0x44,
    access: 'read-write',
    needs: 'states',
    means: 'a value or state, by its sign 32 bits long, while no frame is in the core',
  },
  {
    name: 'MEMORY_ERROR_COUNT',
    offset: 0x48,
    access: 'read',
    needs: 'protect',
    means: `cycles since reset with a faulty word of a memory, put right or not, up to ${2 ** ERROR_COUNT_BITS - 1}`,
  },
] as const satisfies readonly Register[];

export type RegisterName = (typeof REGISTERS)[number]['name'];

/** Whether a design has a register, or a field. */
export function hasRegister({ needs }: Pick<Register, 'needs'>, features: BusFeatures): boolean {
  if (needs === 'loaded') return features.loaded;
  if (needs === 'states') return features.states !== undefined;
  if (needs === 'protect') return features.protect;
  return needs === undefined || features.places > 1;
}

/** The registers that a design has. */
export function registersOf(features: BusFeatures): readonly (Register & {
  readonly name: RegisterName;
})[] {
  const all: readonly (Register & { readonly name: RegisterName })[] = REGISTERS;
  return all
    .filter((register) => hasRegister(register, features))
    .map(({ fields, ...register }) => {
      const own = fields?.filter((field) => hasRegister(field, features));
      return own === undefined ? register : { ...register, fields: own };
    });
}

/** A field by the names of its register and its own. */
export function fieldOf(register: RegisterName, field: string): RegisterField {
  const all: readonly Register[] = REGISTERS;
  const found = all
    .find(({ name }) => name === register)
    ?.fields?.find(({ name }) => name === field);
  if (found === undefined) throw new Error(`no field ${field} of ${register}`);
  return found;
}

/** Byte address of a register. */
export function offsetOf(register: RegisterName): number {
  return REGISTERS.find(({ name }) => name === register)?.offset ?? 0;
}
