import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasBrowser, startBrowser, type TestBrowser } from '../support/browser.js';
import { expectScreenshot } from '../support/screenshots.js';

const folder = mkdtempSync(join(tmpdir(), 'hcgs-pages-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A file with a page of this body. */
function pageOf(body: string): string {
  const file = join(folder, 'page.html');
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><title>t</title>${body}`);
  return file;
}

describe.skipIf(!hasBrowser)('the browser of the tests', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test('opens a page that is in order without a problem', async () => {
    const { page, problems } = await browser.open(pageOf('<p>all is well</p>'));
    expect(await page.$eval('p', (p) => p.textContent)).toBe('all is well');
    expect(problems).toEqual([]);
  });

  test('sees messages, errors, and requests to the network', async () => {
    const body = `<img src="http://example.invalid/a.png"><script>
      console.warn('a warning'); setTimeout(() => { throw new Error('a fault'); });
    </script>`;
    const { page, problems } = await browser.open(pageOf(body));
    await page.evaluate(() => new Promise((done) => setTimeout(done, 50)));
    const all = problems.join('\n');
    expect(all).toMatch(/^warn(ing)?: a warning$/m);
    expect(all).toMatch(/^error: .*a fault/m);
    expect(all).toMatch(/^request: http:\/\/example.invalid\/a.png$/m);
  });

  test('shows dark and light, narrow windows, and print', async () => {
    const seen = async (look: Parameters<TestBrowser['open']>[1]) => {
      const { page } = await browser.open(pageOf('<p>a</p>'), look);
      return page.evaluate(
        `[matchMedia('(prefers-color-scheme: dark)').matches, matchMedia('print').matches,
          innerWidth, devicePixelRatio]`,
      );
    };
    expect(await seen({})).toEqual([false, false, 800, 1]);
    expect(await seen({ scheme: 'dark', width: 320 })).toEqual([true, false, 320, 1]);
    expect(await seen({ print: true })).toEqual([false, true, 800, 1]);
  });

  test('ends with all its processes, and leaves no files', async () => {
    const other = await startBrowser();
    const own = () => commandLines().filter((line) => line.includes(other.profile));
    await other.open(pageOf('<p>a</p>'));
    expect(own().length).toBeGreaterThan(1);
    await other.close();
    expect(own()).toEqual([]);
    expect(existsSync(other.profile)).toBe(false);
  });
});

/** Command lines of the processes of this machine that have one. */
function commandLines(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8');
      } catch {
        return ''; // ended in between
      }
    });
}

describe('the comparison of pictures', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** A grey picture with a black square of so many pixels' side. */
  function picture(side: number, width = 64): Uint8Array {
    const png = new PNG({ width, height: 64 });
    png.data.fill(200);
    for (let i = 0; i < width * 64; i++) {
      const black = i % width < side && Math.floor(i / width) < side;
      if (black) png.data.fill(0, 4 * i, 4 * i + 3);
      png.data[4 * i + 3] = 255;
    }
    return PNG.sync.write(png);
  }

  test('takes what is nearly the same, and shows what is not', () => {
    vi.stubEnv('TMPDIR', folder);
    const compare = (png: Uint8Array, update = false) =>
      expectScreenshot('square', png, { folder, update });
    expect(() => compare(picture(20))).toThrow(/square.png is missing: HCGS_UPDATE_SCREENS=1/);
    compare(picture(20), true);
    compare(picture(20));
    expect(() => compare(picture(20, 65))).toThrow('expected 64 x 64 pixels, got 65 x 64');
    const message = (() => {
      try {
        compare(picture(24));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    })();
    expect(message).toMatch(/square.png: 4.\d+ % of the pixels differ/);
    const files = message.match(/\S+\.(actual|diff)\.png/g) ?? [];
    expect(files.map((file) => existsSync(file))).toEqual([true, true]);
  });
});
