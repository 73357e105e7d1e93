import { hasState, stateName } from '../../accelerator/cell/kinds.js';
import type { ChainLayer } from '../../accelerator/chain/estimate.js';
import {
  busFeatures,
  busHash,
  type Configuration,
  chipMemories,
  type Estimate,
  engineLabel,
  enginesOf,
  type Hardware,
  type HardwareEstimate,
  hasBus,
  isChain,
  isOfChain,
  LOAD_CAUSES,
  lastEngine,
  loadLayout,
  loadPath,
  loadSize,
  parameterReference,
  protectionOf,
  shapeContract,
  stateSpans,
  styleOf,
  VERILOG_FOLDERS,
} from '../../accelerator/index.js';
import { stands } from '../../accelerator/pipeline/registers.js';
import type { LayerEstimate } from '../../accelerator/plan/estimate.js';
import { multiplications } from '../../accelerator/resources/on-family.js';
import { cellOf } from '../../network/cells/registry.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { type Pass, programOf } from '../../network/program.js';
import { isDense, patternText } from '../../network/summary.js';
import type { UnitOrders } from '../../network/unit-order.js';
import { type DesignFacts, type LoadFacts, moduleHeader } from '../write/documents.js';
import { filesHash } from '../write/sources-record.js';
import { chainRows } from './chain-facts.js';
import { hardwareMemories } from './hardware.js';
import type { StreamPorts } from './ports.js';

/** What the pages of a design say, from what it is made of. */
export function designFacts(
  hardware: Hardware,
  model: Model,
  figures: HardwareEstimate,
  ports: StreamPorts,
  rtl: ReadonlyMap<string, string | Uint8Array>,
  images: ReadonlyMap<string, string | Uint8Array>,
  orders: UnitOrders | null = null,
): DesignFacts {
  const { input, output, passes } = programOf(model);
  const [inputs, outputs] = [input.length, output.length];
  const { name } = hardware;
  const engines = enginesOf(hardware);
  const { words, streamLanes } = engines[0];
  const topText = rtl.get(`rtl/${name}.v`);
  if (topText === undefined) throw new Error(`no rtl/${name}.v`);
  return {
    name,
    core: `${name}_core`,
    engines: isChain(hardware) ? engines.length : null,
    ...verilogFiles(rtl),
    images: [...images.keys()].sort(),
    contents: filesHash(new Map([...rtl, ...images])),
    products: multiplications(hardware),
    chip: chipMemories(hardware),
    header: moduleHeader(Buffer.from(topText).toString(), name),
    inputs,
    lanes: ports.streamLanes,
    inputBits: words.activation,
    inputBytes: ports.xBytes,
    inputFraction: input.fraction,
    inputBeats: Math.ceil(inputs / streamLanes),
    outputs,
    outputBits: ports.outBits,
    outputBytes: ports.outBytes,
    outputFraction: output.fraction,
    outputBeats: Math.ceil(outputs / lastEngine(hardware).streamLanes),
    figures: isOfChain(figures)
      ? chainRows(figures, engines, figureRows)
      : figureRows(figures, engines[0]),
    layers: figures.layers.map((layer, l) => {
      const { cell, operands, direction } = passes[l] as Pass;
      const [x, h] = operands;
      return {
        label: layerLabel(
          layer,
          `${cellOf(cell).leaves === 'values' ? l : 'output'}${direction ? `, ${direction}` : ''}`,
        ),
        cell,
        inputs: layer.columns[0] as number,
        rows: layer.rows,
        x: pattern(x.matrix),
        h: h === undefined ? '-' : pattern(h.matrix),
        kept: layer.keptWeights,
        cycles: Number(round(layer.tiles + layer.stallCycles)),
      };
    }),
    memories: hardwareMemories(hardware).map(({ name, depth, width, copies, image }) => ({
      name: copies === 1 ? name : `${copies} × ${name}`,
      depth,
      width,
      total: copies * depth * width,
      image: image ?? '-',
    })),
    parameters: parameterReference(hardware),
    heldProducts: engines.every((c) => stands(c, 'product')),
    specialised: styleOf(hardware) === 'specialised',
    initialState: engines.some((c) => c.initialState === true),
    emitLast: lastEngine(hardware).emit === 'last',
    streams: engines[0].streams ?? null,
    maxFrames: engines[0].maxFrames ?? null,
    backward: passes.some(({ direction }) => direction === 'backward'),
    state: stateNames(engines),
    load: loadFacts(hardware),
    bus: busFacts(hardware, model, orders),
    protection: protectionFacts(hardware),
    limits: engines.flatMap((c, k) =>
      limitRows(shapeContract(c), isChain(hardware) ? `${engineLabel(k)} ` : ''),
    ),
  };
}

/** What drivers have to know of the registers and what they reach; null: there are none. */
export function busFacts(
  hardware: Hardware,
  model: Model,
  orders: UnitOrders | null = null,
): DesignFacts['bus'] {
  if (!hasBus(hardware)) return null;
  const features = busFeatures(hardware);
  const spans = features.states ? stateSpans(enginesOf(hardware)[0], model, orders) : [];
  return { ...features, hash: busHash(hardware), spans };
}

/** What is to be said of check bits. */
function protectionFacts(hardware: Hardware): DesignFacts['protection'] {
  const kind = protectionOf(hardware);
  return kind === undefined ? null : { corrects: kind === 'secded' };
}

/** What is to be said of the load port. */
function loadFacts(hardware: Hardware): LoadFacts | null {
  const size = loadSize(hardware);
  if (size === null) return null;
  return {
    loadFile: loadPath(hardware.name),
    ...{ loadSize: size.bytes, loadCycles: size.cycles, loadBits: size.beatBits },
    loadHash: loadLayout(hardware).hash,
    residents: size.residents === 1 ? null : size.residents,
    causes: LOAD_CAUSES,
  };
}

function verilogFiles(
  rtl: ReadonlyMap<string, string | Uint8Array>,
): Pick<DesignFacts, 'rtlFiles' | 'macroModels'> {
  const [own, models] = VERILOG_FOLDERS;
  const below = (folder: string): readonly string[] =>
    [...rtl.keys()].filter((path) => path.startsWith(`${folder}/`) && path.endsWith('.v')).sort();
  return { rtlFiles: below(own), macroModels: below(models) };
}

function figureRows(e: Estimate, c: Configuration): DesignFacts['figures'] {
  const store = c.weights === 'loaded' ? 'loaded bits' : 'ROM bits';
  const biases = c.initialState ? 'biases and initial states' : 'biases';
  const of = e.order === 'sequence' ? ` of an utterance of ${e.maxFrames} frames` : '';
  const pace = e.cellCycles === 1 ? '' : ` (time-multiplexed, a cell every ${e.cellCycles} cycles)`;
  return [
    { label: 'multipliers of the MAC array', value: e.macs },
    { label: 'multipliers of the cell update', value: e.multipliers.cell },
    ...(e.order === 'sequence'
      ? [{ label: 'whole utterances, of at most', value: `${e.maxFrames} frames` }]
      : []),
    ...(e.streams > 1
      ? [{ label: 'streams, of whose frames in turn the cycles are', value: e.streams }]
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
    { label: `${store}: weights`, value: e.weightBits },
    {
      label: `${store}: block numbers`,
      value: `${e.indexBits} (${e.indexBitsPerKeptWeight.toFixed(3)} per kept weight)`,
    },
    { label: `${store}: ${biases}`, value: e.biasBits },
    { label: `${store}: σ and tanh tables`, value: e.tableBits },
    { label: `${store}: control`, value: e.controlBits },
    { label: 'RAM bits', value: e.ramBits },
    ...(e.protection === undefined
      ? []
      : [{ label: `check bits, ${e.protection.kind}`, value: e.protection.checkBits }]),
    {
      label: 'cell lanes, stream lanes, sum slots',
      value: `${e.cellLanes}${pace}, ${e.streamLanes}, ${e.sumSlots}`,
    },
    {
      label: 'tile, row groups in parallel',
      value: `${e.tile[0]} × ${e.tile[1]}, ${e.rowGroups}${e.array === 'queues' ? ' with queues' : ''}`,
    },
    { label: 'copies of the activation memories', value: e.activationCopies },
  ];
}

/** What the cells of engines call their states; null: they keep none. */
function stateNames(engines: readonly Configuration[]): string | null {
  const names = new Set(engines.filter(hasState).map(stateName));
  return names.size === 0 ? null : [...names].join(', ');
}

/** A layer, behind its engine in a chain. */
function layerLabel(layer: LayerEstimate | ChainLayer, label: string): string {
  return 'engine' in layer ? `${engineLabel(layer.engine)} ${label}` : label;
}

function limitRows(
  shape: Readonly<Record<string, unknown>>,
  engine: string,
): DesignFacts['limits'] {
  return Object.entries(shape).map(([label, value]) => ({
    label: `${engine}\`${label}\``,
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
