import { describe, expect, it } from 'vitest';
import { UserError } from '../../../generator/base/errors.js';
import { Random } from '../../../generator/base/random.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { disagreement } from './support/agreement.js';
import { type RandomNetwork, randomNetwork } from './support/random-network.js';

/** HCGS_RANDOM_NETWORKS makes more of them, HCGS_SEED others. */
const COUNT = Number(process.env.HCGS_RANDOM_NETWORKS ?? 120);
const SEED = Number(process.env.HCGS_SEED ?? 1);
const AT_A_TIME = 40;

type Read = { readonly taken: Imported } | { readonly refused: UserError['report'] };

function read(bytes: Uint8Array, map: readonly string[] = []): Read {
  try {
    return { taken: importNetwork(bytes, 'net.onnx', { map }) };
  } catch (error) {
    if (error instanceof UserError) return { refused: error.report };
    throw error;
  }
}

/** What is wrong with what the importer makes of a network, or null. */
async function wrong(network: RandomNetwork, seed: number): Promise<string | null> {
  const { bytes, feeds, zeros, expected } = network;
  const result = read(bytes);
  if ('taken' in result) {
    const left = result.taken.outputs?.filter(({ is }) => is === 'left out') ?? [];
    if (left.length > 0) return `left out in silence: ${left.map(({ name }) => name)}`;
    const far = await disagreement(bytes, result.taken, feeds, { seed, zeros });
    if (far !== null) return `taken, but ${far}`;
    return expected === 'taken' ? null : 'taken, but it cannot be right';
  }
  const { code, message, field, expected: wanted, got } = result.refused;
  if (expected === 'taken') return `refused: ${message}`;
  if (!field || !wanted || !got) return `refused without saying why: ${message}`;
  if (!code.startsWith('OUTPUT_')) return null;
  // what follows h is left out on demand, and h is right
  const alone = read(bytes, ['fc=none']);
  if ('refused' in alone) return `refused with --map fc=none: ${alone.refused.message}`;
  if (alone.taken.model.output !== null) return 'an output layer with --map fc=none';
  const h = [['time'], [], ['batch'], ['feature']];
  const { model, frames } = alone.taken;
  const claim = {
    name: network.lastY,
    is: 'outputs',
    axes: h,
    lastFrame: false,
    final: null,
  } as const;
  const far = await disagreement(
    bytes,
    { ...alone.taken, model, frames, outputs: [claim] } as Imported,
    feeds,
    { seed, zeros },
  );
  return far === null ? null : `h alone: ${far}`;
}

describe('random networks around LSTM layers are taken whole or refused by name', () => {
  const tally = { taken: 0, refused: 0 };
  const parts = Array.from({ length: Math.ceil(COUNT / AT_A_TIME) }, (_, i) => [i * AT_A_TIME]);
  it.each(parts)('those from number %i on', async (start) => {
    for (let i = start; i < Math.min(COUNT, start + AT_A_TIME); i++) {
      const seed = SEED * 1_000_000 + i;
      const network = randomNetwork(new Random(seed));
      const bad = await wrong(network, seed).catch((error) => `failed: ${error}`);
      const what = network.what.join(', ');
      expect({ seed, what, bad }).toEqual({ seed, what, bad: null });
      tally[network.expected]++;
    }
  });

  it('and not all of them are refused', () => {
    expect(tally.taken).toBeGreaterThan(0.3 * COUNT);
    expect(tally.refused).toBeGreaterThan(0.3 * COUNT);
  });
});
