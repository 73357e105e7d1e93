import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  bit,
  defineModule,
  emitDesign,
  emitModule,
  input,
  output,
  type Scope,
  set,
  uint,
} from '../../generator/hdl/index.js';
import { locatorOf } from '../../generator/hdl/source/locator.js';
import { helperUnused, helperWire } from './support/located-helper.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-locators-'));
afterAll(() => rmSync(folder, { recursive: true }));

const moduleOf = (body: (m: Scope, a: ReturnType<Scope['net']>) => void) =>
  defineModule({
    name: 'm',
    doc: 'A module.',
    parameters: {},
    ports: () => ({ clk: input(bit), a: input(uint(4)), y: output(uint(4)) }),
    body: (m, _p, io) => {
      body(m, io.a);
      m.assign(io.y, io.a);
    },
  });
/** The Verilog below the port list, each locator as the source text it names. */
function shown(module: ReturnType<typeof moduleOf>): string {
  const text = emitModule(module, { source: true });
  const body = text.slice(text.indexOf('\n);') + 3, text.indexOf('endmodule')).trim();
  return body.replace(/@\[(.*):(\d+)\]/g, (_, path, line) =>
    `<${readFileSync(path, 'utf8').split('\n')[line - 1]}>`.replace(/\s+/g, ''),
  );
}

test('declarations: one where the file changes, none twice in a row', () => {
  const text = shown(
    moduleOf((m, a) => {
      const b = m.wire('b', a.not(), 'the opposite');
      const c = m.wire('c', b.not());
      const d = helperWire(m, 'd');
      const e = helperWire(m, 'e');
      m.unused('left', c, d, e);
    }),
  );
  expect(text).toMatchInlineSnapshot(`
    "// the opposite
      wire [3:0] b = ~a;
      wire [3:0] c = ~b;
      // <returnscope.wire(name,literal(0,4));>
      wire [3:0] d = 4'd0;
      wire [3:0] e = 4'd0;
      // <m.unused('left',c,d,e);>
      wire unused_left = &{1'b0, c, d, e, 1'b0};
      assign y = a;"
  `);
});

test('always blocks, generate blocks and what is in them, each above the comment that goes with it', () => {
  const text = shown(
    moduleOf((m, a) => {
      m.comment('A loop.');
      m.forEach('lane', 4, (_, lane) => {
        const x = lane.reg('x', uint(4));
        lane.always(a.bit(0), [set(x, a)]);
        lane.unused('x', x);
      });
    }),
  );
  expect(text).toMatchInlineSnapshot(`
    "// <m.forEach('lane',4,(_,lane)=>{>
      // A loop.

      genvar lane;
      generate
        for (lane = 0; lane < 4; lane = lane + 1) begin : g_lane
          reg [3:0] x;

          // <lane.always(a.bit(0),[set(x,a)]);>
          always @(posedge a[0]) begin
            x <= a;
          end

          wire unused_x = &{1'b0, x, 1'b0};
        end
      endgenerate

      assign y = a;"
  `);
});

test('declarations behind a generate block that ended in another file say their own', () => {
  const text = shown(
    moduleOf((m, a) => {
      m.forEach('lane', 4, (_, lane) => helperUnused(lane, a));
      m.unused('a', a);
    }),
  );
  const behind = text.slice(text.lastIndexOf('endgenerate'));
  expect(behind).toContain("// <m.unused('a',a);>\n  wire unused_a");
});

test('are off unless asked for, and change nothing else', () => {
  const module = moduleOf((m, a) => m.unused('b', m.wire('b', a)));
  const plain = emitModule(module);
  expect(plain).not.toContain('@[');
  expect(emitDesign(module).modules.get('m')).toBe(plain);
  const located = emitDesign(module, { source: true }).modules.get('m') as string;
  expect(located).toMatch(/^\/\/ A module\.\n\/\/ @\[test\/hdl\/locators\.test\.ts:\d+\]\n/);
  expect(located.replace(/^ *\/\/ @\[.*\]\n/gm, '')).toBe(plain);
});

const MAP = {
  version: 3,
  sources: ['../src/block.ts'],
  names: [],
  mappings: ';AAGA', // line 2 of the compiled file is line 4 of the source
};
const project = join(folder, 'project');
mkdirSync(join(project, 'dist'), { recursive: true });
writeFileSync(join(project, 'package.json'), '{}');
function compiled(name: string, ending: string): string {
  const file = join(project, 'dist', name);
  writeFileSync(file, `\nmake();\n${ending}`);
  return `${file}:2:1`;
}

test('follow the map of compiled code, whose source need not be there', () => {
  writeFileSync(join(project, 'dist/a.js.map'), JSON.stringify(MAP));
  expect(locatorOf(compiled('a.js', '//# sourceMappingURL=a.js.map'))).toBe('src/block.ts:4');
  const inline = Buffer.from(JSON.stringify(MAP)).toString('base64');
  const url = `data:application/json;base64,${inline}`;
  expect(locatorOf(compiled('b.js', `//# sourceMappingURL=${url}\n`))).toBe('src/block.ts:4');
});

test('are left out where the line is not known', () => {
  expect(locatorOf(compiled('c.js', '//# sourceMappingURL=c.js.map'))).toBeNull();
  writeFileSync(join(project, 'dist/d.js.map'), 'no map');
  expect(locatorOf(compiled('d.js', '//# sourceMappingURL=d.js.map'))).toBeNull();
  expect(locatorOf('unknown')).toBeNull();
  expect(locatorOf(join(folder, 'in-no-package.ts:3:1'))).toBeNull();
});

test('name JavaScript itself where it was not compiled', () => {
  expect(locatorOf(compiled('e.js', ''))).toBe('dist/e.js:2');
});
