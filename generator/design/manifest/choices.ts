import type { Hardware } from '../../accelerator/index.js';
import { onFamily } from '../../accelerator/resources/on-family.js';
import type { PlacedProducts, Placement } from '../../accelerator/resources/placement.js';
import type { PredictedMemory } from '../../accelerator/resources/predict.js';
import { TERMS } from '../../base/terms.js';
import type { Device } from '../../devices/family.js';
import { devicesOf, PLACED_FAMILIES } from '../../devices/find.js';

/** Where the multiplications of a group go: multipliers of the device, logic, or the former while they last. */
export const MULTIPLIER_RULES = ['dsp', 'logic', 'auto'] as const;
export type MultiplierRule = (typeof MULTIPLIER_RULES)[number];

/** A rule for the MAC array, and one for everything else: the cell lanes. */
export interface MultiplierRules {
  readonly macs: MultiplierRule;
  readonly cells: MultiplierRule;
}

/** Instance of the MAC array below the core. */
const ARRAY = 'u_array';

/** File of the choices for a device, relative to the design. */
export const choicesFile = (device: string): string => `flow/choices/${device}.ys`;

/**
 * The choices for every device that has room for the weights and needs choices, by path in the design directory. Of
 * families that are placed and routed here: the others are left to their makers' tools.
 */
export function choicesFiles(
  c: Hardware,
  images: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const family of PLACED_FAMILIES) {
    const { on } = onFamily(family, c, images);
    for (const device of devicesOf(family)) {
      const placement = on(device);
      if (placement.blockRams > device.blockRams) continue;
      const script = choicesScript(device, placement);
      if (script !== '') files.set(choicesFile(device.name), script);
    }
  }
  return files;
}

/**
 * Yosys commands that put memories and multiplications of a design where a device has room for them, to be run between
 * reading the design and mapping it; empty where nothing has to be chosen. Memories go where `placement` has them.
 */
export function choicesScript(
  device: Device,
  placement: Placement,
  rules: MultiplierRules = { macs: 'auto', cells: 'auto' },
): string {
  const commands = [
    ...memoryCommands(placement),
    ...productCommands(inMultipliers(placement.products, device.multipliers, rules)),
  ];
  if (commands.length === 0) return '';
  return [
    `# ${TERMS}`,
    `# What of the design is where on ${device.name}: memories that would take a block RAM too many, and`,
    '# multiplications in logic.',
    ...commands,
    '',
  ].join('\n');
}

/** What Yosys calls the places of memories that are not where it would put them. */
const STYLES: Partial<Readonly<Record<PredictedMemory['place']['kind'], string>>> = {
  block: 'block',
  distributed: 'distributed',
  'single-port': 'huge',
};

function memoryCommands({ memories, movedMemories, blockMemories }: Placement): readonly string[] {
  const moved = new Set([...movedMemories, ...blockMemories]);
  return (
    memories
      .filter(({ path, place }) => moved.has(path) || place.kind === 'single-port')
      // a whole name selects itself, whatever brackets it has
      .map(({ path, place, kind }: PredictedMemory) => {
        const style = STYLES[place.kind] ?? 'logic';
        return `setattr -set ${kind}_style "${style}" m:${path}`;
      })
  );
}

function productCommands(products: readonly PlacedProducts[]): readonly string[] {
  const soft = products.filter((p) => p.multipliers > 0 && p.inMultipliers < p.count);
  if (soft.length === 0) return [];
  const selections = soft.map(({ block, count, a, b, inMultipliers: hard }) => {
    const number = hard === 0 ? '' : ` %R${count - hard}`;
    return `alumacc c:*u_core.*${block}.* t:$mul %i r:A_WIDTH=${a} %i r:B_WIDTH=${b} %i${number}`;
  });
  // widths as mapping will see them
  return ['opt_expr', 'opt_clean', 'wreduce t:$mul', ...selections];
}

/** The products with as many of each in multipliers as the rules say: of `auto`, the array first, then the largest. */
function inMultipliers(
  products: readonly PlacedProducts[],
  available: number,
  rules: MultiplierRules,
): readonly PlacedProducts[] {
  const ruleOf = ({ block }: PlacedProducts) => (block === ARRAY ? rules.macs : rules.cells);
  const first = (p: PlacedProducts) => Number(ruleOf(p) === 'dsp') * 2 + Number(p.block === ARRAY);
  const inOrder = [...products].sort((p, q) => first(q) - first(p) || q.a * q.b - p.a * p.b);
  let left = available;
  const placed = new Map<PlacedProducts, number>();
  for (const p of inOrder) {
    const room = ruleOf(p) === 'dsp' ? p.count : Math.floor(left / Math.max(1, p.multipliers));
    const count = ruleOf(p) === 'logic' ? 0 : Math.max(0, Math.min(p.count, room));
    left -= count * p.multipliers;
    placed.set(p, count);
  }
  return products.map((p) => ({ ...p, inMultipliers: placed.get(p) as number }));
}
