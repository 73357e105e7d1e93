import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { refuseStopped, startChild } from '../../base/child.js';
import { eachLine } from '../../base/lines.js';
import type { Progress } from '../../base/progress.js';
import type { Tool } from './tools.js';

/** One run of a tool, in the directory of a design. */
export interface ToolRun {
  readonly tool: Tool;
  readonly args: readonly string[];
  /** Working directory: that of the design, relative to which memory images are found. */
  readonly directory: string;
  /** Everything the tool says goes there. */
  readonly log: string;
  readonly progress: Progress;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the tool is at, from a line of what it says; null: the line does not tell. */
  readonly stage?: (line: string) => string | null;
}

/** How a run ended: what the tool said, by lines. */
export interface ToolOutcome {
  readonly ok: boolean;
  readonly lines: readonly string[];
}

/** Lines kept of what a tool says: enough for its last report and its errors. */
const LINES_KEPT = 20_000;

/**
 * Runs a tool to its end, shows how long it has been at work and at what, and keeps its log.
 * @throws UserError as `refuseStopped`
 */
export async function runTool(run: ToolRun): Promise<ToolOutcome> {
  const { tool, args, directory, log, progress } = run;
  const child = startChild({
    ...{ command: tool.command, args: [...tool.prefix, ...args], cwd: directory },
    ...(run.env === undefined ? {} : { env: run.env }),
  });
  child.stdin.on('error', () => undefined).end();
  const file = createWriteStream(log);
  const started = performance.now();
  let stage = '';
  const show = () => {
    const seconds = Math.floor((performance.now() - started) / 1000);
    progress.detail(stage === '' ? `(${seconds} s)` : `(${seconds} s): ${stage}`);
  };
  const timer = setInterval(show, 500);
  const lines: string[] = [];
  const take = async (line: string): Promise<void> => {
    lines.push(line);
    if (lines.length > 2 * LINES_KEPT) lines.splice(0, LINES_KEPT);
    stage = run.stage?.(line) ?? stage;
    if (!file.write(`${line}\n`)) await once(file, 'drain');
  };
  try {
    await Promise.all([eachLine(child.stdout, take), eachLine(child.stderr, take)]);
    const ended = await child.ended;
    refuseStopped(ended, log);
    return { ok: ended.ok, lines };
  } finally {
    child.kill();
    clearInterval(timer);
    file.end();
    await finished(file);
  }
}

/** The lines in which a tool says what went wrong, at most ten; where it says nothing of the kind, its last ones. */
export function complaint(lines: readonly string[]): readonly string[] {
  const errors = lines.filter((line) => /^(ERROR|Error|.*\berror:)/.test(line));
  return (errors.length > 0 ? errors : lines.slice(-10)).slice(0, 10);
}
