import { chipMemories, enginesOf } from '../../accelerator/index.js';
import { shellWord } from '../../base/printable.js';
import { type DesignParts, wholeDesign } from '../../cosim/whole/whole-design.js';
import type { Manifest } from '../../design/manifest/manifest.js';
import { writeDesign } from '../../design/write/write.js';
import type { CommandResult } from '../frame/command.js';
import { paddingWarnings } from '../text/block-warnings.js';
import { figuresLines, figuresSummary } from '../text/chain-text.js';
import { chipLines, chipReport } from '../text/chip-text.js';
import { timed, timedLines } from '../text/clock-text.js';
import { orderLines } from '../text/orders-text.js';

/** Writes a design with its simulation, and says what it is. */
export async function writeWholeDesign(
  directory: string,
  parts: DesignParts,
  clockMHz?: number,
): Promise<CommandResult> {
  const { body, files, estimate } = await wholeDesign(parts);
  const { configuration } = parts;
  const chip = enginesOf(configuration)[0].macros && chipMemories(configuration);
  const manifest = JSON.parse(await writeDesign(directory, body, files)) as Manifest;
  const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const clock = timed(estimate, clockMHz);
  const written = `${directory}: design ${manifest.name}, ${files.size} files, ${bytes} bytes`;
  const beside = [
    ...timedLines(clock),
    ...orderLines(parts.source.orders),
    ...(chip ? chipLines(chip) : []),
  ];
  return {
    ok: true,
    json: {
      design: manifest.name,
      directory,
      top: manifest.top,
      files: files.size,
      bytes,
      modelHash: manifest.model.sha256,
      configurationHash: manifest.configurationHash,
      designHash: manifest.designHash,
      estimate,
      ...clock,
      ...(chip && { chip: chipReport(chip) }),
    },
    lines: [...figuresLines(estimate), ...beside, '', written],
    summary: [...figuresSummary(estimate), ...beside, '', written],
    next: [`hcgs cosim ${shellWord(directory)}`],
    warnings: paddingWarnings(parts.source.model, estimate),
  };
}
