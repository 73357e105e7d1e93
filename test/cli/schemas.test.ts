import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allCommands } from '../../generator/cli/all-commands.js';
import {
  type CommandName,
  failureSchema,
  jsonSchemas,
  schemas,
} from '../../generator/cli/schemas/schemas.js';
import { runCli } from '../support/cli.js';

const commands = await allCommands();

const example = 'examples/keyword-spotting';
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-schemas-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a command with --json and holds its object against the schema of that command. */
async function conforms(name: CommandName, ...argv: string[]): Promise<void> {
  const outcome = await runCli([name, ...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  schemas[name].parse(outcome.json());
}

describe('the JSON objects', () => {
  test('of the commands on models are as documented', async () => {
    const model = join(folder, 'm.safetensors');
    const frames = `${example}/synth_frames.npy`;
    await conforms('compress', `${example}/V16_q6.safetensors`, '--calibrate', frames, '-o', model);
    const sweep = ['--weight-bits', '6', '--activation-bits', '12-13'];
    await conforms('sweep-bits', `${example}/V16_q6.safetensors`, '--calibrate', frames, ...sweep);
    await conforms('info', model);
    await conforms('inspect', `${example}/V16_q6.safetensors`);
    await conforms('inspect', model);
    const labels = `${example}/synth_labels.npy`;
    const outputs = join(folder, 'y.npy');
    await conforms('run', model, '--frames', frames, '--labels', labels, '-o', outputs);
  });

  test('of a random network is as documented', async () => {
    const argv = '--inputs 8 --hidden 8,4 --blocks 4 --keep 1/2 --mask per-gate --outputs 3';
    await conforms('random', ...argv.split(' '), '-o', join(folder, 'r.safetensors'));
  });

  test('of a failure is as documented', async () => {
    const outcome = await runCli(['info', join(folder, 'none'), '--json']);
    expect(outcome.exitCode).toBe(2);
    failureSchema.parse(outcome.json());
  });
});

describe('the documentation', () => {
  test('has the schema of every command, word for word (scripts/schemas writes them)', () => {
    const expected = jsonSchemas();
    expect(readdirSync('docs/schemas').sort()).toEqual(
      [...expected.keys()].map((name) => `${name}.json`).sort(),
    );
    for (const [name, schema] of expected) {
      const text = readFileSync(`docs/schemas/${name}.json`, 'utf8');
      expect(JSON.parse(text), name).toEqual(schema);
    }
  });

  const page = readFileSync('docs/commands.md', 'utf8');
  test.each(commands.map((command) => [command.name, command] as const))(
    'describes %s and each of its options',
    (name, command) => {
      const start = page.indexOf(`\n## hcgs ${name}\n`);
      expect(start).toBeGreaterThan(0);
      const end = page.indexOf('\n## ', start + 1);
      const section = page.slice(start, end === -1 ? undefined : end);
      for (const key of Object.keys(command.options)) {
        const option =
          key.length === 1 ? `-${key}` : `--${key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`;
        expect(section, `${name} ${option}`).toContain(`\`${option}`);
      }
    },
  );

  test('has a schema for every command', () => {
    expect(commands.map(({ name }) => name).filter((name) => !(name in schemas))).toEqual([]);
  });
});
