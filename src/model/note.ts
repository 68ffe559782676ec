import type { Span } from '../source/span.js'

/** Something the reader must know that is no rule's finding. `withholds`: because of it the review cannot be a pass. */
export interface Note {
  readonly message: string
  readonly at: Span | null
  readonly bearing: 'informs' | 'withholds'
  /** It tells how closely a text was read, and not what stands there: an unchanged text may lack it. */
  readonly ofReading?: true
  /** Of a stretch that is no SQL as it stands: why not. */
  readonly foreign?: Foreign
}

/** What stands in a script and is no SQL: `cut` is SQL that the tool cuts apart in its middle; `where` says at what, and what helps. */
export type Foreign =
  | { readonly kind: 'meta-command' | 'placeholder'; readonly text: string }
  | { readonly kind: 'copy-rows' }
  | { readonly kind: 'cut'; readonly tool: string; readonly where: string }
