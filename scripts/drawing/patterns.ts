import { Random } from '../../generator/base/random.js';
import { patternKinds } from '../../generator/sparsity/kind-of.js';

/** The matrix of a picture. */
export const PICTURED = { rows: 32, columns: 64 } as const;

/** What a kind is drawn with: texts of its options. */
const TEXTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hcgs: { blocks: '8,2', keep: '1/2,1/2' },
  strips: { blocks: '8x32', rate: '4,1.3' },
  kernels: { blocks: '16x16', rate: '4' },
};
/** The same for a kind that has no line above, as far as it takes these options. */
const USUAL: Readonly<Record<string, string>> = { blocks: '16', keep: '1/4', rate: '4' };

const CELL = 12;
const EDGE = 10;
const TOP = 30;
const KEPT = '#1f5f99';
const DROPPED = '#e4e4e4';

/** A picture of a random matrix of each kind of the registry, by its path: the same pictures on every machine. */
export function patternPictures(): ReadonlyMap<string, string> {
  return new Map(
    patternKinds().map((kind) => {
      const { parse, report, draw } = kind;
      const usual = Object.entries(USUAL).filter(([name]) => parse.options.includes(`--${name}`));
      const spec = parse.spec(TEXTS[kind.kind] ?? Object.fromEntries(usual));
      const pattern = draw(PICTURED, spec, new Random(1));
      const runs = Array.from({ length: PICTURED.rows }, (_, row) => kind.runsOfRow(pattern, row));
      const kept = kind.counts.kept(pattern);
      const all = PICTURED.rows * PICTURED.columns;
      const title = `Pattern ${kind.kind}, ${report.text(pattern)}: ${kept} of ${all} weights kept`;
      return [`docs/patterns/${kind.kind}.svg`, matrixSvg(title, runs)];
    }),
  );
}

/** Kept weights dark, in rows from top to bottom; what lies beyond the matrix is left out. */
function matrixSvg(
  title: string,
  runs: readonly (readonly (readonly [first: number, width: number])[])[],
): string {
  const { rows, columns } = PICTURED;
  const [width, height] = [columns * CELL + 2 * EDGE, rows * CELL + TOP + EDGE];
  const boxes = runs.flatMap((own, row) =>
    own
      .filter(([first]) => first < columns)
      .map(([first, length]) => {
        const end = Math.min(columns, first + length);
        const [x, y] = [EDGE + first * CELL, TOP + row * CELL];
        return `  <rect x="${x}" y="${y}" width="${(end - first) * CELL - 1}" height="${CELL - 1}" fill="${KEPT}"/>`;
      }),
  );
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13">`,
    `  <title>${title}</title>`,
    `  <rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `  <text x="${EDGE}" y="20">${title}</text>`,
    `  <rect x="${EDGE}" y="${TOP}" width="${columns * CELL - 1}" height="${rows * CELL - 1}" fill="${DROPPED}"/>`,
    ...boxes,
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}
