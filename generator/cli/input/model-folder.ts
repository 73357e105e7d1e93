import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '../../base/printable.js';

/** What a directory looks like that is given instead of a file, and what to do. */
interface Folder {
  readonly what: string;
  readonly how: string;
}

/** Files of networks, the most useful first. */
const FILES =
  /\.(safetensors|pt|pth|onnx|keras|h5|hdf5|tflite|ckpt|pb|npz|nam)$|^pytorch_model.*\.bin$/i;
const SHOWN = 4;

/** Words for a directory; null where it looks like nothing that is known. */
export async function folderWords(path: string): Promise<Folder | null> {
  const names = (await readdir(path).catch(() => [])).sort();
  const has = (pattern: RegExp) => names.some((name) => pattern.test(name));
  const folder = shellWord(path);
  const python = (line: string) => `in Python: ${line}`;
  if (has(/^design\.json$/)) {
    return { what: 'a design of hcgs', how: `its model is ${join(path, 'model.safetensors')}` };
  }
  if (has(/^saved_model\.pb(txt)?$/)) {
    const onnx = `python -m tf2onnx.convert --saved-model ${folder} --output net.onnx`;
    const how = has(/^keras_metadata\.pb$/)
      ? `${python(`tf.keras.models.load_model(${JSON.stringify(path)}).save("net.h5")`)}; or ${onnx}`
      : onnx;
    return { what: 'a TensorFlow SavedModel, whose weights lie beside its graph', how };
  }
  if (/\.ml(package|modelc)\/*$/i.test(path) || (has(/^Manifest\.json$/) && has(/^Data$/))) {
    const how = 'export the network that it was made of as ONNX or save its state_dict';
    return { what: 'a Core ML package', how };
  }
  if (has(/^config\.json$/) && has(/^model\.weights\.h5$/)) {
    return {
      what: 'an unpacked Keras archive (.keras)',
      how: `(cd ${folder} && zip -r ../net.keras .) packs it again`,
    };
  }
  if (has(/^data\.pkl$/) || (has(/^archive$/) && has(/^\.data$/))) {
    return {
      what: 'an unpacked PyTorch file (data.pkl)',
      how: `zip -0 -r net.pt ${folder} packs it again`,
    };
  }
  const files = names.filter((name) => FILES.test(name));
  const [first] = files;
  if (first !== undefined) {
    const more = files.length > SHOWN ? `, and ${files.length - SHOWN} more` : '';
    return {
      what: `a folder with ${files.slice(0, SHOWN).join(', ')}${more}`,
      how: `give the one with the recurrent layers, e.g. ${join(path, first)}`,
    };
  }
  if (has(/\.index$/) && has(/\.data-\d+-of-\d+$/)) {
    const how = python('load it into its network and save that with model.save("net.h5")');
    return { what: 'a TensorFlow checkpoint, which has weights without a network', how };
  }
  if (has(/^model\.json$/) && has(/\.bin$/)) {
    const how = `tensorflowjs_converter --input_format=tfjs_layers_model --output_format=keras ${join(folder, 'model.json')} net.h5`;
    return { what: 'a TensorFlow.js model', how };
  }
  return null;
}
