import { join } from 'node:path';
import { UserError } from '../../base/errors.js';
import { writeFileAtomic } from '../../base/files.js';
import { checkInside } from '../../base/inside.js';
import { shellWord } from '../../base/printable.js';
import { measureActivity } from '../../cosim/activity/measure.js';
import { findVerilator } from '../../cosim/build/verilator.js';
import { cosimulate } from '../../cosim/cosimulate.js';
import { emittingFrames } from '../../cosim/design.js';
import { inputFrames } from '../../cosim/driver/input-frames.js';
import { injected } from '../../cosim/inject/inject.js';
import { NETLIST_TARGETS } from '../../cosim/netlist/netlist.js';
import { netlistDesign } from '../../cosim/netlist/netlist-design.js';
import { measureCoverage } from '../../cosim/reached/measure.js';
import { cosimDesign } from '../../cosim/read-design.js';
import { checksOf } from '../../cosim/scoreboard/checks.js';
import { outcomeJson, outcomeLines } from '../../cosim/scoreboard/outcome.js';
import { activityText } from '../../design/manifest/activity.js';
import { placedModel } from '../../design/read/placed-model.js';
import { designHardware } from '../../design/read/read.js';
import { withFiles } from '../../design/write/stage.js';
import { FAMILY_NAMES } from '../../devices/find.js';
import { buildFolder } from '../../flow/fpga/yosys.js';
import { designNetlist } from '../../flow/netlist/design-netlist.js';
import { GoldenNetwork, outputFractionBits } from '../../golden/network.js';
import { correctDecisions, decisions, outputType } from '../../golden/run.js';
import { checkOutputName, lastOutputBytes, outputBytes } from '../../network/data/output-file.js';
import { readLabels } from '../../network/data/read-labels.js';
import { inputFormat } from '../../network/frames.js';
import type { Model } from '../../network/model.js';
import { type CommandIo, type CommandResult, defineCommand } from '../frame/command.js';
import { checkModelLabels } from '../input/classes.js';
import { inputWarnings } from '../input/input-warnings.js';
import { designToRun, type Runs, trustOptions } from '../input/trust.js';
import { frameOptions } from '../options/frame-options.js';
import { jsonFileOption } from '../options/json-file.js';
import {
  choice,
  flag,
  input,
  integer,
  type OptionValues,
  optionalOutput,
  output,
  real,
} from '../options/options.js';
import { coverageLine, coverageLines } from './coverage.js';
import { injectedOutcome } from './injected.js';
import { type WriteChecks, withJunit } from './junit-file.js';
import { stallsOf } from './stalls.js';

const positionals = { DIR: input('design directory', { required: true }) } as const;

const options = {
  netlist: choice(
    'simulates the synthesised netlist with models of its cells instead of the RTL',
    NETLIST_TARGETS,
  ),
  frames: input('input frames: .npy, .npz or .csv'),
  ...frameOptions,
  labels: input('class of each utterance: gives the accuracy'),
  outputs: output('writes the outputs of the hardware, .npy or .npz'),
  random: integer('random frames instead of --frames (20 where neither is given)', { min: 1 }),
  seed: integer('seed of random frames and of stalls', { min: 0, default: 1 }),
  stall: real('probability of input gaps and of output back-pressure, below 1', { min: 0 }),
  gap: real('probability of input gaps alone', { min: 0 }),
  pause: real('probability of output back-pressure alone', { min: 0 }),
  protocol: flag('resets in operation, wrong frames, flags and counters: part of every run'),
  'no-protocol': flag('leaves that out'),
  coverage: flag('counts lines, branches and bits of the Verilog that are reached, in runs more'),
  activity: output(
    'writes what the macros of the design do in a frame, JSON: synth --activity reads it',
  ),
  inject: integer(
    'puts one random fault of this seed into the Verilog that is simulated: it has to be found',
    { min: 0, valueName: 'SEED' },
  ),
  waves: optionalOutput(
    'writes a waveform of the first cycles even when nothing differs; into FILE.fst, else into the design',
    { suffix: '.fst', named: /\.(fst|vcd|fsdb|ghw|lxt2?|vzt)$/i },
  ),
  junit: output('writes a JUnit report'),
  ...jsonFileOption,
  ...trustOptions,
} as const;

export const cosimCommand = defineCommand({
  name: 'cosim',
  summary: 'compare the hardware of a design with the golden model, value by value',
  positionals,
  options,
  examples: [
    ['cosim rtl-out/kws', '20 random frames'],
    ['cosim rtl-out/kws --frames val_frames.npy --labels val_labels.npy', 'accuracy in hardware'],
    ['cosim rtl-out/kws --random 200 --seed 3 --stall 0.3', 'random gaps and back-pressure'],
    ['cosim rtl-out/kws --netlist ecp5', 'the netlist, synthesised if need be'],
    ['cosim rtl-out/kws --coverage --verbose', 'lines, branches and toggles by module'],
    ['cosim rtl-out/kws --inject 1', 'that a fault in the Verilog is found'],
    ['cosim rtl-out/chip --activity chip.json', 'reads and writes of each macro in a frame'],
    ['cosim rtl-out/kws --random 5 --waves kws.fst --junit report.xml', 'for a look, and for CI'],
  ],
  writes: ({ DIR, netlist, waves }) =>
    [
      ...(typeof waves === 'string' ? [] : [waveFileOf(netlist)]),
      ...(netlist === undefined ? [] : [buildFolder(netlist)]),
    ].map((path) => join(DIR, path)),
  run: (args, io) =>
    withJunit(args.junit ?? null, args.DIR, (writeChecks) => compare(args, io, writeChecks)),
});

type Args = OptionValues<typeof positionals> & OptionValues<typeof options>;

async function compare(
  args: Args,
  { progress, note }: CommandIo,
  writeChecks: WriteChecks,
): Promise<CommandResult> {
  const { seed } = args;
  const stalls = stallsOf(args);
  if (args.protocol && args['no-protocol']) {
    throw usage('--protocol and --no-protocol exclude each other', '--no-protocol');
  }
  if (args.frames !== undefined && args.random !== undefined) {
    throw usage('--frames and --random exclude each other', '--random');
  }
  if (args.labels !== undefined && args.frames === undefined) {
    throw usage('--labels belong to --frames', '--labels');
  }
  if (args.lengths !== undefined && args.frames === undefined) {
    throw usage('--lengths belongs to --frames', '--lengths');
  }
  if (args.timeMajor && args.frames === undefined) {
    throw usage('--time-major belongs to --frames', '--time-major');
  }
  const beside = ['netlist', 'activity', 'outputs'] as const;
  const other =
    args.inject === undefined ? undefined : beside.find((key) => args[key] !== undefined);
  if (other !== undefined) throw usage(`--inject goes without --${other}`, '--inject');
  if (args.coverage && (args.netlist !== undefined || args.inject !== undefined)) {
    throw usage('--coverage counts in the RTL as it is', '--coverage');
  }
  if (args.activity !== undefined && args.netlist !== undefined) {
    throw usage('--activity counts in the RTL, not in a netlist', '--activity');
  }
  const ownWaves = waveFileOf(args.netlist);
  if (typeof args.waves !== 'string') checkInside(args.DIR, ownWaves);
  const runs: readonly Runs[] = args.netlist === undefined ? ['rtl'] : ['rtl', 'flow'];
  const stored = await designToRun(args.DIR, args, runs, { progress, note });
  const { model } = placedModel(stored);
  checkModelLabels(model, stored.modelPath, args.labels);
  const rtl = cosimDesign(stored, model);
  const frames = await inputFrames(model, { ...args, most: rtl.maxFrames ?? undefined });
  const { recorded, written } = frames;
  if (rtl.emit === 'every') checkOutputName(args.outputs, written.layout, '--outputs');
  const labels =
    args.labels === undefined || recorded === null
      ? null
      : await readLabels(args.labels, recorded.set, rtl.outputs);
  const warnings = recorded === null ? [] : inputWarnings(recorded.codes);
  await findVerilator();
  const netlist =
    args.netlist === undefined
      ? null
      : await designNetlist(stored, args.netlist, { progress, note, trust: args.trust });
  const sound = netlist === null ? rtl : netlistDesign(rtl, netlist);
  if (args.inject !== undefined) progress.step('looking for a fault to inject');
  const fault = args.inject === undefined ? null : await injected(sound, args.inject);
  const design = fault?.design ?? sound;

  const golden = new GoldenNetwork(model);
  const total = frames.sequence.frames;
  const emitting = emittingFrames(frames.sequence, design.emit).length;
  const hardwareOutputs = new Float64Array(emitting * design.outputs);
  const goldenOutputs = new Float64Array(emitting * design.outputs);
  const simulated = (directory: string) =>
    cosimulate({
      design: { ...design, directory },
      frames: frames.sequence,
      reference: golden,
      stalls,
      seed,
      protocol: args['no-protocol'] ? null : protocolOf(model),
      waves: args.waves !== false ? 'always' : fault === null ? 'faults' : 'never',
      waveFile: typeof args.waves === 'string' ? args.waves : join(args.DIR, ownWaves),
      progress,
      onOutputs: (sequence, hardware, expected) => {
        hardwareOutputs.set(hardware.subarray(0, design.outputs), sequence * design.outputs);
        goldenOutputs.set(expected, sequence * design.outputs);
      },
    });
  const running = withFiles(stored, ['mem'], simulated);
  if (fault !== null) {
    const { checks, result } = await injectedOutcome(design, fault.fault, running);
    await writeChecks(`${design.name}.inject`, checks);
    return { ...result, warnings };
  }
  const result = await running;
  const activity =
    args.activity === undefined
      ? null
      : await withFiles(stored, ['mem'], (directory) =>
          measureActivity(
            { ...design, directory },
            designHardware(stored.manifest),
            frames.sequence,
            { seed, progress },
          ),
        );

  const coverage = args.coverage
    ? await withFiles(stored, ['mem'], (directory) =>
        measureCoverage({
          ...{ design: { ...design, directory }, frames: frames.sequence, stalls, seed, progress },
          protocol: args['no-protocol'] ? null : protocolOf(model),
        }),
      )
    : null;

  const accuracyOf = (outputs: Float64Array): number | null => {
    if (labels === null || recorded === null) return null;
    // of an utterance there is one frame of outputs where only last frames have some
    const { lengths } = recorded.codes;
    const sent = design.emit === 'every' ? lengths : lengths.map(() => 1);
    const decided = decisions({ outputs, width: design.outputs }, { lengths: sent });
    return correctDecisions(decided, labels) / labels.length;
  };
  const facts = {
    seed,
    stall: args.gap === undefined && args.pause === undefined ? (args.stall ?? 0) : null,
    stalls,
    frames: total,
    utterances: frames.sequence.utteranceStarts.length,
    saturations: { input: recorded?.codes.saturated ?? 0, ...golden.saturations },
    accuracy: accuracyOf(hardwareOutputs),
    goldenAccuracy: accuracyOf(goldenOutputs),
    outputFractionBits: outputFractionBits(model),
    netlist,
  };
  const checks = checksOf(design, result);
  if (args.outputs !== undefined) {
    const width = design.outputs;
    const outputs = { type: outputType(model), data: hardwareOutputs, width };
    const bytes =
      design.emit === 'last'
        ? lastOutputBytes(args.outputs, outputs)
        : outputBytes(args.outputs, outputs, written);
    await writeFileAtomic(args.outputs, bytes);
  }
  if (args.activity !== undefined && activity !== null) {
    const { name, designHash } = rtl;
    await writeFileAtomic(args.activity, activityText({ design: name, designHash, ...activity }));
  }
  await writeChecks(netlist === null ? design.name : `${design.name}.${netlist.target}`, checks);
  const told = outcomeLines(design, result, facts);
  const ok = checks.every(({ failure }) => failure === null);
  return {
    ok,
    json: { ...outcomeJson(design, result, facts), coverage },
    lines: [...told, ...(coverage === null ? [] : coverageLines(coverage))],
    ...(coverage && { summary: [...told, coverageLine(coverage)] }),
    next:
      ok && netlist === null
        ? [`hcgs synth ${shellWord(args.DIR)} --target ${FAMILY_NAMES[0]}`]
        : [],
    warnings,
  };
}

/** What the protocol pass needs of a model; it leaves the reference in any state. */
function protocolOf(model: Model) {
  return { reference: new GoldenNetwork(model), inputBits: inputFormat(model).bits };
}

/** Relative to the design. */
function waveFileOf(netlist: string | undefined): string {
  return `waves/${netlist ?? 'cosim'}.fst`;
}

function usage(message: string, field: string): UserError {
  return new UserError({ code: 'BAD_USAGE', message, field });
}
