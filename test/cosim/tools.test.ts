import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { verilate } from '../../generator/cosim/build/verilate.js';
import { findVerilator } from '../../generator/cosim/build/verilator.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-tools-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A program of that name before all others of the PATH: a shell script. */
function program(name: string, script: string): string {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const file = join(folder, 'bin', name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env.PATH}`);
  return file;
}

/** A Verilator that says what it is, and does `script` when it has to build. */
const verilator = (script: string) =>
  program(
    'verilator',
    `if [ "$1" = --version ]; then echo 'Verilator 5.006 2023-01-22'; exit; fi\n${script}`,
  );

function build(cache = join(folder, 'cache')) {
  vi.stubEnv('HCGS_CACHE', cache);
  const verilog = new Map([['top.v', 'module top; endmodule\n']]);
  return verilate({ top: 'top', verilog, program: new Map([['main.cpp', '']]) });
}

const failed = (...details: readonly string[]) => ({
  report: { code: 'VERILATOR_FAILED', message: 'Verilator could not build top', details },
});

describe('Verilator', () => {
  test('is missed with an error', async () => {
    await expect(findVerilator('/no/verilator')).rejects.toMatchObject({
      report: { code: 'VERILATOR_MISSING' },
    });
  });

  test('is missed in its own words where it is there and does not run', async () => {
    program('verilator', 'echo "verilator_bin: not found"; exit 1');
    vi.stubEnv('VERILATOR_ROOT', '/opt/other');
    await expect(findVerilator()).rejects.toMatchObject({
      report: {
        code: 'VERILATOR_MISSING',
        details: [
          'verilator_bin: not found',
          expect.stringContaining('VERILATOR_ROOT is /opt/other'),
        ],
      },
    });
  });

  test('is refused when it is too old', async () => {
    const old = program('verilator', 'echo "Verilator 4.228 2022-10-01 rev v4.228"');
    await expect(findVerilator(old)).rejects.toMatchObject({
      report: { code: 'VERILATOR_TOO_OLD', got: '4.228' },
    });
  });
});

describe('a build that fails', () => {
  const consequence = `echo '%Error: make -C . -f Vdut.mk -j 2 exited with 2'
echo '%Error: Command Failed ulimit -s unlimited; exec verilator_bin --cc'
exit 1`;

  test.each([
    ['the shell, without make', 'sh: 1: make: not found'],
    [
      'make',
      '/usr/share/verilator/include/verilated.mk:48: *** Unsupported: build elsewhere.  Stop.',
    ],
    ['the compiler', 'main.cpp:3:1: error: expected a class'],
    ['the compiler, without memory', 'c++: fatal error: Killed signal terminated program cc1plus'],
    ['the linker', "main.cpp:(.text+0x1f): undefined reference to `Vdut::eval()'"],
  ])('shows the words of %s', async (_, words) => {
    verilator(
      `echo '%Warning-WIDTH: top.v:1:1'; echo "${words.replace('`', '\\`')}"\n${consequence}`,
    );
    await expect(build()).rejects.toMatchObject(failed(words));
  });

  test('shows what Verilator finds in the Verilog, and says nothing twice', async () => {
    const words = '%Error: top.v:1:8: syntax error, unexpected IDENTIFIER';
    verilator(`echo '${words}'; echo '${words}'; echo 'module top top'; exit 1`);
    await expect(build()).rejects.toMatchObject(failed(words, 'module top top'));
  });

  test('shows the last lines where none looks like an error, and asks for VERILATOR_ROOT', async () => {
    verilator('seq 1 20; exit 1');
    vi.stubEnv('VERILATOR_ROOT', '/opt/other');
    const last = Array.from({ length: 12 }, (_, i) => `${9 + i}`);
    const asked = 'VERILATOR_ROOT is /opt/other: of the Verilator that runs?';
    await expect(build()).rejects.toMatchObject(failed(...last, asked));
  });
});

describe('a folder that make cannot build in', () => {
  const makes = 'pwd > "$HCGS_TEST_PWD"; echo built > simulation';

  test.each([
    ['plain', false],
    ['with space', true],
    ['with#sign', true],
  ])('is not worked in: %s', async (name, elsewhere) => {
    vi.stubEnv('HCGS_TEST_PWD', join(folder, 'pwd'));
    verilator(makes);
    const before = readdirSync(tmpdir()).filter((file) => file.startsWith('hcgs-build-'));
    const cache = join(folder, name);
    const { program } = await build(cache);
    expect(program.startsWith(cache)).toBe(true);
    expect(existsSync(program)).toBe(true);
    const worked = readFileSync(join(folder, 'pwd'), 'utf8').trim();
    expect(worked.startsWith(cache)).toBe(!elsewhere);
    expect(worked).not.toMatch(/[ #]/);
    const left = readdirSync(tmpdir()).filter((file) => file.startsWith('hcgs-build-'));
    expect(left).toEqual(before);
  });
});

describe('ccache', () => {
  const objectCache = async () => {
    verilator('echo "$OBJCACHE $CCACHE_DIR $CCACHE_MAXSIZE" > seen; cp seen simulation');
    const { program } = await build();
    return readFileSync(program, 'utf8').trim();
  };

  test('has its files in the cache of this program', async () => {
    program('ccache', 'exit 0');
    vi.stubEnv('CCACHE_DIR', undefined);
    vi.stubEnv('CCACHE_MAXSIZE', undefined);
    expect(await objectCache()).toBe(`ccache ${join(folder, 'cache', 'ccache')} 1G`);
  });

  test('has them where the user wants them', async () => {
    program('ccache', 'exit 0');
    vi.stubEnv('CCACHE_DIR', '/elsewhere');
    vi.stubEnv('CCACHE_MAXSIZE', '7G');
    expect(await objectCache()).toBe('ccache /elsewhere 7G');
  });

  test('is not used where it is not there', async () => {
    program('ccache', 'exit 1');
    vi.stubEnv('OBJCACHE', undefined);
    vi.stubEnv('CCACHE_DIR', undefined);
    vi.stubEnv('CCACHE_MAXSIZE', undefined);
    expect(await objectCache()).toBe('');
  });
});
