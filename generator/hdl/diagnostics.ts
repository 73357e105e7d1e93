/** What the eDSL complains about: codes, places in the author's source, reports. */
export {
  DIAGNOSTICS,
  type DiagnosticCode,
  type Severity,
  severityOf,
  type WarningCode,
} from './diagnostics/codes.js';
export { collect, complain, joinPath } from './diagnostics/collect.js';
export { type Diagnostic, HdlError, showDiagnostic } from './diagnostics/diagnostic.js';
export type { Place } from './diagnostics/place.js';
export { callSite, placeOf, showSite, sourceOf } from './diagnostics/site.js';
export { type Waiver, withoutWaived } from './diagnostics/waivers.js';
