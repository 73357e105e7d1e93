import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { importNetwork } from '../../generator/network/import/import.js';
import { disagreement } from '../network/import/support/agreement.js';
import { exampleNetworks } from './support/networks.js';

/** HCGS_WRITE=1 writes the files anew. */
const folder = 'examples/networks';
const networks = exampleNetworks();
if (process.env.HCGS_WRITE === '1') {
  for (const [name, bytes] of networks) writeFileSync(`${folder}/${name}`, bytes);
}

describe('the networks of examples/networks', () => {
  it('are all there, and no others', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.onnx'));
    expect(files.sort()).toEqual([...networks.keys()].sort());
  });

  it.each([...networks])(
    '%s is as it was written, and computes what ONNX Runtime does',
    async (name, bytes) => {
      const path = `${folder}/${name}`;
      expect(existsSync(path)).toBe(true);
      const stored = readFileSync(path);
      expect(Buffer.from(bytes).equals(stored)).toBe(true);
      const imported = importNetwork(stored, name, { map: [] });
      expect(await disagreement(stored, imported, { x: [7, 1, 12] })).toBeNull();
    },
  );
});
