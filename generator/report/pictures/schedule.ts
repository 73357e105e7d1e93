import type { PlayedSchedule } from '../schedule/playing.js';
import { CAUSE_TEXTS, CAUSES, type Cause, type Span } from '../schedule/spans.js';
import { chart, numberAxis, type Palette, type Picture, rowAxis } from './picture.js';

const STEP = 22;

/** Colours of causes, by their places in the series. */
const CAUSE_COLOURS: Readonly<Record<Cause, 1 | 2 | 3 | 4 | 5>> = {
  input: 5,
  values: 4,
  output: 3,
  lanes: 1,
  table: 2,
};

/** Array, memories, lanes and streams over cycles; waits in colours of their causes. */
export function schedulePicture(played: PlayedSchedule, palette: Palette): Picture {
  const { rows, spans, cycles, shown, counts } = played;
  const causes = CAUSES.filter((cause) => played.waits[cause] > 0);
  const isWait = (kind: Span['kind']): kind is Cause =>
    (CAUSES as readonly string[]).includes(kind);
  const colour = (span: Span) =>
    isWait(span.kind)
      ? palette.series[CAUSE_COLOURS[span.kind]]
      : span.frame % 2 === 0
        ? palette.accent
        : palette.series[2];
  const values = spans.map((span) => ({
    row: span.row,
    from: span.from,
    to: span.to + 1,
    colour: colour(span),
    opacity: span.kind === 'ahead' ? 0.45 : 1,
    text: textOf(span, counts),
  }));
  const waited = causes.map((cause) => `${played.waits[cause]} cycles, ${CAUSE_TEXTS[cause]}`);
  const label = `${shown}: ${cycles} cycles; the array waits ${waited.length === 0 ? 'never' : waited.join('; ')}`;
  const spec = chart(palette, rows.length * STEP, {
    data: [{ name: 'spans', values }],
    // the cycles that are shown: a page narrows them
    signals: [{ name: 'window', value: [0, cycles] }],
    scales: [
      { name: 'y', type: 'band', domain: [...rows], range: 'height', padding: 0.25 },
      { name: 'x', type: 'linear', domain: { signal: 'window' }, range: 'width', zero: false },
      {
        name: 'cause',
        type: 'ordinal',
        domain: causes.map((cause) => CAUSE_TEXTS[cause]),
        range: causes.map((cause) => palette.series[CAUSE_COLOURS[cause]]),
      },
    ],
    axes: [rowAxis('y'), numberAxis('x', 'bottom', 'cycle')],
    legends: causes.length === 0 ? [] : [{ fill: 'cause', title: 'waits for', columns: 2 }],
    marks: [
      {
        type: 'rect',
        aria: false,
        clip: true,
        from: { data: 'spans' },
        encode: {
          enter: {
            y: { scale: 'y', field: 'row' },
            height: { scale: 'y', band: 1 },
            fill: { field: 'colour' },
            fillOpacity: { field: 'opacity' },
            // a cycle of many is thinner than a pixel
            stroke: { field: 'colour' },
            strokeWidth: { value: 0.5 },
            strokeOpacity: { field: 'opacity' },
            tooltip: { field: 'text' },
          },
          update: { x: { scale: 'x', field: 'from' }, x2: { scale: 'x', field: 'to' } },
        },
      },
    ],
  });
  return { id: 'schedule', title: `Schedule: ${shown}`, label, spec };
}

function textOf({ kind, frame, from, to, row }: Span, counts: PlayedSchedule['counts']): string {
  const when = `cycles ${from} to ${to} (${to - from + 1})`;
  if (kind === 'ahead') return `${row}: ${counts} ${frame}, sums done ahead, ${when}`;
  if (kind === 'work') return `${row}: ${counts} ${frame}, ${when}`;
  return `${row}: ${CAUSE_TEXTS[kind]}, ${when}`;
}
