import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** A project beside this one that has the package installed. */
const project = mkdtempSync(join(tmpdir(), 'hcgs-project-'));
afterAll(() => rmSync(project, { recursive: true }));

/** A counter, as a project writes it; `body` begins at line 8. */
const counter = (body: string): string => `import * as hdl from 'hcgs/hdl';
const { bit, defineModule, input, literal, output, set, uint, when } = hdl;
export const counter = defineModule({
  name: 'counter', doc: 'Counts.',
  parameters: { WIDTH: hdl.integer(8, 'Bits', 1, 64) },
  ports: (p) => ({ clk: input(bit), rst: input(bit), count: output(uint(p.WIDTH)) }),
  body: (m, p, io) => m.always(io.clk, [
    ${body},
  ]),
});
`;
const COUNTS =
  'when(io.rst, [set(io.count, literal(0, p.WIDTH))], [set(io.count, io.count.increment())])';

async function run(name: string, source: string): Promise<{ stdout: string; stderr: string }> {
  writeFileSync(join(project, name), source);
  return execa('node', [name], { cwd: project, reject: false });
}

describe('import … from "hcgs/hdl"', () => {
  beforeAll(async () => {
    await execa('scripts/build');
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(resolve('.'), join(project, 'node_modules/hcgs'));
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
  });

  test('emits a counter', async () => {
    const { stdout, stderr } = await run(
      'counter.js',
      `${counter(COUNTS)}\nprocess.stdout.write(hdl.emitDesign(counter).modules.get('counter'));`,
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('module counter #(');
    expect(stdout).toContain("count <= count + 1'b1;");
  });

  test('works inside of the package itself, by its name', async () => {
    const { stdout } = await execa('node', [
      '--input-type=module',
      '-e',
      `${counter(COUNTS)}\nprocess.stdout.write(hdl.emitModule(counter));`,
    ]);
    const lines = stdout.split('\n');
    expect(lines.filter((line) => line.startsWith('module '))).toEqual(['module counter #(']);
  });

  test('reports the line of the project', async () => {
    const { stderr } = await run(
      'wrong.js',
      `${counter('set(io.count, literal(0, 8))')}\nhdl.emitDesign(counter);`,
    );
    expect(stderr).toContain('error WIDTH_MISMATCH in counter: set(count): WIDTH bits and 8 bits');
    expect(stderr).toContain('  at wrong.js:8:5\n');
    expect(stderr).toMatch(/> 8 \| +set\(io\.count, literal\(0, 8\)\),\n {6}\| +\^\^\^\n/);
  });

  test('has types: signs and ports are checked, the tutorial compiles', async () => {
    const tutorial = [
      ...readFileSync('docs/edsl/tutorial.md', 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm),
    ];
    writeFileSync(join(project, 'tutorial.ts'), tutorial.map(([, code]) => code).join('\n'));
    const refused = [
      "import { bit, defineModule, emitDesign, input, output, sint, uint } from 'hcgs/hdl';",
      'defineModule({',
      "  name: 'm', doc: '', parameters: {},",
      '  ports: () => ({ a: input(uint(4)), s: input(sint(4)), y: output(bit) }),',
      '  body: (m, _p, io) => {',
      '    // @ts-expect-error signs',
      '    m.assign(io.y, io.a.lt(io.s));',
      '    // @ts-expect-error no such port',
      '    m.assign(io.z, io.a.any());',
      '    // @ts-expect-error a difference of unsigned values',
      '    io.a.sub(io.a);',
      '  },',
      '});',
      '// @ts-expect-error an error cannot be waived',
      "emitDesign({} as never, { waivers: [{ code: 'UNDRIVEN' }] });",
    ];
    writeFileSync(join(project, 'refused.ts'), refused.join('\n'));
    const options = { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] };
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: options, include: ['*.ts'] }),
    );
    const { all } = await execa(resolve('node_modules/.bin/tsc'), ['-p', project], {
      all: true,
      reject: false,
    });
    expect(all).toBe('');
  });
});

test('the language reaches nothing but itself, base, and files and paths of Node', () => {
  const reached = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const imports = readFileSync(file, 'utf8').matchAll(
      /^(?:import|export)(?! type\b)[^;]*?from '([^']+)';/gm,
    );
    for (const [, specifier] of imports) {
      if (!specifier?.startsWith('.')) outside.add(specifier as string);
      else visit(relative('.', resolve(dirname(file), specifier.replace(/\.js$/, '.ts'))));
    }
  };
  visit('generator/hdl/index.ts');
  expect(reached.size).toBeGreaterThan(40);
  expect([...reached].filter((file) => !/^generator\/(hdl|base)\//.test(file))).toEqual([]);
  expect([...outside].sort()).toEqual([
    'node:crypto',
    'node:fs',
    'node:module',
    'node:path',
    'node:url',
  ]);
  // the parser is loaded by one file, and there only when a source has to be read
  const files = [...reached].map((file) => [file, readFileSync(file, 'utf8')] as const);
  const named = files.filter(([, text]) =>
    /'ts-morph'/.test(text.replace(/^import type.*$/gm, '')),
  );
  expect(named.map(([file]) => file)).toEqual(['generator/hdl/source/bindings.ts']);
});
