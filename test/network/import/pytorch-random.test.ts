import { describe, expect, it } from 'vitest';
import { UserError } from '../../../generator/base/errors.js';
import { Random } from '../../../generator/base/random.js';
import { writeSafetensors } from '../../../generator/network/formats/safetensors.js';
import { importNetwork } from '../../../generator/network/import/import.js';
import type { Imported } from '../../../generator/network/import/imported.js';
import { runBothWays } from '../../support/both-ways.js';
import { onnxFile } from '../../support/onnx.js';
import { OnnxRuntime } from '../../support/onnx-runtime.js';
import { type RandomNetwork, randomStateDict } from './support/random-state-dict.js';

/**
 * Networks around an LSTM as state_dict, and the same networks in ONNX Runtime. A state_dict does not show functions
 * without weights, so none of these networks hides one before or behind an output layer that is its only one.
 */
const SEED = 62;
const COUNT = Number(process.env.HCGS_RANDOM_NETWORKS ?? 400);
const FRAMES = 9;
const LIMIT = 1e-4;

type Result = { readonly imported: Imported } | { readonly refused: UserError };

function read({ file }: RandomNetwork, map: readonly string[]): Result {
  try {
    return { imported: importNetwork(writeSafetensors(file), 'net.safetensors', { map }) };
  } catch (error) {
    if (error instanceof UserError) return { refused: error };
    throw error;
  }
}

/** Why what was imported is not the network, or null. */
async function difference(net: RandomNetwork, { model }: Imported): Promise<string | null> {
  if (net.graph === null) return 'no LSTM computes this network';
  const { inputs } = model.layers[0] ?? { inputs: 0 };
  if (inputs !== net.raw) return `frames of ${inputs} values, not ${net.raw}`;
  const random = new Random(7);
  const frames = Array.from({ length: FRAMES }, () =>
    Float64Array.from({ length: inputs }, () => Math.fround(2 * random.unit() - 1)),
  );
  const own = runBothWays(
    model,
    frames.map((frame) => [...frame]),
  ).outputs.flat();
  const runtime = await OnnxRuntime.load(onnxFile(net.graph));
  const data = frames.flatMap((frame) => [...frame]);
  const outputs = await runtime.run({ x: { dims: [FRAMES, 1, inputs], data } });
  await runtime.release();
  const theirs = [...outputs.values()][0]?.data ?? new Float64Array();
  if (own.length !== theirs.length) return `${own.length} outputs, not ${theirs.length}`;
  const far = own.findIndex((one, i) => !(Math.abs(one - (theirs[i] as number)) <= LIMIT));
  return far < 0 ? null : `output ${far} is ${own[far]}, not ${theirs[far]}`;
}

/** Names of modules and tensors of the file in a message. */
function names({ file }: RandomNetwork, { report }: UserError): boolean {
  const text = `${report.field} ${report.got} ${report.message}`;
  return [...file.tensors.keys()].some((name) => {
    const module = name.replace(/\.[^.]*$/, '');
    return text.includes(name) || text.includes(module);
  });
}

describe(`${COUNT} random networks as state_dict, seed ${SEED}`, () => {
  const random = new Random(SEED);
  const nets = Array.from({ length: COUNT }, () => randomStateDict(random));

  it('are taken as they are, or refused by name', async () => {
    const wrong: string[] = [];
    let [accepted, possible] = [0, 0];
    for (const net of nets) {
      if (net.map !== null) possible++;
      const result = read(net, []);
      if ('refused' in result) {
        if (!names(net, result.refused)) wrong.push(`${net.what}: ${result.refused.message}`);
        continue;
      }
      const differs = await difference(net, result.imported);
      if (differs !== null) wrong.push(`${net.what}: taken, but ${differs}`);
      else accepted++;
    }
    console.info(`${accepted} of ${COUNT} taken unasked, ${possible} that hardware can compute`);
    expect(wrong).toEqual([]);
    expect(accepted).toBeGreaterThan(0.25 * possible);
  });

  it('are taken when the user says what each module is, where hardware can compute them', async () => {
    const wrong: string[] = [];
    for (const net of nets) {
      if (net.map === null) continue;
      const result = read(net, net.map);
      const differs =
        'refused' in result ? result.refused.message : await difference(net, result.imported);
      if (differs !== null) wrong.push(`${net.what} ${net.map.join(' ')}: ${differs}`);
    }
    expect(wrong).toEqual([]);
  });

  it('are never taken in silence when the map explains only a part', async () => {
    const wrong: string[] = [];
    for (const net of nets) {
      for (const one of net.map ?? []) {
        const result = read(net, [one]);
        if ('refused' in result) continue;
        const differs = await difference(net, result.imported);
        if (differs !== null) wrong.push(`${net.what} ${one}: ${differs}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
