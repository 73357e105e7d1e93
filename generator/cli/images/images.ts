import {
  buildHardwareImages,
  type Hardware,
  isLoaded,
  isOfVerilog,
  loadLayout,
  loadStream,
  placeOn,
  residentsOf,
} from '../../accelerator/index.js';
import { UserError } from '../../base/errors.js';
import { writeFileAtomic } from '../../base/files.js';
import { designHardware } from '../../design/read/read.js';
import { parseModel } from '../../network/compressed-model.js';
import { type CommandResult, defineCommand } from '../frame/command.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import { designToRun, trustOptions } from '../input/trust.js';
import { keepOrderOption } from '../options/design-options.js';
import { writeWholeDesign } from '../options/design-write.js';
import { badValue, flag, input, integer, output } from '../options/options.js';
import { orderLines } from '../text/orders-text.js';

export const imagesCommand = defineCommand({
  name: 'images',
  summary: 'put another model on an existing design; its Verilog stays as it is',
  positionals: {
    MODEL: input('compressed model', { required: true }),
    DIR: input('design directory', { required: true }),
  },
  options: {
    ...trustOptions,
    keepOrder: keepOrderOption,
    bin: flag(
      'of a design with --weights loaded: write the bytes that load the model, and leave the directory as it is',
    ),
    place: integer('with --bin: resident place that they load (default 0)', { min: 0 }),
    o: output('with --bin: file of the bytes; default: the name of the model, with .bin', {
      valueName: 'FILE',
    }),
  },
  examples: [
    ['images v8.safetensors rtl-out/kws', 'new memory images for rtl-out/kws'],
    ['images v8.safetensors rtl-out/kws --bin -o v8.bin', 'what loads v8 into that design'],
  ],
  run: async ({ MODEL, DIR, keepOrder, bin, place, o, ...trust }, { progress, note }) => {
    const given = [...(place === undefined ? [] : ['--place']), ...(o === undefined ? [] : ['-o'])];
    if (!bin && given[0] !== undefined) {
      throw new UserError({
        code: 'BAD_USAGE',
        message: `${given[0]} needs --bin`,
        field: given[0],
      });
    }
    const tolerance = { edited: true };
    const { manifest, files } = await designToRun(
      DIR,
      trust,
      ['rtl'],
      { progress, note },
      tolerance,
    );
    const hardware = designHardware(manifest);
    if (bin) checkLoaded(hardware, DIR, place);
    const bytes = await readCompressedBytes(MODEL);
    const parsed = parseModel(bytes, MODEL);
    const { model, orders, cuts } = placeOn(hardware, parsed, { keepOrder, file: MODEL });
    progress.step('writing images');
    if (bin) {
      const images = buildHardwareImages(hardware, model, cuts);
      const load = loadStream(loadLayout(hardware), images, place);
      return writeLoad(o ?? fileOf(MODEL), load, { place: place ?? 0, orders: orderLines(orders) });
    }
    const rtl = {
      files: new Map([...files].filter(([path]) => isOfVerilog(path))),
      signals: { signals: manifest.signals, registers: manifest.registers },
    };
    const source = { model, bytes, orders, cuts };
    return writeWholeDesign(DIR, { configuration: hardware, source, rtl });
  },
});

/** Name of the byte stream of a model: beside nothing, where the user stands. */
function fileOf(model: string): string {
  const name = model.replace(/^.*[\\/]/, '').replace(/\.safetensors$/, '');
  return `${name}.bin`;
}

/** @throws UserError NOT_LOADED for a design with ROMs; BAD_OPTION_VALUE for a place that it does not have */
function checkLoaded(hardware: Hardware, directory: string, place = 0): void {
  if (!isLoaded(hardware)) {
    throw new UserError({
      code: 'NOT_LOADED',
      message: `${directory}: its model lies in ROMs, nothing can be loaded into it: generate it with --weights loaded`,
      ...{ file: directory, field: 'parameters.weights', expected: 'loaded', got: 'rom' },
    });
  }
  const places = residentsOf(hardware);
  if (place >= places) throw badValue('--place', `0 to ${places - 1}`, place);
}

async function writeLoad(
  file: string,
  bytes: Uint8Array,
  { place, orders }: { readonly place: number; readonly orders: readonly string[] },
): Promise<CommandResult> {
  await writeFileAtomic(file, bytes);
  return {
    ok: true,
    json: { file, bytes: bytes.length, place },
    lines: [...orders, `${file}: ${bytes.length} bytes`],
  };
}
