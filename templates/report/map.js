import { isKept, keptSums } from './map-data.js';
import { factsOf, labelOf, mapElements, placeText } from './map-elements.js';
import { paintMap } from './map-paint.js';
import * as views from './map-view.js';

/** Zoom of a button or key, and of a step of the wheel. */
const STEP = 1.6;
const WHEEL_STEP = 0.002;
/** How near to the window a map is drawn, and when what is said to those who listen has settled, in milliseconds. */
const NEAR = '600px';
const SETTLED = 400;
/** On paper: colours that need no ground, and dots of a printer. */
const ON_PAPER = { ink: '#000', paper: '#fff', accent: '#111', muted: '#444', line: '#bbb' };
const PAPER_RATIO = 3;

/**
 * Shows the sparsity map of a matrix in an element. It takes the width of the element; it is unpacked and drawn when it comes near
 * the window, and before the page is printed. Colours are those of the page: `--ink`, `--paper`, `--accent`, `--muted`, `--line`.
 * @param {HTMLElement} holder becomes the parent of all that is shown
 * @param {object} map a `MatrixMap` of generator/report/maps/map.ts
 * @returns {{redraw: () => void, view: () => object}} to draw anew after a change of the page, and what is seen now
 */
export function attachMap(holder, map) {
  const parts = mapElements(holder, map);
  const { canvas, view: frame } = parts;
  let pattern = map.patterns[0];
  let kept = null;
  let cursor = null;
  let near = false;
  let printing = false;
  let asked = 0;
  let layout = views.layoutOf(map, holder.clientWidth);
  let view = views.viewAt(layout, 1, 0, 0);

  const sums = () => {
    if (kept === null) {
      const start = performance.now();
      kept = keptSums(map, pattern);
      performance.measure('map unpacked', { start });
    }
    return kept;
  };

  const styleNow = () => {
    const style = getComputedStyle(holder);
    const colour = (name, other) => style.getPropertyValue(`--${name}`).trim() || other;
    const font = style.fontFamily;
    if (printing) return { ...ON_PAPER, font };
    return {
      ...{ ink: colour('ink', '#1b1f24'), paper: colour('paper', '#fff'), font },
      ...{ accent: colour('accent', '#0b63a5'), muted: colour('muted', '#5b6570') },
      line: colour('line', '#d5dae0'),
    };
  };

  /** Gives the canvas its place on the page, and its pixels. */
  const measure = (ratio) => {
    const width = layout.left + layout.width + 1;
    const height = layout.top + layout.height + 1;
    const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== pixels[0]) canvas.width = pixels[0];
    if (canvas.height !== pixels[1]) canvas.height = pixels[1];
    frame.style.width = `${width}px`;
  };

  const draw = () => {
    const start = performance.now();
    const ratio = printing ? PAPER_RATIO : devicePixelRatio;
    const shown = printing ? views.viewAt(layout, 1, 0, 0) : view;
    measure(ratio);
    const marked = cursor !== null && !printing && frame.matches(':focus') ? cursor : null;
    paintMap(canvas, sums(), { ...shown, ratio }, styleNow(), marked);
    // one finger scrolls the page unless there is something to move
    canvas.style.touchAction = view.zoom > 1 ? 'none' : 'pan-y';
    holder.dataset.drawn = printing ? 'print' : 'screen';
    performance.measure('map drawn', { start });
  };

  const redraw = () => {
    if (!near) return;
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(draw);
  };

  let saying = 0;
  const say = (position) => {
    const text =
      position === null ? '' : placeText(position, isKept(sums(), position.row, position.column));
    if (parts.place.textContent === text) return;
    parts.place.textContent = text;
    clearTimeout(saying);
    saying = setTimeout(() => {
      parts.live.textContent = text;
    }, SETTLED);
  };

  const show = (next) => {
    view = next;
    redraw();
  };
  const middle = () => [view.left + view.width / 2, view.top + view.height / 2];
  const zoom = (factor) => {
    const centre = cursor !== null && views.isSeen(view, cursor) ? cursor : null;
    if (centre === null) show(views.zoomedAt(view, factor, ...middle()));
    else show(views.centredAt(layout, view.zoom * factor, centre));
  };
  const fit = () => show(views.viewAt(layout, 1, 0, 0));

  const moveTo = (row, column) => {
    cursor = {
      row: Math.min(map.rows - 1, Math.max(0, row)),
      column: Math.min(map.columns - 1, Math.max(0, column)),
    };
    show(views.centredAt(layout, view.zoom, cursor));
    say(cursor);
  };
  const move = (down, right, one) => {
    if (cursor === null || !views.isSeen(view, cursor)) cursor = views.middleOf(view);
    const step = (scale, length) =>
      one || scale >= 8 ? 1 : Math.max(1, Math.round(length / scale / 16));
    const rows = down * step(view.scaleY, view.height);
    moveTo(cursor.row + rows, cursor.column + right * step(view.scaleX, view.width));
  };
  const keys = {
    ArrowUp: (one) => move(-1, 0, one),
    ArrowDown: (one) => move(1, 0, one),
    ArrowLeft: (one) => move(0, -1, one),
    ArrowRight: (one) => move(0, 1, one),
    '+': () => zoom(STEP),
    '=': () => zoom(STEP),
    '-': () => zoom(1 / STEP),
    0: fit,
    Home: () => moveTo(0, 0),
    End: () => moveTo(map.rows - 1, map.columns - 1),
  };
  frame.addEventListener('keydown', (event) => {
    const act = keys[event.key];
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(event.shiftKey);
  });
  for (const kind of ['focus', 'blur']) frame.addEventListener(kind, redraw);
  parts.nearer.addEventListener('click', () => zoom(STEP));
  parts.farther.addEventListener('click', () => zoom(1 / STEP));
  parts.fit.addEventListener('click', fit);

  const pointOf = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  frame.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { x, y } = pointOf(event);
      show(views.zoomedAt(view, Math.exp(-event.deltaY * WHEEL_STEP), x, y));
    },
    { passive: false },
  );

  /** Where fingers, or the pressed pointer, were last. */
  const pressed = new Map();
  const spread = ([a, b]) => Math.hypot(a.x - b.x, a.y - b.y);
  const between = (points) => ({
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  });
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const point = pointOf(event);
    pressed.set(event.pointerId, point);
    cursor = views.positionAt(view, point.x, point.y) ?? cursor;
    say(cursor);
  });
  canvas.addEventListener('pointermove', (event) => {
    const point = pointOf(event);
    if (!pressed.has(event.pointerId)) {
      say(views.positionAt(view, point.x, point.y));
      return;
    }
    const before = [...pressed.values()];
    pressed.set(event.pointerId, point);
    const now = [...pressed.values()];
    const [from, to] = [between(before), between(now)];
    const moved = views.panned(view, to.x - from.x, to.y - from.y);
    if (now.length !== 2) show(moved);
    else show(views.zoomedAt(moved, spread(now) / Math.max(1, spread(before)), to.x, to.y));
  });
  for (const kind of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(kind, (event) => pressed.delete(event.pointerId));
  }
  canvas.addEventListener('pointerleave', () => say(frame.matches(':focus') ? cursor : null));

  const describe = () => {
    frame.setAttribute('aria-label', labelOf(map, pattern));
    parts.facts.textContent = factsOf(map, pattern);
  };
  parts.gates?.addEventListener('change', () => {
    pattern = map.patterns[Number(parts.gates.value)];
    kept = null;
    describe();
    redraw();
  });

  const resize = () => {
    if (holder.clientWidth === 0) return;
    const centre = views.middleOf(view);
    layout = views.layoutOf(map, holder.clientWidth);
    view = views.centredAt(layout, view.zoom, centre);
    if (near) redraw();
    else measure(1);
  };
  new ResizeObserver(resize).observe(holder);
  // also when a window comes to a screen of other pixels
  addEventListener('resize', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

  new IntersectionObserver(
    (entries) => {
      near = entries.at(-1).isIntersecting;
      if (near) redraw();
      else kept = null; // four bytes for each position
    },
    { rootMargin: NEAR },
  ).observe(holder);

  const print = (now) => {
    if (now === printing) return;
    printing = now;
    cancelAnimationFrame(asked);
    if (now || near) draw();
    if (!near) kept = null;
  };
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
  const printed = matchMedia('print');
  printed.addEventListener('change', () => print(printed.matches));

  describe();
  measure(1);
  return { redraw, view: () => view };
}
