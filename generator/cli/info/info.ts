import { existsSync, statSync } from 'node:fs';
import { shellWord } from '../../base/printable.js';
import { placedModel } from '../../design/read/placed-model.js';
import { type Design, designEstimate, readDesign } from '../../design/read/read.js';
import { sha256 } from '../../design/write/hash.js';
import { cellOf } from '../../network/cells/registry.js';
import { parseModelFile } from '../../network/compressed-model.js';
import { type Direction, directionText } from '../../network/directions.js';
import type { Model, TableScheme } from '../../network/model.js';
import { layersOf, outputPassOf, type Pass, programOf } from '../../network/program.js';
import { type ModelSummary, modelSummary, patternText } from '../../network/summary.js';
import { type CommandResult, defineCommand } from '../frame/command.js';
import { readCompressedBytes } from '../input/model-bytes.js';
import { input } from '../options/options.js';
import { figuresLines } from '../text/chain-text.js';
import { orderLines } from '../text/orders-text.js';
import { operandLines } from '../text/pattern-text.js';
import { tablesText } from '../text/tables-text.js';
import { weightsWord } from '../text/weights-text.js';

export const infoCommand = defineCommand({
  name: 'info',
  summary: 'show what is in a compressed model or a design directory',
  positionals: {
    PATH: input('compressed model (.safetensors) or design directory', { required: true }),
  },
  options: {},
  examples: [
    ['info v16.safetensors', 'format of the file, layers, pattern, formats, sizes, hash'],
    ['info rtl-out/kws --json', 'the same of a design, its configuration and its figures'],
  ],
  run: async ({ PATH: path }) =>
    existsSync(path) && statSync(path).isDirectory()
      ? designInfo(readDesign(path))
      : modelInfo(path, await readCompressedBytes(path)),
});

function modelInfo(file: string, bytes: Uint8Array): CommandResult {
  const { format, model: content } = parseModelFile(bytes, file);
  const summary = modelSummary(content);
  const hash = sha256(bytes);
  return {
    ok: true,
    next: [`hcgs estimate ${shellWord(file)}`],
    json: { kind: 'model', file, bytes: bytes.length, sha256: hash, format, ...summary },
    lines: [
      `${file}: compressed model of format ${format}, ${bytes.length} bytes`,
      `sha256 ${hash}`,
      ...modelLines(content, summary),
    ],
  };
}

function designInfo(design: Design): CommandResult {
  const { directory, manifest, files, modelPath } = design;
  const { name, top, core, parameters, ports, shape, layers, memories, estimate } = manifest;
  const { model, configurationHash, designHash } = manifest;
  const stored = files.get(model.file) as Uint8Array;
  const { format, model: content } = parseModelFile(stored, modelPath);
  const summary = modelSummary(content);
  const bytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
  return {
    ok: true,
    next: [`hcgs cosim ${shellWord(directory)}`],
    json: {
      kind: 'design',
      directory,
      name,
      top,
      core,
      modelHash: model.sha256,
      configurationHash,
      designHash,
      files: files.size,
      bytes,
      parameters,
      ports,
      shape,
      layers,
      memories,
      estimate,
      model: { format, ...summary },
    },
    lines: [
      `${directory}: design ${name}, ${files.size} files, ${bytes} bytes, ${memories.length} memories`,
      `sha256 of the model         ${model.sha256}`,
      `format of the model         ${format}`,
      `sha256 of the configuration ${configurationHash}`,
      `sha256 of the manifest      ${designHash}`,
      '',
      ...figuresLines(designEstimate(manifest)),
      ...orderLines(placedModel(design).orders),
      '',
      ...modelLines(content, summary),
    ],
  };
}

function modelLines(model: Model, summary: ModelSummary): readonly string[] {
  const { words, layers, output, provenance } = summary;
  const program = programOf(model);
  const last = outputPassOf(program);
  const ratio = (summary.weights / Math.max(1, summary.keptWeights)).toFixed(2);
  return [
    `words: weights ${words.weight}, activations ${words.activation}, cell state ${words.cell}, bias ${words.bias} bits`,
    `tables: ${tablesText(model.tables.scheme)}`,
    `${summary.inputs} inputs with ${summary.inputFraction} fraction bits, ${summary.outputs} outputs`,
    `${summary.keptWeights} of ${summary.weights} ${weightsWord(layers.map(({ cell }) => cell))} kept (${ratio} x)`,
    ...layersOf(program).flatMap((pass, l) => [
      `layer ${l}: ${directionText(layers[l] as Direction)}${passText(pass, model.tables.scheme)}`,
      ...operandLines(pass.operands, layers[l] as (typeof layers)[number]).map(
        (line) => `  ${line}`,
      ),
    ]),
    ...(output === null || last === null
      ? []
      : [`output: ${output.outputs} x ${output.inputs}, ${patternText(last.operands[0].matrix)}`]),
    ...Object.entries(provenance).map(([key, value]) => `${key}: ${value}`),
  ];
}

/** A pass in words: its cell, and the formats that are its own. */
function passText(pass: Pass, { inputFraction }: TableScheme): string {
  const { cell, rows, stateFraction, writes, range, clip, initial, aligned } = pass;
  const { state, value, valueFraction, range: within } = cellOf(cell);
  return [
    `${cell}, ${rows} cells`,
    ...(stateFraction === null ? [] : [`${state} with ${stateFraction} fraction bits`]),
    ...(valueFraction === 'own' ? [`${value} with ${writes.fraction} fraction bits`] : []),
    ...(within === null ? [] : [`codes ${range.low} to ${range.high}`]),
    ...(clip === undefined ? [] : [`sums clipped at ${clip / 2 ** inputFraction}`]),
    ...(initial === undefined ? [] : ['an initial state']),
    ...(aligned === false ? ['values in the order of its steps'] : []),
  ].join(', ');
}
