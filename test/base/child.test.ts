import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { refuseStopped, runChild } from '../../generator/base/child.js';
import { refusal } from '../support/refusal.js';
import { survivors } from '../support/survivors.js';

const sh = (script: string) => ({ command: '/bin/sh', args: ['-c', script] });
const marked = () => `3600.${randomBytes(4).readUInt32LE()}`;

describe('a child', () => {
  test('that ends by itself says what it said, and is ok or not', async () => {
    const good = await runChild(sh('echo one; echo two >&2'));
    expect(good).toMatchObject({ ok: true, stopped: null });
    expect(good.all.split('\n').sort()).toEqual(['', 'one', 'two']);
    const bad = await runChild(sh('exit 3'));
    expect(bad).toMatchObject({ ok: false, exitCode: 3, stopped: null });
    refuseStopped(bad);
  });

  test('that is not there is not ok', async () => {
    expect(await runChild({ command: '/no/such', args: [] })).toMatchObject({ ok: false });
  });

  test.each<[string, string, object, string]>([
    ['sleeps', 'sleep MARK', { silentSeconds: 1 }, 'TOOL_HANGS'],
    ['gives no answer in time', 'sleep MARK', { seconds: 0.3 }, 'TOOL_HANGS'],
    ['floods', 'sleep MARK & yes', { mostBytes: 1e6 }, 'TOOL_FLOODS'],
    ['floods without a line end', 'sleep MARK & cat /dev/zero', { mostBytes: 1e6 }, 'TOOL_FLOODS'],
    ['is killed', 'sleep MARK & sleep MARK & kill -9 $$', {}, 'TOOL_KILLED'],
    ['ends and leaves others', 'sleep MARK & exit 0', {}, ''],
    [
      'does not want to end',
      "trap '' TERM; sleep MARK; sleep MARK",
      { seconds: 0.3 },
      'TOOL_HANGS',
    ],
  ])('that %s leaves nothing behind', async (_, script, limits, code) => {
    const mark = marked();
    const ended = await runChild({ ...sh(script.replaceAll('MARK', mark)), ...limits });
    if (code === '') refuseStopped(ended);
    else expect(refusal(() => refuseStopped(ended))).toMatchObject({ code, field: '/bin/sh' });
    expect(await survivors(mark)).toEqual([]);
    expect(ended.all.length).toBeLessThanOrEqual(1 << 20);
  });

  test('that computes without a word is at work', async () => {
    const busy = 'i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; sleep 0.1';
    const ended = await runChild({ ...sh(`for n in 1 2 3; do ${busy}; done`), silentSeconds: 0.4 });
    expect(ended).toMatchObject({ ok: true, stopped: null });
  });

  test('is started in one place only', () => {
    const files = readdirSync('generator', { recursive: true, encoding: 'utf8' });
    const starts = files
      .filter((file) => /\.[jt]s$/.test(file))
      .filter((file) =>
        /from '(execa|(node:)?child_process)'/.test(readFileSync(`generator/${file}`, 'utf8')),
      );
    expect(starts).toEqual(['base/child.ts']);
  });
});
