import { readFileSync } from 'node:fs';
import { packageRoot } from '../../base/package.js';
import { render } from '../../design/write/render.js';
import type { CosimDesign } from '../design.js';
import { columns, isWide, type Trace, width } from '../trace.js';
import type { SimulationSource } from './verilate.js';

const HARNESS_FILES = [
  'cosim_main.cpp',
  'accesses.h',
  'bench.h',
  'bits.h',
  'faults.h',
  'monitor.h',
  'output_frames.h',
  'patience.h',
  'records.h',
  'row_frame.h',
  'stall.h',
  'strike.h',
  'trace_collector.h',
  'waves.h',
] as const;

/** Of a record that shows all layers there are. */
const ALL_LAYERS = '0xffffffff';

/** A netlist of another version of Yosys, or of another script, may have what no model knows. */
const MODELLED =
  'Cells, and modes of them, without a model: see tb/cells and "Co-simulation of a netlist" in docs/cosimulation.md.';

/** A design, or its netlist, together with the harness of tb/, ready to be built. */
export function harnessSource(design: CosimDesign, waves = false): SimulationSource {
  const { ports, trace } = design;
  // the register of a bus that takes the place of the port stays as it is
  const models = design.bus ? 1 : (design.load?.places ?? 1);
  const { core: netlist, cellModels } = design;
  const built =
    cellModels === undefined ? simulated(design, waves) : { top: netlist, verilog: design.verilog };
  const header = render('cosim_design.h.hbs', {
    ...ports,
    beatBytes: ports.streamLanes * ports.xBytes,
    outBits: 8 * ports.outBytes,
    outBeatBytes: ports.streamLanes * ports.outBytes,
    emitLast: design.emit === 'last',
    marks: hasMarks(design),
    maxFrames: design.maxFrames ?? 0,
    streams: design.streams,
    several: design.streams > 1,
    loadBytes: design.load?.beatBytes ?? 0,
    places: design.load?.places ?? 1,
    modelBits: models > 1,
    ...{ models, quietBus: design.bus === true && design.cellModels !== undefined },
    memoryErrors: design.protect === true && built.top !== `${design.name}_core`,
    allLoaded: 2 ** (design.load?.places ?? 1) - 1,
    records: recordsOf(trace),
  });
  const read = (file: string) => readFileSync(`${packageRoot}tb/${file}`, 'utf8');
  const files = HARNESS_FILES.map((name) => [name, read(name)] as const);
  const program = new Map([...files, ['design.h', header]]);
  if (cellModels === undefined) return { ...built, program, waves };
  return { ...built, program, waves, effort: 'large', hint: MODELLED, ...cellModels };
}

/** Top of a simulation, and the design in it. */
const TOP = 'hcgs_cosim_top';
export const DESIGN_IN_TOP = `${TOP}.u_top`;

/**
 * Top and Verilog of a simulation: the top module of the design with the trace of its core brought out of it; for waveforms,
 * whose paths begin there, and where the top module cannot be asked for a trace, as in designs of earlier versions, the core.
 */
function simulated(
  { name, core, verilog, ports, trace, ...design }: CosimDesign,
  waves: boolean,
): Pick<SimulationSource, 'top' | 'verilog'> {
  const text = verilog.get(`${name}.v`);
  if ((waves && !design.load && !design.states) || !text || !/\bparameter TRACE\b/.test(text))
    return { top: core, verilog };
  const { streamLanes, xBytes, outBytes } = ports;
  const above = render('cosim_top.v.hbs', {
    top: name,
    inBits: 8 * streamLanes * xBytes,
    outBeatBits: 8 * streamLanes * outBytes,
    marks: hasMarks(design),
    tidBits: tidBits(design),
    ...{ bus: design.bus === true, protect: design.protect === true },
    ...loadContext(design),
    signals: recordsOf(trace).flatMap(({ port, tensors, lanes }) => [
      { port: `${port}_valid`, bits: 1 },
      // numbers are narrower inside
      { port: `${port}_layer`, bits: 32 },
      { port: `${port}_row`, bits: 32 },
      ...(design.streams > 1 ? [{ port: `${port}_stream`, bits: tidBits(design) }] : []),
      ...tensors.map((tensor) => ({
        port: tensor.port,
        bits: lanes * tensor.width * tensor.bits,
      })),
    ]),
  });
  return { top: TOP, verilog: new Map([...verilog, [`${TOP}.v`, above]]) };
}

/** The load port as the template of the top takes it. */
function loadContext({ load, bus }: Pick<CosimDesign, 'load' | 'bus'>) {
  if (load === undefined) return { loadBits: 0 };
  const { beatBytes, places } = load;
  return {
    loadBits: 8 * beatBytes,
    places,
    modelBits: places > 1 && !bus ? Math.max(1, Math.ceil(Math.log2(places))) : 0,
  };
}

/** Bits of the number of a stream; 0 where there is one. */
function tidBits({ streams }: Pick<CosimDesign, 'streams'>): number {
  return Math.ceil(Math.log2(streams));
}

/** Whether frames have two marks: the first one, and the last one of an utterance. */
export function hasMarks({ emit, order }: Pick<CosimDesign, 'emit' | 'order'>): boolean {
  return emit === 'last' || order === 'sequence';
}

/** The records of a trace as the templates take them. */
function recordsOf({ records, lanes }: Trace) {
  return records.map((record, index) => ({
    lanes: record.lanes ?? lanes,
    ...{ firstLayer: record.layers?.first ?? 0, layers: record.layers?.count ?? ALL_LAYERS },
    ...{ index, port: record.port, type: isWide(record) ? 'double' : 'int32_t' },
    values: record.tensors.reduce((sum, tensor) => sum + width(tensor), 0),
    tensors: columns(record).map(({ tensor, first }) => ({
      ...{ name: tensor.name, port: tensor.port, bits: tensor.bits, first, width: width(tensor) },
      field: tensor.signed ? 'signed_field' : 'field',
    })),
  }));
}
