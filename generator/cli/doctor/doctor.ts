import { defineCommand } from '../frame/command.js';
import { real } from '../options/options.js';
import { cacheState } from './cache-state.js';
import { doctorLines } from './doctor-text.js';
import { machineState } from './machine.js';
import { probeTools } from './probe.js';
import { wantedTools } from './wanted.js';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'show which tools are there, what each is for and how to get those that are missing',
  positionals: {},
  options: {
    wait: real('seconds in which each tool has to say its version', {
      default: 20,
      min: 0.1,
      max: 600,
    }),
  },
  examples: [
    ['doctor', 'tools with their versions and places, the cache, the machine'],
    ['doctor --json', 'the same for a program; exit code 1: generate and cosim lack something'],
  ],
  run: async ({ wait }, { progress }) => {
    progress.step('asking tools for their versions');
    const [tools, cache] = await Promise.all([probeTools(wantedTools(), wait), cacheState()]);
    const machine = machineState();
    const lacking = [
      ...tools.filter(({ needed, state }) => needed && state !== 'ok').map(({ name }) => name),
      ...(machine.node.old ? ['node'] : []),
      ...(cache.problem === null ? [] : ['cache']),
    ];
    const verdict =
      lacking.length === 0
        ? 'generate and cosim have all that they need'
        : `generate and cosim lack: ${lacking.join(', ')}`;
    return {
      ok: lacking.length === 0,
      json: { lacking, tools, cache, machine },
      lines: [...doctorLines(tools, cache, machine, wait), '', verdict],
    };
  },
});
