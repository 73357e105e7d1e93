import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemas } from '../../generator/cli/schemas/schemas.js';
import { contentHash } from '../../generator/design/manifest/manifest.js';
import { generateAgain } from '../../generator/design/read/again.js';
import { readDesign } from '../../generator/design/read/read.js';
import { sha256 } from '../../generator/design/write/hash.js';
import { ONE_PORT, TWO_PORTS, WRITE_AND_READ } from '../accelerator/support/macro-lists.js';
import { runCli } from '../support/cli.js';
import { CLEAN, lint } from '../support/lint.js';

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stderr + outcome.stdout).toBe(0);
  return outcome.json();
}

async function refused(...argv: readonly string[]) {
  const outcome = await runCli([...argv, '--json']);
  expect(outcome.exitCode, outcome.stdout).toBe(2);
  return outcome.json().error as { readonly code: string; readonly message: string };
}

/** Verilog files of a design and its images, by path. */
function verilogOf(design: string): ReadonlyMap<string, string> {
  const { files } = readDesign(design);
  const found = [...files].filter(([path]) => /^(rtl|sim|mem)\/.*\.(v|mem)$/.test(path));
  return new Map(found.map(([path, bytes]) => [path, Buffer.from(bytes).toString()]));
}

const model = () => at('m.safetensors');
const list = () => at('macros.json');
const generate = (name: string, ...options: readonly string[]) =>
  done('generate', model(), '--macs', '8', '--name', name, '-o', at(name), ...options);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-macros-'));
  const shape = ['--inputs', '7', '--hidden', '12,8', '--blocks', '4', '--keep', '1/2'];
  await done('random', ...shape, '--outputs', '3', '--seed', '2', '-o', model());
  writeFileSync(
    list(),
    JSON.stringify({ source: 'a test', macros: [ONE_PORT, WRITE_AND_READ, TWO_PORTS] }),
  );
  await generate('plain');
  await generate('chip', '--macros', list());
  await generate('numbers', '--macros', list(), '--style', 'specialised');
  await generate('pair', '--macros', list(), '--engines', '2');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a design with macros', () => {
  test('says what became macros and what did not', async () => {
    const { chip } = schemas.generate.parse(await generate('said', '--macros', list()));
    const rams = chip?.macros.filter(({ listed }) => listed) ?? [];
    expect(rams.map(({ macro }) => macro)).toEqual(['two_ports']);
    // rows and columns of one memory
    const places = rams.flatMap(({ instances }) => instances);
    expect(places.some((path) => /u_c\..*g_row\[1\]\.g_column\[1\]\.u_macro$/.test(path))).toBe(
      true,
    );
    expect(chip?.macros.filter((one) => !one.listed).every(({ kind }) => kind === 'rom')).toBe(
      true,
    );
    expect(chip?.registers.map(({ path, reason }) => [path, reason])).toEqual([
      ['u_core.u_output.queue', null],
    ]);
    expect((await generate('none')).chip).toBeUndefined();
  });

  test('keeps memories as registers where only macros of one port are listed, and says so', async () => {
    const one = at('one.json');
    writeFileSync(one, JSON.stringify({ macros: [ONE_PORT] }));
    const { chip } = schemas.generate.parse(await generate('single', '--macros', one));
    expect(chip?.macros.filter(({ listed }) => listed)).toEqual([]);
    expect(new Set(chip?.registers.map(({ reason }) => reason))).toEqual(
      new Set(['read and written at once, and no macro has a port for each', null]),
    );
    expect(readFileSync(at('single/flow/README.md'), 'utf8')).toContain(
      'read and written at once, and no macro has a port for each |',
    );
    expect([...verilogOf(at('single')).keys()].some((path) => path.startsWith('sim/'))).toBe(false);
  });

  test.each(['chip', 'numbers', 'pair'])(
    'is clean in all linters with the models: %s',
    async (name) => {
      expect(await lint(verilogOf(at(name)), name)).toEqual(CLEAN);
    },
  );

  test('lists the Verilog of a chip without the models', () => {
    const listed = readFileSync(at('chip/rtl/chip.f'), 'utf8').trim().split('\n');
    expect(listed.every((path) => path.startsWith('rtl/'))).toBe(true);
    expect(readdirSync(at('chip/sim/macros')).sort()).toEqual(['two_ports.v']);
    expect(readdirSync(at('chip/rtl')).some((name) => name.includes('ports'))).toBe(false);
  });

  test.each(['chip', 'numbers', 'pair'])(
    'has the values and cycles of the same without: %s',
    async (name) => {
      const twin = name === 'pair' ? 'twin' : 'plain';
      if (name === 'pair') await generate('twin', '--engines', '2');
      const seen = async (design: string) => {
        const outputs = at(`${design}.npy`);
        const run = ['--random', '6', '--seed', '3', '--outputs', outputs];
        const report = schemas.cosim.parse(await done('cosim', at(design), ...run));
        expect(report.ok).toBe(true);
        const { cyclesPerFrame, latencyCycles, frameCycles } = report;
        return { cyclesPerFrame, latencyCycles, frameCycles, outputs: readFileSync(outputs) };
      };
      expect(await seen(name)).toEqual(await seen(twin));
    },
  );

  test('simulates by itself', async () => {
    const { stdout } = await execa('make', ['-s', '-C', at('chip/sim')]);
    expect(stdout).toContain('PASSED');
    rmSync(at('chip/sim/build'), { recursive: true });
  });

  test('keeps its Verilog when another model comes', async () => {
    const other = at('other.safetensors');
    const shape = ['--inputs', '7', '--hidden', '12,8', '--blocks', '4', '--keep', '1/2'];
    await done('random', ...shape, '--outputs', '3', '--seed', '8', '-o', other);
    cpSync(at('chip'), at('put'), { recursive: true });
    await done('images', other, at('put'));
    const text = (name: string) => [...verilogOf(at(name))].filter(([path]) => path.endsWith('.v'));
    expect(text('put')).toEqual(text('chip'));
  });

  test.each(['chip', 'pair'])('can be made anew from itself: %s', async (name) => {
    const { manifest, files } = readDesign(at(name));
    const command = generateAgain(
      at(name),
      { ...manifest },
      files.get('model.safetensors') as Uint8Array,
    );
    expect(command).toContain(`--macros ${at(name)}/flow/macros.json`);
    const before = readFileSync(at(`${name}/design.json`), 'utf8');
    await done(...(command ?? '').split(' ').slice(1));
    expect(readFileSync(at(`${name}/design.json`), 'utf8')).toBe(before);
  });

  test('takes its list from a configuration file as well', async () => {
    const config = at('config.ts');
    const { source: _, ...macros } = JSON.parse(readFileSync(list(), 'utf8'));
    writeFileSync(
      config,
      `import type { DesignConfig } from 'hcgs';\nexport default { macros: ${JSON.stringify(macros)} } satisfies DesignConfig;\n`,
    );
    await generate('set', '--config', config);
    const [own, other] = ['set', 'chip'].map((name) =>
      verilogOf(at(name)).get('sim/macros/two_ports.v'),
    );
    expect(own).toBe(other);
  });

  test('has a name that no macro begins with', async () => {
    const error = await refused(
      'generate',
      model(),
      '--macros',
      list(),
      '--name',
      'two',
      '-o',
      at('two'),
    );
    expect(error.code).toBe('MACROS');
    expect(error.message).toContain('the macro two_ports');
  });

  test('has scripts for FPGAs that take the models as memories', async () => {
    const { all, exitCode } = await execa(
      'yosys',
      ['-q', '-p', 'script flow/ecp5.ys read:synth; stat'],
      { cwd: at('chip'), all: true, reject: false },
    );
    expect(all).not.toContain('ERROR');
    expect(exitCode).toBe(0);
  });
});

describe("a stranger's design with macros", () => {
  const cosim = ['--random', '3'];
  const forged = (
    name: string,
    change: (manifest: { parameters: never; files: Record<string, string> }) => void,
  ) => {
    cpSync(at('chip'), at(name), { recursive: true });
    const manifest = JSON.parse(readFileSync(at(`${name}/design.json`), 'utf8'));
    change(manifest);
    manifest.designHash = contentHash(manifest);
    writeFileSync(at(`${name}/design.json`), `${JSON.stringify(manifest, null, 2)}\n`);
  };

  test('is refused with a model that was edited, whatever its hashes, and with --allow-edited', async () => {
    forged('edited', ({ files }) => {
      const path = at('edited/sim/macros/two_ports.v');
      writeFileSync(
        path,
        readFileSync(path, 'utf8').replace('endmodule', 'initial $finish;\nendmodule'),
      );
      files['sim/macros/two_ports.v'] = sha256(readFileSync(path));
    });
    for (const options of [[], ['--allow-edited']]) {
      const error = await refused('cosim', at('edited'), ...cosim, ...options);
      expect(error.code).toBe('DESIGN_NOT_OURS');
      expect(error.message).toContain('sim/macros/two_ports.v');
    }
  });

  test('is refused with Verilog in the name of a macro', async () => {
    forged('hostile', ({ parameters }) => {
      const { macros } = parameters as { macros: { macros: { name: string }[] } };
      (macros.macros[2] as { name: string }).name = 'two_ports (); initial $system("id"); x';
    });
    const error = await refused('cosim', at('hostile'), ...cosim);
    expect(error.code).toBe('DESIGN_NOT_OURS');
    expect(error.message).toContain('its configuration is none that hcgs makes');
  });
});
