import type { ReportInput } from '../input.js';
import { accuracySection } from './accuracy.js';
import { checksSection } from './checks.js';
import { energySection } from './energy.js';
import { memorySection } from './memories.js';
import { networkSection } from './network.js';
import { numbersSection } from './numbers.js';
import { resourcesSection } from './resources.js';
import { scheduleSection } from './schedule.js';
import type { Section } from './section.js';
import { sparsitySection } from './sparsity.js';
import { timingSection } from './timing.js';

/** The parts of a report, in their order. */
export const SECTIONS: readonly ((input: ReportInput) => Section)[] = [
  networkSection,
  sparsitySection,
  numbersSection,
  scheduleSection,
  memorySection,
  resourcesSection,
  timingSection,
  energySection,
  accuracySection,
  checksSection,
];
