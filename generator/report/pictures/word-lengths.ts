import { chart, type Palette, type Picture } from './picture.js';

/** One figure of a network in several word lengths, as `sweep-bits` found it. */
export interface WordLengthMap {
  readonly name: string;
  readonly title: string;
  readonly weightBits: readonly number[];
  readonly activationBits: readonly number[];
  readonly cells: readonly {
    readonly weightBits: number;
    readonly activationBits: number;
    readonly text: string;
    /** Place between the lightest colour (0) and the darkest (1). */
    readonly shade: number;
    /** One of the smallest word lengths close to float. */
    readonly smallest: boolean;
  }[];
}

const CELL = { width: 56, height: 26 };

/** Weight bits up, activation bits across; the smallest word lengths close to float have a frame. */
export function wordLengthPicture(map: WordLengthMap, palette: Palette): Picture {
  const { weightBits, activationBits, cells, name, title } = map;
  const place = {
    x: { scale: 'x', field: 'activationBits' },
    y: { scale: 'y', field: 'weightBits' },
    width: { scale: 'x', band: 1 },
    height: { scale: 'y', band: 1 },
  };
  const spec = chart(palette, weightBits.length * CELL.height, {
    autosize: { type: 'pad' },
    width: activationBits.length * CELL.width,
    data: [
      { name: 'cells', values: cells.map((cell) => ({ ...cell, fill: 0.05 + 0.8 * cell.shade })) },
      { name: 'smallest', values: cells.filter(({ smallest }) => smallest) },
    ],
    scales: [
      { name: 'x', type: 'band', domain: [...activationBits], range: 'width' },
      { name: 'y', type: 'band', domain: [...weightBits].reverse(), range: 'height' },
    ],
    axes: [
      { scale: 'x', orient: 'bottom', title: 'activation bits (x and h)', ticks: false },
      { scale: 'y', orient: 'left', title: 'weight bits', ticks: false },
    ],
    marks: [
      {
        type: 'rect',
        aria: false,
        from: { data: 'cells' },
        encode: {
          enter: { ...place, fill: { value: palette.accent }, fillOpacity: { field: 'fill' } },
        },
      },
      {
        type: 'text',
        aria: false,
        from: { data: 'cells' },
        encode: {
          enter: {
            x: { ...place.x, band: 0.5 },
            y: { ...place.y, band: 0.5 },
            align: { value: 'center' },
            baseline: { value: 'middle' },
            text: { field: 'text' },
            fill: [{ test: 'datum.fill > 0.5', value: palette.paper }, { value: palette.ink }],
          },
        },
      },
      {
        type: 'rect',
        aria: false,
        from: { data: 'smallest' },
        encode: {
          enter: { ...place, stroke: { value: palette.ink }, strokeWidth: { value: 2.5 } },
        },
      },
    ],
  });
  const small = cells
    .filter(({ smallest }) => smallest)
    .map((cell) => `${cell.weightBits}-bit weights with ${cell.activationBits}-bit activations`);
  const label = `${title}; smallest close to float: ${small.length === 0 ? 'none' : small.join(', ')}`;
  return { id: `words-${name}`, title: 'Word lengths', label, spec };
}
