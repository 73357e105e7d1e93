import type { Axis, Config, Spec } from 'vega';

/** A chart: a Vega specification whose width is that of its place. */
export interface Picture {
  /** Unlike any other of the report. */
  readonly id: string;
  readonly title: string;
  /** What it shows, in a sentence, for those who do not see it. */
  readonly label: string;
  readonly spec: Spec;
}

/** Colours by their use: those of a page follow its style sheet, those of a still picture are fixed. */
export interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly paper: string;
  readonly accent: string;
  readonly warning: string;
  /** Of series, told apart by people who see few colours, too. */
  readonly series: readonly [string, string, string, string, string, string];
}

const SERIES = ['#3366cc', '#d9822b', '#2a9d8f', '#9b5fc0', '#c4453c', '#7a8793'] as const;

/** Of a page: the variables of its style sheet. */
export const PAGE: Palette = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  paper: 'var(--paper)',
  accent: 'var(--accent)',
  warning: 'var(--warning)',
  series: SERIES.map((_, i) => `var(--series-${i})`) as unknown as Palette['series'],
};

/** Of a still picture on white. */
export const STILL: Palette = {
  ink: '#1b2330',
  muted: '#5b6675',
  line: '#d7dce3',
  paper: '#ffffff',
  accent: '#2457c5',
  warning: '#b4232a',
  series: SERIES,
};

/** Width of a still picture, in pixels; on a page the width is that of the place. */
export const STILL_WIDTH = 760;

/** What all charts have in common; `height` is that of the plot, `width` that of all. */
export function chart(palette: Palette, height: number, rest: Spec): Spec {
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    autosize: { type: 'fit-x', contains: 'padding' },
    width: STILL_WIDTH,
    height,
    padding: { left: 4, right: 12, top: 6, bottom: 4 },
    config: configOf(palette),
    ...rest,
  };
}

function configOf({ ink, muted, line }: Palette): Config {
  const font = 'system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif';
  return {
    axis: {
      domainColor: line,
      tickColor: line,
      gridColor: line,
      labelColor: muted,
      titleColor: ink,
      labelFont: font,
      titleFont: font,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      aria: false,
    },
    legend: {
      labelColor: muted,
      titleColor: ink,
      labelFont: font,
      titleFont: font,
      labelFontSize: 11,
      titleFontSize: 11,
      titleFontWeight: 'normal',
      orient: 'top',
      direction: 'horizontal',
      symbolType: 'square',
      offset: 6,
      aria: false,
    },
    text: { fill: ink, font, fontSize: 11 },
    title: { color: ink, font, fontSize: 14, anchor: 'start', subtitleColor: muted, offset: 10 },
  } as Config;
}

/** An axis of whole numbers with thin lines across the plot. */
export function numberAxis(scale: string, orient: 'bottom' | 'left', title: string): Axis {
  return {
    ...{ scale, orient, title, grid: true, gridOpacity: 0.6, tickCount: 6, domain: false },
    labelOverlap: true,
  };
}

/** The names of rows at the left, without a line. */
export function rowAxis(scale: string): Axis {
  return { scale, orient: 'left', ticks: false, domain: false, labelPadding: 8, labelLimit: 190 };
}

/** A picture by itself, on paper with its title: what `draw` writes. */
export function still(picture: Picture): Spec {
  return {
    ...picture.spec,
    background: STILL.paper,
    padding: 14,
    title: { text: picture.title, subtitle: picture.label },
    description: picture.label,
  };
}
