import { UserError } from '../../base/errors.js';
import type { Imported } from '../../network/import/imported.js';

/** What the provenance of a compressed model says where something that computes on h was left out. */
const HEAD_LEFT_OUT = 'left out';

/** The line for the provenance of a model: none where its outputs are answers of the network. */
export function headProvenance({ headLeftOut }: Imported): Readonly<Record<string, string>> {
  return headLeftOut ? { head: HEAD_LEFT_OUT } : {};
}

/** @throws UserError LABELS_WITHOUT_HEAD where there are labels for h of a network whose head was left out */
export function checkImportedLabels(
  { headLeftOut }: Imported,
  file: string,
  labels: string | undefined,
): void {
  if (headLeftOut) refuse(file, labels);
}

/** The same for a compressed model. @throws UserError LABELS_WITHOUT_HEAD */
export function checkModelLabels(
  { provenance }: { readonly provenance: Readonly<Record<string, string>> },
  file: string,
  labels: string | undefined,
): void {
  if (provenance.head === HEAD_LEFT_OUT) refuse(file, labels);
}

function refuse(file: string, labels: string | undefined): void {
  if (labels === undefined) return;
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
