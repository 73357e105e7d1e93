/** Every decoder; those beside `list` have the name of the kind of pattern that they are made for. */
export const DECODER_NAMES = ['hcgs', 'list'] as const;
export type DecoderName = (typeof DECODER_NAMES)[number];
