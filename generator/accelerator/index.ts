/** The accelerator: configuration, schedule model, Verilog and ROM images. */

export {
  buildImages,
  emitVerilog,
  imageSteps,
  isOfVerilog,
  nameTaken,
  type ParameterFact,
  parameterReference,
  VERILOG_FOLDERS,
} from './build/rtl.js';
export { type DesignSignals, designSignals } from './build/signals.js';
export { type CoreTrace, coreTrace } from './build/trace-records.js';
export { busFeatures, busHash, hasBus } from './bus/attach.js';
export {
  type Chain,
  engineLabel,
  engineName,
  enginesOf,
  type Hardware,
  isChain,
  lastEngine,
  styleOf,
} from './chain/chain.js';
export { checkHardwareContract, placeOn } from './chain/contract.js';
export {
  type ChainEstimate,
  estimateHardware,
  type HardwareEstimate,
  type HardwarePrediction,
  isOfChain,
  predictHardware,
} from './chain/estimate.js';
export {
  buildHardwareImages,
  type EnginePart,
  engineParts,
  hardwareImages,
} from './chain/placed.js';
export {
  type ChainPlan,
  type ChainPrediction,
  engineCuts,
  type HardwarePlan,
  planChain,
  planHardware,
  predictOnChain,
} from './chain/plan.js';
export { hardwareTimeline } from './chain/timeline.js';
export { layerRecord } from './images/layers.js';
export { loadPath } from './images/names.js';
export { LOAD_CAUSES } from './load/causes.js';
export {
  type LoadedStore,
  type LoadLayout,
  loadLayout,
} from './load/layout.js';
export { loadStream } from './load/records.js';
export { type LoadSize, loadSize } from './load/size.js';
export { isLoaded, loadBitsOf } from './load/top.js';
export { residentsOf } from './load/wired.js';
export { type ModelPort, modelPorts } from './macros/model.js';
export { macrosOf } from './macros/with-macros.js';
export {
  type ChipMemories,
  type CoreBlock,
  chipMemories,
  type MacroPort,
  type MemoryMacro,
  type RegisterMemory,
} from './memory/macros.js';
export { type MemoryUse, memories } from './memory/stores.js';
export { PIPELINES, type Pipeline } from './pipeline/registers.js';
export {
  BUSES,
  type Bus,
  byteBits,
  type Configuration,
  EMITS,
  type Emit,
  emitOf,
  LOAD_BITS,
  multipliers,
  ORDERS,
  type Order as TimeOrder,
  outputBits,
  PROTECTIONS,
  type Protection,
  VERILOG_STYLES,
  type VerilogStyle,
  WEIGHTS,
  type Weights,
} from './plan/configuration.js';
export { checkContract, shapeContract } from './plan/contract.js';
export { type Estimate, estimate, type LayerEstimate } from './plan/estimate.js';
export { keptOptions } from './plan/kept-options.js';
export type { DesignOptions, FitModel } from './plan/options.js';
export { ARRAYS, type ArrayKind } from './plan/options.js';
export {
  DEFAULT_MACS,
  ordersOn,
  type Plan,
  planDesign,
  predictModel,
} from './plan/plan.js';
export { macCounts } from './plan/tilings.js';
export { protectionOf } from './protect/protected-core.js';
export { type DeviceEstimate, estimateDevice } from './resources/estimate-device.js';
export { type LargestMacs, largestMacs } from './resources/largest-macs.js';
export type { Rough } from './resources/logic.js';
export type { PlacedProducts } from './resources/placement.js';
export type { PredictedMemory } from './resources/predict.js';
export { allowancesOf } from './schedule/allowances.js';
export { checkHazards } from './schedule/hazards.js';
export { orderOf } from './schedule/order.js';
export {
  type Prediction,
  streamTimelineOf,
  timelineOf,
  utteranceTimelineOf,
} from './schedule/schedule.js';
export { walkModel } from './schedule/walk.js';
export { type StateSpan, stateSpans } from './states/spans.js';
