import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { type Child, startChild } from '../../generator/base/child.js';

const FONTS = '/usr/share/fonts/truetype';

/** Where Chromium is, or null. */
export const CHROMIUM: string | null =
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'chromium'))
    .find((path) => existsSync(path)) ?? null;

/** Whether pages can be opened, and look alike on every machine. */
export const hasBrowser: boolean =
  CHROMIUM !== null && ['liberation', 'liberation2'].some((name) => existsSync(join(FONTS, name)));
if (!hasBrowser) console.warn('skipped: needs chromium and fonts-liberation (scripts/setup)');

/** How a page is looked at. */
export interface Look {
  readonly scheme?: 'light' | 'dark';
  /** Size of the window in CSS pixels; default 800 x 600. */
  readonly width?: number;
  readonly height?: number;
  /** As it is printed. */
  readonly print?: boolean;
}

/** A page, and what is wrong with it. */
export interface OpenPage {
  readonly page: Page;
  /** Messages of the console, errors of scripts, and requests that leave the machine. Empty: all is well. */
  readonly problems: readonly string[];
  /** A PNG of the first element that a selector finds, or of the whole page. */
  readonly screenshot: (selector?: string) => Promise<Uint8Array>;
}

export interface TestBrowser {
  /** The folder of its own, which is in the command line of each of its processes. */
  readonly profile: string;
  /** Opens a file of this machine. */
  readonly open: (file: string, look?: Look) => Promise<OpenPage>;
  /** Ends it with all its processes. */
  readonly close: () => Promise<void>;
}

/** The same pixels on every machine, nothing in the background, and no way to the network. */
const FLAGS = [
  ...['--headless=new', '--remote-debugging-port=0', '--no-first-run', '--disable-gpu'],
  ...['--no-default-browser-check', '--disable-extensions', '--disable-sync', '--mute-audio'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-breakpad'],
  ...[
    '--disable-crash-reporter',
    '--disable-dev-shm-usage',
    '--host-resolver-rules=MAP * ~NOTFOUND',
  ],
  ...['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
  ...['--force-device-scale-factor=1', '--hide-scrollbars'],
];

/** What makes screenshots alike: one font, and nothing that moves. */
const STILL = `*, *::before, *::after {
  font-family: 'Liberation Sans' !important; animation: none !important;
  transition: none !important; caret-color: transparent !important;
}`;

/** Starts a headless Chromium. It has to be closed, and ends with this process in any case. */
export async function startBrowser(): Promise<TestBrowser> {
  if (CHROMIUM === null) throw new Error('chromium is missing');
  const profile = mkdtempSync(join(tmpdir(), 'hcgs-browser-'));
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = startChild({
    command: CHROMIUM,
    args: [...FLAGS, ...asRoot, `--user-data-dir=${profile}`, 'about:blank'],
    env: { HOME: profile, XDG_CONFIG_HOME: profile, XDG_CACHE_HOME: profile },
    silentSeconds: 1e6, // it waits for the tests
  });
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close().catch(() => undefined);
    child.kill();
    await child.ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const browserWSEndpoint = await endpointOf(child);
    browser = await puppeteer.connect({ browserWSEndpoint, defaultViewport: null });
  } catch (error) {
    await close();
    throw error;
  }
  const own = browser;
  return { profile, open: (file, look = {}) => openPage(own, file, look), close };
}

/** The address that a Chromium listens on, which it says at its start. @throws Error with what it said when it ends */
async function endpointOf(child: Child): Promise<string> {
  child.stdin.on('error', () => undefined);
  child.stdin.end();
  child.stdout.resume();
  const said: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface(child.stderr).on('line', (line) => {
      const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
      if (address !== undefined) resolve(address);
      else if (said.length < 50) said.push(line);
    });
    void child.ended.then(() => reject(new Error(`chromium ended:\n${said.join('\n')}`)));
  });
}

async function openPage(browser: Browser, file: string, look: Look): Promise<OpenPage> {
  const { scheme = 'light', width = 800, height = 600, print = false } = look;
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${String(error)}`));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) problems.push(`request: ${request.url()}`);
  });
  await page.setViewport({ width, height, deviceScaleFactor: 1 });
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  if (print) await page.emulateMediaType('print');
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  const screenshot = async (selector?: string): Promise<Uint8Array> => {
    await page.addStyleTag({ content: STILL });
    await page.evaluate(`(async () => {
      await document.fonts.ready;
      dispatchEvent(new Event('resize')); // a canvas has no style: it is drawn anew
      for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
    })()`);
    if (selector === undefined) return page.screenshot({ fullPage: true });
    const element = await page.$(selector);
    if (element === null) throw new Error(`the page has no ${selector}`);
    return element.screenshot();
  };
  return { page, problems, screenshot };
}
