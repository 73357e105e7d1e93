import { readerBeside } from '../base/beside.js';
import { UserError } from '../base/errors.js';
import { importNetwork } from '../network/import/import.js';
import type { Imported } from '../network/import/imported.js';

/** What the user says about a network and the answers that it should give. */
interface Given {
  readonly map: readonly string[];
  readonly labels?: string | undefined;
}

/**
 * A trained network and what is said about its file. Labels are refused where the head is left out: the largest h is
 * no class.
 * @throws UserError LABELS_WITHOUT_HEAD or what the importer throws.
 */
export function readNetwork(bytes: Uint8Array, file: string, { map, labels }: Given): Imported {
  const imported = importNetwork(bytes, file, { map, beside: readerBeside(file) });
  if (labels === undefined || !imported.headLeftOut) return imported;
  const expected = 'a network with its output layer';
  const got = 'h of the last layer, what follows being left out by --map fc=none';
  throw new UserError({
    code: 'LABELS_WITHOUT_HEAD',
    message: `--labels: expected ${expected}, got ${got}: the largest h is no class; leave out --labels`,
    file,
    field: '--labels',
    expected,
    got,
  });
}
