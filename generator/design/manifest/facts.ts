import { hasState, stateName } from '../../accelerator/cell/kinds.js';
import {
  type Configuration,
  chipMemories,
  type Estimate,
  memories,
  parameterReference,
  shapeContract,
} from '../../accelerator/index.js';
import { stands } from '../../accelerator/pipeline/registers.js';
import { multiplications } from '../../accelerator/resources/on-family.js';
import { cellOf } from '../../network/cells/registry.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { type Pass, programOf } from '../../network/program.js';
import { isDense, patternText } from '../../network/summary.js';
import { type DesignFacts, moduleHeader } from '../write/documents.js';
import { filesHash } from '../write/sources-record.js';
import type { StreamPorts } from './ports.js';

/** What the pages of a design say, from what it is made of. */
export function designFacts(
  c: Configuration,
  model: Model,
  figures: Estimate,
  ports: StreamPorts,
  rtl: ReadonlyMap<string, string | Uint8Array>,
  images: ReadonlyMap<string, string | Uint8Array>,
): DesignFacts {
  const { input, output, passes } = programOf(model);
  const [inputs, outputs] = [input.length, output.length];
  const topText = rtl.get(`rtl/${c.name}.v`);
  if (topText === undefined) throw new Error(`no rtl/${c.name}.v`);
  return {
    name: c.name,
    core: `${c.name}_core`,
    rtlFiles: [...rtl.keys()].filter((path) => path.endsWith('.v')).sort(),
    images: [...images.keys()].sort(),
    contents: filesHash(new Map([...rtl, ...images])),
    products: multiplications(c),
    chip: chipMemories(c),
    header: moduleHeader(Buffer.from(topText).toString(), c.name),
    inputs,
    inputBits: c.words.activation,
    inputBytes: ports.xBytes,
    inputFraction: input.fraction,
    inputBeats: Math.ceil(inputs / c.streamLanes),
    outputs,
    outputBits: ports.outBits,
    outputBytes: ports.outBytes,
    outputFraction: output.fraction,
    outputBeats: Math.ceil(outputs / c.streamLanes),
    figures: figureRows(figures, c),
    layers: figures.layers.map((layer, l) => {
      const { cell, operands, direction } = passes[l] as Pass;
      const [x, h] = operands;
      return {
        label: `${cellOf(cell).leaves === 'values' ? l : 'output'}${direction ? `, ${direction}` : ''}`,
        cell,
        inputs: layer.columns[0] as number,
        rows: layer.rows,
        x: pattern(x.matrix),
        h: h === undefined ? '-' : pattern(h.matrix),
        kept: layer.keptWeights,
        cycles: Number(round(layer.tiles + layer.stallCycles)),
      };
    }),
    memories: memories(c).map(({ name, depth, width, copies, image }) => ({
      name: copies === 1 ? name : `${copies} × ${name}`,
      depth,
      width,
      total: copies * depth * width,
      image: image ?? '-',
    })),
    parameters: parameterReference(c),
    heldProducts: stands(c, 'product'),
    specialised: c.style === 'specialised',
    initialState: c.initialState === true,
    emitLast: c.emit === 'last',
    streams: c.streams ?? null,
    maxFrames: c.maxFrames ?? null,
    backward: passes.some(({ direction }) => direction === 'backward'),
    state: hasState(c) ? stateName(c) : null,
    limits: limitRows(shapeContract(c)),
  };
}

function figureRows(e: Estimate, c: Configuration): DesignFacts['figures'] {
  const biases = c.initialState ? 'biases and initial states' : 'biases';
  const of = e.order === 'sequence' ? ` of an utterance of ${e.maxFrames} frames` : '';
  const pace = e.cellCycles === 1 ? '' : ` (time-multiplexed, a cell every ${e.cellCycles} cycles)`;
  return [
    { label: 'multipliers of the MAC array', value: e.macs },
    { label: 'multipliers of the cell update', value: e.multipliers.cell },
    ...(e.order === 'sequence'
      ? [{ label: 'whole utterances, of at most', value: `${e.maxFrames} frames` }]
      : []),
    { label: `cycles per frame${of}`, value: round(e.cyclesPerFrame) },
    { label: 'cycles per frame if no MAC ever idled', value: round(e.idealCyclesPerFrame) },
    { label: 'MAC utilization', value: `${(100 * e.macUtilization).toFixed(2)} %` },
    {
      label: `latency, last input beat to last output beat${of}`,
      value: `${e.latencyCycles} cycles`,
    },
    ...(e.emit === 'last'
      ? [{ label: 'outputs leave', value: 'of frames marked as the last of an utterance' }]
      : []),
    ...(e.silentCycles === null
      ? []
      : [
          {
            label: 'last input beat to the end of a frame without outputs',
            value: `${e.silentCycles} cycles`,
          },
        ]),
    {
      label: 'kept weights, and stored positions beside them',
      value: `${e.keptWeights}, ${e.paddedWeights}`,
    },
    { label: 'ROM bits: weights', value: e.weightBits },
    {
      label: 'ROM bits: block numbers',
      value: `${e.indexBits} (${e.indexBitsPerKeptWeight.toFixed(3)} per kept weight)`,
    },
    { label: `ROM bits: ${biases}`, value: e.biasBits },
    { label: 'ROM bits: σ and tanh tables', value: e.tableBits },
    { label: 'ROM bits: control', value: e.controlBits },
    { label: 'RAM bits', value: e.ramBits },
    {
      label: 'cell lanes, stream lanes, sum slots',
      value: `${e.cellLanes}${pace}, ${e.streamLanes}, ${e.sumSlots}`,
    },
    { label: 'tile, row groups in parallel', value: `${e.tile[0]} × ${e.tile[1]}, ${e.rowGroups}` },
    { label: 'copies of the activation memories', value: e.activationCopies },
  ];
}

function limitRows(shape: Readonly<Record<string, unknown>>): DesignFacts['limits'] {
  return Object.entries(shape).map(([label, value]) => ({
    label: `\`${label}\``,
    value: typeof value === 'object' ? `\`${JSON.stringify(value)}\`` : String(value),
  }));
}

function pattern(matrix: SparseMatrix): string {
  const own = matrix.sharing === 'shared' || isDense(matrix) ? '' : ', per gate';
  return patternText(matrix) + own;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}
