import { onFamily } from '../../accelerator/resources/on-family.js';
import {
  choicesFile,
  choicesScript,
  MULTIPLIER_RULES,
  type MultiplierRule,
  type MultiplierRules,
} from '../../design/manifest/choices.js';
import { type Design, designHardware } from '../../design/read/read.js';
import type { Device } from '../../devices/family.js';
import { badValue } from './options.js';

const FIELD = '--multipliers';
const EXPECTED = 'dsp, logic or auto, or macs=RULE,cells=RULE';

/** Reads `logic`, `macs=dsp,cells=logic` or `cells=logic`; what is not named is auto. Null: the option is not there. */
export function multiplierRules(given: string | undefined): MultiplierRules | null {
  if (given === undefined) return null;
  const rule = (text: string): MultiplierRule => {
    const found = MULTIPLIER_RULES.find((r) => r === text);
    if (found === undefined) throw badValue(FIELD, EXPECTED, given);
    return found;
  };
  if (!given.includes('=')) return { macs: rule(given), cells: rule(given) };
  const rules = { macs: 'auto', cells: 'auto' } as { macs: MultiplierRule; cells: MultiplierRule };
  for (const part of given.split(',')) {
    const [group = '', text = ''] = part.split('=');
    if (group !== 'macs' && group !== 'cells') throw badValue(FIELD, EXPECTED, given);
    rules[group] = rule(text);
  }
  return rules;
}

/**
 * The choices for a device: those that the design carries, which flow/Makefile takes too, or, where the user gave
 * rules for its multiplications, made anew.
 */
export function choicesOf(
  { manifest, files }: Design,
  rules: MultiplierRules | null,
): (device: Device) => string {
  return (device) => {
    if (rules === null) return text(files.get(choicesFile(device.name)));
    const images = new Map(
      [...files]
        .filter(([path]) => path.startsWith('mem/'))
        .map(([path, bytes]) => [path, text(bytes)] as const),
    );
    const { on } = onFamily(device.family, designHardware(manifest), images);
    return choicesScript(device, on(device), rules);
  };
}

function text(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? '' : Buffer.from(bytes).toString();
}
