import { severityOf, type WarningCode } from './codes.js';
import type { Diagnostic } from './diagnostic.js';

/** A warning that is waived. */
export interface Waiver {
  readonly code: WarningCode;
  /**
   * Which ones, by their path: `*` stands for any text within a step, `**` for any steps, e.g. `*_core/u_x/**`.
   * Left out: all of this code. At a module, the path begins below the module.
   */
  readonly path?: string;
  /** Why it is right as it is. */
  readonly why?: string;
}

/** The complaints without the warnings that are waived; errors always stay. */
export function withoutWaived(
  diagnostics: readonly Diagnostic[],
  waivers: readonly Waiver[],
): readonly Diagnostic[] {
  const rules = waivers.map(({ code, path = '**' }) => ({ code, path: pattern(path) }));
  return diagnostics.filter(
    (d) =>
      severityOf(d.code) === 'error' ||
      !rules.some(({ code, path }) => code === d.code && path.test(d.path)),
  );
}

function pattern(glob: string): RegExp {
  const source = glob.replace(/\*\*|\*|[^*]+/g, (part) =>
    part === '**' ? '.*' : part === '*' ? '[^/]*' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'),
  );
  return new RegExp(`^${source}$`);
}
