import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { expect, test } from 'vitest';
import * as hdl from '../../generator/hdl/index.js';
import { lowerModule } from '../../generator/hdl/verilog/lower.js';
import { printModule } from '../../generator/hdl/verilog/print.js';
import { runFile } from '../support/run-file.js';

const PAGE = fileURLToPath(new URL('../../docs/edsl/constructs.md', import.meta.url));
const { bit, defineModule, input, integer, sint, text, uint } = hdl;
/** What a piece of the page finds in scope, beside the language and the scope `m`. */
const INPUTS = 'clk, x, y, a, b, w, s, t, W, DEPTH';

/** A module before it is made: the body of a piece runs as a file of its own, so that its variables give names. */
async function moduleOf(code: string): Promise<{ module: hdl.Module; whole: boolean }> {
  const name = /^const (\w+) = defineModule\(/.exec(code)?.[1];
  if (name !== undefined && !/^m\./m.test(code)) {
    return { module: await runFile(`${code}\nreturn ${name};`, { ...hdl }), whole: true };
  }
  const body = `return ({ m, ${INPUTS} }) => {\n${code}\n};`;
  const describe: (values: object) => void = await runFile(body, { ...hdl });
  const module = defineModule({
    name: 'example',
    doc: 'A piece of the page.',
    parameters: { W: integer(8, 'Bits'), DEPTH: integer(6, 'Words'), IMAGE: text('', 'File') },
    ports: (p) => ({
      ...{ clk: input(bit), x: input(bit), y: input(uint(2)) },
      ...{ a: input(uint(8)), b: input(uint(8)), w: input(uint(p.W)) },
      ...{ s: input(sint(8)), t: input(sint(8)) },
    }),
    body: (m, p, io) => describe({ m, ...p, ...io }),
  });
  return { module, whole: false };
}

/** Text of a module; of a piece only what stands between the ports and `endmodule`. */
async function verilogOf(code: string): Promise<{ readonly shown: string; readonly full: string }> {
  const { module, whole } = await moduleOf(code);
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
async function render(page: string) {
  const blocks = /```ts\n([\s\S]*?)```\n\n```verilog\n[\s\S]*?```/g;
  const pieces = await Promise.all(
    [...page.matchAll(blocks)].map(async ([, code]) => ({
      code: code as string,
      ...(await verilogOf(code as string)),
    })),
  );
  const left = [...pieces];
  const text = page.replace(blocks, () => {
    const { code, shown } = left.shift() as (typeof pieces)[number];
    return `\`\`\`ts\n${code}\`\`\`\n\n\`\`\`verilog\n${shown}\n\`\`\``;
  });
  return { text, sources: pieces.map(({ full }) => full) };
}

test('docs/edsl/constructs.md shows what its code prints', async () => {
  const page = readFileSync(PAGE, 'utf8');
  await expect((await render(page)).text).toMatchFileSnapshot(PAGE);
});

test('what docs/edsl/constructs.md shows is Verilog-2005', async () => {
  const { sources } = await render(readFileSync(PAGE, 'utf8'));
  expect(sources.length).toBeGreaterThan(5);
  const directory = mkdtempSync(path.join(tmpdir(), 'hcgs-page-'));
  try {
    sources.forEach((source, i) => {
      const file = `example_${i}.v`;
      writeFileSync(
        path.join(directory, file),
        source.replaceAll(/\b(example|counter|child|extender)\b/g, `$1_${i}`),
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
