import type { Readable } from 'node:stream';

/** Characters of a line; what is longer comes in pieces. */
const LONGEST = 1 << 16;

/** Calls `visit` for every line of a stream, one after another, until its end. Memory stays bounded. */
export async function eachLine(
  stream: Readable,
  visit: (line: string) => Promise<void> | void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) await visit(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (rest.length > LONGEST) {
      await visit(rest);
      rest = '';
    }
  }
  if (rest !== '') await visit(rest);
}
