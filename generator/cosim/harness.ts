import { readFileSync } from 'node:fs';
import { packageRoot } from '../base/package.js';
import { render } from '../design/render.js';
import type { CosimDesign } from './design.js';
import type { SimulationSource } from './verilate.js';

const HARNESS_FILES = [
  'cosim_main.cpp',
  'bench.h',
  'bits.h',
  'records.h',
  'row_frame.h',
  'stall.h',
  'trace_collector.h',
  'waves.h',
] as const;

/** The core of a design together with the harness of tb/, ready to be built. */
export function harnessSource(design: CosimDesign, waves = false): SimulationSource {
  const { ports } = design;
  const header = render('cosim_design.h.hbs', {
    ...ports,
    beatBytes: ports.streamLanes * ports.xBytes,
    outBits: 8 * ports.outBytes,
    outBeatBytes: ports.streamLanes * ports.outBytes,
  });
  const files = HARNESS_FILES.map(
    (name) => [name, readFileSync(`${packageRoot}tb/${name}`, 'utf8')] as const,
  );
  return {
    top: design.core,
    verilog: design.verilog,
    program: new Map([...files, ['design.h', header]]),
    waves,
  };
}
