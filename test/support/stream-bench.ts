import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { objectCache } from '../../generator/cosim/build/verilator.js';
import type { FrameSequence } from '../../generator/cosim/design.js';

/** A top of a design as a bench in Verilog instantiates it. */
export interface BenchDut {
  readonly module: string;
  /** Text parameters, e.g. `MEM_DIR`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Bits of a beat that leaves. */
  readonly outBits: number;
  /** tuser has two bits on both streams: the first and the last frame of an utterance. */
  readonly marks?: boolean;
}

/** A beat of the input stream; digits of `data` and the flags may be `x`. */
export interface BenchBeat {
  /** As many hexadecimal digits as the beat has. */
  readonly data: string;
  readonly last: string;
  /** One hexadecimal digit: the first frame of an utterance, and 2 the last one. */
  readonly user: string;
  /** Reset for some cycles before this beat. */
  readonly reset?: boolean;
}

/**
 * A bench in Verilog with four states: plays `beats.txt` into all designs at once, with idle cycles between beats in
 * which everything but `tvalid` is unknown, and prints `out DUT LAST DATA` for each beat that leaves. A bit of a handshake
 * or of the status that is unknown after the first reset is printed as `unknown DUT`. Time stands for cycles: ends
 * `quiet` cycles after the last beat in or out.
 */
export function streamBench(
  duts: readonly BenchDut[],
  beats: readonly BenchBeat[],
  { quiet = 2000 } = {},
): ReadonlyMap<string, string> {
  const digits = beats[0]?.data.length ?? 1;
  const bits = 4 * digits;
  const lines = beats.map(({ data, last, user, reset = false }) =>
    [reset ? '1' : '0', user, last, data].join(''),
  );
  const dut = (
    { module, parameters = {}, outBits, marks = false }: BenchDut,
    n: number,
  ): string => `
  wire ready_${n}, sent_${n}, end_${n}, busy_${n}, error_${n};
  wire [${outBits - 1}:0] out_${n};
  wire [31:0] cycles_${n};
  wire [15:0] errors_${n};
  wire [1:0] marks_${n};${marks ? '' : `\n  assign marks_${n} = 2'd0;`}
  ${module} #(${Object.entries(parameters)
    .map(([name, value]) => `.${name}("${value}")`)
    .join(', ')}) dut_${n} (
    .clk(clk), .rst(rst), .s_axis_tdata(data), .s_axis_tvalid(valid && all_ready), .s_axis_tready(ready_${n}),
    .s_axis_tlast(last), .s_axis_tuser(user${marks ? '' : '[0]'})${marks ? `, .m_axis_tuser(marks_${n})` : ''}, .m_axis_tdata(out_${n}), .m_axis_tvalid(sent_${n}),
    .m_axis_tready(1'b1), .m_axis_tlast(end_${n}), .busy(busy_${n}), .cycles(cycles_${n}),
    .error(error_${n}), .error_count(errors_${n}));
  always @(posedge clk) if (running && !rst) begin
    if (^{ready_${n}, sent_${n}, busy_${n}, error_${n}, cycles_${n}, errors_${n}} === 1'bx) $display("unknown ${n}");
    if (sent_${n} && ^marks_${n} === 1'bx) $display("unknown ${n}");
    if (sent_${n}) begin
      $display("out ${n} %b %h", end_${n}, out_${n});
      quiet = 0;
    end
  end`;
  const bench = `module tb;
  reg clk = 0, rst = 1, valid = 0, running = 0;
  reg last = 1'bx, taken = 0;
  reg [1:0] user = 2'bx;
  reg [${bits - 1}:0] data = {${bits}{1'bx}};
  reg [${bits + 11}:0] beats [0:${beats.length - 1}];
  integer n = 0, held = 0, gap = 0, quiet = 0;
  wire all_ready = ${duts.map((_, k) => `ready_${k}`).join(' && ')};
${duts.map(dut).join('\n')}
  initial begin
    $readmemh("beats.txt", beats);
    forever #5 clk = !clk;
  end
  // half a cycle before the edge that takes them, so that no bench races with a design
  always @(negedge clk) begin
    quiet = quiet + 1;
    if (valid && taken) begin
      valid = 0;
      n = n + 1;
      gap = n % 5 == 3 ? 2 : 0;
      quiet = 0;
    end else if (gap > 0) gap = gap - 1;
    if (held < 4) begin
      rst = 1;
      held = held + 1;
    end else if (rst) begin
      rst = 0;
      running = 1;
    end else if (!valid && gap == 0 && n < ${beats.length}) begin
      if (beats[n][${bits + 8}]) begin
        rst = 1;
        held = 0;
        beats[n][${bits + 8}] = 1'b0;
      end else valid = 1;
    end
    data = valid ? beats[n][${bits - 1}:0] : {${bits}{1'bx}};
    last = valid ? beats[n][${bits}] : 1'bx;
    user = valid ? beats[n][${bits + 5}:${bits + 4}] : 2'bx;
    if (quiet > ${quiet}) $finish;
  end
  always @(posedge clk) taken = valid && all_ready && !rst;
endmodule
`;
  return new Map([
    ['beats.txt', `${lines.join('\n')}\n`],
    ['tb.v', bench],
  ]);
}

/**
 * The beats of some frames of `inputs` codes each. Lanes behind a frame, and `tuser` where it does not count, are `other`:
 * unknown by default, because a design must not look at them.
 */
export function beatsOf(
  { codes, frames, inputs, utteranceStarts }: FrameSequence,
  {
    lanes,
    bytes,
    other = 'x',
    marks = false,
  }: { lanes: number; bytes: number; other?: string; marks?: boolean },
): readonly BenchBeat[] {
  const perFrame = Math.ceil(inputs / lanes);
  const starts = (frame: number) => utteranceStarts.includes(frame);
  const user = (frame: number): string => {
    const ends = marks && (frame === frames - 1 || starts(frame + 1));
    return String(Number(starts(frame)) + 2 * Number(ends));
  };
  return Array.from({ length: (codes.length / inputs) * perFrame }, (_, n) => {
    const [frame, beat] = [Math.floor(n / perFrame), n % perFrame];
    const lane = (l: number): string => {
      const value = beat * lanes + l;
      if (value >= inputs) return other.repeat(2 * bytes);
      const code = BigInt(codes[frame * inputs + value] as number);
      return BigInt.asUintN(8 * bytes, code)
        .toString(16)
        .padStart(2 * bytes, '0');
    };
    return {
      data: Array.from({ length: lanes }, (_, l) => lane(lanes - 1 - l)).join(''),
      last: beat === perFrame - 1 ? '1' : '0',
      user: beat === 0 ? user(frame) : other,
    };
  });
}

/** The beats in which the outputs of the golden model leave, unused lanes of the last one zero. */
export function outputBeats(
  frames: readonly Iterable<number>[],
  { lanes, bytes }: { readonly lanes: number; readonly bytes: number },
): BenchRun['beats'][number] {
  return frames.flatMap((frame) => {
    const values = [...frame];
    const beats = Math.ceil(values.length / lanes);
    return Array.from({ length: beats }, (_, b) => ({
      last: b === beats - 1 ? '1' : '0',
      data: Array.from({ length: lanes }, (_, l) => values[(b + 1) * lanes - 1 - l] ?? 0)
        .map((v) => BigInt.asUintN(8 * bytes, BigInt(v)).toString(16))
        .map((hex) => hex.padStart(2 * bytes, '0'))
        .join(''),
    }));
  });
}

/** What a bench saw of each design. */
export interface BenchRun {
  /** Beats of each design: whether they are the last of a frame, and their digits, `x` for what is unknown. */
  readonly beats: readonly (readonly { readonly last: string; readonly data: string }[])[];
  /** How often a handshake or the status of some design was unknown. */
  readonly unknown: number;
}

/** Writes files into a directory of their own, runs what is given in it, and deletes it. */
export async function inDirectory<T>(
  files: ReadonlyMap<string, string>,
  run: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'hcgs-bench-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return await run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs the bench with Icarus, or with Verilator, which knows no unknown values. */
export async function runBench(
  files: ReadonlyMap<string, string>,
  simulator: 'icarus' | 'verilator',
  duts: number,
): Promise<BenchRun> {
  const sources = [...files.keys()].filter((path) => path.endsWith('.v'));
  return inDirectory(files, async (cwd) => {
    if (simulator === 'icarus') {
      await execa('iverilog', ['-g2005', '-s', 'tb', '-o', 'tb.vvp', ...sources], { cwd });
      return readRun((await execa('vvp', ['-n', 'tb.vvp'], { cwd })).stdout, duts);
    }
    const flags = ['--binary', '--timing', '-Wno-fatal', '--top-module', 'tb', '--Mdir', 'build'];
    const env = await objectCache();
    const fast = ['-MAKEFLAGS', 'OPT_FAST=-O0 OPT_SLOW=-O0'];
    await execa('verilator', [...flags, ...fast, '-o', 'tb', ...sources], { cwd, env });
    return readRun((await execa('build/tb', [], { cwd })).stdout, duts);
  });
}

export function readRun(stdout: string, duts: number): BenchRun {
  const lines = stdout.split('\n').map((line) => line.trim().split(' '));
  return {
    beats: Array.from({ length: duts }, (_, n) =>
      lines
        .filter(([what, dut]) => what === 'out' && dut === `${n}`)
        .map(([, , last, data]) => ({ last: last as string, data: data as string })),
    ),
    unknown: lines.filter(([what]) => what === 'unknown').length,
  };
}
