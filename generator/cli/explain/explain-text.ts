import type { Theme } from './explanation.js';
import type { Explained } from './lookup.js';

/** A code for a person. */
export function explanationLines({
  code,
  theme,
  means,
  why,
  remedy,
  commands = [],
}: Explained): readonly string[] {
  return [
    `${code} (${theme})`,
    `  ${means}`,
    '',
    'why',
    `  ${why}`,
    '',
    'what to do',
    `  ${remedy}`,
    ...commands.map((command) => `    ${command}`),
  ];
}

/** Every code with a line, by theme. */
export function codeListLines(themes: readonly Theme[]): readonly string[] {
  const width = Math.max(...themes.flatMap(({ codes }) => Object.keys(codes)).map((c) => c.length));
  return themes.flatMap(({ title, codes }, n) => [
    ...(n === 0 ? [] : ['']),
    title,
    ...Object.entries(codes).map(([code, { means }]) => `  ${code.padEnd(width)}  ${means}`),
  ]);
}
