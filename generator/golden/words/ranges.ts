import type { Calibration } from '../../network/compress/calibrate.js';
import type { FormatChoices } from '../../network/compress/formats.js';
import type { Prepared } from '../../network/compress/prepare.js';
import { rangeFraction } from '../../network/compress/quantise.js';
import { isIdentity } from '../../network/float/model.js';
import type { Candidate } from './candidate.js';

/** No headroom for anything. */
export function noHeadroom({ cells }: Calibration): readonly number[] {
  return [0, ...cells.map(() => 0)];
}

/** Formats whose ranges are wider than what the calibration says; those that the user has given stay. */
export function withHeadroom(
  { source, calibration: { x, cells } }: Pick<Prepared, 'source' | 'calibration'>,
  { words, formats, headroom }: Candidate,
): FormatChoices {
  const [ofX = 0, ...ofCells] = headroom;
  const { range, inputFraction, layers = [] } = formats;
  return {
    ...formats,
    inputFraction: inputFraction ?? rangeFraction(x, words.activation, range) - ofX,
    layers: cells.map((seen, l) => {
      const wider = ofCells[l] ?? 0;
      const given = layers[l] ?? {};
      return {
        ...given,
        cellFraction: given.cellFraction ?? rangeFraction(seen, words.cell, range) - wider,
        // what writes what it reads has no range of its own
        ...(!isIdentity(source, l) && {
          valueFraction:
            given.valueFraction ?? rangeFraction(seen, words.activation, range) - wider,
        }),
      };
    }),
  };
}
