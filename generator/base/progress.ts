import { printable } from './printable.js';

/** What long work tells the person who waits. */
export interface Progress {
  /** A new stage begins, e.g. `quantising`. */
  step(label: string): void;
  /** `done` of `total` parts of the stage are finished. Cheap; call it as often as is convenient. */
  tick(done: number, total: number): void;
  /** What the stage is at now, in words, for work of minutes. Cheap; call it as often as is convenient. */
  detail(text: string): void;
  /** A line that stays, whatever the work takes: what to expect of it. */
  remark(text: string): void;
  /** The work is over: erases an unfinished line. */
  stop(): void;
}

export const silentProgress: Progress = {
  step: () => undefined,
  tick: () => undefined,
  detail: () => undefined,
  remark: () => undefined,
  stop: () => undefined,
};

/** Nothing is shown before this many milliseconds of work. */
const PATIENCE_MS = 1000;

export interface ProgressSink {
  readonly write: (text: string) => void;
  /** A terminal: one line is rewritten in place. Otherwise there is one line per stage. */
  readonly terminal: boolean;
  readonly now?: () => number;
}

/** Progress that stays silent during the first second of the work. */
export function createProgress(sink: ProgressSink): Progress {
  const now = sink.now ?? Date.now;
  const start = now();
  let label = '';
  let shown = '';
  let lastDraw = 0;
  let timer: NodeJS.Timeout | undefined;
  let stepStart = start;

  const draw = (line: string) => {
    const text = printable(line);
    if (text === shown) return;
    shown = text;
    lastDraw = now();
    sink.write(sink.terminal ? `\r\x1b[2K${text}` : `${text}\n`);
  };
  const within = (text: string, patience = 5000) => {
    const interval = sink.terminal ? 100 : patience;
    if (!waited() || now() - lastDraw < interval) return;
    draw(`hcgs: ${label} ${text}`);
  };
  const waited = () => now() - start >= PATIENCE_MS;

  return {
    step(next) {
      label = next;
      stepStart = now();
      clearTimeout(timer);
      if (waited()) draw(`hcgs: ${label}`);
      else {
        timer = setTimeout(() => draw(`hcgs: ${label}`), Math.max(0, start + PATIENCE_MS - now()));
        timer.unref();
      }
    },
    tick: (done, total) => {
      if (waited()) within(`${done}/${total}${remaining(done, total, now() - stepStart)}`);
    },
    detail: (text) => within(text, 20_000),
    remark(text) {
      const erased = sink.terminal && shown !== '' ? '\r\x1b[2K' : '';
      sink.write(`${erased}hcgs: ${printable(text)}\n`);
      shown = '';
    },
    stop() {
      clearTimeout(timer);
      if (sink.terminal && shown !== '') sink.write('\r\x1b[2K');
      shown = '';
    },
  };
}

/** `, 25 %, 40 s left`: of parts that take as long as those before; nothing before the first one is done. */
function remaining(done: number, total: number, milliseconds: number): string {
  if (done <= 0 || done >= total) return '';
  const left = (milliseconds * (total - done)) / done / 1000;
  const text = left < 100 ? `${Math.ceil(left)} s` : `${Math.ceil(left / 60)} min`;
  return `, ${Math.floor((100 * done) / total)} %, ${text} left`;
}
