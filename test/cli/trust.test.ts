import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { allCommands } from '../../generator/cli/all-commands.js';
import { contentHash } from '../../generator/design/manifest/manifest.js';
import { sha256 } from '../../generator/design/write/hash.js';
import { smallDesign } from '../flow/support/small-design.js';
import { runCli } from '../support/cli.js';

const commands = await allCommands();

let folder: string;
let original: string;
let model: string;
let place: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-trust-'));
  original = await smallDesign(folder, 'tiny');
  model = join(folder, 'tiny.safetensors');
});
beforeEach(() => {
  place = mkdtempSync(join(folder, 'd-'));
  rmSync(place, { recursive: true });
  cpSync(original, place, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (path: string): string => join(place, path);
const edit = (path: string, change: (text: string) => string): void =>
  writeFileSync(at(path), change(existsSync(at(path)) ? readFileSync(at(path), 'utf8') : ''));

type Manifest = Record<string, unknown> & { files: Record<string, string> };

/** Changes design.json, and makes every hash fit again, as anybody can. */
function forge(change: (manifest: Manifest) => void = () => undefined): void {
  const manifest = JSON.parse(readFileSync(at('design.json'), 'utf8')) as Manifest;
  change(manifest);
  for (const path of Object.keys(manifest.files)) {
    if (existsSync(at(path)) && statSync(at(path)).isFile())
      manifest.files[path] = sha256(readFileSync(at(path)));
  }
  manifest.designHash = contentHash(manifest);
  writeFileSync(at('design.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function refusal(...argv: readonly string[]) {
  const { exitCode, stdout, stderr } = await runCli([...argv, '--json']);
  expect(exitCode, stderr).toBe(2);
  return JSON.parse(stdout).error as { code: string; message: string; file: string };
}

const cosim = (...options: string[]) => ['cosim', place, '--random', '3', ...options] as const;
const synth = (...options: string[]) =>
  ['synth', place, '--target', 'ice40', '--synthesis-only', ...options] as const;
const images = (...options: string[]) => ['images', model, place, ...options] as const;
const runs = [cosim, synth, images];

describe("a stranger's design", () => {
  test.each<[string, string, (text: string) => string]>([
    [
      'Verilog that runs a program',
      'rtl/tiny.v',
      (v) => v.replace(/endmodule/, 'initial $system("touch PWNED");\nendmodule'),
    ],
    ['a comment more', 'rtl/tiny_core.v', (v) => `${v}// hello\n`],
    ['a script that runs a program', 'flow/ice40.ys', (s) => `!touch PWNED\n${s}`],
    ['a makefile that does', 'sim/Makefile', (s) => `$(shell touch PWNED)\n${s}`],
    [
      'another image',
      'mem/tiny_layers.mem',
      (s) => s.replace(/[0-9a-f]/, (d) => (d === '0' ? '1' : '0')),
    ],
    ['another page', 'README.md', (s) => `${s}\n`],
  ])('with %s is refused by all that run it, though its hashes fit', async (_, path, change) => {
    edit(path, change);
    forge();
    for (const command of runs) {
      const error = await refusal(...command());
      expect(error).toMatchObject({ code: 'DESIGN_NOT_OURS', file: `${place}/${path}` });
      expect(error.message).toContain('--trust');
      expect(error.message).toContain(`hcgs generate ${place}/model.safetensors --macs 4`);
    }
    expect(existsSync(at('PWNED'))).toBe(false);
  });

  test.each<[string, (manifest: Manifest) => void]>([
    [
      'a file more',
      (m) => {
        writeFileSync(at('rtl/more.v'), 'module more; initial $system("id"); endmodule\n');
        m.files['rtl/more.v'] = '';
      },
    ],
    [
      'a file less',
      (m) => {
        delete m.files['rtl/tiny_rom.v'];
      },
    ],
    [
      'other figures',
      (m) => {
        (m.estimate as Record<string, number>).cyclesPerFrame = 1;
      },
    ],
    [
      'a number that is a text',
      (m) => {
        (m.parameters as Record<string, unknown>).cellDepth = '1; initial $system("id")';
      },
    ],
    [
      'a style of its own',
      (m) => {
        (m.parameters as Record<string, unknown>).style = 'x';
      },
    ],
    [
      'a configuration of another name',
      (m) => {
        (m.parameters as Record<string, unknown>).name = 'x;$(id)';
      },
    ],
    [
      'a thousand million banks',
      (m) => {
        (m.parameters as Record<string, unknown>).rowGroups = 1e9;
      },
    ],
    [
      'tiles of no rows',
      (m) => {
        (m.parameters as Record<string, unknown>).tileRows = 0;
      },
    ],
    [
      'ports of a text',
      (m) => {
        (m.ports as Record<string, unknown>).xBytes = '1; system("id")';
      },
    ],
  ])('with a manifest that has %s is refused', async (_, change) => {
    forge(change);
    expect((await refusal(...cosim())).code).toMatch(/^DESIGN_(NOT_OURS|RECORDS)|SHAPE_CONTRACT$/);
  });

  test.each(['name', 'top', 'core'])('is refused for a %s that is no identifier', async (field) => {
    for (const value of ['../../x', 'x;$(id)', 'x y', 'module', '', 'a\u0000b', '`x`']) {
      cpSync(join(original, 'design.json'), at('design.json'));
      forge((m) => {
        m[field] = value;
      });
      for (const argv of [...runs.map((run) => run()), ['info', place], ['estimate', place]]) {
        expect(await refusal(...argv)).toMatchObject({ code: 'NOT_A_DESIGN' });
      }
    }
  });

  test.each([
    '/etc/passwd',
    '../x',
    'rtl/../../x',
    'rtl\\x',
    'rtl//x',
    './x',
    '.git/config',
    'a\u0000',
    'rtl/',
    'a b',
    '$(id)',
    '-o',
  ])('is refused for the path %j', async (path) => {
    forge((m) => {
      m.files[path] = '0'.repeat(64);
    });
    for (const argv of [...runs.map((run) => run()), ['info', place], ['estimate', place]]) {
      expect(await refusal(...argv)).toMatchObject({ code: 'NOT_A_DESIGN' });
    }
  });

  test.each(['rtl', 'rtl/tiny.v', 'mem', 'design.json', 'model.safetensors', 'flow/README.md'])(
    'with a link at %s is refused',
    async (path) => {
      renameSync(at(path), join(folder, 'elsewhere'));
      symlinkSync(join(folder, 'elsewhere'), at(path));
      for (const run of [...runs, () => ['info', place]]) {
        expect(await refusal(...run())).toMatchObject({ code: 'LINK_INSIDE', file: at(path) });
      }
      rmSync(join(folder, 'elsewhere'), { recursive: true });
    },
  );

  test('with a pipe in it does not wait for who writes', async () => {
    rmSync(at('rtl/tiny.v'));
    spawnSync('mkfifo', [at('rtl/tiny.v')]);
    expect(await refusal('info', place)).toMatchObject({ code: 'NOT_A_FILE' });
  });

  test.each<[string, () => readonly string[]]>([
    ['flow', synth],
    ['flow/build', synth],
    ['flow/build', () => cosim('--netlist', 'generic')],
    ['waves', () => cosim('--waves')],
    ['waves/cosim.fst', () => cosim('--waves')],
  ])('whose %s is a link gets nothing written outside', async (path, run) => {
    const outside = mkdtempSync(join(folder, 'outside-'));
    if (existsSync(at(path))) cpSync(at(path), outside, { recursive: true });
    const before = readdirSync(outside);
    rmSync(at(path), { recursive: true, force: true });
    mkdirSync(dirname(at(path)), { recursive: true });
    symlinkSync(outside, at(path));
    expect(await refusal(...run())).toMatchObject({ code: 'LINK_INSIDE' });
    expect(readdirSync(outside)).toEqual(before);
  });
});

describe('a design that was edited', () => {
  test('in its data is taken with --allow-edited, and what differs is told', async () => {
    edit('README.md', (text) => `${text}mine\n`);
    edit('mem/bias.mem', (text) => text.replace(/^./, (d) => (d === '0' ? '1' : '0')));
    expect(await refusal(...cosim())).toMatchObject({ code: 'DESIGN_EDITED' });
    const { exitCode, stderr } = await runCli(cosim('--allow-edited'));
    expect(exitCode).toBeLessThanOrEqual(1);
    expect(stderr).toMatch(/nothing that is run: .*README.md/);
  });

  test('in its Verilog is not', async () => {
    edit('rtl/tiny.v', (text) => `${text}// mine\n`);
    expect(await refusal(...cosim('--allow-edited'))).toMatchObject({ code: 'DESIGN_NOT_OURS' });
    expect(await refusal(...synth('--allow-edited'))).toMatchObject({ code: 'DESIGN_NOT_OURS' });
  });

  test('in its Verilog runs with --trust, whatever its hashes, and only its listed files do', async () => {
    edit('rtl/tiny.v', (text) =>
      text.replace(/endmodule/, 'initial $system("touch $PWNED");\nendmodule'),
    );
    edit('rtl/tiny_core.v', (text) =>
      text.replace(/endmodule/, 'initial $system("touch $PWNED");\nendmodule'),
    );
    writeFileSync(at('rtl/stray.v'), 'module stray; this is no Verilog\n');
    process.env.PWNED = join(folder, 'PWNED');
    const { exitCode, stderr } = await runCli(cosim('--trust'));
    delete process.env.PWNED;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('2 files were edited');
    expect(existsSync(join(folder, 'PWNED'))).toBe(true);
  });
});

test('what lies in a design beside its files is nothing to the tools', async () => {
  writeFileSync(at('rtl/stray.v'), 'module stray; this is no Verilog\n');
  for (const name of ['Makefile', 'abc.rc', '.verilator', 'yosys.ys', 'tiny_rom.v']) {
    writeFileSync(at(name), '!touch PWNED\n');
  }
  const { exitCode, stderr } = await runCli(cosim());
  expect(exitCode, stderr).toBe(0);
  expect(existsSync(at('PWNED'))).toBe(false);
});

test('every command that takes a design and runs something of it asks for trust', () => {
  const taking = commands.filter(({ positionals }) => 'DIR' in positionals);
  expect(taking.map(({ name }) => name)).toEqual(['images', 'cosim', 'synth']);
  for (const { name, options } of taking) {
    expect(Object.keys(options), name).toEqual(expect.arrayContaining(['trust']));
  }
});
