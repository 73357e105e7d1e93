import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz, type Tally } from './fuzz.js';
import { TARGETS, type TargetName } from './targets.js';

const HELP = `scripts/fuzz [--seconds N | --minutes N] [--seed N] [--target NAME] [--out DIR] [--json]

Feeds damaged and hostile files to the readers: right is a complete error with a code, or a result that is
consistent in itself; wrong is any other exception, more than two seconds of processor time, more than 300 MB and 8
times the file in memory, a weight that is said to be taken and changes nothing. What of an ONNX file is taken must
compute the same in ONNX Runtime, and so must the outputs that it claims.

  --seconds N    how long in all, default 60
  --minutes N    the same in minutes
  --seed N       the same seed gives the same inputs, default 1
  --target NAME  ${Object.keys(TARGETS).join(', ')} or all, default all
  --out DIR      where inputs with findings are written, default .cache/fuzz
  --json         one JSON object on stdout
  --help         this text

Exit code: 0 nothing found, 1 findings, 2 bad usage.`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        seconds: { type: 'string' },
        minutes: { type: 'string' },
        seed: { type: 'string', default: '1' },
        target: { type: 'string', default: 'all' },
        out: { type: 'string', default: '.cache/fuzz' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const minutes = values.minutes === undefined ? 1 : Number(values.minutes);
    const seconds = values.seconds === undefined ? 60 * minutes : Number(values.seconds);
    const seed = Number(values.seed);
    if (values.seconds !== undefined && values.minutes !== undefined)
      throw new Error('--seconds or --minutes, not both');
    if (!(seconds > 0) || !Number.isSafeInteger(seed) || seed < 0)
      throw new Error('--seconds, --minutes and --seed are numbers');
    if (values.target !== 'all' && !Object.hasOwn(TARGETS, values.target)) {
      throw new Error(`--target is ${Object.keys(TARGETS).join(', ')} or all`);
    }
    return { ...values, seconds, seed };
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
const targets = (given.target === 'all' ? Object.keys(TARGETS) : [given.target]) as TargetName[];
const tallies: Tally[] = [];
for (const target of targets) {
  const until = performance.now() + (1000 * given.seconds) / targets.length;
  const tally = await fuzz(target, given.seed, { until });
  tallies.push(tally);
  if (!given.json) console.log(text(tally));
}
const findings = tallies.flatMap((tally) => tally.findings);
if (findings.length > 0) mkdirSync(given.out, { recursive: true });
const saved = findings.map(({ target, input, from, what, bytes }) => {
  const path = join(given.out, `${target}-${given.seed}-${input}`);
  writeFileSync(path, bytes);
  return { target, input, from, what, path };
});
if (given.json) {
  const summary = tallies.map((tally) => ({
    target: tally.target,
    inputs: tally.inputs,
    accepted: tally.accepted,
    compared: tally.compared,
    notCompared: Object.fromEntries(tally.notCompared),
    refused: Object.fromEntries(tally.refused),
    peak: tally.peak,
  }));
  console.log(
    JSON.stringify({
      ok: findings.length === 0,
      seed: given.seed,
      targets: summary,
      findings: saved,
    }),
  );
} else {
  for (const { path, from, what } of saved) console.log(`${path} (from ${from}): ${what}`);
}
process.exit(findings.length === 0 ? 0 : 1);

function text({
  target,
  inputs,
  accepted,
  compared,
  notCompared,
  refused,
  peak,
  findings,
}: Tally): string {
  const list = (counts: ReadonlyMap<string, number>) =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([key, n]) => `${key} ${n}`)
      .join(', ') || 'none';
  const lines = [
    `${target}: ${inputs} inputs, ${accepted} accepted, ${findings.length} findings`,
    `  refused: ${list(refused)}`,
  ];
  if (peak !== null) {
    lines.push(
      `  memory at most ${Math.round(peak.bytes / 1e6)} MB, for a file of ${peak.file} bytes`,
    );
  }
  if (target === 'onnx')
    lines.push(`  the same in ONNX Runtime: ${compared}; not compared: ${list(notCompared)}`);
  return lines.join('\n');
}
