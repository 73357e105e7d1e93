import type { RecurrentCell } from '../../cells/registry.js';
import type { FloatLayer, FloatOutput } from '../../float/model.js';
import type { Hdf5Dataset } from '../../formats/hdf5/hdf5.js';
import type { Part } from '../format.js';
import type { Imported, ImportOptions } from '../imported.js';
import { badMap, type NameMap } from '../map.js';
import { RESET_BEFORE, type ResetPlace, resetNote, resetUnknown } from '../reset.js';
import { kerasError } from './errors.js';
import { cudnnLayer, fusedLayer, inOrder, transposed } from './layer-weights.js';
import { tensorsLeft } from './left.js';
import { type Module, modulesOf, moduleText } from './modules.js';
import type { KerasSource } from './source.js';
import { Weights } from './weights.js';

/** Layers that change nothing in use, by the names that Keras gives them. */
const SAME =
  /^(input|dropout|spatial_dropout|gaussian_noise|gaussian_dropout|activity_regularization|top_level_model_weights)/;
const WHOLE = 'save the whole network: model.save("whole.keras")';

/** The layers in a file that has weights and no configuration. */
export function weightParts(source: KerasSource): readonly Part[] {
  return modulesOf(source).map((module) => ({ name: module.name, what: moduleText(module) }));
}

/**
 * Reads recurrent layers and a dense layer from a file that has weights alone, which is taken only where names and sizes leave
 * one way to read it, or `map` says what is what.
 * @throws UserError KERAS_WEIGHTS, NOT_AN_LSTM, LSTM_UNSUPPORTED, LSTM_AMBIGUOUS, NONLINEARITY, GRU_RESET, LSTM_CHAIN, MODULE_UNKNOWN, BAD_MAP or
 * as the reader of weights.
 */
export function importWeights(
  source: KerasSource,
  file: string,
  map: NameMap,
  options: ImportOptions,
): Imported {
  const fail = (code: string, field: string, expected: string, got: string) =>
    kerasError(file, code, field, expected, got);
  if (map.has('frames')) {
    throw badMap(
      'outside=NAME for a layer before the first recurrent one, where the file has weights alone',
      'frames=',
      file,
    );
  }
  const modules = modulesOf(source);
  const named = (name: string, key: string): Module => {
    const found = modules.find((one) => one.name === name);
    if (found !== undefined) return found;
    const names = modules
      .map((one) => one.name)
      .slice(0, 20)
      .join(', ');
    throw badMap(`${key}= and one of ${names}`, `${key}=${name}`, file);
  };
  const listed = (key: string) =>
    map
      .get(key)
      ?.split(',')
      .map((name) => named(name, key)) ?? [];
  const outside = new Set(listed('outside'));
  const said = listed('lstm');
  const recurrent = modules.filter(({ kind }) => kind === 'layer' || kind === 'recurrent');
  const chosen = map.has('lstm') ? said : recurrent.filter((one) => !outside.has(one));
  const odd = chosen.find(({ kind }) => kind !== 'layer');
  if (odd !== undefined) {
    throw fail(
      'LSTM_UNSUPPORTED',
      odd.name,
      'an LSTM, GRU or SimpleRNN (there is no hardware for others yet)',
      moduleText(odd),
    );
  }
  if (chosen.length === 0) {
    const got = modules.map(moduleText).slice(0, 10).join('; ') || 'none';
    throw fail('NOT_AN_LSTM', 'layers', 'an LSTM, GRU or SimpleRNN layer', got);
  }
  const { version } = source;
  const gated = chosen.some((one) => one.cell !== 'SimpleRNN');
  // the first form of a GRU, which TensorFlow still has, comes with hard sigmoid in any version
  const old = chosen.some((one) => one.reset === 'before') || !hasSigmoid(source);
  if (gated && !map.has('lstm') && old) {
    const names = chosen.map(({ name }) => name).join(',');
    const expected = `a file that says which functions the layers have (${WHOLE}; or --map lstm=${names} says that they are tanh and sigmoid, not hard sigmoid)`;
    throw fail(
      'LSTM_AMBIGUOUS',
      chosen[0]?.name as string,
      expected,
      `weights alone, of Keras ${version ?? 'without a version'}, whose default is hard sigmoid or was so once`,
    );
  }
  const weights = new Weights(source.weights, source.root, file);
  const layers: FloatLayer[] = [];
  for (const module of chosen) {
    const { name, datasets, cells, form } = module;
    const kind = cellOf(module, file, options);
    const biased = datasets.length === 3;
    const raw = { name, ...kind, units: cells, biased, found: datasets };
    const layer = form === 'cudnn' ? cudnnLayer(raw, weights) : fusedLayer(raw, weights);
    const below = layers.at(-1);
    if (below !== undefined && below.cells !== layer.inputs) {
      const expected = `${below.cells} inputs, as many as the layer below has cells (--map lstm=NAME,NAME says which, in order)`;
      throw fail('LSTM_CHAIN', name, expected, `${layer.inputs}`);
    }
    layers.push(layer);
  }
  const [first, top] = [layers[0], layers.at(-1)] as [FloatLayer, FloatLayer];
  const fc = map.get('fc');
  const others = modules.filter((one) => !chosen.includes(one) && !outside.has(one));
  const open = others.filter(({ name, datasets }) => datasets.length > 0 || !SAME.test(name));
  let dense: Module | null = null;
  if (fc !== undefined && fc !== 'none') dense = named(fc, 'fc');
  else if (fc === undefined && open.length === 1) dense = headOf(open[0] as Module, first, top);
  const unexplained = fc === 'none' ? [] : open.filter((one) => one !== dense);
  const [unknown] = unexplained;
  if (unknown !== undefined) {
    const expected = `--map fc=${unknown.name} (a dense layer on h), outside=${unknown.name} (no part of the hardware) or fc=none: the file does not say where it stands`;
    throw fail('MODULE_UNKNOWN', unknown.name, expected, moduleText(unknown));
  }
  const output = dense === null ? null : readDense(dense, top, weights);
  const left = [...tensorsLeft(source.weights, weights.taken)];
  const rnn = layers.some(({ cell }) => cell.startsWith('rnn-'));
  const functions = [
    ...(gated ? [`the gates are sigmoid and tanh ${gatesSaid(map, version)}`] : []),
    ...(rnn ? [`an RNN has ${options.nonlinearity} --nonlinearity says`] : []),
  ].join(', and that ');
  return {
    format: 'keras',
    model: { layers, output },
    taken: [...weights.taken],
    leftOut: left,
    headLeftOut: fc === 'none' && open.length > 0,
    notes: [
      `the file has weights and no configuration: that ${functions}; ${WHOLE}, where in doubt`,
      ...chosen.flatMap(({ name }, l) => (layers[l]?.reset === 'before' ? [resetNote(name)] : [])),
      `frames are what ${chosen[0]?.name} reads [batch, frames, ${first.inputs}]`,
      output === null
        ? `the outputs are h of ${chosen.at(-1)?.name}: no fully connected layer is taken`
        : `outputs are the sums of ${dense?.name} [batch, frames, ${output.outputs}]; which function stands behind them is not in the file: softmax or sigmoid leave the class the same, others do not`,
      ...(outside.size === 0
        ? []
        : [
            'layers outside of the hardware are listed above: frames are what the first layer reads, outputs what the hardware gives',
          ]),
    ],
  };
}

const gatesSaid = (map: NameMap, version: string | null): string =>
  map.has('lstm') ? '--map lstm= says' : `is the default of Keras ${version ?? ''}`.trimEnd();

/** @throws UserError NONLINEARITY or GRU_RESET where weights do not show what the layer is, and the user does not say it */
function cellOf(
  { name, cell, datasets, ...place }: Module,
  file: string,
  { nonlinearity, reset }: ImportOptions,
): { readonly cell: RecurrentCell } & ResetPlace {
  if (cell === 'LSTM') return { cell: 'lstm' };
  if (cell === 'GRU') {
    const where = datasets.length === 3 ? (place.reset ?? 'after') : reset;
    if (where !== undefined) return { cell: 'gru', ...(where === 'before' && RESET_BEFORE) };
    throw resetUnknown(file, name, 'a GRU without biases, whose shape would show it');
  }
  if (nonlinearity !== undefined) return { cell: `rnn-${nonlinearity}` };
  const expected = `--nonlinearity tanh or --nonlinearity relu, or a file that says which (${WHOLE})`;
  throw kerasError(file, 'NONLINEARITY', name, expected, 'an RNN, and weights alone');
}

/** Keras took hard sigmoid until 2.3, and within TensorFlow until version 2 of that, which has several numbers. */
function hasSigmoid({ root, version }: KerasSource): boolean {
  if (root === null) return true;
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (Number(major) !== 2) return Number(major) > 2;
  return Number(minor) >= 3;
}

/** The only other layer, where it can stand behind the LSTM and nowhere else. */
function headOf(module: Module, first: FloatLayer, top: FloatLayer): Module | null {
  const [rows, columns] = module.datasets[0]?.shape ?? [];
  return module.kind === 'dense' && rows === top.cells && columns !== first.inputs ? module : null;
}

function readDense(
  { name, kind, datasets }: Module,
  top: FloatLayer,
  weights: Weights,
): FloatOutput {
  const [kernel, bias] = inOrder(
    datasets,
    [
      ['kernel', 'W'],
      ['bias', 'b'],
    ],
    weights,
  );
  if (kind !== 'dense' || kernel === undefined) {
    const got = datasets.map(({ what }) => what).join(', ') || 'none';
    throw weights.fail('KERAS_WEIGHTS', name, 'kernel and bias of a dense layer', got);
  }
  const [, outputs] = weights.matrix(kernel as Hdf5Dataset);
  const own = weights.read(kernel, [top.cells, outputs]);
  return {
    inputs: top.cells,
    outputs,
    weights: { ...own, values: transposed(own.values, top.cells, outputs) },
    bias: bias
      ? weights.read(bias, [outputs])
      : { name: `bias of ${name}`, values: new Float64Array(outputs) },
  };
}
