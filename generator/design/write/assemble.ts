import {
  allowancesOf,
  type Configuration,
  checkHazards,
  designSignals,
  type Estimate,
  estimate,
  imageSteps,
  layerRecord,
  memories,
  orderOf,
  type Prediction,
  predictModel,
  shapeContract,
  walkModel,
} from '../../accelerator/index.js';
import type { Steps } from '../../base/steps.js';
import type { Model } from '../../network/model.js';
import type { UnitOrders } from '../../network/unit-order.js';
import { choicesFiles } from '../manifest/choices.js';
import { designFacts } from '../manifest/facts.js';
import { type ManifestBody, type ManifestSignals, MODEL_FILE } from '../manifest/manifest.js';
import { coreName } from '../manifest/name.js';
import { type StreamPorts, streamPorts } from '../manifest/ports.js';
import { designTrace } from '../manifest/trace.js';
import { designDocuments } from './documents.js';

/** A model as the hardware has it, and the bytes of the file it was read from. */
export interface ModelSource {
  readonly model: Model;
  readonly bytes: Uint8Array;
  /** In which it has the hidden units of the file; absent: in their own order. */
  readonly orders?: UnitOrders | null | undefined;
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
  readonly estimate: Estimate;
  readonly ports: StreamPorts;
}

/**
 * Puts a model on a configuration whose Verilog is given: everything but rtl/ follows from the two.
 * @throws UserError HAZARD
 */
export function* assembleDesign(
  c: Configuration,
  source: ModelSource,
  rtl: Rtl,
  prediction: Prediction = predictModel(c, source.model),
): Steps<AssembledDesign> {
  const { model, bytes, orders = null } = source;
  checkHazards(orderOf(c, model));
  const figures = estimate(c, model, prediction);
  const ports = streamPorts(c);
  const walks = walkModel(model, c);
  const allowances = allowancesOf(walks, c);
  const body: ManifestBody = {
    name: c.name,
    top: c.name,
    core: coreName(c.name),
    parameters: asJson(c),
    ports: asJson(ports),
    trace: asJson(designTrace(c, model, orders)),
    shape: asJson(shapeContract(c)),
    layers: walks.map((walk, l) =>
      asJson({ ...figures.layers[l], tableWord: layerRecord(c, { walks, allowances }, walk) }),
    ),
    memories: memories(c).map(asJson),
    estimate: asJson(figures),
    ...rtl.signals,
  };
  const images = yield* imageSteps(c, model);
  const facts = designFacts(c, model, figures, ports, rtl.files, images);
  const files = new Map<string, string | Uint8Array>([
    ...rtl.files,
    ...images,
    [MODEL_FILE, bytes],
    ...designDocuments(facts),
    ...choicesFiles(c, images),
  ]);
  return { body, files, estimate: figures, ports };
}

/** The way back to the source, as the manifest has it; with `source` false the lines are left out. */
export function manifestSignals(c: Configuration, source: boolean): ManifestSignals {
  const { signals, registers } = designSignals(c, source);
  return { signals: asJson(signals), registers: asJson(registers) };
}

/** Plain data as the manifest's schema has it: what JSON keeps, and nothing else. */
function asJson(value: object): ManifestBody['parameters'] {
  return JSON.parse(JSON.stringify(value));
}
