import { isChain } from '../../accelerator/index.js';
import { placedModel } from '../../design/read/placed-model.js';
import { type Design, designHardware } from '../../design/read/read.js';
import { devicesOf } from '../../devices/find.js';
import { FAMILIES } from '../../devices/registry.js';
import { type Advice, adviceFor } from '../../flow/report/advice.js';
import type { FlowReport } from '../../flow/report/report.js';

/** What should fit, for a design that does not fit its device; null for one that does, and for a chain. */
export function adviceOn(design: Design, report: FlowReport): Advice | null {
  const { fits, luts, registers } = report;
  const device = FAMILIES.flatMap(devicesOf).find(({ name }) => name === report.device);
  const hardware = designHardware(design.manifest);
  // what would fit is looked for by plans of one engine
  if (fits || device === undefined || isChain(hardware)) return null;
  const counted = { luts: luts ?? 0, registers: registers ?? 0 };
  return adviceFor(hardware, placedModel(design).model, device, counted);
}
