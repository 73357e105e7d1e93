import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import {
  allOf,
  checkDesign,
  defineModule,
  emitDesign,
  emitModule,
  HdlError,
  type Int,
  input,
  integer,
  literal,
  output,
  showDiagnostic,
  uint,
} from '../../generator/hdl/index.js';

const directory = mkdtempSync(join(tmpdir(), 'hcgs-reports-'));
afterAll(() => rmSync(directory, { recursive: true }));

const report = (site: string): string[] =>
  showDiagnostic({ code: 'UNDRIVEN', path: 'm/x', message: 'a text', site }).split('\n');

describe('a report', () => {
  test('shows the line with its neighbours, and a caret below the word', () => {
    const file = join(directory, 'nine.ts');
    writeFileSync(file, Array.from({ length: 12 }, (_, n) => `    line(${n + 1});`).join('\n'));
    expect(report(`${file}:9:5`)).toEqual([
      'error UNDRIVEN in m/x: a text',
      `  at ${file}:9:5`,
      '     8 | line(8);',
      '  >  9 | line(9);',
      '       | ^^^^',
      '    10 | line(10);',
      '  fix: assign it, set it in an always block, or connect it to an output of an instance',
    ]);
  });

  test('stands at the first and the last line of a file', () => {
    const file = join(directory, 'one.ts');
    writeFileSync(file, 'only();');
    expect(report(`${file}:1:1`).slice(2, 4)).toEqual(['  > 1 | only();', '      | ^^^^']);
  });

  test('names the place alone where the file is gone, or another one by now', () => {
    const file = join(directory, 'one.ts');
    for (const site of ['/gone/away.ts:3:1', `${file}:2:1`, `${file}:1:99`]) {
      expect(report(site)).toHaveLength(3);
      expect(report(site)[1]).toBe(`  at ${site}`);
    }
    expect(report('unknown')).toHaveLength(2);
  });
});

test('the errors of all modules of a design come together, those of a module used twice once', () => {
  const child = (name: string) =>
    defineModule({
      name,
      doc: 'Drives nothing.',
      parameters: {},
      ports: () => ({ q: output(uint(4)) }),
      body: () => undefined,
    });
  const [first, second] = [child('first'), child('second')];
  const top = defineModule({
    name: 'top',
    doc: 'Subject of the test.',
    parameters: {},
    ports: () => ({ y: output(uint(8)) }),
    body: (m, _p, io) => {
      const nets = m.nets({ a: 4, b: 4, c: 4 });
      m.instance('u_a', first, { q: nets.a });
      m.instance('u_b', first, { q: nets.b });
      m.instance('u_c', second, { q: nets.c });
      m.unused('nets', ...Object.values(nets));
      m.assign(io.y, literal(0, 7));
    },
  });
  let thrown: unknown;
  try {
    emitDesign(top);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(HdlError);
  const { diagnostics, message } = thrown as HdlError;
  expect(diagnostics.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'UNDRIVEN first/q',
    'UNDRIVEN second/q',
    'WIDTH_MISMATCH top',
  ]);
  expect(message.split('\n\n')).toHaveLength(3);
});

test('bits are looked at with the parameters that instances pass on, through two levels', () => {
  const ports = (p: { readonly WIDTH: Int }) => ({ q: output(uint(p.WIDTH)) });
  const leaf = defineModule({
    name: 'leaf',
    doc: 'Drives two bits, whatever its width.',
    parameters: { WIDTH: integer(2, 'Bits', 2) },
    ports,
    body: (m, _p, io) => m.assign(io.q.part(0, 2), literal(0, 2)),
  });
  const middle = defineModule({
    name: 'middle',
    doc: 'Passes its width on.',
    parameters: { WIDTH: integer(2, 'Bits', 2) },
    ports,
    body: (m, p, io) => m.instance('u_leaf', leaf, io, { WIDTH: p.WIDTH }),
  });
  const top = (width: number) =>
    defineModule({
      name: 'top',
      doc: 'Subject of the test.',
      parameters: {},
      ports: () => ({ q: output(uint(width)) }),
      body: (m, _p, io) => m.instance('u_middle', middle, io, { WIDTH: width }),
    });
  expect(checkDesign(top(2))).toEqual([]);
  expect(checkDesign(top(5)).map(({ code, path, message }) => [code, path, message])).toEqual([
    ['PARTLY_DRIVEN', 'leaf/q', 'nothing drives bits 2 to 4 of the 5 bits of q (at WIDTH = 5)'],
  ]);
});

test('errors are told where JavaScript stumbles over them later', () => {
  const design = () =>
    defineModule({
      name: 'top',
      doc: 'Subject of the test.',
      parameters: {},
      ports: () => ({ a: input(uint(8)), y: output(uint(8)) }),
      body: (_m, _p, io) => {
        io.a.and(literal(0, 7));
        (io as unknown as { z: typeof io.a }).z.not();
      },
    });
  expect(design).toThrow(/WIDTH_MISMATCH in top/);
});

test('the place is found through callbacks of JavaScript itself', () => {
  const design = defineModule({
    name: 'top',
    doc: 'Subject of the test.',
    parameters: {},
    ports: () => ({ a: input(uint(1)), b: input(uint(2)), y: output(uint(1)) }),
    body: (m, _p, io) => m.assign(io.y, allOf(io.a, io.b)),
  });
  expect(checkDesign(design)[0]?.site).toMatch(/reports\.test\.ts:\d+:\d+$/);
});

test('modules of one name that are the same Verilog are one', () => {
  const leaf = () =>
    defineModule({
      name: 'leaf',
      doc: 'Inverts.',
      parameters: {},
      ports: () => ({ d: input(uint(4)), q: output(uint(4)) }),
      body: (m, _p, io) => m.assign(io.q, io.d.not()),
    });
  const top = defineModule({
    name: 'top',
    doc: 'Inverts twice.',
    parameters: {},
    ports: () => ({ d: input(uint(4)), q: output(uint(4)) }),
    body: (m, _p, io) => {
      const between = m.net('between', uint(4));
      m.instance('u_a', leaf(), { d: io.d, q: between });
      m.instance('u_b', leaf(), { d: between, q: io.q });
    },
  });
  const { modules, warnings } = emitDesign(top);
  expect([...modules.keys()]).toEqual(['leaf', 'top']);
  expect(warnings).toEqual([]);
  expect(modules.get('leaf')).toBe(emitModule(leaf()));
});

test('tsx and vitest see the same place', async () => {
  const file = join(directory, 'design.mts');
  const source = [
    `import { checkDesign, defineModule, output, uint } from '${resolve('generator/hdl/index.ts')}';`,
    'const ports = () => ({ y: output(uint(8)) });',
    '/** Two lines of comment, so that lines',
    ' *  of source and of what runs differ. */',
    'interface Nothing { readonly at: 0 }',
    "export const design = defineModule({ name: 'top', doc: '', parameters: {}, ports, body: () => undefined });",
    'export const site = checkDesign(design)[0]?.site;',
    'if (process.argv[2]) console.log(site);',
  ].join('\n');
  writeFileSync(file, source);
  const { stdout } = await execa(resolve('node_modules/.bin/tsx'), [file, 'print']);
  expect(stdout).toBe(`${file}:2:27`);
  expect(((await import(file)) as { site: string }).site).toBe(stdout);
});
