import { writeFileSync } from 'node:fs';
import type { MatrixMap } from '../../../generator/report/maps/map.js';
import { mapScript, mapStyle } from '../../../generator/report/maps/script.js';

/** Colours of the page, in light and in dark. */
export const COLOURS = {
  light: { ink: '#1b1f24', paper: '#ffffff', accent: '#0b63a5', muted: '#5b6570', line: '#d5dae0' },
  dark: { ink: '#e6e9ec', paper: '#15181c', accent: '#6db3e8', muted: '#9aa4ae', line: '#343a41' },
} as const;

const variables = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');

/**
 * Writes a page that shows maps below each other, `apart` pixels from one to the next: `#map0`, `#map1` ...; what `attachMap`
 * gives of them is in `maps`.
 */
export function writeMapPage(file: string, maps: readonly MatrixMap[], apart = 24): void {
  const json = JSON.stringify(maps).replaceAll('<', '\\u003c');
  const holders = maps.map((_, n) => `<div id="map${n}" style="margin-bottom: ${apart}px"></div>`);
  writeFileSync(
    file,
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Maps</title>
<meta name="viewport" content="width=device-width"><style>
:root { color-scheme: light dark; ${variables(COLOURS.light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(COLOURS.dark)} } }
body { margin: 16px; font: 16px 'Liberation Sans', sans-serif; background: var(--paper); color: var(--ink); }
${mapStyle()}</style></head><body>${holders.join('\n')}
<script>${mapScript()}
const maps = ${json}.map((map, n) => attachMap(document.getElementById('map' + n), map));
</script></body></html>`,
  );
}
