import { cellTableFields, cellTableWidths } from '../control/layer-table.js';
import { activationImage, biasImage, cellImage } from '../images/tables.js';
import { bitsOfFields, type RomStore, ramStore, romStore, type Store } from '../memory/store.js';
import { type Configuration, GATE_COUNT, gatesTakeTurns } from '../plan/configuration.js';
import { TABLE_FUNCTIONS, TABLE_SIZE } from './activation-table.js';

/** Tables of one cell lane by function: i, f and o, and g and tanh of c. */
const TABLES = { sigmoid: 3, tanh: 2 } as const;

const block = 'u_cells';

/** The memories of the cell update: biases, tables, what it knows of each layer, and c. */
export function cellStores(c: Configuration): readonly Store[] {
  const tableWidth = bitsOfFields(cellTableFields(cellTableWidths(c)));
  return [
    biasStore(c),
    ...tableStores(c),
    romStore(
      c,
      {
        role: 'control',
        name: 'cells',
        title: 'cell table',
        block,
        width: tableWidth,
        words: c.layers,
      },
      cellImage,
    ),
    ramStore({
      ...{ role: 'state', title: 'c', block },
      ...{ width: c.cellLanes * c.words.cell, words: c.cellDepth },
    }),
  ];
}

/** A word has the biases of all gates of all lanes, [lane][gate]. */
function biasStore(c: Configuration): RomStore {
  const width = c.cellLanes * GATE_COUNT * c.words.bias;
  const described = { role: 'bias', name: 'bias', title: 'biases', block } as const;
  return romStore(c, { ...described, width, words: c.biasDepth }, biasImage);
}

/** A lane whose gates take turns has one memory for both functions, sigmoid first. */
function tableStores(c: Configuration): readonly RomStore[] {
  const described = { ...TABLE_SIZE, role: 'table', block } as const;
  if (gatesTakeTurns(c)) {
    const title = 'sigmoid and tanh table';
    const words = TABLE_FUNCTIONS.length * TABLE_SIZE.words;
    return [
      romStore(c, { ...described, name: 'functions', title, words }, (_, { model }, size) =>
        activationImage([model.sigmoid, model.tanh], size),
      ),
    ];
  }
  return TABLE_FUNCTIONS.map((name) => {
    const copies = TABLES[name] * c.cellLanes;
    const title = `${name} tables`;
    return romStore(c, { ...described, name, title, copies }, (_, { model }, size) =>
      activationImage([model[name]], size),
    );
  });
}
