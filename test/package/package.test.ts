import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Fence, page, prose, shows } from '../docs/pages.js';
import { installedProject, type Project } from './installed.js';

let project: Project;
beforeAll(() => {
  project = installedProject();
  mkdirSync(join(project.folder, 'rtl-out'));
});
afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

const PAGES = ['README.md', 'docs/api.md', 'examples/tiny/README.md'];

/** Paths of the pages of the package. */
function packedPages(): readonly string[] {
  const paths = readdirSync(project.packed, { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.endsWith('.md'));
}

describe('the package in an empty project', () => {
  test.each(PAGES)('does what the commands of its %s do', (path) => {
    let output = '';
    const steps = page(join(project.packed, path)).fences.filter(isStep);
    expect(steps.length).toBeGreaterThan(0);
    for (const { info, text, line } of steps) {
      if (info === 'sh run') {
        const { status, stdout, stderr } = project.run('bash', ['-euo', 'pipefail', '-c', text]);
        expect(`${stderr}line ${line}: exit code ${status}`).toMatch(/exit code 0$/);
        output = stdout;
        continue;
      }
      const printed = output.split('\n').map((one) => one.trimEnd());
      const missing = text
        .split('\n')
        .filter((one) => one !== '' && !printed.some((real) => shows(one, real)));
      expect(missing).toEqual([]);
    }
  });

  test('has no page with a link that leads nowhere', () => {
    const pages = packedPages();
    expect(pages.length).toBeGreaterThan(20);
    const broken = pages.flatMap((path) => {
      const targets = prose(page(join(project.packed, path))).matchAll(/\]\(([^)\s]+)\)/g);
      return [...targets].flatMap(([, target = '']) => {
        const [file = ''] = target.split('#', 1);
        if (/^https?:/.test(target) || file === '') return [];
        const there = resolve(project.packed, dirname(path), file);
        return existsSync(there) ? [] : [`${path}: ${relative(project.packed, there)}`];
      });
    });
    expect(broken).toEqual([]);
  });

  test('names no script of a checkout in what it prints', () => {
    const help = ['generate', 'cosim', 'synth', 'doctor'].map((name) => [name, '--help']);
    const codes = ['VERILATOR_MISSING', 'TOOL_MISSING', 'LIBERTY_MISSING', 'CELL_MODELS_MISSING'];
    const lines = [['--help'], ...help, ['doctor'], ...codes.map((code) => ['explain', code])];
    for (const args of lines) {
      const { stdout, stderr } = project.run('hcgs', args, { PATH: pathWithout() });
      expect(stdout.length, args.join(' ')).toBeGreaterThan(50);
      expect(stdout + stderr).not.toMatch(/scripts\//);
    }
    const { stderr } = project.run('hcgs', ['cosim', 'rtl-out/tiny'], { PATH: pathWithout() });
    expect(stderr).toMatch(/Verilator 5\.006 or later/);
    expect(stderr).not.toMatch(/scripts\//);
  });

  test('says what comes next in the words of its user', () => {
    const random = ['random', '--inputs', '2', '--hidden', '2', '-o', 'r.safetensors'];
    const next = (command: string, env: Record<string, string> = {}) =>
      /^next: (.*) estimate /m.exec(project.run(command, random, env).stdout)?.[1];
    expect(next('hcgs')).toBe('hcgs');
    expect(next('node_modules/.bin/hcgs', { PATH: process.env.PATH as string })).toBe(
      'node_modules/.bin/hcgs',
    );
    expect(next('hcgs', { npm_command: 'exec' })).toBe('npx hcgs');
    const { stderr } = project.run('hcgs', ['info', 'none'], { npm_command: 'exec' });
    expect(stderr).toMatch(/^see: npx hcgs explain FILE_MISSING$/m);
  });

  test('has types that are strict without types of Node', () => {
    writeFileSync(join(project.folder, 'typed.ts'), TYPED);
    const options = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] };
    const config = { compilerOptions: options, files: ['typed.ts'] };
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify(config));
    const { stdout } = project.run(resolve('node_modules/.bin/tsc'), ['-p', '.']);
    expect(stdout).toBe('');
  });
});

const isStep = ({ info }: Fence): boolean => info === 'sh run' || info === 'text output';

/** PATH with Node and the package, and no tool of a design. */
function pathWithout(): string {
  const only = join(project.folder, 'only-node');
  if (!existsSync(only)) {
    mkdirSync(only);
    symlinkSync(process.execPath, join(only, 'node'));
  }
  return [join(project.folder, 'node_modules/.bin'), only].join(delimiter);
}

const TYPED = `import * as hcgs from 'hcgs';
import type { CompressConfig, DesignConfig, FormatChoices } from 'hcgs';
const design = { macs: 8 } satisfies DesignConfig;
const config: CompressConfig = { words: { weight: 6 } };
export const formats: FormatChoices = config;
const read: hcgs.Network | hcgs.CompressedModel = await hcgs.read('net', { map: ['fc=none'] });
if (read.kind === 'network') {
  const { model, error } = await hcgs.compress(read, { ...config, noise: 1 });
  const plan: hcgs.Plan = hcgs.plan(model, { ...design, name: 'n', fit: [model] });
  const { files } = await hcgs.emit(plan, { directory: 'n', onNote: (text) => text.length });
  const result = await hcgs.run(model, [[[1, 2], Float32Array.of(3, 4)]]);
  const report = await hcgs.cosim('n', { random: 3, stall: 0.1 });
  const all: [number, number, boolean, number] = [files.size, error.rms, report.ok, result.width];
  all.sort();
} else if (read.bytes.length === 0) {
  await hcgs.stop();
}
try {
  // @ts-expect-error a plan needs a name
  hcgs.plan(read, {});
} catch (error) {
  if (error instanceof hcgs.UserError && error.report.code === hcgs.toolVersion) throw error;
}
// @ts-expect-error no such option
await hcgs.cosim('n', { stal: 1 });
`;
