/** What the provenance of a compressed model says where the source network has outputs for last frames alone. */
const LAST = 'last';

/** The line for the provenance of a model: none where the file says nothing, or every frame. */
export function emitProvenance(last: boolean): Readonly<Record<string, string>> {
  return last ? { emit: LAST } : {};
}

/** Whether the network that a model was made from has outputs for the last frame of an utterance alone. */
export function saysLast({
  provenance,
}: {
  readonly provenance: Readonly<Record<string, string>>;
}): boolean {
  return provenance.emit === LAST;
}
