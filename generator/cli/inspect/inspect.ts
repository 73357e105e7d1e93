import { readerBeside } from '../../base/beside.js';
import { UserError } from '../../base/errors.js';
import { shellWord } from '../../base/printable.js';
import { inSlices } from '../../base/steps.js';
import type { Part } from '../../network/import/format.js';
import { contentsOf, importNetwork } from '../../network/import/import.js';
import type { Imported } from '../../network/import/imported.js';
import { inspectSteps, type SearchOutcome } from '../../network/inspect/inspect.js';
import type { ZeroReport } from '../../network/inspect/zeros.js';
import { patternKind } from '../../sparsity/kind-of.js';
import { type CommandResult, defineCommand } from '../frame/command.js';
import { errorFields } from '../frame/report.js';
import { readModelBytes } from '../input/model-bytes.js';
import {
  type ImportValues,
  importOptions,
  importValues,
  networkInput,
} from '../options/import-options.js';
import { nextSteps } from './inspect-next.js';
import { type InspectionReport, inspectionLines } from './inspect-text.js';

export const inspectCommand = defineCommand({
  name: 'inspect',
  summary: 'what is in a float network: layers, ranges, zeros, and which pattern they are',
  positionals: {
    MODEL: networkInput,
  },
  options: importOptions,
  examples: [
    ['inspect net.safetensors', 'the first look at a network of your own'],
    ['inspect net.onnx --json', 'the same for programs'],
    ['inspect net.safetensors --map fc=none', 'without the layer behind the recurrent ones'],
  ],
  run: async ({ MODEL: file, ...read }, { progress }) => {
    const bytes = await readModelBytes(file);
    const imported = imports(bytes, file, read);
    if (imported === null) return compressedModel(file, bytes.length);
    const { format, model, leftOut, notes } = imported;
    progress.step('looking at the zeros');
    const network = await inSlices(inspectSteps(model, file, progress.tick));
    const report: InspectionReport = {
      file,
      bytes: bytes.length,
      format,
      ...network,
      leftOut,
      notes: [...notes, ...network.notes],
      next: nextSteps(file, read, network),
    };
    const json = {
      kind: 'network',
      ...report,
      matrices: network.matrices.map(matrixJson),
      search: outcome(network.search),
      filled: network.filled && outcome(network.filled),
    };
    return { ok: true, json, lines: inspectionLines(report) };
  },
});

function outcome({ found, refused }: SearchOutcome) {
  return {
    found: found?.map((choice) => patternKind(choice).report.choiceFacts(choice)) ?? null,
    refused: refused && errorFields(refused),
  };
}

function matrixJson({ patterns, ...report }: ZeroReport) {
  const facts = patterns.map((found) => patternKind(found).report.findings.facts(found));
  return { ...report, patterns: facts };
}

/** The network, or null where the file is a compressed model. */
function imports(bytes: Uint8Array, file: string, read: ImportValues): Imported | null {
  try {
    return importNetwork(bytes, file, { ...importValues(read), beside: readerBeside(file) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error.report.code === 'ALREADY_COMPRESSED') return null;
    throw withContents(error, bytes, file, read);
  }
}

/** The refusal of a network, and under it what is in its file. */
function withContents(
  error: UserError,
  bytes: Uint8Array,
  file: string,
  read: ImportValues,
): UserError {
  let parts: readonly Part[];
  try {
    parts = contentsOf(bytes, file, { ...importValues(read), beside: readerBeside(file) });
  } catch (broken) {
    if (broken instanceof UserError) return error;
    throw broken;
  }
  if (parts.length === 0) return error;
  const { details = [] } = error.report;
  const list = parts.map(({ name, what }) => `  ${name}: ${what}`);
  return new UserError(
    { ...error.report, details: [...details, `in ${file}:`, ...list] },
    { cause: error },
  );
}

function compressedModel(file: string, bytes: number): CommandResult {
  const command = `hcgs info ${shellWord(file)}`;
  const next = [{ command, does: 'shows its layers, patterns and formats' }];
  return {
    ok: true,
    json: { kind: 'compressed', file, bytes, next },
    lines: [`${file}: a compressed model, no float network; ${command} shows what is in it`],
  };
}
