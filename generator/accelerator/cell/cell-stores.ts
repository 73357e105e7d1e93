import { recordBits } from '../build/record.js';
import { cellTableFields, cellTableWidths } from '../control/layer-table.js';
import { activationImage } from '../images/activation.js';
import { biasImage } from '../images/biases.js';
import { cellImage } from '../images/cells.js';
import { type RamStore, type RomStore, ramStore, romStore, type Store } from '../memory/store.js';
import { type Configuration, gatesTakeTurns } from '../plan/configuration.js';
import { TABLE_FUNCTIONS, TABLE_SIZE } from './activation-table.js';
import { GATE_COUNT } from './gates.js';

/** Tables of one cell lane by function: i, f and o, and g and tanh of c. */
const TABLES = { sigmoid: 3, tanh: 2 } as const;

const block = 'u_cells';

/** The memories of the cell update. */
export function cellStores(c: Configuration): readonly Store[] {
  return [biasStore(c), ...tableStores(c), cellTableStore(c), stateStore(c)];
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
  return ramStore({ role: 'state', title: 'c', block, width, words: c.cellDepth });
}

/** A word has the biases of all gates of all lanes, [lane][gate]. */
export function biasStore(c: Configuration): RomStore {
  const width = c.cellLanes * GATE_COUNT * c.words.bias;
  const described = { role: 'bias', name: 'bias', title: 'biases', block } as const;
  return romStore(c, { ...described, width, words: c.biasDepth }, biasImage);
}

/** A lane whose gates take turns has one table, of both functions. */
function tableStores(c: Configuration): readonly RomStore[] {
  return (gatesTakeTurns(c) ? (['functions'] as const) : TABLE_FUNCTIONS).map((table) =>
    tableStore(c, table),
  );
}

/** The table of one function, or of both, sigmoid first. */
export function tableStore(
  c: Configuration,
  name: 'functions' | (typeof TABLE_FUNCTIONS)[number],
): RomStore {
  const of = name === 'functions' ? TABLE_FUNCTIONS : [name];
  return romStore(
    c,
    {
      role: 'table',
      name,
      title: name === 'functions' ? 'sigmoid and tanh table' : `${name} tables`,
      block,
      width: TABLE_SIZE.width,
      words: of.length * TABLE_SIZE.words,
      copies: name === 'functions' ? c.cellLanes : TABLES[name] * c.cellLanes,
    },
    (_, { model }, size) =>
      activationImage(
        of.map((f) => model[f]),
        size,
      ),
  );
}
