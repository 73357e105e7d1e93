import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mapOf } from '../../generator/report/maps/map.js';
import { keptMask } from '../../generator/sparsity/kept-mask.js';
import type { Mask } from '../../generator/sparsity/mask.js';
import type { Pattern } from '../../generator/sparsity/registry.js';
import { toneOf } from '../../templates/report/map-paint.js';
import { hasBrowser, type Look, startBrowser, type TestBrowser } from '../support/browser.js';
import { expectScreenshot } from '../support/screenshots.js';
import { COLOURS, writeMapPage } from './support/map-page.js';
import { matrixOf, seeded, sixteenth, unstructured } from './support/maps.js';

const SIZE = { rows: 1024, columns: 1024 };

const folder = mkdtempSync(join(tmpdir(), 'hcgs-maps-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is seen of a map, as templates/report/map-view.js says it. */
interface View {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly row: number;
  readonly column: number;
  readonly zoom: number;
}

const rgb = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** Kept positions under a rectangle of a matrix, parts of positions as parts. */
function keptUnder(mask: Mask, [top, left, bottom, right]: readonly number[]): number {
  const [t, l, b, r] = [top ?? 0, left ?? 0, bottom ?? 0, right ?? 0];
  let sum = 0;
  for (let row = Math.floor(t); row < b && row < mask.rows; row++) {
    for (let column = Math.floor(l); column < r && column < mask.columns; column++) {
      const height = Math.min(b, row + 1) - Math.max(t, row);
      const width = Math.min(r, column + 1) - Math.max(l, column);
      sum += height * width * (mask.kept[row * mask.columns + column] as number);
    }
  }
  return sum;
}

describe.skipIf(!hasBrowser)('a map in the browser', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  /** A page with maps of matrices, each of the patterns of its gates, when the first one is drawn. */
  async function shown(
    matrices: readonly (readonly Pattern[])[],
    look: Look & { readonly apart?: number } = {},
  ) {
    const file = join(folder, 'maps.html');
    const gates = ['reset', 'update', 'new'];
    const maps = matrices.map((patterns, n) => mapOf(matrixOf(patterns), `matrix ${n}`, gates));
    writeMapPage(file, maps, look.apart);
    const opened = await browser.open(file, look);
    const { page } = opened;
    await page.waitForSelector('#map0[data-drawn]');
    /** After the next picture. */
    const settled = () =>
      page.evaluate(
        'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
      );
    const view = async () => (await page.evaluate('maps[0].view()')) as View;
    const text = (selector: string) => page.$eval(selector, (found) => found.textContent);
    /** The pixels of the canvas as they are. */
    const pixels = async (n = 0) => {
      const url = await page.evaluate(`document.querySelector('#map${n} canvas').toDataURL()`);
      return PNG.sync.read(Buffer.from(String(url).split(',')[1] as string, 'base64'));
    };
    return { ...opened, settled, view, text, pixels };
  }

  /** Compares pixels at random places with the mask, grid lines and what lies under a cursor left out. */
  function expectPixels(png: PNG, view: View, mask: Mask, scheme: 'light' | 'dark' = 'light') {
    const random = seeded();
    const [paper, accent] = [rgb(COLOURS[scheme].paper), rgb(COLOURS[scheme].accent)];
    const tones = new Set<string>();
    for (let n = 0; n < 400; n++) {
      const x = random.between(2, view.width - 3);
      const y = random.between(2, view.height - 3);
      const edge = [y, x, y + 1, x + 1].map((at, side) =>
        side % 2 === 0 ? view.row + at / view.scaleY : view.column + at / view.scaleX,
      );
      const covered = 1 / view.scaleX / view.scaleY;
      const share = keptUnder(mask, edge) / covered;
      // near the edge of a position there may be a grid line
      const edgeNear = (place: number, scale: number) =>
        Math.abs(place - Math.round(place)) * scale < 2;
      const lined = edgeNear(edge[0] ?? 0, view.scaleY) || edgeNear(edge[1] ?? 0, view.scaleX);
      if (view.scaleX >= 9 && lined) continue;
      const at = 4 * ((y + view.top) * png.width + x + view.left);
      const tone = toneOf(share, covered);
      const got = [...png.data.subarray(at, at + 3)];
      const wanted = paper.map((value, i) => value + tone * ((accent[i] as number) - value));
      const far = Math.max(...wanted.map((value, i) => Math.abs(value - (got[i] as number))));
      expect(far, `pixel ${x},${y}: expected ${wanted}, got ${got}`).toBeLessThan(2);
      tones.add(share === 0 ? 'none' : share > 1 - 1e-9 ? 'all' : 'some');
    }
    return tones;
  }

  test.each([
    ['blocks', (random: ReturnType<typeof seeded>) => sixteenth(SIZE, random)],
    ['single weights', (random: ReturnType<typeof seeded>) => unstructured(SIZE, random, 16)],
  ])('of 1024 x 1024 shows the share of kept positions at any zoom: %s', async (_, draw) => {
    const pattern = draw(seeded());
    const mask = keptMask(pattern);
    const { page, problems, settled, view, pixels } = await shown([[pattern]]);
    expect(expectPixels(await pixels(), await view(), mask)).toContain('some');
    // to a kept position in the last rows, and near
    const at = mask.kept.lastIndexOf(1);
    await page.evaluate(`document.querySelector('.map-view').focus()`);
    await page.keyboard.press('End');
    for (let n = 0; n < 3; n++) await page.keyboard.press('+');
    await page.evaluate('document.activeElement.blur()');
    await settled();
    expect((await view()).scaleX).toBeLessThan(9);
    expectPixels(await pixels(), await view(), mask);
    await page.focus('.map-view');
    for (let n = 0; n < 8; n++) await page.keyboard.press('+');
    await page.evaluate('document.activeElement.blur()');
    await settled();
    const near = await view();
    expect(near.scaleX).toBe(32);
    expect(near.row + near.height / near.scaleY).toBeCloseTo(1024);
    expect(Math.floor(at / 1024)).toBeGreaterThan(1000);
    expectPixels(await pixels(), near, mask);
    expect(problems).toEqual([]);
  });

  test('shows a single kept position among a million', async () => {
    const kept = Int32Array.of(700);
    const start = Int32Array.from({ length: 1025 }, (_, row) => (row > 300 ? 1 : 0));
    // a pixel covers some 40 positions
    const { view, pixels } = await shown([[{ kind: 'mask', ...SIZE, start, kept }]], {
      width: 200,
    });
    const { left, top, scaleX, scaleY } = await view();
    const png = await pixels();
    const x = Math.floor(left + 700.5 * scaleX);
    const y = Math.floor(top + 300.5 * scaleY);
    const darkest = Math.min(
      ...[-1, 0, 1].flatMap((dy) =>
        [-1, 0, 1].map((dx) => png.data[4 * ((y + dy) * png.width + x + dx)] as number),
      ),
    );
    expect(darkest).toBeLessThan(220);
  });

  test('is moved and zoomed by keys, and says where the cursor is', async () => {
    const pattern = sixteenth(SIZE, seeded());
    const mask = keptMask(pattern);
    const { page, problems, settled, view, text } = await shown([[pattern]]);
    await page.keyboard.press('Tab');
    for (let n = 0; n < 3; n++) await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('map-view');
    expect(await page.evaluate(`getComputedStyle(document.activeElement).outlineStyle`)).toBe(
      'solid',
    );
    await page.keyboard.press('Home');
    const said = (row: number, column: number) =>
      `row ${row}, column ${column}: ${mask.kept[row * 1024 + column] === 1 ? 'kept' : 'zero'}`;
    expect(await text('.map-place')).toBe(said(0, 0));
    await page.keyboard.down('Shift');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.up('Shift');
    expect(await text('.map-place')).toBe(said(1, 2));
    await page.keyboard.press('ArrowDown');
    expect(await text('.map-place')).toBe(said(65, 2));
    // what is read aloud comes when all has settled
    await page.waitForFunction(
      `document.querySelector('[aria-live=polite]').textContent === '${said(65, 2)}'`,
    );
    await page.keyboard.press('End');
    expect(await text('.map-place')).toBe(said(1023, 1023));
    for (let n = 0; n < 4; n++) await page.keyboard.press('+');
    const near = await view();
    expect(near.zoom).toBeCloseTo(1.6 ** 4);
    for (let n = 0; n < 9; n++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    expect((await view()).row).toBeLessThan(near.row);
    await page.keyboard.press('-');
    expect((await view()).zoom).toBeCloseTo(1.6 ** 3);
    await page.keyboard.press('0');
    expect(await view()).toMatchObject({ zoom: 1, row: 0, column: 0 });
    await settled();
    expect(problems).toEqual([]);
  });

  test('is zoomed by buttons and the wheel, and moved by dragging', async () => {
    const { page, problems, view, text } = await shown([[sixteenth(SIZE, seeded())]]);
    await page.click('[title="Zoom in"]');
    await page.click('[title="Zoom in"]');
    const before = await view();
    expect(before.zoom).toBeCloseTo(1.6 ** 2);
    const box = (await (await page.$('canvas'))?.boundingBox()) as { x: number; y: number };
    const [x, y] = [box.x + before.left + 200, box.y + before.top + 200];
    await page.mouse.move(x, y);
    expect(await text('.map-place')).toMatch(
      `row ${Math.floor(before.row + 200 / before.scaleY)}, column ${Math.floor(before.column + 200 / before.scaleX)}:`,
    );
    await page.mouse.down();
    await page.mouse.move(x + 40, y - 30);
    await page.mouse.up();
    const after = await view();
    expect(after.column).toBeCloseTo(before.column - 40 / before.scaleX);
    expect(after.row).toBeCloseTo(before.row + 30 / before.scaleY);
    // the wheel alone scrolls the page
    await page.mouse.wheel({ deltaY: -100 });
    expect(await view()).toEqual(after);
    const rowUnder = (own: View) => own.row + (y - 30 - box.y - own.top) / own.scaleY;
    await page.evaluate(`document.querySelector('canvas').dispatchEvent(new WheelEvent('wheel',
      { deltaY: -200, ctrlKey: true, bubbles: true, cancelable: true, clientX: ${x + 40}, clientY: ${y - 30} }))`);
    expect((await view()).zoom).toBeGreaterThan(after.zoom);
    // places of the pointer are whole pixels
    const moved = rowUnder(await view()) - rowUnder(after);
    expect(Math.abs(moved) * after.scaleY).toBeLessThan(1);
    await page.click('[title="Zoom out"]');
    await page.click('[title="Fit"]');
    expect((await view()).zoom).toBe(1);
    expect(problems).toEqual([]);
  });

  test('has names for those who do not see it, and a choice of gates', async () => {
    const size = { rows: 64, columns: 48 };
    const gates = [2, 3, 4].map((rate) => unstructured(size, seeded(), rate));
    const { page, problems, settled, view, text, pixels } = await shown([gates]);
    const label = () => page.$eval('[role=application]', (own) => own.getAttribute('aria-label'));
    const kept = gates.map((pattern) => keptMask(pattern).kept.reduce((sum, one) => sum + one, 0));
    expect(await label()).toMatch(
      `Sparsity map of matrix 0, gate reset: 64 rows, 48 columns, ${kept[0]?.toLocaleString('en')} of 3,072 weights kept`,
    );
    expect(await label()).toMatch(/ %\), mask$/);
    const named = await page.accessibility.snapshot({ interestingOnly: false });
    expect(JSON.stringify(named)).toContain('Zoom in, matrix 0');
    await page.select('select[aria-label="Gate of matrix 0"]', '2');
    await settled();
    expect(await label()).toContain(`gate new: 64 rows`);
    expect(await text('.map-facts')).toMatch(`${kept[2]?.toLocaleString('en')} of 3,072`);
    expectPixels(await pixels(), await view(), keptMask(gates[2] as Pattern));
    expect(problems).toEqual([]);
  });

  test('takes the colours of the page, and changes with them', async () => {
    const pattern = sixteenth({ rows: 256, columns: 256 }, seeded(), '32,4');
    const { page, problems, settled, view, pixels } = await shown([[pattern]], { scheme: 'dark' });
    expectPixels(await pixels(), await view(), keptMask(pattern), 'dark');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    await settled();
    expectPixels(await pixels(), await view(), keptMask(pattern), 'light');
    expect(problems).toEqual([]);
  });

  test('is drawn when it comes near the window, and all are before they are printed', async () => {
    const patterns = [0, 1, 2].map((seed) => [
      unstructured({ rows: 128 + seed, columns: 128 }, seeded(), 8),
    ]);
    const { page, problems } = await shown(patterns, { apart: 3000 });
    const states = () =>
      page.evaluate(`[0, 1, 2].map((n) => document.getElementById('map' + n).dataset.drawn ?? '')`);
    expect(await states()).toEqual(['screen', '', '']);
    await page.evaluate(`document.getElementById('map1').scrollIntoView()`);
    await page.waitForSelector('#map1[data-drawn]');
    expect(await states()).toEqual(['screen', 'screen', '']);
    await page.evaluate(`addEventListener('beforeprint', () => {
      window.printed = [...document.querySelectorAll('.map')].map((map, n) => {
        const { width, height } = map.querySelector('canvas');
        const pen = map.querySelector('canvas').getContext('2d');
        const { data } = pen.getImageData(0, 0, width, height);
        const { left, width: own } = maps[n].view();
        return [map.dataset.drawn, width - 3 * (left + own + 1), data.some((value, at) => at % 4 === 0 && value < 40), data[0]];
      });
    })`);
    await page.pdf();
    const printed = (await page.evaluate('printed')) as readonly (readonly unknown[])[];
    expect(printed).toEqual([0, 1, 2].map(() => ['print', 0, true, 255]));
    expect(problems).toEqual([]);
  });

  test.each([
    ['light', { scheme: 'light', width: 420, height: 500 }],
    ['dark', { scheme: 'dark', width: 420, height: 500 }],
    ['narrow', { scheme: 'light', width: 280, height: 500 }],
  ] as const)('looks as it did: %s', async (name, look) => {
    const gates = [0, 1, 2].map(() => sixteenth({ rows: 256, columns: 256 }, seeded(), '32,4'));
    const { page, screenshot, problems, view } = await shown([gates], look);
    const { width } = await view();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(look.width);
    expect(width).toBeGreaterThan(look.width - 80);
    expectScreenshot(`map-${name}`, await screenshot());
    expect(problems).toEqual([]);
  });

  test('looks as it did near, with the cursor', async () => {
    const pattern = sixteenth({ rows: 256, columns: 256 }, seeded(), '32,4');
    const { page, screenshot } = await shown([[pattern]], { width: 420, height: 500 });
    await page.keyboard.press('Tab');
    for (let n = 0; n < 3; n++) await page.keyboard.press('Tab');
    await page.keyboard.press('End');
    for (let n = 0; n < 6; n++) await page.keyboard.press('+');
    expectScreenshot('map-near', await screenshot());
  });
});
