/** What there is to say of one code of an error. */
export interface Explanation {
  /** What it says, a sentence without its full stop: the line of the code in the list. */
  readonly means: string;
  /** What usually causes it. */
  readonly why: string;
  /** What to do. */
  readonly remedy: string;
  /** Command lines that help, as a user types them; words in capitals stand for their own. */
  readonly commands?: readonly string[];
}

/** Codes of one kind, in the order of the list. */
export interface Theme {
  readonly title: string;
  readonly codes: Readonly<Record<string, Explanation>>;
}
