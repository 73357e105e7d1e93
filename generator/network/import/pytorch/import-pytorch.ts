import { UserError } from '../../../base/errors.js';
import { FORMAT_KEY, isCompressedModel } from '../../compressed/metadata.js';
import type { SafetensorsFile } from '../../formats/safetensors.js';
import { copyNote } from '../both-directions.js';
import type { Imported, ImportOptions, Merging } from '../imported.js';
import { LayerRow } from '../layer-row.js';
import { badMap, type NameMap } from '../map.js';
import { type Beside, NOTHING_BESIDE } from './beside.js';
import { recurrentNames } from './choose.js';
import { computed } from './computed.js';
import {
  mergeNotes,
  outputOn,
  type ReadLayer,
  rowOf,
  SaidOfDirections,
  unreadTensors,
} from './directions.js';
import { refuseFunctions } from './functions.js';
import { withInitial } from './initial.js';
import { directionsOf, readLayer, type TorchLayer, valuesOf, valuesOfLayer } from './layer.js';
import { foldNorms } from './norms.js';
import { covers, explainedByNone, type OtherModule, otherModules } from './others.js';
import { readOutput } from './output.js';
import { checkOutside, isOutside, outsideNames } from './outside.js';
import { byNumber, namesText, shapeText, TensorReader } from './tensors.js';
import { unexplained } from './unexplained.js';

/**
 * Reads a trained network from a PyTorch state_dict: torch.nn.LSTM, GRU or RNN under any name, of one direction or two (as `readLayer` says, with
 * further layers), or LSTMCell, GRUCell or RNNCell, one or a numbered stack of them; then the torch.nn.Linear on h, if
 * there is one. Metadata are not looked at. A state_dict says what a network is made of, not what is done with it, so a
 * module that the rules do not explain is refused until `map` says what it is. `beside` is what the file says beside
 * the tensors.
 * @throws UserError ALREADY_COMPRESSED, NOT_AN_LSTM, LSTM_AMBIGUOUS, LSTM_UNSUPPORTED, NONLINEARITY, OUTPUT_AMBIGUOUS,
 * DIRECTIONS, MODULE_UNKNOWN, NORM_UNSUPPORTED, PRUNE_MASK, WEIGHT_NORM, TENSOR_UNSUPPORTED, BAD_MAP, TENSOR_MISSING, TENSOR_DTYPE, TENSOR_SHAPE or
 * TENSOR_NOT_FINITE.
 */
export function importPytorch(
  file: SafetensorsFile,
  name: string,
  map: NameMap = new Map(),
  beside: Beside = NOTHING_BESIDE,
  options: Pick<ImportOptions, 'nonlinearity' | 'merge' | 'backward'> = {},
): Imported {
  if (isCompressedModel(file)) throw compressed(name);
  if (map.has('skip')) throw badMap('skip= for a network with a skip connection', 'skip=', name);
  const kernel = [...map.keys()].find((key) =>
    /^lstm\.(kernel|recurrent|bias_l)|\.kernel$/.test(key),
  );
  if (kernel !== undefined) throw badMap('kernels for an .npz file', `${kernel}=`, name);
  if (map.has('frames')) {
    throw badMap(
      'frames= for an ONNX file, outside=NAME for a module before the first layer',
      'frames=',
      name,
    );
  }
  if (map.has('state') && beside.format === 'safetensors') {
    throw badMap('state= for a file of torch.save', 'state=', name);
  }
  const { source, parts } = computed(file, name);
  const reader = new TensorReader(source, name);
  refuseOdd(reader, beside, map);
  const names = recurrentNames(source, map, reader, name, beside.classes);
  const read: TorchLayer[] = [];
  const said = { file: beside, user: options.nonlinearity };
  const directions = new SaidOfDirections(options, reader, beside.hasCode);
  const merged: Merging[] = [];
  for (let l = 0; l < names.layers; l++) {
    const below = read[l - 1];
    const field = names.nameOf('weight_ih', l);
    const merging = names.isFirstOf(l)
      ? directions.mergeFor(below, reader.matrix(field)[1], field)
      : 'concat';
    if (below !== undefined) merged.push(merging);
    const values = below && (merging === 'concat' ? valuesOfLayer(below) : valuesOf(below));
    read.push(readLayer(reader, names, l, values, said));
  }
  const raw = read.flatMap(directionsOf).map(({ layer }) => layer);
  const last = read.at(-1) as TorchLayer;
  const cells = valuesOfLayer(last);
  const ofOne = last.backward && valuesOf(last);
  const sizes = { inputs: raw[0]?.inputs as number, cells, ofOne };
  const initial = withInitial(reader, map, read, name);
  const outside = outsideNames(reader, map, beside, name);
  const parent = (names.modules[0]?.name ?? '').split('.').slice(0, -1).join('.');
  const unexplainedYet = () => otherModules(reader).filter((one) => !isOutside(one, outside));
  const mergeFor = (columns: number, field: string) => directions.mergeFor(last, columns, field);
  const norms = foldNorms(reader, map, names, initial.layers, beside.eps, sizes, name);
  const taken = readOutput(reader, map, unexplainedYet(), sizes, parent, beside, mergeFor, name);
  checkOutside(reader, outside, name);
  const none = map.get('fc') === 'none';
  const explained = (one: OtherModule) => none && explainedByNone(one, names, sizes);
  const open = unexplainedYet().filter((one) => !explained(one));
  if (open.length > 0) {
    const lstm = raw.some(({ cell }) => cell === 'lstm');
    throw unexplained(open, { reader, names, map, sizes, lstm, parent, beside });
  }
  const final = taken === null ? [] : beside.finalBehind(taken.module);
  refuseFunctions(beside, { map, outside, names, final }, reader);
  const output = norms.output(taken?.output ?? null);
  const merging = taken?.merging ?? directions.mergeAtEnd(last);
  const field = names.modules.at(-1)?.name || 'the last layer';
  const [isFinal, finalNotes] = directions.isFinal(last, merging, field);
  const reads = norms.layers.map((torch, l): ReadLayer => {
    if (l === norms.layers.length - 1) return { torch, merging, final: isFinal };
    return { torch, merging: merged[l] as Merging, final: false };
  });
  const row = new LayerRow();
  for (const one of reads) row.add(...rowOf(one));
  const reading = output && row.reading(output.weights, output.inputs);
  const copy = output === null ? row.end() : null;
  const lowest = names.modules[0]?.name || 'the first layer';
  const unread = unreadTensors(reads, names);
  const used = new Set(
    [...reader.taken]
      .filter((one) => !unread.has(one))
      .flatMap((one) => parts.get(one)?.from ?? [one]),
  );
  const left = [...file.tensors].filter(([tensor]) => !used.has(tensor));
  const { functions, harmless, odd } = beside;
  const outer = functions.filter((one) => !final.includes(one.name));
  return {
    format: beside.format,
    model: {
      layers: row.layers,
      output: output && reading && outputOn(output, reading),
    },
    taken: [...file.tensors.keys()].filter((tensor) => used.has(tensor)),
    leftOut: [
      ...left
        .map(([tensor, value]) => ({ name: tensor, what: shapeText(value) }))
        .concat([...odd].map(([tensor, what]) => ({ name: tensor, what })))
        .sort((a, b) => byNumber(a.name, b.name))
        .map((one) => ({ ...one, kind: 'tensor' as const })),
      ...[...functions, ...harmless].map((one) => ({ ...one, kind: 'node' as const })),
    ],
    ...(isFinal && { lastFrame: true }),
    asked: directions.asked,
    headLeftOut: none && left.length + functions.length > 0,
    notes: [
      ...beside.notes,
      ...names.notes,
      ...read.flatMap(({ notes }) => notes),
      ...[...parts]
        .filter(([product]) => reader.taken.has(product))
        .map(
          ([product, { from, how }]) => `${product} is ${how[0]} ${from.join(' and ')} (${how[1]})`,
        ),
      ...initial.notes,
      ...(raw.every(({ bias }) => bias.values.every((value) => value === 0)) ? [NO_BIASES] : []),
      ...norms.notes,
      taken?.note ??
        `the outputs are h of the last layer: no fully connected layer on its ${cells} values is taken`,
      ...mergeNotes(reads, names),
      ...finalNotes,
      ...(copy === null ? [] : [copyNote(copy)]),
      ...final.map((one) => `${one} behind it is left out: the largest output stays the largest`),
      ...(outer.length === 0
        ? []
        : [
            `outside of the hardware, as ${beside.said} says: ${namesText(outer.map((one) => `${one.name} (${one.what})`))}`,
          ]),
      ...(left.length + odd.size + outer.length === 0 ? [] : [outsideNote(lowest)]),
    ],
  };
}

const NO_BIASES = 'the biases of the recurrent layers are zeros';

const outsideNote = (lowest: string) =>
  `modules outside of the hardware are listed above: frames are what ${lowest} reads, behind all that stands before it, and outputs are what the hardware gives, before all that stands behind it`;

/** Tensors without plain numbers say nothing of what they are for, so that the user has to. */
function refuseOdd(reader: TensorReader, { odd }: Beside, map: NameMap): void {
  const outside = (map.get('outside') ?? '').split(',');
  for (const [tensor, what] of odd) {
    if (outside.some((one) => covers(one, tensor))) continue;
    const expected = `an array of real numbers, or --map outside=${tensor} for what lies outside of the hardware`;
    throw reader.fail('TENSOR_UNSUPPORTED', tensor, expected, what);
  }
}

function compressed(file: string): UserError {
  return new UserError({
    code: 'ALREADY_COMPRESSED',
    message: `${file} is a compressed model already; a trained float network is needed`,
    file,
    field: FORMAT_KEY,
    expected: 'a float network with PyTorch names',
    got: 'a compressed model',
  });
}
