import type { CommandEntry } from './frame/command.js';

/** Every command of the program, in the order of the help text. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'inspect',
    summary: 'what is in a float network: layers, ranges, zeros, and which pattern they are',
    load: async () => (await import('./inspect/inspect.js')).inspectCommand,
  },
  {
    name: 'compress',
    summary: 'quantise a trained sparse network and store its kept weights',
    load: async () => (await import('./compress/compress.js')).compressCommand,
  },
  {
    name: 'sweep-bits',
    summary: 'accuracy or error of a trained network over word lengths, from the golden model',
    load: async () => (await import('./sweep-bits/sweep-bits.js')).sweepBitsCommand,
  },
  {
    name: 'random',
    summary: 'make a random network of a given shape and pattern, as a compressed model',
    load: async () => (await import('./random/random.js')).randomCommand,
  },
  {
    name: 'run',
    summary: 'run the golden model alone: outputs, states and accuracy',
    load: async () => (await import('./run/run.js')).runCommand,
  },
  {
    name: 'info',
    summary: 'show what is in a compressed model or a design directory',
    load: async () => (await import('./info/info.js')).infoCommand,
  },
  {
    name: 'estimate',
    summary: 'exact cycles and bits of a model on a configuration, without generating anything',
    load: async () => (await import('./estimate/estimate.js')).estimateCommand,
  },
  {
    name: 'generate',
    summary: 'write Verilog, memory images and everything around them for a compressed model',
    load: async () => (await import('./generate/generate.js')).generateCommand,
  },
  {
    name: 'images',
    summary: 'put another model on an existing design; its Verilog stays as it is',
    load: async () => (await import('./images/images.js')).imagesCommand,
  },
  {
    name: 'cosim',
    summary: 'compare the hardware of a design with the golden model, value by value',
    load: async () => (await import('./cosim/cosim.js')).cosimCommand,
  },
  {
    name: 'synth',
    summary: 'synthesis, place and route of a design, and what it takes of a device',
    load: async () => (await import('./synth/synth.js')).synthCommand,
  },
  {
    name: 'sweep',
    summary: 'run many networks on many configurations, and keep what each came to',
    load: async () => (await import('./sweep/sweep.js')).sweepCommand,
  },
  {
    name: 'completion',
    summary: 'print a script that completes command lines of this program, for bash, zsh or fish',
    load: async () => (await import('./completion/completion.js')).completionCommand,
  },
  {
    name: 'report',
    summary: 'everything about a model or a design in one HTML file to look at',
    load: async () => (await import('./report/report.js')).reportCommand,
  },
  {
    name: 'draw',
    summary: 'one kind of picture of a model or a design, as SVG',
    load: async () => (await import('./draw/draw.js')).drawCommand,
  },
  {
    name: 'doctor',
    summary: 'show which tools are there, what each is for and how to get those that are missing',
    load: async () => (await import('./doctor/doctor.js')).doctorCommand,
  },
  {
    name: 'explain',
    summary: 'say what an error code means, what usually causes it and what to do',
    load: async () => (await import('./explain/explain.js')).explainCommand,
  },
];
