import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, startBrowser, type TestBrowser } from '../support/browser.js';
import { runCli } from '../support/cli.js';
import { expectScreenshot } from '../support/screenshots.js';
import { synthOf } from './support/results.js';

const EXAMPLE = 'examples/keyword-spotting';
const FRAMES = [
  '--frames',
  `${EXAMPLE}/synth_frames.npy`,
  '--labels',
  `${EXAMPLE}/synth_labels.npy`,
];
/** Bytes of Vega and of the program of the page, at most. */
const MOST_LIBRARY = 1.5e6;

let folder: string;
const at = (name: string) => join(folder, name);

async function done(...argv: string[]): Promise<Record<string, unknown>> {
  const outcome = await runCli([...argv, '--json', '--quiet']);
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return outcome.json();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hcgs-page-'));
  const network = `${EXAMPLE}/V16_q6.safetensors`;
  await done(
    'compress',
    network,
    '--calibrate',
    `${EXAMPLE}/synth_frames.npy`,
    '-o',
    at('m.safetensors'),
  );
  await done('generate', at('m.safetensors'), '--macs', '8', '--name', 'kws', '-o', at('kws'));
  const { designHash } = JSON.parse(readFileSync(join(at('kws'), 'design.json'), 'utf8'));
  writeFileSync(at('synth.json'), JSON.stringify(synthOf(designHash)));
  const cosim = ['--random', '3', '--no-protocol', '--coverage', '--json-file', at('cosim.json')];
  await done('cosim', at('kws'), ...cosim);
  const bits = ['--weight-bits', '5-6', '--activation-bits', '9-10', '--cell-bits', '16'];
  const sweep = ['--calibrate', `${EXAMPLE}/synth_frames.npy`, '--json-file', at('bits.json')];
  await done('sweep-bits', network, ...bits, ...sweep);
  const results = ['--cosim', at('cosim.json'), '--synth', at('synth.json')];
  const float = ['--float', network, '--sweep-bits', at('bits.json'), '--target', 'ecp5'];
  // what is in the documentation shows nothing that was not measured
  await done('report', at('kws'), ...FRAMES, '--cosim', at('cosim.json'), '-o', at('docs.html'));
  await done('report', at('kws'), ...FRAMES, ...results, ...float, '-o', at('kws.html'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the file of a report', () => {
  test('needs nothing else: no address, and a policy that forbids any', () => {
    const html = readFileSync(at('kws.html'), 'utf8');
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    expect(policy).toMatch(/^default-src 'none';/);
    const page = html.replaceAll(/<script[\s\S]*?<\/script>/g, '');
    const [found] = /<(?:link|iframe|img|object|embed)\b|src="|@import|url\(/i.exec(page) ?? [];
    expect(found).toBeUndefined();
  });

  test('has a library of at most 1.5 MB in it, and its data as JSON', () => {
    const html = readFileSync(at('kws.html'), 'utf8');
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, text]) => text!);
    expect(scripts).toHaveLength(3);
    const bytes = scripts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThan(MOST_LIBRARY);
    expect(scripts[0]).toContain('University of Washington Interactive Data Lab');
    const [, json] = /id="hcgs-report">([\s\S]*?)<\/script>/.exec(html) ?? [];
    const data = JSON.parse(json as string);
    expect(data).toMatchObject({ schemaVersion: 1, name: 'kws' });
    expect(data.sections.map(({ id }: { id: string }) => id)).toEqual([
      ...['network', 'sparsity', 'numbers', 'schedule', 'memory', 'resources', 'timing'],
      ...['energy', 'accuracy', 'checks'],
    ]);
    expect(data.sections.flatMap(({ missing }: { missing: string[] }) => missing)).toEqual([]);
  });

  test('is the same for the same input', async () => {
    const argv = [at('kws'), '--cosim', at('cosim.json')];
    await done('report', ...argv, '-o', at('one.html'));
    await done('report', ...argv, '-o', at('two.html'));
    expect(readFileSync(at('one.html'))).toEqual(readFileSync(at('two.html')));
    expect(statSync(at('one.html')).size).toBeLessThan(5e6);
  });
});

describe.skipIf(!hasBrowser)('a report in a browser', () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const LOOKS = [
    ['light', { scheme: 'light', width: 1000 }],
    ['dark', { scheme: 'dark', width: 1000 }],
    ['narrow', { scheme: 'light', width: 380 }],
    ['print', { scheme: 'dark', width: 740, print: true }],
  ] as const;

  test.each(LOOKS)('looks as it should, %s', async (name, look) => {
    const { page, problems, screenshot } = await browser.open(at('kws.html'), look);
    await page.evaluate('hcgsReport.drawAll()');
    expectScreenshot(`top-${name}`, await screenshot('header'));
    expectScreenshot(`schedule-${name}`, await screenshot('#schedule .pictures'));
    expectScreenshot(`timing-${name}`, await screenshot('#timing .pictures'));
    if (name === 'light' || name === 'narrow') {
      expectScreenshot(`accuracy-${name}`, await screenshot('#accuracy'));
      expectScreenshot(`errors-${name}`, await screenshot('#numbers figure'));
    }
    // nothing is wider than the window
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('has a picture of its own for the documentation', async () => {
    const { page, screenshot } = await browser.open(at('docs.html'), { width: 900, height: 1200 });
    await page.evaluate('hcgsReport.drawAll()');
    const hidden = ['#network', '#numbers', '#memory', '#resources', '#timing', '#energy']
      .concat('#accuracy', '#checks', 'footer', '#sparsity .pictures', '#schedule .table')
      .concat('.map-note', '#sparsity p', '#schedule p');
    await page.addStyleTag({ content: `${hidden.join(', ')} { display: none }` });
    expectScreenshot('page', await screenshot('body'), { folder: 'docs/report' });
    await page.close();
  });

  test('draws and labels every picture', async () => {
    const { page, problems } = await browser.open(at('kws.html'));
    await page.evaluate('hcgsReport.drawAll()');
    const charts = (await page.$$eval('.chart', (all) =>
      all.map((one) => ({
        label: one.getAttribute('aria-label'),
        role: one.getAttribute('role'),
        heading: one.closest('figure')?.querySelector('h3')?.textContent,
        marks: one.querySelectorAll('svg path, svg rect').length,
      })),
    )) as { label: string; role: string; heading: string; marks: number }[];
    expect(charts.length).toBeGreaterThan(20);
    for (const { label, role, heading, marks } of charts) {
      expect(role).toBe('img');
      expect(label).toMatch(new RegExp(`^${heading.replace(/[^\w ]/g, '.')}: .{10,}`));
      expect(marks).toBeGreaterThan(2);
    }
    expect(new Set(charts.map(({ label }) => label)).size).toBe(charts.length);
    // what stands in a table has a head, every section a title, the page one first heading
    expect(
      await page.$$eval('table', (all) => all.every((one) => one.getAttribute('aria-label'))),
    ).toBe(true);
    expect(await page.$$eval('h1', (all) => all.length)).toBe(1);
    expect(await page.$$eval('section', (all) => all.every((one) => one.querySelector('h2')))).toBe(
      true,
    );
    expect(problems).toEqual([]);
    await page.close();
  });

  test('is worked by keyboard: links, values of a picture, cycles of the schedule', async () => {
    const { page, problems } = await browser.open(at('kws.html'));
    await page.evaluate('hcgsReport.drawAll()');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('To the first section');
    await page.focus('#schedule .tools button');
    const bars = () =>
      page.$eval('#schedule svg', (svg) => svg.querySelectorAll('path')[20]?.getAttribute('d'));
    const before = await bars();
    await page.keyboard.press('Enter');
    expect(await bars()).not.toBe(before);
    await page.focus('#schedule .tools button:last-child');
    await page.keyboard.press('Enter');
    expect(await bars()).toBe(before);
    await page.focus('#memory details summary');
    await page.keyboard.press('Enter');
    const values = await page.waitForSelector('#memory .values li');
    expect(await values?.evaluate((one) => one.textContent)).toMatch(/words of \d+ bits/);
    expect(problems).toEqual([]);
    await page.close();
  });

  test('has its charts as wide as the window after it is turned', async () => {
    const { page, problems } = await browser.open(at('kws.html'), { width: 900 });
    await page.evaluate('hcgsReport.drawAll()');
    const widths = () =>
      page.$eval('#schedule .chart', (one) => [
        one.clientWidth,
        one.querySelector('svg')?.clientWidth,
      ]);
    const [wide] = (await widths()) as [number];
    await page.setViewport({ width: 420, height: 800 });
    await page.waitForFunction(
      `document.querySelector('#schedule svg').clientWidth < ${wide} - 300`,
    );
    const [place, drawn] = (await widths()) as [number, number];
    expect(Math.abs(place - drawn)).toBeLessThan(3);
    expect(problems).toEqual([]);
    await page.close();
  });
});
