import type { RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer } from '../../float/model.js';
import { channelBiases } from '../gates.js';
import type { Nonlinearity } from '../imported.js';
import type { Beside } from './beside.js';
import type { LayerNames } from './choose.js';
import { cellOfShape } from './modules.js';
import type { TensorReader } from './tensors.js';

/** What is said of RNN layers, whose weights are the same with both functions. */
export interface Said {
  readonly file: Pick<Beside, 'nonlinearities'>;
  readonly user: Nonlinearity | undefined;
}

/** A layer, and a sentence about it where something of it is not in its tensors. */
export interface TorchLayer {
  readonly layer: FloatLayer;
  readonly notes: readonly string[];
}

/**
 * Layer `l`: weight_ih [gates x cells, inputs], weight_hh [gates x cells, cells], and both biases [gates x cells] or
 * none. Torch has our order of the gates. `below` are the cells of the layer below.
 * @throws UserError NONLINEARITY where nobody says what an RNN computes, or as the reader
 */
export function readLayer(
  reader: TensorReader,
  names: LayerNames,
  l: number,
  below: number | undefined,
  said: Said,
): TorchLayer {
  const name = (kind: string) => names.nameOf(kind, l);
  const [, inputs] = reader.matrix(name('weight_ih'));
  const [rows, cells] = reader.matrix(name('weight_hh'));
  const torch = cellOfShape([rows, cells]);
  if (torch === null) {
    const expected = '4 (LSTM), 3 (GRU) or 1 (RNN) times as many rows as columns';
    throw reader.badShape(name('weight_hh'), expected, `[${rows}, ${cells}]`);
  }
  const { cell, notes } = torch === 'RNN' ? rnnOf(names, l, said, reader) : OTHERS[torch];
  const x = reader.read(name('weight_ih'), [rows, below ?? inputs]);
  const h = reader.read(name('weight_hh'), [rows, cells]);
  const kinds = ['bias_ih', 'bias_hh'];
  const biases = kinds.map(name);
  const biased =
    biases.some((bias) => reader.has(bias)) || kinds.some((kind) => names.isMapped(kind, l));
  const [ofX, ofH] = biases.map((bias) =>
    biased ? reader.read(bias, [rows]).values : new Float64Array(rows),
  ) as [Float64Array, Float64Array];
  // what is made of both has the name that they have in common
  const bias = {
    name: (biases[0] as string).replace('bias_ih', 'bias'),
    values: channelBiases(cell, ofX, ofH),
  };
  return { layer: { cell, inputs, cells, x, h, bias }, notes };
}

/** A cell, and what has to be said of it. */
interface Known {
  readonly cell: RecurrentCell;
  readonly notes: readonly string[];
}

const OTHERS: Readonly<Record<'LSTM' | 'GRU', Known>> = {
  LSTM: { cell: 'lstm', notes: [] },
  GRU: { cell: 'gru', notes: [] },
};

function rnnOf(names: LayerNames, l: number, { file, user }: Said, reader: TensorReader): Known {
  const module = names.moduleOf(l)?.name;
  const own = module === undefined ? undefined : file.nonlinearities.get(module);
  const function_ = own ?? user;
  const field = module || names.nameOf('weight_hh', l);
  if (function_ === undefined) {
    const expected = '--nonlinearity tanh or --nonlinearity relu, as torch.nn.RNN was made with';
    throw reader.fail('NONLINEARITY', field, expected, 'an RNN, and tensors do not show which');
  }
  const who = own === undefined ? '--nonlinearity says' : 'the file says';
  return {
    cell: `rnn-${function_}`,
    notes: [`layer ${l}, ${field}, is an RNN with ${function_}, as ${who}`],
  };
}
