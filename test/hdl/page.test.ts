import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import * as hdl from '../../generator/hdl/index.js';
import { lowerModule } from '../../generator/hdl/verilog/lower.js';
import { printModule } from '../../generator/hdl/verilog/print.js';

const PAGE = fileURLToPath(new URL('../../docs/edsl/constructs.md', import.meta.url));
const { bit, defineModule, input, integer, sint, text, uint } = hdl;
const vocabulary = Object.keys(hdl);

/** Runs a piece of the page with the language and some values in scope. */
function evaluate(code: string, values: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(values);
  const run = new Function(...vocabulary, ...names, `'use strict';\n${code}`);
  return run(...Object.values(hdl), ...Object.values(values));
}

/** The module that a piece of the page describes: a whole one, or the body of one with some inputs. */
function moduleOf(code: string): { readonly module: hdl.Module; readonly whole: boolean } {
  const name = /^const (\w+) = defineModule\(/.exec(code)?.[1];
  if (name !== undefined && !/^m\./m.test(code)) {
    return { module: evaluate(`${code}\nreturn ${name};`, {}) as hdl.Module, whole: true };
  }
  const module = defineModule({
    name: 'example',
    doc: 'A piece of the page.',
    parameters: { W: integer(8, 'Bits'), DEPTH: integer(6, 'Words'), IMAGE: text('', 'File') },
    ports: (p) => ({
      ...{ clk: input(bit), x: input(bit), y: input(uint(2)) },
      ...{ a: input(uint(8)), b: input(uint(8)), w: input(uint(p.W)) },
      ...{ s: input(sint(8)), t: input(sint(8)) },
    }),
    body: (m, p, io) => {
      evaluate(code, { m, ...p, ...io });
    },
  });
  return { module, whole: false };
}

/** Text of a module; of a piece only what stands between the ports and `endmodule`. */
function verilogOf(code: string): { readonly shown: string; readonly full: string } {
  const { module, whole } = moduleOf(code);
  if (whole) {
    const full = hdl.emitModule(module);
    return { full, shown: full.trimEnd() };
  }
  expect(module.diagnostics).toEqual([]);
  // Its wires are not read: printed without the checks of a whole module.
  const full = hdl
    .modulesBelow(module)
    .map((m) => printModule({ ...lowerModule(m), guards: [] }))
    .join('\n');
  const body = /module example[\s\S]*?\n\);\n\n([\s\S]*?)\n\nendmodule/.exec(full)?.[1] as string;
  return { full, shown: body.replace(/^ {2}/gm, '') };
}

/** The page with every Verilog block as it should be. */
function render(page: string): { readonly text: string; readonly sources: readonly string[] } {
  const sources: string[] = [];
  const blocks = /```ts\n([\s\S]*?)```\n\n```verilog\n[\s\S]*?```/g;
  const text = page.replace(blocks, (_, code: string) => {
    const { full, shown } = verilogOf(code);
    sources.push(full);
    return `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`verilog\n${shown}\n\`\`\``;
  });
  return { text, sources };
}

test('docs/edsl/constructs.md shows what its code prints', async () => {
  const page = readFileSync(PAGE, 'utf8');
  await expect(render(page).text).toMatchFileSnapshot(PAGE);
});

test('what docs/edsl/constructs.md shows is Verilog-2005', () => {
  const { sources } = render(readFileSync(PAGE, 'utf8'));
  expect(sources.length).toBeGreaterThan(5);
  const directory = mkdtempSync(path.join(tmpdir(), 'hcgs-page-'));
  try {
    sources.forEach((source, i) => {
      const file = `example_${i}.v`;
      writeFileSync(
        path.join(directory, file),
        source.replaceAll(/\b(example|counter|child)\b/g, `$1_${i}`),
      );
    });
    const files = sources.map((_, i) => `example_${i}.v`);
    const { all } = execaSync(
      'iverilog',
      ['-g2005', '-Wall', '-Wno-timescale', '-t', 'null', ...files],
      {
        cwd: directory,
        all: true,
      },
    );
    expect(all).toBe('');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
