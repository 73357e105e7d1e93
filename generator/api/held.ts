import { unexpected } from '../base/errors.js';
import { shownValue } from './arguments.js';

/**
 * Contents behind the objects that a program gets. The fields that it sees are plain and stay the same between versions; what
 * the next function needs is kept here.
 */
export interface Held<Handle extends object, Content> {
  /** Freezes the object and keeps its contents as long as it lives. */
  readonly hold: (handle: Handle, content: Content) => Handle;
  /** @throws UserError API_ARGUMENT for an object that was not made here, or for a copy of one */
  readonly of: (handle: Handle) => Content;
}

/** `field`: the argument as errors call it; `from`: the function that makes it. */
export function held<Handle extends object, Content>(
  field: string,
  from: string,
): Held<Handle, Content> {
  const contents = new WeakMap<Handle, Content>();
  return {
    hold: (handle, content) => {
      contents.set(handle, content);
      return Object.freeze(handle);
    },
    of: (handle) => {
      const content = contents.get(handle);
      if (content !== undefined) return content;
      const kind: unknown = Object(handle).kind;
      throw unexpected({
        code: 'API_ARGUMENT',
        field,
        expected: `what ${from} returns, itself and no copy`,
        got: typeof kind === 'string' ? `an object of kind '${kind}'` : shownValue(handle),
      });
    },
  };
}
