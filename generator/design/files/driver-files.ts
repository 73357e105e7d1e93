import {
  BUS_ID,
  BUS_VERSION,
  type BusFeatures,
  fieldOf,
  type Need,
  REGISTERS,
  type Register,
  registersOf,
} from '../../accelerator/bus/register-map.js';
import { LOAD_CAUSES, type StateSpan } from '../../accelerator/index.js';
import { STATE_CAUSES } from '../../accelerator/states/sizes.js';
import { render } from '../write/render.js';

/** What drivers have to know about a design. */
export interface DriverFacts {
  readonly name: string;
  readonly bus: BusFeatures & {
    /** Words of HASH0 to HASH3. */
    readonly hash: readonly number[];
    /** Values and states that the registers reach; none where they reach none. */
    readonly spans?: readonly StateSpan[];
  };
  /** Values of a frame, their beats, and bytes of each. */
  readonly inputs: number;
  readonly inputBeats: number;
  readonly inputBytes: number;
  readonly outputs: number;
  readonly outputBeats: number;
  readonly outputBytes: number;
  /** Values of a beat. */
  readonly lanes: number;
}

const NEEDS: Readonly<Record<Need, string>> = {
  loaded: 'with --weights loaded',
  residents: 'with --residents',
  states: 'with --bus-states',
  protect: 'with --protect',
};

const ACCESS: Readonly<Record<Register['access'], string>> = {
  read: 'read',
  'read-write': 'read, write',
  act: 'write',
  clear: 'read, write 1 to clear',
  word: 'write',
};

const hex = (value: number, digits: number): string =>
  `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;

/** Registers as the templates of headers and tables take them. */
export function registerRows(registers: readonly Register[]) {
  return registers.map(({ name, offset, access, means, fields = [], needs }) => ({
    ...{ name, address: hex(offset, 2), access: ACCESS[access], means },
    needs: needs === undefined ? '' : NEEDS[needs],
    fields: fields.map(({ low, bits, needs: only, ...field }) => ({
      ...{ ...field, low, bits, high: low + bits - 1, one: bits === 1 },
      needs: only === undefined ? '' : NEEDS[only],
      mask: hex((2 ** bits - 1) * 2 ** low, 8),
    })),
  }));
}

/** The table of registers of docs/bus.md, in Markdown. */
export function registerTable(): string {
  const rows = registerRows(REGISTERS).flatMap(
    ({ name, address, access, means, fields, needs }) => [
      `| \`${address}\` | \`${name}\` | ${access} | ${means}${needs && `; ${needs}`} |`,
      ...fields.map(
        (f) =>
          `| | ${f.one ? 'bit' : `bits ${f.high}:`}${f.one ? ' ' : ''}${f.low} \`${f.name}\` | | ${f.means}${f.needs && `; ${f.needs}`} |`,
      ),
    ],
  );
  return ['| address | register | access | what |', '|---|---|---|---|', ...rows, ''].join('\n');
}

/** Values and states as the templates take them. */
function stateContext({ states, spans = [] }: DriverFacts['bus']) {
  const kept = fieldOf('STATE_ADDRESS', 'KEPT').low;
  return {
    hasStates: states !== undefined,
    streams: states?.streams ?? 1,
    severalStreams: (states?.streams ?? 1) > 1,
    stateLanes: states?.lanes ?? 1,
    severalLanes: (states?.lanes ?? 1) > 1,
    stateCount: spans.reduce((sum, { count }) => sum + count, 0),
    spans: spans.map(({ name, index, kept: isKept, count, order }, n) => ({
      ...{ name, count, number: n, order: order === null ? null : lines(order) },
      address: hex(index + (isKept ? 2 ** kept : 0), 8),
    })),
    spanNames: spans.map(({ name }) => name).join(', '),
  };
}

/** A list of numbers in lines of at most 16. */
function lines(numbers: readonly number[]): readonly string[] {
  return Array.from({ length: Math.ceil(numbers.length / 16) }, (_, n) =>
    numbers.slice(16 * n, 16 * n + 16).join(', '),
  );
}

/** Drivers for a processor on the bus of a design, by path in the design directory. */
export function driverFiles(facts: DriverFacts): ReadonlyMap<string, string> {
  const { name, bus } = facts;
  const context = {
    ...facts,
    guard: name.toUpperCase(),
    hash: bus.hash.map((word) => hex(word, 8)),
    places: bus.places,
    loaded: bus.loaded ? 1 : 0,
    several: bus.places > 1,
    protect: bus.protect ? 1 : 0,
    id: hex(BUS_ID, 8),
    version: hex(BUS_VERSION, 8),
    causes: LOAD_CAUSES,
    stateCauses: STATE_CAUSES,
    ...stateContext(bus),
    registers: registerRows(REGISTERS),
  };
  const own = { ...context, registers: registerRows(registersOf(bus)) };
  return new Map([
    ['driver/README.md', render('driver/README.md.hbs', own)],
    ['driver/hcgs.c', render('driver/hcgs.c.hbs', context)],
    ['driver/hcgs.h', render('driver/hcgs.h.hbs', context)],
    ['driver/hcgs_registers.h', render('driver/registers.h.hbs', context)],
    [`driver/${name}_design.h`, render('driver/design.h.hbs', context)],
    [`driver/${name}_driver.py`, render('driver/driver.py.hbs', context)],
  ]);
}
