/**
 * The eDSL: a small general hardware description language, `hcgs/hdl` to other projects. Knows nothing of networks.
 * `defineModule` describes a module, `emitDesign` checks it with those below it and gives their Verilog.
 */

export { isKeyword } from './checks/names/keywords.js';
export { defineModule, type ModuleDefinition } from './define.js';
export {
  DIAGNOSTICS,
  type Diagnostic,
  type DiagnosticCode,
  HdlError,
  type Severity,
  severityOf,
  showDiagnostic,
  showSite,
  type Waiver,
  type WarningCode,
} from './diagnostics.js';
export {
  type CheckOptions,
  checkDesign,
  type EmitOptions,
  type EmittedDesign,
  emitDesign,
  emitModule,
  modulesBelow,
} from './emit.js';
export { Expr, type Sign } from './expr.js';
export { type Gathering, gathered } from './gathered.js';
export { ceilDiv, ceilPower2, clog2, div, Int, type IntLike, indexBits, int, max } from './int.js';
export { inventory } from './inventory/inventory.js';
export type {
  LogicStock,
  MemoryPort,
  MemoryStock,
  ProductStock,
  Stock,
} from './inventory/stock.js';
export type { Memory } from './memory.js';
export {
  bit,
  input,
  integer,
  type Module,
  noted,
  option,
  output,
  type Parameter,
  type ParameterInts,
  type Port,
  type PortValues,
  type Statement,
  set,
  showRange,
  sint,
  type TextParameter,
  type Type,
  type TypedModule,
  text,
  uint,
  when,
} from './module.js';
export { type Relation, requires } from './relation.js';
export { replaceModules } from './replace.js';
export { Scope } from './scope.js';
export { registersBehind } from './source/behind.js';
export { type Expansion, expand } from './source/expand.js';
export { instancesBelow, type PlacedInstance } from './source/instances.js';
export { type ModuleSource, type SignalSource, signalSources } from './source/signals.js';
export type { Values } from './specialise/scope.js';
export { specialise } from './specialise/specialise.js';
export { bitOfStage, Stage, Stages, Track } from './stages.js';
export { type Thread, threaded } from './threaded.js';
export {
  allOf,
  anyOf,
  concat,
  high,
  literal,
  low,
  odd,
  parameterValue,
  repeat,
  signedLiteral,
} from './values.js';
export { imageOf } from './verilog/lower.js';
