/** The elements of a map, and its words. */

const KEYS =
  'Arrow keys move, with Shift by one position; plus and minus zoom, 0 shows all; Home and End go to the first and the last position.';

let maps = 0;

/** A number with its thousands apart. */
const counted = (value) => value.toLocaleString('en-US');

/** What a pattern of a map keeps, in words. */
export function factsOf({ rows, columns }, { kept, filled, pattern }) {
  const share = (100 * kept) / (rows * columns);
  const percent = share > 0 && share < 0.1 ? share.toPrecision(1) : share.toFixed(1);
  const added = filled > 0 ? `, ${counted(filled)} added to fill blocks` : '';
  return `${counted(kept)} of ${counted(rows * columns)} weights kept (${percent} %)${added}, ${pattern}`;
}

/** The name of a map for those who do not see it. */
export function labelOf(map, pattern) {
  const gate = pattern.gate === null ? '' : `, gate ${pattern.gate}`;
  return `Sparsity map of ${map.name}${gate}: ${counted(map.rows)} rows, ${counted(map.columns)} columns, ${factsOf(map, pattern)}`;
}

/** Where a position is, and whether it is kept. */
export function placeText({ row, column }, kept) {
  return `row ${row}, column ${column}: ${kept ? 'kept' : 'zero'}`;
}

function element(name, properties, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * Puts the elements of a map into its holder.
 * @returns {{view: HTMLElement, canvas: HTMLCanvasElement, facts: HTMLElement, place: HTMLElement, live: HTMLElement,
 *   gates: HTMLSelectElement | null, nearer: HTMLElement, farther: HTMLElement, fit: HTMLElement}} `place` is read by those who
 *   see it, `live` by those who do not
 */
export function mapElements(holder, map) {
  const id = `map-keys-${++maps}`;
  const button = (text, label) =>
    element(
      'button',
      { type: 'button', 'aria-label': `${label}, ${map.name}`, title: label },
      text,
    );
  const parts = {
    canvas: element('canvas', { 'aria-hidden': 'true' }),
    facts: element('span', { class: 'map-facts' }),
    place: element('span', { class: 'map-place', 'aria-hidden': 'true' }),
    live: element('span', { class: 'map-unseen', 'aria-live': 'polite' }),
    nearer: button('+', 'Zoom in'),
    farther: button('\u2212', 'Zoom out'),
    fit: button('Fit', 'Fit'),
    gates: null,
  };
  const view = element('div', {
    ...{ class: 'map-view', tabindex: '0', role: 'application' },
    ...{ 'aria-roledescription': 'sparsity map', 'aria-describedby': id },
  });
  view.append(parts.canvas);
  const bar = element('div', {
    class: 'map-bar',
    role: 'group',
    'aria-label': `View of ${map.name}`,
  });
  if (map.patterns.length > 1) {
    const options = map.patterns.map(({ gate }, n) =>
      element('option', { value: String(n) }, `gate ${gate}`),
    );
    parts.gates = element('select', { 'aria-label': `Gate of ${map.name}` }, ...options);
    bar.append(parts.gates);
  }
  bar.append(parts.farther, parts.nearer, parts.fit, parts.place);
  holder.classList.add('map');
  const keys = element('span', { id, class: 'map-unseen' }, KEYS);
  holder.replaceChildren(bar, view, parts.facts, keys, parts.live);
  return { ...parts, view };
}
