import { isDeepStrictEqual } from 'node:util';
import { multipliers, planChain } from '../../accelerator/index.js';
import type { Configuration, VerilogStyle } from '../../accelerator/plan/configuration.js';
import { shellWord } from '../../base/printable.js';
import { parseModel } from '../../network/compressed-model.js';
import { MACROS_FILE } from '../manifest/manifest.js';
import { isDesignName } from '../manifest/name.js';
import { asRecord, hasSourceLines, type Raw } from './raw.js';
import { storedOf, storedOptions } from './stored.js';

/**
 * The command line that makes a chain anew from its own model; null where the engines that it makes are not those of the manifest:
 * options that differ from engine to engine are not in it.
 */
export function chainAgain(directory: string, raw: Raw, bytes: Uint8Array): string | null {
  const { name, engines } = asRecord(raw.parameters);
  if (typeof name !== 'string' || !isDesignName(name) || !Array.isArray(engines)) return null;
  const known = engines as readonly Configuration[];
  try {
    const macs = Math.max(...known.map(multipliers));
    const [emit, style] = [known.at(-1)?.emit, known[0]?.style as VerilogStyle];
    const stored = storedOf(asRecord(known[0]));
    const macros = known[0]?.macros;
    const bus = known[0]?.bus;
    const plan = planChain(
      parseModel(bytes, 'model.safetensors'),
      { name, macs, emit, style, macros, bus, ...stored },
      known.length,
    );
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(plan.chain.engines)), known)) return null;
    return [
      `hcgs generate ${shellWord(`${directory}/model.safetensors`)} --engines ${known.length} --macs ${macs}`,
      ...(emit === 'last' ? ['--emit last'] : []),
      ...storedOptions(stored),
      ...(macros === undefined ? [] : [`--macros ${shellWord(`${directory}/${MACROS_FILE}`)}`]),
      ...(bus === undefined ? [] : [`--bus ${bus}`]),
      ...(style === 'specialised' ? ['--style specialised'] : []),
      ...(hasSourceLines(raw) ? [] : ['--no-source']),
      `--name ${name} -o ${shellWord(directory)}`,
    ].join(' ');
  } catch {
    return null; // no model of this version, or no engines: the command would say so
  }
}
