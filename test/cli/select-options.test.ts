import { describe, expect, it } from 'vitest';
import { type Command, defineCommand } from '../../generator/cli/frame/command.js';
import type { PatternPlan } from '../../generator/cli/options/select-options.js';
import { patternPlan, selectOptions } from '../../generator/cli/options/select-options.js';
import { runCli } from '../support/cli.js';

/** A command of nothing but these options. */
const command: Command = defineCommand({
  name: 'plan',
  summary: 'tells the plan',
  positionals: {},
  options: selectOptions,
  examples: [],
  run: (args) => ({ ok: true, json: { plan: patternPlan(args) }, lines: [] }),
});

async function plan(line: string) {
  const argv = ['plan', ...line.split(' ').filter((word) => word !== ''), '--json'];
  const outcome = await runCli(argv, [command]);
  return { exitCode: outcome.exitCode, json: outcome.json() };
}

describe('the pattern options', () => {
  it.each<[string, PatternPlan['request']]>([
    ['', { fill: false, dense: false }],
    ['--dense', { fill: false, dense: true }],
    ['--fill', { fill: true, dense: false }],
    [
      '--blocks 16,4 --fill',
      { shapes: [{ kind: 'hcgs', blocks: [16, 4] }], fill: true, dense: false },
    ],
    [
      '--blocks 16,4 --blocks 8',
      {
        shapes: [
          { kind: 'hcgs', blocks: [16, 4] },
          { kind: 'hcgs', blocks: [8] },
        ],
        fill: false,
        dense: false,
      },
    ],
  ])('"%s" leaves the pattern to the zeros', async (line, request) => {
    const { json } = await plan(line);
    expect(json.plan).toEqual({ request, selection: null });
  });

  it.each([
    [
      '--select magnitude --blocks 16,4 --keep 1/2,3/4',
      {
        by: 'magnitude',
        patterns: [
          {
            kind: 'hcgs',
            blocks: [16, 4],
            keep: [
              { k: 1, n: 2 },
              { k: 3, n: 4 },
            ],
          },
        ],
        sharing: 'shared',
        seed: 1,
      },
    ],
    [
      '--select random --blocks 4 --blocks 8 --keep 1/2 --mask per-gate --seed 7',
      {
        by: 'random',
        patterns: [
          { kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] },
          { kind: 'hcgs', blocks: [8], keep: [{ k: 1, n: 2 }] },
        ],
        sharing: 'per-gate',
        seed: 7,
      },
    ],
  ])('"%s" chooses it', async (line, selection) => {
    const { json } = await plan(line);
    expect(json.plan).toEqual({ request: { fill: false, dense: false }, selection });
  });

  it.each([
    ['--dense --blocks 4', '--dense and --blocks'],
    ['--dense --fill', '--dense and --fill'],
    ['--select magnitude --dense', '--select and --dense'],
    ['--select random --blocks 4 --keep 1/2 --fill', '--select and --fill'],
    ['--select magnitude', '--select needs --blocks'],
    ['--select magnitude --keep 1/2', '--select needs --blocks'],
    ['--select magnitude --blocks 4', '--select needs --keep'],
    ['--select magnitude --blocks 4 --keep 1/2 --seed 3', '--seed needs --select random'],
    ['--keep 1/2', '--keep needs --select'],
    ['--blocks 4 --keep 1/2', '--keep needs --select'],
    ['--mask per-gate', '--mask needs --select'],
    ['--seed 0', '--seed needs --select'],
  ])('"%s" is bad usage', async (line, message) => {
    const { exitCode, json } = await plan(line);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ error: { code: 'BAD_USAGE' } });
    expect((json.error as { message: string }).message).toContain(message);
  });

  it.each([
    ['--select magnitude --blocks 8,4 --keep 1/2', 'BAD_OPTION_VALUE'],
    ['--select random --blocks 4 --keep 3/2', 'KEEP_INVALID'],
    ['--select random --blocks 8,3 --keep 1/2,1/2', 'BLOCKS_NOT_NESTED'],
    ['--select largest --blocks 4 --keep 1/2', 'BAD_OPTION_VALUE'],
    ['--select random --blocks 4 --blocks 8 --keep 1/2 --keep 1/2 --keep 1/2', 'BAD_OPTION_VALUE'],
  ])('"%s" is refused: %s', async (line, code) => {
    const { exitCode, json } = await plan(line);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ error: { code } });
  });
});
