import type { NetworkFormat } from './format.js';
import type { FormatName } from './imported.js';
import { jsonFormat } from './json/format.js';
import { kerasFormat } from './keras/format.js';
import { npzFormat } from './npz/format.js';
import { onnxFormat } from './onnx/format.js';
import { safetensorsFormat } from './pytorch/format.js';
import { tensorflowFormat } from './tensorflow/graph-def/format.js';
import { tfliteFormat } from './tensorflow/tflite/format.js';
import { torchFormat } from './torch-file/format.js';

/** All formats that networks are read from: a new one is a folder here, its name, and a line in this list. */
export const NETWORK_FORMATS = {
  safetensors: safetensorsFormat,
  // before ONNX: what follows the first bytes says more
  tflite: tfliteFormat,
  tensorflow: tensorflowFormat,
  onnx: onnxFormat,
  json: jsonFormat,
  npz: npzFormat,
  pytorch: torchFormat,
  keras: kerasFormat,
} as const satisfies Record<FormatName, NetworkFormat>;
