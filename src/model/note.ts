import type { Span } from '../source/span.js'

/** Something the reader must know that is no rule's finding. `withholds`: because of it the review cannot be a pass. */
export interface Note {
  readonly message: string
  readonly at: Span | null
  readonly bearing: 'informs' | 'withholds'
}
