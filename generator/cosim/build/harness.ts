import { readFileSync } from 'node:fs';
import { packageRoot } from '../../base/package.js';
import { render } from '../../design/write/render.js';
import { GATES } from '../../network/model.js';
import type { CosimDesign } from '../design.js';
import type { SimulationSource } from './verilate.js';

const HARNESS_FILES = [
  'cosim_main.cpp',
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

/** A netlist of another version of Yosys, or of another script, may have what no model knows. */
const MODELLED =
  'Cells, and modes of them, without a model: see tb/cells and "Co-simulation of a netlist" in docs/cosimulation.md.';

/** A design, or its netlist, together with the harness of tb/, ready to be built. */
export function harnessSource(design: CosimDesign, waves = false): SimulationSource {
  const { ports } = design;
  const header = render('cosim_design.h.hbs', {
    ...ports,
    beatBytes: ports.streamLanes * ports.xBytes,
    outBits: 8 * ports.outBytes,
    outBeatBytes: ports.streamLanes * ports.outBytes,
  });
  const read = (file: string) => readFileSync(`${packageRoot}tb/${file}`, 'utf8');
  const files = HARNESS_FILES.map((name) => [name, read(name)] as const);
  const program = new Map([...files, ['design.h', header]]);
  const { core: top, verilog, cellModels } = design;
  if (cellModels === undefined) return { ...simulated(design, waves), program, waves };
  program.set('trace_collector.h', read('no_trace_collector.h'));
  return { top, verilog, program, waves, effort: 'large', hint: MODELLED, ...cellModels };
}

const TOP = 'hcgs_cosim_top';

/**
 * Top and Verilog of a simulation: the top module of the design with the trace of its core brought out of it; for waveforms,
 * whose paths begin there, and where the top module cannot be asked for a trace, as in designs of earlier versions, the core.
 */
function simulated(
  { name, core, verilog, ports }: CosimDesign,
  waves: boolean,
): Pick<SimulationSource, 'top' | 'verilog'> {
  const text = verilog.get(`${name}.v`);
  if (waves || !text || !/\bparameter TRACE\b/.test(text)) return { top: core, verilog };
  const { streamLanes, xBytes, outBytes, cellLanes, sumBits, cellBits, activationBits } = ports;
  const above = render('cosim_top.v.hbs', {
    top: name,
    inBits: 8 * streamLanes * xBytes,
    outBeatBits: 8 * streamLanes * outBytes,
    sumsBits: GATES.length * cellLanes * sumBits,
    cellsBits: cellLanes * cellBits,
    activationsBits: cellLanes * activationBits,
  });
  return { top: TOP, verilog: new Map([...verilog, [`${TOP}.v`, above]]) };
}
