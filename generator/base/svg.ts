import type { Spec } from 'vega';

/** A Vega specification as SVG text. Vega is loaded here, because only a plot needs it. */
export async function svgOf(spec: Spec): Promise<string> {
  const { parse, View } = await import('vega');
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}
