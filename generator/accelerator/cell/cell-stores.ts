import { y0Bits } from '../../network/table-scheme.js';
import { recordBits } from '../build/record.js';
import { cellTableFields, cellTableWidths } from '../control/cell-table.js';
import { activationImage } from '../images/activation.js';
import { biasImage } from '../images/biases.js';
import { cellImage } from '../images/cells.js';
import { initialImage } from '../images/initial.js';
import { type RamStore, type RomStore, ramStore, romStore, type Store } from '../memory/store.js';
import { type Configuration, tablesOf } from '../plan/configuration.js';
import { stateDepth, stateWords } from '../plan/frames-in-memory.js';
import { tableSize } from './activation-table.js';
import { hasHeld, hasState } from './kinds.js';
import { placesOf } from './places.js';
import type { LaneKind } from './unit.js';
import { lanesIn } from './units.js';

const block = 'u_cells';

/** The memories of the cell update. */
export function cellStores(c: Configuration): readonly Store[] {
  const kept = hasState(c);
  const initial = c.initialState && kept ? [initialStore(c)] : [];
  const state = kept ? [stateStore(c)] : [];
  const held = hasHeld(c) ? [heldStore(c)] : [];
  return [biasStore(c), ...initial, ...tableStores(c), cellTableStore(c), ...state, ...held];
}

/** What the lanes know of each layer, a word each. */
export function cellTableStore(c: Configuration): RomStore {
  const width = recordBits(cellTableFields(cellTableWidths(c)));
  const described = { role: 'control', name: 'cells', title: 'cell table', block } as const;
  return romStore(c, { ...described, width, words: c.layers }, cellImage);
}

/** c of all lanes in a word. */
export function stateStore(c: Configuration): RamStore {
  const width = c.cellLanes * c.words.cell;
  return ramStore({ role: 'state', title: 'c', block, width, words: stateDepth(c) });
}

/** What a pass holds for the one behind it, of all lanes, at the addresses of the memory of c. */
export function heldStore(c: Configuration): RamStore {
  const width = c.cellLanes * y0Bits(tablesOf(c));
  return ramStore({ role: 'state', title: 'z', block, width, words: stateDepth(c) });
}

/** c of all lanes before the first frame of an utterance, at the addresses of the memory of c. */
export function initialStore(c: Configuration): RomStore {
  const { width } = stateStore(c);
  const words = stateWords(c, c.cellDepth);
  const described = { role: 'bias', name: 'initial', title: 'initial c', block } as const;
  return romStore(c, { ...described, width, words }, initialImage);
}

/** A word has the biases of all channels of all lanes, [lane][channel]. */
export function biasStore(c: Configuration): RomStore {
  const width = c.cellLanes * placesOf(c).length * c.words.bias;
  const described = { role: 'bias', name: 'bias', title: 'biases', block } as const;
  return romStore(c, { ...described, width, words: c.biasDepth }, biasImage);
}

/** Tables of one lane of each kind: what a memory holds, and how many there are of it. */
export function tablesIn(c: Configuration): LaneKind['tables'] {
  const tables: LaneKind['tables'][number][] = [];
  for (const { functions, copies } of lanesIn(c).flatMap((lane) => lane.tables)) {
    const own = tables.findIndex((one) => one.functions.join() === functions.join());
    if (own < 0) tables.push({ functions, copies });
    else tables[own] = { functions, copies: copies + (tables[own]?.copies ?? 0) };
  }
  return tables;
}

/** The tables of the lanes: of one function, or of several, one behind the other. */
function tableStores(c: Configuration): readonly RomStore[] {
  return tablesIn(c).map(({ functions, copies }) => {
    const [name, title] =
      functions.length === 1
        ? ([functions[0] as string, `${functions[0]} tables`] as const)
        : (['functions', `${functions.join(' and ')} table`] as const);
    const size = tableSize(tablesOf(c), functions.length);
    return romStore(
      c,
      { role: 'table', name, title, block, ...size, copies: copies * c.cellLanes },
      (_, { model }, store) =>
        activationImage(
          functions.map((f) => model.tables[f]),
          model.tables.scheme,
          store,
        ),
    );
  });
}
