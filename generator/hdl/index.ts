/** The eDSL: a small general hardware description language. Knows nothing of networks. */
export { DIAGNOSTICS, type Diagnostic, type DiagnosticCode, HdlError } from './diagnostics.js';
export { isKeyword } from './checks/names.js';
export { emitModule, modulesBelow } from './emit.js';
export {
  allOf,
  anyOf,
  concat,
  Expr,
  high,
  literal,
  low,
  parameterValue,
  repeat,
  signedLiteral,
} from './expr.js';
export type { Sign } from './expr.js';
export { ceilDiv, clog2, div, indexBits, Int, type IntLike, int, max } from './int.js';
export {
  bit,
  input,
  integer,
  type Module,
  output,
  type Parameter,
  type Port,
  set,
  sint,
  type Statement,
  text,
  type Type,
  uint,
  when,
} from './module.js';
export { defineModule, type Memory, Scope, type TypedModule } from './scope.js';
