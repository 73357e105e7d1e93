import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCleanup } from '../../generator/base/cleanup.js';
import { draw, keyOf } from '../../generator/cosim/inject/draw.js';
import { goldenDesign, modulesOf } from './golden-design.js';
import { Judge } from './judge.js';
import { reportJson, reportText, settle } from './report.js';
import { survey } from './survey.js';

const HELP = `scripts/mutate [--seed N] [--count N] [--jobs N] [--list] [--json]

Changes the Verilog of the golden mini design in one place at a time, and lets \`hcgs cosim\` look for it at its
defaults. A mutant is killed when it finds a difference. What survives is proved equivalent by Yosys, or argued to be in
scripts/mutation/equivalent.json, or it is a hole of the check.

  --seed N    the same seed draws the same mutants, default 1
  --count N   how many, default 200
  --jobs N    at a time, default 2
  --list      shows what would be drawn, and runs nothing
  --json      one JSON object on stdout
  --help      this text

Exit code: 0 at least 96 % of those not equivalent are killed, 1 fewer, 2 bad usage.`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: '1' },
        count: { type: 'string', default: '200' },
        jobs: { type: 'string', default: '2' },
        list: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const whole = (name: 'seed' | 'count' | 'jobs', least: number) => {
      const value = Number(values[name]);
      if (Number.isSafeInteger(value) && value >= least && values[name] !== '') return value;
      throw new Error(`--${name} is an integer from ${least} on`);
    };
    return { ...values, seed: whole('seed', 0), count: whole('count', 1), jobs: whole('jobs', 1) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    process.exit(2);
  }
}

const given = options();
if (given.help) {
  console.log(HELP);
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'hcgs-mutate-'));
const leave = (code: number): never => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    runCleanup();
    leave(130);
  });
}
const started = performance.now();
const design = await goldenDesign(join(folder, 'golden'));
const drawn = draw(modulesOf(design), given.seed);
if (given.list) {
  const all = [...drawn].slice(0, given.count);
  console.log(given.json ? JSON.stringify(all) : all.map(keyOf).join('\n'));
  leave(0);
}
const judge = new Judge(design, folder);
let done = 0;
const found = await survey(
  drawn,
  (mutant) => judge.verdict(mutant),
  given,
  (mutant, verdict) => {
    const by = verdict.kind === 'killed' ? ` (${verdict.by})` : '';
    if (verdict.kind === 'killed' || verdict.kind === 'survived') done++;
    process.stderr.write(`${done}/${given.count} ${verdict.kind}${by}: ${keyOf(mutant)}\n`);
  },
);
const settled = await settle(design, found, {
  folder: join(folder, 'proofs'),
  jobs: given.jobs,
});
const seconds = (performance.now() - started) / 1000;
const facts = { seed: given.seed, seconds };
console.log(given.json ? reportJson(settled, facts) : reportText(settled, facts));
leave(settled.share >= 0.96 ? 0 : 1);
