import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { importNetwork } from '../../generator/network/import/import.js';
import { tinyExample } from './support/tiny.js';

/** HCGS_WRITE=1 writes the files anew. */
const folder = 'examples/tiny';
const files = tinyExample();
if (process.env.HCGS_WRITE === '1') {
  for (const [name, bytes] of files) writeFileSync(`${folder}/${name}`, bytes);
}

it('examples/tiny holds these files and its page, a few kilobytes in all', () => {
  expect(readdirSync(folder).sort()).toEqual(['README.md', ...files.keys()].sort());
  for (const [name, bytes] of files) {
    expect(Buffer.from(bytes).equals(readFileSync(`${folder}/${name}`)), name).toBe(true);
  }
  const total = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  expect(total).toBeLessThan(12_000);
});

it('its network is read with the names that its page gives', () => {
  const bytes = files.get('net.safetensors') as Uint8Array;
  const { model } = importNetwork(bytes, 'net', { map: ['lstm=encoder.rnn', 'fc=head'] });
  expect(model.layers).toMatchObject([{ cell: 'lstm', inputs: 8, cells: 16 }]);
  expect(model.output).toMatchObject({ inputs: 16, outputs: 3 });
});
