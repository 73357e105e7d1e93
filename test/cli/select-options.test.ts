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
    ['--pattern strips', { kinds: [{ kind: 'strips' }], fill: false, dense: false }],
    [
      '--pattern hcgs --pattern strips --fill',
      { kinds: [{ kind: 'hcgs' }, { kind: 'strips' }], fill: true, dense: false },
    ],
    [
      '--pattern strips --blocks 32x256',
      { shapes: [{ kind: 'strips', height: 32, width: 256 }], fill: false, dense: false },
    ],
    [
      '--pattern strips --pattern hcgs --pattern strips --blocks 4x8 --blocks 16,4 --blocks -',
      {
        shapes: [
          { kind: 'strips', height: 4, width: 8 },
          { kind: 'hcgs', blocks: [16, 4] },
          { kind: 'hcgs', blocks: [] },
        ],
        fill: false,
        dense: false,
      },
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
    [
      '--select magnitude --pattern strips --blocks 32x256 --rate 8,2',
      {
        by: 'magnitude',
        patterns: [{ kind: 'strips', height: 32, width: 256, columnRate: 8, rowRate: 2 }],
        sharing: 'shared',
        seed: 1,
      },
    ],
    [
      // keep is for the layer of hcgs, rate for those of strips, which have a balance of their own
      '--select random --pattern hcgs --pattern strips --pattern strips --pattern strips --blocks 4 --blocks 4x8 --blocks 8x8 --blocks - --keep 1/2 --rate 4 --balance - --balance equal --balance skewed --balance -',
      {
        by: 'random',
        patterns: [
          { kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] },
          { kind: 'strips', height: 4, width: 8, columnRate: 4, rowRate: 1, balance: 'equal' },
          { kind: 'strips', height: 8, width: 8, columnRate: 4, rowRate: 1, balance: 'skewed' },
          { kind: 'hcgs', blocks: [], keep: [] },
        ],
        sharing: 'shared',
        seed: 1,
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
    ['--rate 4 --pattern strips', '--rate needs --select'],
    ['--balance equal', '--balance needs --select'],
    ['--dense --pattern strips', '--dense and --pattern'],
    [
      '--select random --pattern strips --blocks 4x4',
      '--select of strips needs --rate, e.g. --rate 8',
    ],
  ])('"%s" is bad usage', async (line, message) => {
    const { exitCode, json } = await plan(line);
    expect(exitCode).toBe(2);
    expect(json).toMatchObject({ error: { code: 'BAD_USAGE' } });
    expect((json.error as { message: string }).message).toContain(message);
  });

  it.each([
    [
      '--select random --pattern strips --blocks 4x4 --rate 2 --keep 1/2',
      '--keep is of pattern hcgs; strips takes --blocks, --rate, --balance',
    ],
    [
      '--select random --blocks 4 --keep 1/2 --rate 2',
      /^--rate is of pattern .*; hcgs takes --blocks, --keep$/,
    ],
    [
      '--select random --pattern hcgs --pattern strips --blocks 4 --blocks 4x4 --keep 1/2 --keep 1/2 --rate 2',
      '--keep is of pattern hcgs; strips takes --blocks, --rate, --balance; give - for layer 1',
    ],
    [
      '--select random --pattern strips --blocks 4x4 --blocks - --rate 2 --rate 3',
      "--rate: expected - for layer 1, as --blocks has it, got '3'",
    ],
    [
      '--pattern strips --pattern strips --pattern strips --blocks 4x4 --blocks 8x8',
      "--blocks: expected one list, or one for each of 3 layers, got '2 lists'",
    ],
    ['--pattern spirals', /^--pattern: expected hcgs or strips.*, got 'spirals'$/],
  ])('"%s" is refused by name', async (line, message) => {
    const { exitCode, json } = await plan(line);
    expect(exitCode).toBe(2);
    expect((json.error as { message: string }).message).toMatch(message);
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
