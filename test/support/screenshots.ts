import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { expect } from 'vitest';

const STORED = 'test/report/screens';
/** Difference of a pixel's colour that counts, 0 ... 1, and share of pixels that may differ so: other versions of a browser. */
const THRESHOLD = 0.15;
const MOST_DIFFERENT = 0.002;

/** Whether pictures are written anew instead of compared. */
function updating(): boolean {
  // -u of Vitest, which has no public name for it
  const state = expect.getState().snapshotState as unknown as { readonly _updateSnapshot?: string };
  return process.env.HCGS_UPDATE_SCREENS === '1' || state?._updateSnapshot === 'all';
}

/**
 * Compares a PNG with the stored one of a name. Where they differ, both and the difference are left in a temporary folder,
 * which the message names.
 */
export function expectScreenshot(
  name: string,
  png: Uint8Array,
  { folder = STORED, update = updating() } = {},
): void {
  const path = join(folder, `${name}.png`);
  if (update) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, smallest(png));
    return;
  }
  if (!existsSync(path)) {
    throw new Error(`${path} is missing: HCGS_UPDATE_SCREENS=1 writes it. ${kept(name, { png })}`);
  }
  const wanted = PNG.sync.read(readFileSync(path));
  const actual = PNG.sync.read(Buffer.from(png));
  const { width, height } = wanted;
  if (actual.width !== width || actual.height !== height) {
    const sizes = `expected ${width} x ${height} pixels, got ${actual.width} x ${actual.height}`;
    throw new Error(`${path}: ${sizes}. ${kept(name, { png })}`);
  }
  const difference = new PNG({ width, height });
  const options = { threshold: THRESHOLD };
  const different = pixelmatch(
    ...([wanted.data, actual.data, difference.data, width, height, options] as const),
  );
  if (different <= MOST_DIFFERENT * width * height) return;
  const share = ((100 * different) / (width * height)).toFixed(2);
  const files = kept(name, { png, difference: PNG.sync.write(difference) });
  throw new Error(`${path}: ${share} % of the pixels differ. ${files}`);
}

/** Leaves what was drawn, and the difference if there is one, and says where. */
function kept(name: string, pictures: { png: Uint8Array; difference?: Uint8Array }): string {
  const folder = mkdtempSync(join(tmpdir(), 'hcgs-screens-'));
  const files = [
    ['actual', pictures.png],
    ['diff', pictures.difference],
  ] as const;
  const written = files.flatMap(([kind, png]) => {
    if (png === undefined) return [];
    const path = join(folder, `${name}.${kind}.png`);
    writeFileSync(path, png);
    return [path];
  });
  return `See ${written.join(' and ')}`;
}

/** The same picture without its alpha channel, packed as well as PNG allows. */
function smallest(png: Uint8Array): Uint8Array {
  const picture = PNG.sync.read(Buffer.from(png));
  const packed = PNG.sync.write(picture, { colorType: 2, deflateLevel: 9 });
  return packed.length < png.length ? packed : png;
}
