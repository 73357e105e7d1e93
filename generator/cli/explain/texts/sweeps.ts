import type { Theme } from '../explanation.js';

export const SWEEPS: Theme = {
  title: 'sweeps',
  codes: {
    SWEEP_SPACE: {
      means: 'a space of a sweep has a value that it cannot have, or lacks one',
      why: 'A typing error in the name of a setting, a value out of range, or a stage without what it needs: frames for accuracy, a target for synth.',
      remedy: 'The message names the field. docs/sweeps.md has all of them.',
      commands: ['hcgs sweep space.json -o DIR --dry-run'],
    },
    SWEEP_FIGURE: {
      means: 'a limit or an objective names a figure that no stage of the sweep gives',
      why: 'A typing error, or the stage that gives it is not among the stages.',
      remedy: 'The message lists the figures of the stages; add the stage, or take another figure.',
    },
    SWEEP_TOO_MANY: {
      means: 'a space has more points than a sweep can have',
      why: 'Every setting with several values multiplies the points.',
      remedy: 'Let "sample" draw some of them, at random or as a Latin hypercube.',
    },
    SWEEP_PLACE: {
      means: 'a directory is none of a sweep',
      why: 'It has other files in it, was changed, or is of a newer version.',
      remedy: 'Name a new directory with -o.',
    },
    SWEEP_BUSY: {
      means: 'another hcgs runs a sweep in this directory',
      why: 'It was started twice, here or on another machine that sees the directory.',
      remedy: 'Wait for it, or end it: what it has done stays.',
    },
    SWEEP_FILE_CHANGED: {
      means: 'a file of a sweep is another one than when the sweep began',
      why: 'A network, its frames or its labels were written anew while points were run.',
      remedy:
        'Run the sweep again: points of the new file are points of their own, and those of the old one stay.',
      commands: ['hcgs sweep space.json -o DIR'],
    },
    SWEEP_LIMIT: {
      means: 'a point is beyond a limit of its space',
      why: 'A figure is above the "max" or below the "min" that the space has for it.',
      remedy:
        'Nothing is wrong. Wider limits run nothing again but what such points have not done yet.',
    },
    SWEEP_DEVICE: {
      means: 'the design of a point does not fit its device',
      why: 'It takes more of something than the device has; the table says of what.',
      remedy: 'Nothing is wrong with the sweep. Take a larger device, or fewer multipliers.',
    },
    SWEEP_CLOCK: {
      means: 'the design of a point does not reach the clock that was asked for',
      why: 'Place and route found a slower one.',
      remedy: 'Nothing is wrong with the sweep. Ask for a slower clock, or try other seeds.',
    },
    SWEEP_COSIM: {
      means: 'the hardware of a point computes something else than the golden model',
      why: 'A fault of hcgs, or of a tool.',
      remedy: 'The log of the point has the first difference. Please report it with the space.',
      commands: ['hcgs sweep DIR --repeat-failed'],
    },
    SWEEP_CRASH: {
      means: 'the process that ran a point ended',
      why: 'It was killed, also by a machine without memory left, or it crashed.',
      remedy: 'The log of the point has what it said. Fewer processes at a time take less memory.',
      commands: ['hcgs sweep DIR --repeat-failed --workers 1'],
    },
    SWEEP_FAULT: {
      means: 'a point met a fault of hcgs',
      why: 'Something that should not be able to happen.',
      remedy: 'The log of the point says where. Please report it with the space.',
      commands: ['hcgs sweep DIR --repeat-failed'],
    },
    SWEEP_SLURM: {
      means: 'a command of Slurm failed',
      why: 'It is not installed here, the controller does not answer, or it refuses the tasks.',
      remedy: 'The lines below are what it said. What was run stays; the same command goes on.',
      commands: ['scontrol ping', 'hcgs sweep DIR --launcher slurm'],
    },
    SWEEP_WORKER: {
      means: 'processes that run points end before they do anything',
      why: 'The machine has no memory or no processes left, or the program is not whole.',
      remedy: 'The lines below say what a process said last. Fewer at a time take less memory.',
      commands: ['hcgs sweep space.json -o DIR --workers 1'],
    },
  },
};
