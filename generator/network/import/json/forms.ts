import type { JsonForm } from './form.js';
import { guitarMlForm } from './guitar-ml.js';
import { layersForm } from './layers.js';
import { namForm } from './nam.js';
import { OTHER_FORMS } from './others.js';
import { stateDictForm } from './state-dict.js';

/** The forms that are known, the most particular first. */
export const JSON_FORMS: readonly JsonForm[] = [
  namForm,
  guitarMlForm,
  layersForm,
  ...OTHER_FORMS,
  stateDictForm,
];
