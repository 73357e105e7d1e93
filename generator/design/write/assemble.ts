import {
  allowancesOf,
  checkHazards,
  designSignals,
  type EnginePart,
  engineParts,
  enginesOf,
  estimateHardware,
  type Hardware,
  type HardwareEstimate,
  type HardwarePrediction,
  hardwareImages,
  isLoaded,
  layerRecord,
  loadLayout,
  loadPath,
  loadStream,
  orderOf,
  walkModel,
} from '../../accelerator/index.js';
import type { Steps } from '../../base/steps.js';
import type { Model } from '../../network/model.js';
import type { UnitOrders } from '../../network/unit-order.js';
import { hardwareTrace } from '../manifest/chain-trace.js';
import { choicesFiles } from '../manifest/choices.js';
import { designFacts } from '../manifest/facts.js';
import { hardwareMemories, hardwareShape } from '../manifest/hardware.js';
import {
  MACROS_FILE,
  type ManifestBody,
  type ManifestSignals,
  MODEL_FILE,
} from '../manifest/manifest.js';
import { coreName } from '../manifest/name.js';
import { type StreamPorts, streamPorts } from '../manifest/ports.js';
import { designDocuments } from './documents.js';

/** A model as the hardware has it, and the bytes of the file it was read from. */
export interface ModelSource {
  readonly model: Model;
  readonly bytes: Uint8Array;
  /** In which it has the hidden units of the file; absent: in their own order. */
  readonly orders?: UnitOrders | null | undefined;
  /** Where its passes are cut for the engines of a chain; absent: there is one engine. */
  readonly cuts?: readonly number[] | undefined;
}

/** The Verilog of a configuration: its files, and where their signals come from. */
export interface Rtl {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly signals: ManifestSignals;
}

/** A design, complete but for the files of its simulation, which need the golden model. */
export interface AssembledDesign {
  readonly body: ManifestBody;
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly estimate: HardwareEstimate;
  readonly ports: StreamPorts;
}

/**
 * Puts a model on a design whose Verilog is given: everything but rtl/ follows from the two.
 * @throws UserError HAZARD
 */
export function* assembleDesign(
  hardware: Hardware,
  source: ModelSource,
  rtl: Rtl,
  prediction?: HardwarePrediction,
): Steps<AssembledDesign> {
  const { model, bytes, orders = null, cuts = [] } = source;
  const parts = engineParts(hardware, model, cuts);
  for (const { c, model: part } of parts) checkHazards(orderOf(c, part));
  const figures = estimateHardware(hardware, model, cuts, prediction);
  const ports = streamPorts(hardware);
  const { name } = hardware;
  const body: ManifestBody = {
    ...{ name, top: name, core: coreName(name) },
    parameters: asJson(hardware),
    ports: asJson(ports),
    trace: asJson(hardwareTrace(enginesOf(hardware), model, cuts, orders)),
    shape: asJson(hardwareShape(hardware)),
    layers: layerRecords(parts).map((tableWord, l) => asJson({ ...figures.layers[l], tableWord })),
    memories: hardwareMemories(hardware).map(asJson),
    estimate: asJson(figures),
    ...rtl.signals,
  };
  const images = yield* hardwareImages(hardware, model, cuts);
  const loads = loadFiles(hardware, images);
  // Verilog whose model is loaded reads no image
  const read = loads.size === 0 ? images : new Map<string, string>();
  const said = designFacts(hardware, model, figures, ports, rtl.files, read, orders);
  // a simulation plays the load; what is made of the Verilog depends on no model
  const facts = loads.size === 0 ? said : { ...said, images: [...loads.keys()] };
  const files = new Map<string, string | Uint8Array>([
    ...rtl.files,
    ...images,
    ...loads,
    [MODEL_FILE, bytes],
    ...designDocuments(facts),
    ...macroFile(hardware),
    ...choicesFiles(hardware, images),
  ]);
  return { body, files, estimate: figures, ports };
}

/** The bytes that load the model, of a design whose model is loaded. */
function loadFiles(
  hardware: Hardware,
  images: ReadonlyMap<string, string>,
): ReadonlyMap<string, Uint8Array> {
  if (!isLoaded(hardware)) return new Map();
  const bytes = loadStream(loadLayout(hardware), images);
  return new Map([[loadPath(hardware.name), bytes]]);
}

/** The list of macros of a design, as `generate --macros` reads it. */
function macroFile(hardware: Hardware): readonly (readonly [string, string])[] {
  const { macros } = enginesOf(hardware)[0];
  return macros === undefined ? [] : [[MACROS_FILE, `${JSON.stringify(macros, null, 2)}\n`]];
}

/** The words of the layer tables of all engines. */
function layerRecords(parts: readonly EnginePart[]) {
  return parts.flatMap(({ c, model }) => {
    const walks = walkModel(model, c);
    const allowances = allowancesOf(walks, c);
    return walks.map((walk) => layerRecord(c, { walks, allowances }, walk));
  });
}

/** The way back to the source, as the manifest has it; with `source` false the lines are left out. */
export function manifestSignals(hardware: Hardware, source: boolean): ManifestSignals {
  const { signals, registers } = designSignals(hardware, source);
  return { signals: asJson(signals), registers: asJson(registers) };
}

/** Plain data as the manifest's schema has it: what JSON keeps, and nothing else. */
function asJson(value: object): ManifestBody['parameters'] {
  return JSON.parse(JSON.stringify(value));
}
