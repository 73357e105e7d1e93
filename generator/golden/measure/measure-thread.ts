import { serve } from '../../base/pool.js';
import { atOnce } from '../../base/steps.js';
import type { Model } from '../../network/model.js';
import { type Measured, measureSteps, type TestSet } from './measure.js';

serve<TestSet, Model, Measured>((set) => (model) => atOnce(measureSteps(model, set)));
