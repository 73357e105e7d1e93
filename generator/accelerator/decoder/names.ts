/** Every decoder: for matrices of the kind of pattern that it has the name of, or for any (`list`, `queue`). */
export const DECODER_NAMES = ['hcgs', 'list', 'queue'] as const;
export type DecoderName = (typeof DECODER_NAMES)[number];
