/**
 * Text that can be laid out on one line or on several. A group stays on one line where it fits; where not, all its own
 * lines break, and the groups inside of it decide anew.
 */
export type Doc =
  | string
  | readonly Doc[]
  | { readonly kind: 'line'; readonly flat: '' | ' ' }
  | { readonly kind: 'group' | 'nest'; readonly doc: Doc };

/** A space, or the end of the line. */
export const line: Doc = { kind: 'line', flat: ' ' };
/** Nothing, or the end of the line. */
export const softLine: Doc = { kind: 'line', flat: '' };

export const group = (...doc: readonly Doc[]): Doc => ({ kind: 'group', doc });

/** Lines inside of it are indented by four more columns. */
export const nest = (...doc: readonly Doc[]): Doc => ({ kind: 'nest', doc });

/** Columns of a line. */
export const WIDTH = 100;
const STEP = 4;

interface Piece {
  readonly doc: Doc;
  readonly indent: number;
  readonly broken: boolean;
}

/** Lines of a text that begins at column `indent`; those after the first have their indentation. */
export function layout(doc: Doc, indent: number, width = WIDTH): readonly string[] {
  const lines = [''];
  const todo: Piece[] = [{ doc: group(doc), indent, broken: false }];
  const used = (): number =>
    (lines.length === 1 ? indent : 0) + (lines[lines.length - 1] as string).length;
  for (let piece = todo.pop(); piece !== undefined; piece = todo.pop()) {
    const { doc, broken } = piece;
    if (typeof doc === 'string') lines[lines.length - 1] += doc;
    else if ('kind' in doc && doc.kind === 'line') {
      if (broken) lines.push(' '.repeat(piece.indent));
      else lines[lines.length - 1] += doc.flat;
    } else if ('kind' in doc && doc.kind === 'group') {
      const flat = { ...piece, doc: doc.doc, broken: false };
      todo.push(fits([...todo, flat], width - used()) ? flat : { ...flat, broken: true });
    } else todo.push(...opened(piece));
  }
  return lines;
}

/** Text on one line, however long. */
export function flat(doc: Doc): string {
  return layout(doc, 0, Number.POSITIVE_INFINITY)[0] as string;
}

/** Whether what comes up to the next end of a line has room. */
function fits(todo: Piece[], room: number): boolean {
  let left = room;
  for (let piece = todo.pop(); piece !== undefined; piece = todo.pop()) {
    const { doc, broken } = piece;
    if (typeof doc === 'string') left -= doc.length;
    else if ('kind' in doc && doc.kind === 'line') {
      if (broken) return true;
      left -= doc.flat.length;
    } else todo.push(...opened(piece));
    if (left < 0) return false;
  }
  return true;
}

/** What a piece is made of, last first. */
function opened({ doc, indent, broken }: Piece): Piece[] {
  if (typeof doc === 'string') return [];
  if (!('kind' in doc)) return doc.map((part) => ({ doc: part, indent, broken })).reverse();
  if (doc.kind === 'line') return [];
  return [{ doc: doc.doc, indent: doc.kind === 'nest' ? indent + STEP : indent, broken }];
}
