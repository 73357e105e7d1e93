import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Random } from '../../generator/base/random.js';
import * as hdl from '../../generator/hdl/index.js';
import { portsOf } from '../support/block-ports.js';
import { CLEAN, lint } from '../support/lint.js';
import { runFile } from '../support/run-file.js';
import { signed, verilate } from '../support/verilated-block.js';

const PAGE = 'docs/edsl/tutorial.md';
const page = readFileSync(PAGE, 'utf8');
const FENCE = /^```(ts|verilog)\n([\s\S]*?)^```$/gm;

/** All TypeScript of the page, without the import. */
const code = [...page.matchAll(FENCE)]
  .flatMap(([, language, text]) => (language === 'ts' ? [text as string] : []))
  .join('\n')
  .replace(/^import [\s\S]*?;\n/, '');

/** What the page declares, by name: its code is a file that runs, as that of a reader. */
const declared = await (async (): Promise<Readonly<Record<string, unknown>>> => {
  const names = [...code.matchAll(/^const (?:(\w+)|\{ (.*?) \}) =/gm)].flatMap(
    ([, one, several]) => (one === undefined ? (several as string).split(', ') : [one]),
  );
  return runFile(`${code}\nreturn { ${names} };`, { ...hdl });
})();
const mac = declared.mac as hdl.Module;

test(`${PAGE} shows what its code prints`, async () => {
  let module = '';
  const text = page.replace(FENCE, (fence, language: string, inside: string) => {
    if (language === 'verilog') {
      return `\`\`\`verilog\n${hdl.emitModule(declared[module] as hdl.Module)}\`\`\``;
    }
    module = /^const (\w+) = defineModule/m.exec(inside)?.[1] ?? module;
    return fence;
  });
  await expect(text).toMatchFileSnapshot(resolve(PAGE));
});

test('the page names the files, and there is no warning', () => {
  const files = [...(declared.files as ReadonlyMap<string, string>).keys()];
  for (const file of files) expect(page).toContain(`\`${file}\``);
  expect(files).toHaveLength(3);
  expect(declared.warnings).toEqual([]);
});

test('what the page shows passes every linter', async () => {
  const files = new Map(declared.files as ReadonlyMap<string, string>);
  files.set('coefficients.mem', '1\n2\n3\n4\n');
  expect(await lint(files, mac.name)).toEqual(CLEAN);
  expect(await lint(files, mac.name, { X_BITS: 6, C_BITS: 7 })).toEqual(CLEAN);
});

const SEED = Number(process.env.HCGS_SEED ?? 1);

describe('the streaming MAC', () => {
  test.each([
    { X_BITS: 8, C_BITS: 8, DEPTH: 4 },
    { X_BITS: 6, C_BITS: 7, DEPTH: 5 },
  ])(
    'sums in hardware what TypeScript sums, at $X_BITS and $C_BITS bits, $DEPTH products',
    async (at) => {
      const random = new Random(SEED);
      const word = (bits: number): number => random.below(2 ** bits) - 2 ** (bits - 1);
      const coefficients = Array.from({ length: at.DEPTH }, () => word(at.C_BITS));
      const block = await verilate({
        top: mac.name,
        sources: [...(declared.files as ReadonlyMap<string, string>)].map(([name, text]) => ({
          name,
          text,
        })),
        ports: portsOf(mac, at),
        parameters: at,
      });
      const values: number[] = [];
      const inputs = Array.from({ length: 300 }, () => {
        const x = word(at.X_BITS);
        const valid = random.below(4) > 0;
        if (valid) values.push(x);
        return { rst: 0, x_valid: Number(valid), x };
      });
      const lines = coefficients.map((c) => BigInt.asUintN(at.C_BITS, BigInt(c)).toString(16));
      const outputs = await block.run(
        [{ rst: 1, x_valid: 1, x: 3 }, { rst: 1 }, ...inputs, ...Array(4).fill({ x_valid: 0 })],
        { files: { 'coefficients.mem': `${lines.join('\n')}\n` }, seed: SEED },
      );
      const width = at.X_BITS + at.C_BITS + Math.ceil(Math.log2(at.DEPTH));
      const sums = outputs.slice(2).flatMap((o) => (o.sum_valid ? [signed(o.sum, width)] : []));
      const expected: bigint[] = [];
      for (let i = 0; i + at.DEPTH <= values.length; i += at.DEPTH) {
        const products = coefficients.map((c, n) => c * (values[i + n] as number));
        expected.push(BigInt(products.reduce((sum, product) => sum + product, 0)));
      }
      expect(expected.length).toBeGreaterThan(30);
      expect(sums, `HCGS_SEED=${SEED}`).toEqual(expected);
    },
  );
});
