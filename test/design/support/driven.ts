import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  emitVerilog,
  enginesOf,
  type Hardware,
  hardwareImages,
  isLoaded,
  loadBitsOf,
} from '../../../generator/accelerator/index.js';
import { atOnce } from '../../../generator/base/steps.js';
import { verilate } from '../../../generator/cosim/build/verilate.js';
import { streamPorts } from '../../../generator/design/manifest/ports.js';
import type { Model } from '../../../generator/network/model.js';

/** A design with a processor beside it that has its driver, as a program, in a folder with its images. */
export interface Driven {
  readonly program: string;
  readonly directory: string;
  /** Runs the program on commands; an answer for each. `args`: plusargs that the Verilog looks at. */
  run(commands: readonly string[], seed?: number, args?: readonly string[]): readonly string[];
  remove(): void;
}

const read = (url: string) => readFileSync(fileURLToPath(new URL(url, import.meta.url)), 'utf8');

/** Compiles the C of a driver as strictly as a compiler can. Where the object is, and what the compiler said. */
export function compiledDriver(
  driver: ReadonlyMap<string, string>,
  directory: string,
): { readonly object: string; readonly said: string } {
  for (const [path, text] of driver) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  // the builds of simulations are known by their flags
  const hash = createHash('sha256')
    .update([...driver].join())
    .digest('hex')
    .slice(0, 16);
  const object = join(tmpdir(), `hcgs-driver-${hash}.o`);
  const strict = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-pedantic', '-Wconversion'];
  const { stderr, status } = spawnSync(
    'gcc',
    [...strict, '-O1', '-c', join(directory, 'driver/hcgs.c'), '-o', object],
    { encoding: 'utf8' },
  );
  return { object, said: status === 0 ? stderr : `exit ${status}: ${stderr}` };
}

/** Builds a design named `dut` together with its driver. `mutate` edits its top and what is below. */
export async function driven(
  hardware: Hardware,
  model: Model,
  driver: ReadonlyMap<string, string>,
  mutate: (file: string, text: string) => string = (_file, text) => text,
): Promise<Driven> {
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-driven-'));
  for (const [path, text] of atOnce(hardwareImages(hardware, model, []))) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  const { object, said } = compiledDriver(driver, directory);
  if (said !== '') throw new Error(said);
  const { streamLanes, xBytes, outBytes } = streamPorts(hardware);
  const loads = isLoaded(hardware);
  const header = [
    '#pragma once',
    `constexpr std::size_t IN_BEAT_BYTES = ${streamLanes * xBytes}, OUT_BEAT_BYTES = ${streamLanes * outBytes};`,
    `constexpr std::size_t LOAD_BYTES = ${loads ? loadBitsOf(hardware) / 8 : 1};`,
    'inline void set_load([[maybe_unused]] Vdut& dut, [[maybe_unused]] const uint8_t* beat, [[maybe_unused]] bool last) {',
    ...(loads
      ? [
          '    dut.s_load_tvalid = beat != nullptr;',
          '    if (beat != nullptr) load(dut.s_load_tdata, beat, LOAD_BYTES);',
          '    dut.s_load_tlast = last;',
        ]
      : []),
    '}',
    'inline void set_stream([[maybe_unused]] Vdut& dut, [[maybe_unused]] uint32_t stream) {',
    ...(enginesOf(hardware)[0].streams ? ['    dut.s_axis_tid = stream;'] : []),
    '}',
    `inline bool load_taken([[maybe_unused]] const Vdut& dut) { return ${loads ? 'dut.s_load_tvalid && dut.s_load_tready' : 'false'}; }`,
    '',
  ].join('\n');
  const own = [...driver].flatMap(([path, text]) =>
    path.endsWith('.h') ? [[path.slice('driver/'.length), text] as const] : [],
  );
  const verilog = [...emitVerilog(hardware)].flatMap(([path, text]) =>
    path.endsWith('.v') ? [[path.slice('rtl/'.length), mutate(path, text)] as const] : [],
  );
  const { program } = await verilate({
    top: 'dut',
    verilog: new Map(verilog),
    program: new Map([
      ['bus_main.cpp', read('bus_main.cpp')],
      ['bits.h', read('../../../tb/bits.h')],
      ['bus_design.h', header],
      ...own,
    ]),
    flags: ['-LDFLAGS', object],
    effort: 'cheap',
  });
  return {
    program,
    directory,
    run: (commands, seed = 1, args = []) => {
      const { stdout, stderr, status } = spawnSync(program, [`${seed}`, ...args], {
        cwd: directory,
        input: commands.map((command) => `${command}\n`).join(''),
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`exit ${status}: ${stderr}`);
      return stdout.split('\n').slice(0, -1);
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
