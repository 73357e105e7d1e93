import type { Steps } from '../../base/steps.js';
import type { Model, SparseMatrix } from '../../network/model.js';
import { type HcgsPattern, keptBlocksOfRow } from '../../sparsity/hcgs.js';
import { type Configuration, GATE_COUNT, weightRoms } from '../plan/configuration.js';
import { type Job, jobsOf } from '../schedule/jobs.js';
import { type PassWalk, rowOfTile, sharesSlices, sideOf, walkModel } from '../schedule/walk.js';
import { ImageWriter } from './hex.js';
import { imagePath } from './names.js';

/** Images of the weight banks: one word per tile, in the order in which a frame reads them. */
export function* weightImages(c: Configuration, model: Model): Steps<ReadonlyMap<string, string>> {
  const bits = GATE_COUNT * c.tileRows * c.tileColumns * c.words.weight;
  const banks = Array.from({ length: c.rowGroups }, () => new ImageWriter(bits, c.weightDepth));
  const roms = weightRoms(c);
  const walks = walkModel(model, c);
  for (const job of jobsOf(walks, c.sumSlots)) {
    for (const [rowGroup, bank] of banks.entries()) {
      yield;
      writeJob(bank, c, walks[job.pass] as PassWalk, job, rowGroup);
    }
  }
  const lines = banks.map((bank) => bank.finish().split('\n'));
  return new Map(
    roms.map(({ name, bank, part, words }) => {
      const start = part * c.bankWords;
      const own = (lines[bank] as string[]).slice(start, start + words);
      return [imagePath(c.name, `weights_${name}`), `${own.join('\n')}\n`];
    }),
  );
}

function writeJob(
  bank: ImageWriter,
  c: Configuration,
  walk: PassWalk,
  { side, set, tiles }: Job,
  rowGroup: number,
): void {
  const { matrix, inner } = sideOf(walk, side);
  const columns = Array.from({ length: GATE_COUNT }, (_, gate) =>
    tileColumns(matrix, c, inner, gate, rowOfTile(walk, c, { set, rowGroup, gate, row: 0 })),
  );
  const bits = c.words.weight;
  for (let tile = 0; tile < tiles; tile++) {
    for (let gate = 0; gate < GATE_COUNT; gate++) {
      const matrixOfGate = sharesSlices(walk.pass) ? 0 : gate;
      const first = (columns[gate] as Int32Array)[tile] as number;
      for (let r = 0; r < c.tileRows; r++) {
        const row = rowOfTile(walk, c, { set, rowGroup, gate, row: r });
        if (row >= matrix.rows) continue;
        const start = (matrixOfGate * matrix.rows + row) * matrix.columns;
        const place = (gate * c.tileRows + r) * c.tileColumns;
        for (let k = 0; k < c.tileColumns && first + k < matrix.columns; k++) {
          bank.put((place + k) * bits, bits, matrix.codes[start + first + k] as number);
        }
      }
    }
    bank.next();
  }
}

/** First column of every tile of one row group, for the mask of one gate. */
function tileColumns(
  matrix: SparseMatrix,
  c: Configuration,
  inner: number,
  gate: number,
  row: number,
): Int32Array {
  const pattern = patternOf(matrix, gate);
  const blocks = keptBlocks(pattern, row);
  const columns = new Int32Array(blocks.length * inner);
  blocks.forEach((first, b) => {
    for (let i = 0; i < inner; i++) columns[b * inner + i] = first + i * c.tileColumns;
  });
  return columns;
}

/** The pattern that a gate follows: its own, or the one that all gates share. */
export function patternOf(matrix: SparseMatrix, gate: number): HcgsPattern {
  const { patterns } = matrix;
  return (patterns.length === 1 ? patterns[0] : patterns[gate]) as HcgsPattern;
}

/** Kept blocks of a row; rows behind the padding walk the first block over and over, with zero weights. */
function keptBlocks(pattern: HcgsPattern, row: number): readonly number[] {
  const outer = pattern.blocks[0] ?? 1;
  const padded = Math.ceil(pattern.rows / outer) * outer;
  if (row >= padded) return keptBlocksOfRow(pattern, 0).firstColumns.map(() => 0);
  return keptBlocksOfRow(pattern, row).firstColumns;
}
