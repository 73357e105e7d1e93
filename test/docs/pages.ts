import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of a page. */
export interface Fence {
  /** Everything behind the opening fence, e.g. `sh run`. */
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

/** A Markdown page of the project. */
export interface Page {
  readonly path: string;
  readonly text: string;
  readonly fences: readonly Fence[];
}

/** A page by its path. */
export function page(path: string): Page {
  const text = readFileSync(path, 'utf8');
  const fences = [...text.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm)].map((match) => ({
    info: (match[1] as string).trim(),
    text: match[2] as string,
    line: text.slice(0, match.index).split('\n').length,
  }));
  return { path, text, fences };
}

/** README.md, the pages of docs/ and docs/edsl/, and the READMEs of the folders that users look into. */
export function pages(): readonly Page[] {
  const inside = (folder: string) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name));
  const examples = readdirSync('examples').map((name) => `examples/${name}/README.md`);
  return [
    ...['README.md', ...inside('docs'), ...inside('docs/edsl'), ...examples, 'rtl-out/README.md'],
    'examples/keyword-spotting/training/README.md',
  ]
    .filter((path) => existsSync(path))
    .map(page);
}

/** A line of a page is the printed line, but for what `…` leaves out. */
export function shows(line: string, printed: string): boolean {
  const [start = '', end] = line.split('…');
  if (end === undefined) return line === printed;
  return printed.startsWith(start) && printed.endsWith(end);
}

/** The text of a page outside of its fenced blocks. */
export function prose({ text }: Page): string {
  return text.replace(/^```.*\n[\s\S]*?^```$/gm, '');
}

/** Anchors of the headings of a page, as GitHub forms them. */
export function anchors(page: Page): readonly string[] {
  return [...prose(page).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
