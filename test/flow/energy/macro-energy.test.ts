import { describe, expect, test } from 'vitest';
import type { Macro } from '../../../generator/devices/macros/macro.js';
import { cellPowers } from '../../../generator/flow/asic/energy/cell-power.js';
import { macroEnergy } from '../../../generator/flow/asic/energy/macro-energy.js';
import { portEnergies } from '../../../generator/flow/asic/energy/port-energy.js';
import { SELECTED, TWO_PORTS, WRITE_AND_READ } from '../../accelerator/support/macro-lists.js';

const scalar = (rise: number, fall: number) =>
  `rise_power (scalar) { values ("${rise}"); } fall_power (scalar) { values (${fall}); }`;

/** Internal power of a clock pin, by condition; an empty one is the rest. */
function clock(pin: string, entries: Readonly<Record<string, readonly [number, number]>>): string {
  const groups = Object.entries(entries).map(
    ([when, [rise, fall]]) =>
      `internal_power () { ${when === '' ? '' : `when : "${when}";`} ${scalar(rise, fall)} }`,
  );
  return `pin (${pin}) { direction : input; ${groups.join('\n')} }`;
}

const library = (cells: string, units = 'capacitive_load_unit (1,pf); voltage_unit : "1V";') =>
  `library (l) { ${units} leakage_power_unit : "1nW"; ${cells} }`;

const selected = clock('clk', {
  '!csb & !web': [50, 1],
  '!csb & web': [40, 2],
  csb: [0.5, 0.25],
});

function powerOf(cell: string, name: string, units?: string) {
  const power = cellPowers(
    library(`cell (${name}) { cell_leakage_power : 7; ${cell} }`, units),
  ).get(name);
  if (power === undefined) throw new Error('no cell');
  return power;
}

describe('the energy of an access', () => {
  test('is the internal power of both clock edges, under the condition that holds', () => {
    expect(portEnergies(SELECTED, powerOf(selected, 'selected'))).toEqual([
      { read: 42, write: 51, idle: 0.75 },
    ]);
  });

  test('counts in the units of the file', () => {
    const units = 'capacitive_load_unit (100, ff); voltage_unit : "2V";';
    const [port] = portEnergies(SELECTED, powerOf(selected, 'selected', units)) ?? [];
    expect(port?.read).toBeCloseTo(42 * 0.1 * 4, 9);
  });

  test('is that of each supply together, and of the rest where no condition holds', () => {
    const cell = clock('clk', { '!csb & !web': [50, 0], '': [3, 1] });
    const twice = cell.replace(
      'pin (clk) {',
      `pin (clk) { internal_power () { when : "!web & !csb"; ${scalar(5, 0)} }`,
    );
    expect(portEnergies(SELECTED, powerOf(twice, 'selected'))).toEqual([
      { read: 4, write: 55, idle: 4 },
    ]);
  });

  test('is taken at the smallest slew', () => {
    const table = `pin (clk) { internal_power () {
      rise_power (t) { index_1 ("0.01, 0.4"); values ("10, 20", \\
        "30, 40"); } } }`;
    expect(portEnergies(SELECTED, powerOf(table, 'selected'))?.[0]?.read).toBe(10);
  });

  test('is not known without entries, or under conditions on data', () => {
    expect(portEnergies(SELECTED, powerOf('', 'selected'))).toBeNull();
    const data = clock('clk', { 'di & !csb': [1, 1] });
    expect(portEnergies(SELECTED, powerOf(data, 'selected'))).toBeNull();
  });

  test('is of a port alone, the other at rest', () => {
    const both = [
      clock('clk', { '!w_csb': [9, 0], w_csb: [0.125, 0] }),
      clock('r_clk', { '!r_reb & w_csb': [8, 0], '!r_reb & !w_csb': [100, 0], r_reb: [0, 0] }),
    ];
    expect(portEnergies(WRITE_AND_READ, powerOf(both.join('\n'), 'write_and_read'))).toEqual([
      { read: 0, write: 9, idle: 0.125 },
      { read: 8, write: 0, idle: 0 },
    ]);
  });
});

describe('the energy of the macros of a frame', () => {
  const powers = cellPowers(library(`cell (selected) { cell_leakage_power : 7; ${selected} }`));
  const list = { macros: [SELECTED as Macro, TWO_PORTS] };
  const activity = {
    ...{ design: 'd', designHash: 'h', frames: 8, cyclesPerFrame: 100 },
    macros: [
      { instance: 'u_core.u_a.u_macro', macro: 'selected', ports: [{ reads: 30, writes: 10 }] },
      { instance: 'u_core.u_b.u_macro', macro: 'selected', ports: [{ reads: 0, writes: 0 }] },
      {
        ...{ instance: 'u_core.u_c.u_macro', macro: 'two_ports' },
        ports: [
          { reads: 1, writes: 0 },
          { reads: 0, writes: 0 },
        ],
      },
    ],
  };

  test('is that of reads, writes and idle cycles, by instance', () => {
    const { instances, unknown } = macroEnergy(activity, list, powers);
    expect(instances).toEqual([
      { instance: 'u_core.u_a.u_macro', dynamic: 1.815, leakage: 7 },
      { instance: 'u_core.u_b.u_macro', dynamic: 0.075, leakage: 7 },
    ]);
    // no Liberty file has it
    expect(unknown).toEqual(['two_ports']);
  });

  test('and what a kind does in all', () => {
    expect(macroEnergy(activity, list, powers).ports).toEqual([
      {
        ...{ macro: 'selected', port: 0, reads: 30, writes: 10, idle: 160 },
        ...{ readPJ: 42, writePJ: 51, idlePJ: 0.75 },
      },
    ]);
  });
});
