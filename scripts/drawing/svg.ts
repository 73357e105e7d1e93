/** Something that takes cycles, the first and the last of them both inside. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Chooses the colour: bars of one frame have one. */
  readonly frame: number;
  /** Of the input side: a lighter tone. */
  readonly light?: boolean;
  readonly text?: string;
}

export interface Row {
  readonly label: string;
  readonly bars: readonly Bar[];
}

/** A timeline: rows under each other on one axis of cycles. */
export interface Timeline {
  readonly title: string;
  readonly rows: readonly Row[];
  /** Cycles that are shown, from 0 on. */
  readonly cycles: number;
  /** What an array does, or each of several: cycles without a tile are grey. */
  readonly arrays: readonly Row[];
}

const WIDTH = 960;
const LEFT = 110;
const ROW = 22;
const BAR = 16;
const TOP = 34;
/** Dark enough for white digits, and apart for those who tell no red from green. */
const COLOURS = ['#1f5f99', '#b8590f', '#5b4a9e', '#00755e'] as const;
const IDLE = '#d0d0d0';

const px = (value: number): string => String(Math.round(value * 100) / 100);
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** The picture as SVG text: the same timeline gives the same bytes. */
export function timelineSvg({ title, arrays, rows, cycles }: Timeline): string {
  const all = [...arrays, ...rows];
  const height = TOP + ROW * all.length + 26;
  const scale = (WIDTH - LEFT - 10) / cycles;
  const x = (cycle: number) => LEFT + cycle * scale;
  const bar = (own: Bar, y: number): string[] => {
    if (own.from >= cycles) return [];
    const width = (Math.min(own.to + 1, cycles) - own.from) * scale;
    const colour = COLOURS[own.frame % COLOURS.length];
    const box = `x="${px(x(own.from))}" y="${px(y)}" width="${px(width)}" height="${BAR}"`;
    const tone = own.light ? ' fill-opacity="0.55"' : '';
    const fits = own.text !== undefined && width >= 7 * own.text.length + 3;
    return [
      `  <rect ${box} fill="${colour}"${tone}/>`,
      ...(fits
        ? [
            `  <text x="${px(x(own.from) + width / 2)}" y="${px(y + 12)}" fill="#ffffff" text-anchor="middle">${escaped(own.text as string)}</text>`,
          ]
        : []),
    ];
  };
  const label = (text: string, y: number) =>
    `  <text x="${LEFT - 8}" y="${px(y + 12)}" text-anchor="end">${escaped(text)}</text>`;
  const axis = TOP + ROW * all.length + 4;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="11">`,
    `  <title>${escaped(title)}</title>`,
    `  <rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `  <text x="10" y="18" font-size="13">${escaped(title)}</text>`,
    ...all.flatMap((row, n) => {
      const y = TOP + ROW * n;
      const idle = `  <rect x="${LEFT}" y="${y}" width="${px(cycles * scale)}" height="${BAR}" fill="${IDLE}"/>`;
      const behind = n < arrays.length ? [idle] : [];
      return [label(row.label, y), ...behind, ...row.bars.flatMap((own) => bar(own, y))];
    }),
    `  <line x1="${LEFT}" y1="${axis}" x2="${px(x(cycles))}" y2="${axis}" stroke="#000000"/>`,
    ...ticks(cycles).flatMap((cycle) => [
      `  <line x1="${px(x(cycle))}" y1="${axis}" x2="${px(x(cycle))}" y2="${axis + 4}" stroke="#000000"/>`,
      `  <text x="${px(x(cycle))}" y="${axis + 16}" text-anchor="middle">${cycle}</text>`,
    ]),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

/** Round numbers of cycles, about ten of them. */
function ticks(cycles: number): readonly number[] {
  const step = [10, 20, 50, 100, 200, 500].find((one) => cycles / one <= 12) ?? 1000;
  return Array.from({ length: Math.floor(cycles / step) + 1 }, (_, n) => n * step);
}
