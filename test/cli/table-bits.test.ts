import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { compress } from '../../generator/cli/schemas/compress.js';
import { info } from '../../generator/cli/schemas/models.js';
import { foreignHardware } from '../../generator/design/read/foreign.js';
import { readDesign } from '../../generator/design/read/read.js';
import { readModel } from '../../generator/network/compressed-model.js';
import { writeNpy } from '../../generator/network/formats/npy.js';
import { runCli } from '../support/cli.js';

const NET = 'examples/keyword-spotting/V16_q6.safetensors';
const FRAMES = 'examples/keyword-spotting/synth_frames.npy';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-table-bits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const hcgs = (line: string) => runCli(line.split(' '));

const SHAPE = 'random --inputs 4 --hidden 8 --outputs 3 --seed 6';

test('a random network has tables as the option says, and info shows them', async () => {
  const file = at('r.safetensors');
  expect((await hcgs(`${SHAPE} --table-bits 14 -o ${file}`)).exitCode).toBe(0);
  const scheme = { inputBits: 17, inputFraction: 12, outputFraction: 14, segments: 512 };
  expect((await readModel(file)).tables.scheme).toEqual(scheme);
  expect((await hcgs(`info ${file}`)).stdout).toContain(
    'tables: inputs in [-16, 16) of 17 bits, 512 segments, values of 14 fraction bits\n',
  );
  expect(info.parse((await hcgs(`info ${file} --json`)).json())).toMatchObject({ tables: scheme });
  const frames = at('frames.npy');
  writeFileSync(frames, writeNpy({ type: 'int32', shape: [5, 4], data: new Int32Array(20) }));
  const { exitCode, json } = await hcgs(`run ${file} --frames ${frames} --json`);
  expect([exitCode, json()]).toMatchObject([0, { frames: 5 }]);
});

test.each(['11', '17', '12.5'])('%s bits are refused', async (bits) => {
  const { exitCode, json } = await hcgs(`${SHAPE} --table-bits ${bits} -o ${at('n')} --json`);
  expect(exitCode).toBe(2);
  expect(json()).toMatchObject({ error: { code: 'BAD_OPTION_VALUE', field: '--table-bits' } });
});

test('compress takes the option, or the configuration, and its errors shrink', async () => {
  const words = '--weight-bits 16 --activation-bits 16 --cell-bits 24 --bias-bits 24';
  const config = at('formats.ts');
  writeFileSync(config, 'export default { tableBits: 15 };\n');
  const report = async (options: string) => {
    const line = `compress ${NET} --calibrate ${FRAMES} ${words} -o ${at('c')} --json${options}`;
    return compress.parse((await hcgs(line)).json());
  };
  const usual = await report('');
  expect(usual.tables.outputFraction).toBe(12);
  const usualBytes = readFileSync(at('c'));
  const [configured, fine] = [
    await report(` --config ${config}`),
    await report(` --table-bits 16 --config ${config}`),
  ];
  expect([configured, fine].map(({ tables }) => tables.outputFraction)).toEqual([15, 16]);
  expect(fine.tableErrors.tanh).toBeLessThan(usual.tableErrors.tanh / 15);
  const error = (one: typeof usual) => one.outputError.relativeRms as number;
  expect(error(fine)).toBeLessThan(error(usual) / 4);
  await report(' --table-bits 12');
  expect(readFileSync(at('c')).equals(usualBytes)).toBe(true);
});

test('a design has the tables of its model, agrees with it, and takes no other ones', async () => {
  const [fine, usual, place] = [at('fine.safetensors'), at('usual.safetensors'), at('fine')];
  await hcgs(`${SHAPE} --table-bits 14 --cell-bits 20 -o ${fine}`);
  await hcgs(`${SHAPE} --cell-bits 20 -o ${usual}`);
  const sizes = { width: 25, depth: 512 };
  const generated = await hcgs(`generate ${fine} --macs 16 --name fine -o ${place}`);
  expect(generated.exitCode).toBe(0);
  const { shape, memories } = info.parse((await hcgs(`info ${place} --json`)).json()) as never;
  expect(shape).toMatchObject({ tables: { outputFraction: 14, inputBits: 17 } });
  expect((memories as { kind: string }[]).filter(({ kind }) => kind === 'table')).toMatchObject([
    { image: 'mem/fine_sigmoid.mem', ...sizes },
    { image: 'mem/fine_tanh.mem', ...sizes },
  ]);
  expect((await hcgs(`cosim ${place}`)).exitCode).toBe(0);
  const refused = await hcgs(`images ${usual} ${place} --json`);
  expect([refused.exitCode, refused.json()]).toMatchObject([
    2,
    {
      error: { code: 'SHAPE_CONTRACT', field: 'tables.outputFraction', expected: 14, got: 12 },
    },
  ]);
  const other = at('other');
  expect((await hcgs(`generate ${usual} --macs 16 --name usual -o ${other}`)).exitCode).toBe(0);
  const back = await hcgs(`images ${fine} ${other} --json`);
  expect(back.json()).toMatchObject({ error: { field: 'tables.outputFraction', expected: 12 } });
  const manifest = JSON.parse(readFileSync(join(other, 'design.json'), 'utf8'));
  expect(manifest.parameters.tables).toBeUndefined();
});

test('a design of a stranger with tables of no scheme is not made anew', async () => {
  const place = at('strange');
  await hcgs(`${SHAPE} --table-bits 14 -o ${at('s.safetensors')}`);
  await hcgs(`generate ${at('s.safetensors')} --macs 16 --name strange -o ${place}`);
  const design = readDesign(place);
  const { parameters } = design.manifest;
  expect(parameters.tables).toBeDefined();
  expect(foreignHardware(design)).toMatchObject({ tables: parameters.tables });
  for (const tables of [{ ...(parameters.tables as object), segments: 2 ** 20 }, 7, null]) {
    const manifest = { ...design.manifest, parameters: { ...parameters, tables } };
    expect(foreignHardware({ ...design, manifest })).toBeNull();
  }
});
