import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallDesign } from '../flow/support/small-design.js';
import { childrenOf, started, survivors } from '../support/survivors.js';

let folder: string;
let design: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-signals-'));
  design = await smallDesign(folder, 'tiny');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a tool does when it is at the step: three processes, one of which wants to stay. */
const STAY = 'sh -c \'trap "" TERM; sleep MARK; sleep MARK\' & sleep MARK & sleep MARK; exit 1';
const VERSION = 'case "$*" in *--version*|*-V*) echo "SAYS"; exit 0;; esac\n';

interface Step {
  readonly step: string;
  readonly argv: readonly string[];
  /** Scripts of tools. */
  readonly tools: Readonly<Record<string, string>>;
}

const STEPS: readonly Step[] = [
  {
    step: 'the version of Verilator',
    argv: ['cosim'],
    tools: { verilator: STAY },
  },
  {
    step: 'the build of a simulation',
    argv: ['cosim'],
    tools: { verilator: VERSION.replace('SAYS', 'Verilator 5.006') + STAY },
  },
  {
    step: 'the simulation',
    argv: ['cosim'],
    tools: {
      verilator: `${VERSION.replace('SAYS', 'Verilator 5.006')}cat > simulation <<'EOF'\n#!/bin/sh\n${STAY}\nEOF\nchmod +x simulation`,
    },
  },
  {
    step: 'synthesis',
    argv: ['synth', '--target', 'ecp5', '--synthesis-only'],
    tools: { yosys: VERSION.replace('SAYS', 'Yosys 0.0') + STAY },
  },
  {
    step: 'the version of a tool of the flow',
    argv: ['synth', '--target', 'ice40'],
    tools: { yosys: VERSION.replace('SAYS', 'Yosys 0.0'), 'nextpnr-ice40': STAY },
  },
];

/** Starts hcgs with tools of its own; resolves when the step is reached. */
async function atStep({ argv, tools }: Step) {
  const mark = `3600.${randomBytes(4).readUInt32LE()}`;
  const home = mkdtempSync(join(folder, 'run-'));
  const bin = join(home, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(tools)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script.replaceAll('MARK', mark)}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const [command = '', ...options] = argv;
  const env = {
    ...process.env,
    PATH: `${bin}:${process.env.PATH}`,
    HCGS_CACHE: join(home, 'cache'),
  };
  const child = spawn(resolve('scripts/hcgs'), [command, design, ...options, '--json'], { env });
  let stdout = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  const exit = new Promise<number | null>((done) => child.on('close', done));
  await started(mark, 4);
  return { child, exit, mark, cache: join(home, 'cache'), stdout: () => stdout };
}

/** Nothing in a cache that a later run would take for finished. */
function leftIn(cache: string): readonly string[] {
  if (!existsSync(cache)) return [];
  const builds = join(cache, 'builds');
  return [
    ...readdirSync(cache).filter((name) => name.startsWith('work-')),
    ...(existsSync(builds) ? readdirSync(builds) : []),
  ];
}

describe('a signal to hcgs alone', () => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  test.each(STEPS.map((step, i) => [signals[i % 3] as NodeJS.Signals, step.step, step] as const))(
    '%s ends every process during %s',
    async (signal, name, step) => {
      const run = await atStep(step);
      run.child.kill(signal);
      expect(await run.exit).toBe(130);
      expect(await survivors(run.mark)).toEqual([]);
      expect(JSON.parse(run.stdout())).toMatchObject({ ok: false, error: { code: 'INTERRUPTED' } });
      // the build was complete before the simulation began
      expect(leftIn(run.cache)).toHaveLength(name === 'the simulation' ? 1 : 0);
      expect(readdirSync(folder).filter((entry) => entry.includes('.tmp'))).toEqual([]);
    },
  );
});

describe('a tool that is killed', () => {
  test.each([STEPS[1] as Step, STEPS[3] as Step].map((step) => [step.step, step] as const))(
    'during %s leaves nothing running and is named',
    async (_, step) => {
      const run = await atStep(step);
      const tools = childrenOf(run.child.pid as number);
      expect(tools).toHaveLength(1);
      for (const tool of tools) process.kill(tool, 'SIGKILL');
      expect(await run.exit).toBe(2);
      expect(await survivors(run.mark)).toEqual([]);
      expect(JSON.parse(run.stdout())).toMatchObject({ ok: false, error: { code: 'TOOL_KILLED' } });
      expect(leftIn(run.cache)).toEqual([]);
    },
  );
});
