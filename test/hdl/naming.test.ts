import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { ts } from 'ts-morph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  checkDesign,
  defineModule,
  emitDesign,
  emitModule,
  HdlError,
  input,
  output,
  type Scope,
  uint,
} from '../../generator/hdl/index.js';

const moduleOf = (body: (m: Scope, a: ReturnType<Scope['net']>) => void) =>
  defineModule({
    name: 'm',
    doc: 'A module.',
    parameters: {},
    ports: () => ({ a: input(uint(4)), y: output(uint(4)) }),
    body: (m, _p, io) => {
      body(m, io.a);
      m.assign(io.y, io.a);
    },
  });
function bodyOf(module: ReturnType<typeof moduleOf>, source = false): string {
  const text = emitModule(module, { source }).replace(/^ *\/\/ @\[.*\]\n/gm, '');
  return text.slice(text.indexOf('\n);') + 5, text.indexOf('\n\nendmodule'));
}

describe('signals without a name', () => {
  const module = moduleOf((m, a) => {
    /** The opposite. */
    const theOther = m.wire(a.not());
    const wordBits = m.local(3, 'all but one');
    m.comment('Parts.');
    const parts = { low: m.wire(a.part(0, wordBits), 'said here') /* not this */ };
    m.forEach('lane', 2, (lane, scope) => {
      // One bit.
      const bit = scope.wire('one', theOther.bit(lane));
      scope.unused('bit', bit);
    });
    m.unused('low', parts.low);
  });

  test('have that of their variable; a comment goes with the source', () => {
    expect(bodyOf(module, true)).toMatchInlineSnapshot(`
      "  // The opposite.
        wire [3:0] the_other = ~a;

        // all but one
        localparam WORD_BITS = 3;

        // Parts.

        // said here
        wire [WORD_BITS - 1:0] low = a[WORD_BITS - 1:0];

        genvar lane;
        generate
          for (lane = 0; lane < 2; lane = lane + 1) begin : g_lane
            // One bit.
            wire one = the_other[lane];
            wire unused_bit = &{1'b0, one, 1'b0};
          end
        endgenerate

        wire unused_low = &{1'b0, low, 1'b0};
        assign y = a;"
    `);
  });

  test('have the same without the source', () => {
    const plain = bodyOf(module);
    expect(plain).not.toContain('opposite');
    const code = (text: string) => text.replace(/^ *\/\/.*\n/gm, '');
    expect(code(plain)).toBe(code(bodyOf(module, true)));
  });

  test('that are one variable twice clash, as any other two do', () => {
    const twice = moduleOf((m, a) => {
      const both = [a, a.not()].map((value) => {
        const sum = m.wire(value);
        return sum;
      });
      m.unused('both', ...both);
    });
    expect(checkDesign(twice).map((d) => `${d.code} ${d.path}`)).toEqual([
      'NAME_CLASH m/sum',
      'DRIVEN_TWICE m/sum',
    ]);
  });

  test('are refused where no variable takes them', () => {
    const unbound = moduleOf((m, a) => m.unused('x', m.wire(a.not()), m.wire(a)));
    expect(checkDesign(unbound).map((d) => d.code)).toEqual(['UNNAMED', 'UNNAMED']);
    expect(() => emitDesign(unbound)).toThrow(HdlError);
  });
});

/** A block with unnamed signals, in a project of its own. */
const BLOCK = `
import { defineModule, emitModule, input, output, type Scope, uint } from 'hcgs/hdl';
interface Unused { readonly that: 'moves the lines' }
export const block = defineModule({
  name: 'mirror', doc: 'A block.', parameters: {},
  ports: () => ({ a: input(uint(4)), y: output(uint(4)) }),
  body: (m: Scope, _p, io) => {
    /** Upside down. */
    const theOther = m
      .wire(io.a.not());
    const shown: { readonly x0Row: typeof theOther } = { x0Row: m.wire(theOther.not()) };
    m.assign(io.y, shown.x0Row);
  },
});
for (const source of [false, true]) console.log(emitModule(block, { source }));
`;
const project = mkdtempSync(join(tmpdir(), 'hcgs-naming-'));
afterAll(() => rmSync(project, { recursive: true }));

describe('a block of another project', () => {
  let fromSource: string;
  const run = async (file: string, program = 'node', ...options: string[]) => {
    const { stdout, stderr } = await execa(program, [...options, join(project, file)], {
      cwd: tmpdir(),
      reject: false,
    });
    return stdout === '' ? stderr : stdout;
  };
  beforeAll(async () => {
    await execa('scripts/build');
    mkdirSync(join(project, 'node_modules'));
    mkdirSync(join(project, 'src'));
    symlinkSync(resolve('.'), join(project, 'node_modules/hcgs'));
    writeFileSync(join(project, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(project, 'src/block.ts'), BLOCK);
    fromSource = await run('src/block.ts', resolve('node_modules/.bin/tsx'));
    const { outputText, sourceMapText } = ts.transpileModule(BLOCK, {
      fileName: 'block.ts',
      compilerOptions: { target: ts.ScriptTarget.ES2022, sourceMap: true },
    });
    mkdirSync(join(project, 'dist'));
    writeFileSync(join(project, 'dist/block.js'), outputText);
    writeFileSync(
      join(project, 'dist/block.js.map'),
      (sourceMapText as string).replace('"block.ts"', '"../src/block.ts"'),
    );
  });
  const withoutComments = (text: string) => text.replace(/^ *\/\/.*\n/gm, '');

  test('has its names and comments from the TypeScript', () => {
    expect(fromSource).toContain('  // Upside down.\n  wire [3:0] the_other = ~a;\n');
    expect(fromSource).toContain('  wire [3:0] x0_row = ~the_other;\n');
    expect(fromSource).toContain('// @[src/block.ts:');
  });

  test('has the same when it is compiled', async () => {
    expect(await run('dist/block.js')).toBe(fromSource);
    expect(await run('dist/block.js', 'node', '--enable-source-maps')).toBe(fromSource);
  });

  test('has the same without the sources, and when they are newer than what runs', async () => {
    writeFileSync(join(project, 'src/block.ts'), BLOCK.replaceAll('theOther', 'another'));
    expect(await run('dist/block.js')).toBe(fromSource);
    rmSync(join(project, 'src/block.ts'));
    expect(await run('dist/block.js')).toBe(fromSource);
    // Node names files then that are not there: an error, not another name
    const refused = await run('dist/block.js', 'node', '--enable-source-maps');
    expect(refused).toContain('error UNNAMED in mirror: no variable takes this wire()');
    writeFileSync(join(project, 'src/block.ts'), BLOCK);
  });

  test('has the same names, and no comments, without the maps', async () => {
    rmSync(join(project, 'dist/block.js.map'));
    const text = await run('dist/block.js');
    expect(withoutComments(text)).toBe(withoutComments(fromSource));
    expect(text).not.toMatch(/Upside|@\[/);
  });

  test('renamed in one place changes that name and nothing else', async () => {
    writeFileSync(join(project, 'src/block.ts'), BLOCK.replaceAll('theOther', 'upsideDown'));
    const renamed = await run('src/block.ts', resolve('node_modules/.bin/tsx'));
    expect(renamed).toBe(fromSource.replaceAll('the_other', 'upside_down'));
    expect(renamed).not.toBe(fromSource);
  });
});

describe('the built package', () => {
  const script = (body: string) => `
    const { createRequire } = await import('node:module');
    const hcgs = ${JSON.stringify(resolve('dist'))};
    const { emitVerilog, planDesign } = await import(hcgs + '/accelerator/index.js');
    const { randomModel } = await import(hcgs + '/network/random.js');
    const words = { weight: 6, activation: 13, cell: 16, bias: 16 };
    const patterns = [{ kind: 'hcgs', blocks: [4], keep: [{ k: 1, n: 2 }] }];
    const model = randomModel({ inputs: 16, hidden: [16], patterns, sharing: 'shared', outputs: 5, words, seed: 1 });
    const { configuration } = planDesign(model, { name: 'mini', macs: 64 });
    ${body}
  `;
  test('has an index of its bindings, so that it never loads the parser', async () => {
    const index = JSON.parse(readFileSync('dist/bindings.json', 'utf8'));
    expect(Object.keys(index)).toContain('generator/accelerator/stream/frame-input.ts');
    const { stdout } = await execa('node', [
      '--input-type=module',
      '-e',
      script(`
        const [file] = emitVerilog(configuration, { source: true }).values();
        const loaded = Object.keys(createRequire(hcgs + '/x.js').cache);
        console.log(JSON.stringify([file.length > 100, loaded.filter((f) => f.includes('ts-morph'))]));
      `),
    ]);
    expect(JSON.parse(stdout)).toEqual([true, []]);
  });
});
