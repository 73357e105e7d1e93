/** A file of another program: what it is, and what makes one of it that hcgs reads. */
export interface Foreign {
  readonly what: string;
  readonly how: string;
}

/** Looks at the content, and at the name where the content says nothing; never throws. */
export type Recognise = (bytes: Uint8Array, file: string) => Foreign | null;

/** Whether the bytes of `text`, a byte for a letter, stand at `at`. */
export const begins = (bytes: Uint8Array, text: string, at = 0): boolean =>
  [...text].every((char, i) => bytes[at + i] === char.charCodeAt(0));

/** A file that begins with `text`, at byte `at`. */
export const magic =
  (text: string, what: string, how: string, at = 0): Recognise =>
  (bytes) =>
    begins(bytes, text, at) ? { what, how } : null;

/** The first letters of a text, null where bytes are there that no text has. */
export function startOfText(bytes: Uint8Array, length = 1024): string | null {
  const start = bytes.subarray(0, length);
  const text = new TextDecoder('utf-8').decode(start);
  const odd = start.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte));
  const broken = text.slice(0, -3).includes('\ufffd');
  return odd || broken || start.length === 0 ? null : text;
}
