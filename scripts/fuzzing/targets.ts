import { isDeepStrictEqual } from 'node:util';
import { checkModel } from '../../generator/network/compressed/check.js';
import { modelBytes, parseModel } from '../../generator/network/compressed-model.js';
import type { FrameSet } from '../../generator/network/data/frame-set.js';
import type { readNpy } from '../../generator/network/formats/npy.js';
import type { Imported } from '../../generator/network/import/imported.js';
import { inconsistency } from './consistent.js';
import { dataText, frameSeeds, labelSeeds } from './data-files.js';
import { onnxDirections, writtenDirections } from './direction-seeds.js';
import { jsonEntries, jsonSeeds, jsonText, jsonValues } from './json-files.js';
import { kerasConfig, kerasSeeds } from './keras.js';
import { BYTE_MUTATIONS, type Mutation } from './mutate-bytes.js';
import { headerEntries, headerJson, hostileHeader } from './mutate-json.js';
import { npyHeader } from './mutate-npy.js';
import { onnxNesting, onnxStructure } from './mutate-onnx.js';
import { torchArchive, torchHostile, torchPickle } from './mutate-torch.js';
import { zipFields } from './mutate-zip.js';
import { npzBytes, npzEntries, npzHeader, npzSeeds } from './npz-files.js';
import { READERS } from './readers.js';
import {
  modelSeeds,
  npySeeds,
  onnxSeeds,
  type Seed,
  safetensorsSeeds,
  torchSeeds,
} from './seeds.js';
import {
  jsonWeight,
  npzWeight,
  safetensorsWeight,
  sensitive,
  tensorflowWeight,
  tfliteWeight,
} from './sensitive.js';
import {
  tensorflowSeeds,
  tensorflowStructure,
  tfliteNumbers,
  tfliteSeeds,
  tfliteStructure,
} from './tensorflow-files.js';

/** A reader that is fuzzed. */
export interface Target<T> {
  readonly seeds: readonly Seed[];
  readonly mutations: readonly Mutation[];
  readonly read: (bytes: Uint8Array) => T;
  /** As commands read it, where `read` is faster but can be without end: in a process of its own, which is stopped. */
  readonly readApart?: (bytes: Uint8Array) => T;
  /** What is wrong with a result, or null. */
  readonly check: (result: T, bytes: Uint8Array) => string | null;
}

const times = (n: number, ...mutations: readonly Mutation[]) =>
  Array.from({ length: n }, () => mutations).flat();

type Check = Target<Imported>['check'];

/** The first thing that is wrong. */
const all =
  (...checks: readonly Check[]): Check =>
  (imported, bytes) =>
    checks.reduce<string | null>((wrong, check) => wrong ?? check(imported, bytes), null);

export const TARGETS = {
  onnx: (): Target<Imported> => ({
    seeds: [...onnxSeeds(), ...onnxDirections()],
    mutations: [...BYTE_MUTATIONS, ...times(30, onnxStructure), onnxNesting],
    read: READERS.onnx,
    check: inconsistency,
  }),
  safetensors: (): Target<Imported> => ({
    seeds: [
      ...safetensorsSeeds(),
      ...writtenDirections('torch', /^(lstm|bare|projection)\.safetensors$/),
    ],
    mutations: [...BYTE_MUTATIONS, ...times(5, headerJson, headerEntries), hostileHeader],
    read: READERS.safetensors,
    check: all(inconsistency, sensitive(READERS.safetensors, safetensorsWeight)),
  }),
  keras: (): Target<Imported> => ({
    seeds: [...kerasSeeds(), ...writtenDirections('keras', /^(every|sum|own|cells)\.(h5|keras)$/)],
    mutations: [...BYTE_MUTATIONS, ...times(8, kerasConfig), ...times(3, zipFields)],
    read: READERS.keras,
    readApart: READERS.kerasApart,
    check: inconsistency,
  }),
  torch: (): Target<Imported> => ({
    seeds: [...torchSeeds(), ...writtenDirections('torch', /\.pt$/)],
    mutations: [
      ...BYTE_MUTATIONS,
      ...times(20, torchPickle),
      ...times(4, torchArchive, zipFields),
      torchHostile,
    ],
    read: READERS.torch,
    check: inconsistency,
  }),
  json: (): Target<Imported> => ({
    seeds: jsonSeeds(),
    mutations: [...BYTE_MUTATIONS, ...times(8, jsonValues, jsonEntries), ...times(3, jsonText)],
    read: READERS.json,
    check: all(inconsistency, sensitive(READERS.json, jsonWeight)),
  }),
  npz: (): Target<Imported> => ({
    seeds: npzSeeds(),
    mutations: [
      ...BYTE_MUTATIONS,
      ...times(6, npzEntries, npzHeader, zipFields),
      ...times(4, npzBytes),
    ],
    read: READERS.npz,
    check: all(inconsistency, sensitive(READERS.npz, npzWeight)),
  }),
  tflite: (): Target<Imported> => ({
    seeds: tfliteSeeds(),
    mutations: [...BYTE_MUTATIONS, ...times(8, tfliteStructure, tfliteNumbers)],
    read: READERS.tflite,
    check: all(inconsistency, sensitive(READERS.tflite, tfliteWeight)),
  }),
  tensorflow: (): Target<Imported> => ({
    seeds: tensorflowSeeds(),
    mutations: [...BYTE_MUTATIONS, ...times(20, tensorflowStructure)],
    read: READERS.tensorflow,
    check: all(inconsistency, sensitive(READERS.tensorflow, tensorflowWeight)),
  }),
  npy: (): Target<ReturnType<typeof readNpy>> => ({
    seeds: npySeeds(),
    mutations: [...BYTE_MUTATIONS, ...times(8, npyHeader)],
    read: READERS.npy,
    check: ({ shape, data }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return size === data.length ? null : `${data.length} values of ${size}`;
    },
  }),
  frames: (): Target<FrameSet> => ({
    seeds: frameSeeds(),
    mutations: [...BYTE_MUTATIONS, ...times(8, dataText), ...times(2, npyHeader)],
    read: READERS.frames,
    check: ({ lengths, inputs, values }) => {
      const frames = lengths.reduce((a, b) => a + b, 0);
      if (lengths.some((length) => length < 1)) return 'an utterance without frames';
      if (!values.every(Number.isFinite)) return 'a value that is no number';
      return frames * inputs === values.length
        ? null
        : `${values.length} values of ${frames} frames`;
    },
  }),
  labels: (): Target<Int32Array> => ({
    seeds: labelSeeds(),
    mutations: [...BYTE_MUTATIONS, ...times(8, dataText)],
    read: READERS.labels,
    check: (labels) => {
      const right = labels.length === 3 && labels.every((label) => label === 0 || label === 1);
      return right ? null : `labels ${labels.join()}`;
    },
  }),
  model: (): Target<ReturnType<typeof parseModel>> => ({
    seeds: modelSeeds(),
    mutations: [
      ...BYTE_MUTATIONS,
      ...times(8, headerJson),
      ...times(2, headerEntries),
      hostileHeader,
    ],
    read: READERS.model,
    check: (model) => {
      checkModel(model);
      const again = parseModel(modelBytes(model), 'again');
      return isDeepStrictEqual(again, model) ? null : 'written and read again it is another model';
    },
  }),
} as const;

export type TargetName = keyof typeof TARGETS;
