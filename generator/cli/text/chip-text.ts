import type { ChipMemories } from '../../accelerator/index.js';

/** The memories of a design with a list of macros, as JSON has them. */
export function chipReport({ macros, registers }: ChipMemories) {
  return {
    macros: macros.map(({ name, kind, words, bits, listed, area, instances }) => ({
      ...{ macro: name, kind, words, bits, listed, area, instances },
    })),
    registers,
  };
}

/** The same for a person. */
export function chipLines({ macros, registers }: ChipMemories): readonly string[] {
  const [roms, rams] = [macros.filter((m) => !m.listed), macros.filter((m) => m.listed)];
  const area = rams.reduce((sum, m) => sum + (m.area ?? 0) * m.instances.length, 0);
  return [
    '',
    `macros of the list: ${total(rams)}${area > 0 ? `, ${Math.round(area)} µm²` : ''}; ROMs, which stay: ${total(roms)}`,
    ...rams.map(({ name, instances }) => `  ${instances.length} × ${name}`),
    'registers:',
    ...registerLines(registers),
  ];
}

/** Memories of one size and reason together. */
function registerLines(registers: ChipMemories['registers']): readonly string[] {
  const groups = new Map<string, number>();
  for (const { words, bits, reason } of registers) {
    const text = `${words} words of ${bits} bits: ${reason ?? 'part of a block'}`;
    groups.set(text, (groups.get(text) ?? 0) + 1);
  }
  return [...groups].map(([text, number]) => `  ${number} × ${text}`);
}

function total(macros: ChipMemories['macros']): number {
  return macros.reduce((sum, { instances }) => sum + instances.length, 0);
}
