import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** Lines that set-up and npm say before it on a machine that has nothing yet. */
const BEFORE = 6;

it('the demo comes to its end in few lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-demo-'));
  try {
    const { status, stdout, stderr } = spawnSync('scripts/demo', [folder], { encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('hardware and golden model agree');
    expect(stdout).toContain(`The design is in ${join(folder, 'keyword_spotting')}`);
    expect(`${stdout}${stderr}`.trimEnd().split('\n').length + BEFORE).toBeLessThanOrEqual(60);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
