import { type Group, readGroups, unquoted } from '../liberty-groups.js';

/** What a change of a pin costs in a cell. */
export interface PinEnergy {
  readonly pin: string;
  /** Condition on other pins; null: the rest of the cases. */
  readonly when: string | null;
  /** pJ, at the smallest slew of their tables. */
  readonly rise: number;
  readonly fall: number;
}

/** What a Liberty file says of the power of a cell. */
export interface CellPower {
  /** nW. */
  readonly leakage: number;
  readonly energies: readonly PinEnergy[];
}

const TABLES = ['rise_power', 'fall_power', 'power'];
const KEPT = new Set(['library', 'cell', 'pin', 'internal_power', ...TABLES]);

/** What a prefix of a unit makes of it. */
const PREFIX: Readonly<Record<string, number>> = {
  f: 1e-15,
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
};

/** Power of the cells of a Liberty file; internal power is in its unit of capacitance times the square of that of voltage. */
export function cellPowers(text: string): ReadonlyMap<string, CellPower> {
  const library = readGroups(text, KEPT).find(({ type }) => type === 'library');
  if (library === undefined) return new Map();
  const of = (name: string): string => unquoted(library.attributes.get(name) ?? '');
  const farads = unit(of('capacitive_load_unit').replace(/[\s,]+/, ''));
  const volts = unit(of('voltage_unit') || '1V');
  const watts = unit(of('leakage_power_unit') || '1nW');
  const picojoules = (farads * volts ** 2) / 1e-12;
  const usual = of('default_cell_leakage_power') || '0';
  return new Map(
    library.inner
      .filter(({ type }) => type === 'cell')
      .map(({ name, attributes, inner }): [string, CellPower] => [
        name,
        {
          leakage: (Number(attributes.get('cell_leakage_power') ?? usual) * watts) / 1e-9,
          energies: inner.flatMap((pin) => pinEnergies(pin, picojoules)),
        },
      ]),
  );
}

function pinEnergies({ name, inner }: Group, picojoules: number): readonly PinEnergy[] {
  return inner
    .filter(({ type }) => type === 'internal_power')
    .map(({ attributes, inner: tables }) => {
      const energy = (edge: string): number =>
        tables
          .filter(({ type }) => type === edge || type === 'power')
          .reduce((sum, table) => sum + smallestSlew(table) * picojoules, 0);
      const when = attributes.get('when');
      return {
        pin: name,
        when: when === undefined ? null : unquoted(when),
        ...{ rise: energy('rise_power'), fall: energy('fall_power') },
      };
    });
}

/** The first value of a table: its slews ascend. */
function smallestSlew({ attributes }: Group): number {
  const [first = '0'] = (attributes.get('values') ?? '')
    .replace(/"/g, ' ')
    .trim()
    .split(/[\s,]+/);
  return Number(first);
}

/** `1pf`, `100 mV`: a number with a unit, in units without a prefix. */
function unit(text: string): number {
  const [, number = '1', prefix = ''] = /^([\d.eE+-]+)\s*([a-zA-Z]?)[a-zA-Z]$/.exec(text) ?? [];
  return Number(number) * (PREFIX[prefix.toLowerCase()] ?? Number.NaN);
}
