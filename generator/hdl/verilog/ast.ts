import type { ImageParameters } from '../module.js';

/** Shape of the Verilog-2005 text that is emitted: plain data, printed by print.ts. */
export type VExpr =
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'inBlock';
      readonly label: string;
      readonly index: VExpr;
      readonly name: string;
    }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'unary'; readonly op: string; readonly a: VExpr }
  | { readonly kind: 'binary'; readonly op: string; readonly a: VExpr; readonly b: VExpr }
  | { readonly kind: 'choose'; readonly test: VExpr; readonly yes: VExpr; readonly no: VExpr }
  | { readonly kind: 'concat'; readonly parts: readonly VExpr[] }
  | { readonly kind: 'repeat'; readonly count: VExpr; readonly a: VExpr }
  | { readonly kind: 'index'; readonly a: VExpr; readonly index: VExpr }
  | { readonly kind: 'range'; readonly a: VExpr; readonly high: VExpr; readonly low: VExpr }
  | {
      readonly kind: 'indexedRange';
      readonly a: VExpr;
      readonly base: VExpr;
      readonly width: VExpr;
    }
  | { readonly kind: 'call'; readonly fn: string; readonly args: readonly VExpr[] };

/** Range [high:0] of a declaration; null for one bit. */
export interface VDeclaration {
  readonly storage: string;
  readonly signed: boolean;
  readonly high: VExpr | null;
  readonly name: string;
  readonly doc: string;
}

export type VStatement =
  | { readonly kind: 'set'; readonly target: VExpr; readonly value: VExpr }
  | {
      readonly kind: 'when';
      readonly test: VExpr;
      readonly then: readonly VStatement[];
      readonly otherwise: readonly VStatement[];
    };

/** An item, the author's line of it, and the locator that is printed above it. */
export type VItem = VItemBody & { readonly site: string; readonly locator?: string };

export type VItemBody =
  | { readonly kind: 'declare'; readonly declaration: VDeclaration; readonly value: VExpr | null }
  | { readonly kind: 'local'; readonly name: string; readonly value: VExpr; readonly doc: string }
  | {
      readonly kind: 'memory';
      readonly name: string;
      readonly high: VExpr;
      readonly depth: VExpr;
      /** Number of the last word. */
      readonly last: VExpr;
      /** A word of zeros. */
      readonly clear: VExpr;
      /** Counter of the loop that clears a memory without an image. */
      readonly index: string;
      /** Block that loads the image, the one that does so with a folder, and the one that clears. */
      readonly label: string;
      readonly inFolderLabel: string;
      readonly otherwiseLabel: string;
      readonly image: ImageParameters | null;
      /** It starts with nothing that is known. */
      readonly unset?: true;
      readonly doc: string;
    }
  | { readonly kind: 'assign'; readonly target: VExpr; readonly value: VExpr }
  | {
      readonly kind: 'always';
      readonly clock: VExpr;
      readonly body: readonly VStatement[];
      readonly doc: string;
    }
  | {
      readonly kind: 'for';
      readonly variable: string;
      readonly count: VExpr;
      readonly label: string;
      readonly items: readonly VItem[];
    }
  | {
      readonly kind: 'if';
      readonly test: VExpr;
      readonly label: string;
      readonly otherwiseLabel: string;
      readonly then: readonly VItem[];
      readonly otherwise: readonly VItem[];
    }
  | {
      readonly kind: 'instance';
      readonly module: string;
      readonly name: string;
      readonly parameters: readonly (readonly [string, VExpr])[];
      readonly ports: readonly (readonly [string, VExpr])[];
    }
  | { readonly kind: 'comment'; readonly text: string };

/** Elaboration stops with `message` where `test` holds. */
export interface VGuard {
  readonly test: VExpr;
  readonly message: string;
}

export interface VModule {
  readonly name: string;
  readonly doc: string;
  readonly site: string;
  readonly locator?: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly value: VExpr;
    readonly doc: string;
  }[];
  readonly ports: readonly VDeclaration[];
  readonly guards: readonly VGuard[];
  readonly items: readonly VItem[];
}
