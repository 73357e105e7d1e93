import { describe, expect, test } from 'vitest';
import { styled } from '../../../generator/accelerator/build/styled.js';
import { buildImages } from '../../../generator/accelerator/index.js';
import {
  blockCells,
  multiplierCells,
  predictCells,
} from '../../../generator/accelerator/resources/predict.js';
import { ECP5 } from '../../../generator/devices/ecp5.js';
import type { FpgaFamily } from '../../../generator/devices/family.js';
import { ICE40 } from '../../../generator/devices/ice40.js';
import { XILINX } from '../../../generator/devices/xilinx.js';
import { inventory } from '../../../generator/hdl/index.js';
import { NAMES, type TestDesign, testDesign } from './support/designs.js';
import { BLOCKS, kindOf, MULTIPLIERS } from './support/primitives.js';
import { count, SCRIPTS, type Synthesised, synthesise } from './support/synthesis.js';

/** Where it is not ECP5 and iCE40: a run of Yosys takes seconds. */
const FAMILIES_OF: readonly (readonly [start: string, families: readonly FpgaFamily[]])[] = [
  ['two levels', [ECP5, ICE40, XILINX]],
  ['three levels', [ECP5]],
];

function predict(family: FpgaFamily, { configuration, model }: TestDesign) {
  const stock = inventory(styled(configuration));
  return predictCells(family, stock, buildImages(configuration, model));
}

/** Cells, and what each memory becomes; those that are constant throughout are gone before memories are mapped. */
function predicted(family: FpgaFamily, design: TestDesign) {
  const { memories, products } = predict(family, design);
  return {
    blocks: blockCells(memories),
    multipliers: multiplierCells(products),
    places: new Map(
      memories.filter((m) => m.varyingBits > 0).map((m) => [m.path, m.place.kind] as const),
    ),
  };
}

function made(netlist: Synthesised) {
  const blocks = Object.entries(BLOCKS).map(
    ([cell, type]) => [cell, count(netlist, type)] as const,
  );
  return {
    blocks: new Map(blocks.filter(([, n]) => n > 0)),
    multipliers: count(netlist, MULTIPLIERS),
    places: new Map([...netlist.memories].map(([path, via]) => [path, kindOf(via)])),
  };
}

describe('block RAMs and multipliers of a design are what Yosys makes of it', () => {
  for (const name of NAMES) {
    const families: readonly FpgaFamily[] = FAMILIES_OF.find(([start]) =>
      name.startsWith(start),
    )?.[1] ?? [ECP5, ICE40];
    for (const family of families) {
      test(`${name}, ${family.name}`, async () => {
        const design = testDesign(name);
        const netlist = await synthesise(design.files, SCRIPTS[family.name] as string);
        expect(predicted(family, design)).toEqual(made(netlist));
      });
    }
  }
});
