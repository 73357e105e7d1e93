import { rmSync } from 'node:fs';

const pending = new Set<() => void>();

/**
 * Registers work that has to happen when the program is interrupted (a temporary file to remove, a child
 * to stop). Returns the function that takes it back once the work is done in the ordinary way.
 */
export function onInterrupt(undo: () => void): () => void {
  pending.add(undo);
  return () => pending.delete(undo);
}

/** Registers a file or directory that must not survive an interruption. */
export function temporary(path: string): () => void {
  return onInterrupt(() => rmSync(path, { recursive: true, force: true }));
}

/** Runs all registered work, latest first. Failures are ignored: the program is on its way out. */
export function runCleanup(): void {
  for (const undo of [...pending].reverse()) {
    try {
      undo();
    } catch {
      // nothing more can be done for this one; the others still get their turn
    }
  }
  pending.clear();
}
