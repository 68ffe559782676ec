import type { Span } from '../../source/span.js'

/** Each operation has its own place in the file that the reviewer reads. */
export interface Placed {
  readonly span: Span
}

export type Volatility = 'immutable' | 'stable' | 'volatile' | 'unknown'

/** An SQL expression as written, with what can be said of it from the text alone. */
export interface Expression {
  readonly text: string
  readonly volatility: Volatility
  /** A literal or NULL, possibly cast. */
  readonly constant: boolean
  readonly isNull: boolean
  /** Names of the columns it mentions, without qualifiers, each once. */
  readonly columns: readonly string[]
  /** String literals it holds, in order. */
  readonly strings: readonly string[]
}

/** A type as PostgreSQL's `format_type` would print it (`character varying(20)`, `integer[]`), and its parts. */
export interface TypeName {
  readonly text: string
  /** Base name without modifiers and array brackets: `character varying`, `public.mood` stays `mood` with `schema`. */
  readonly name: string
  readonly schema: string
  readonly modifiers: readonly number[]
  readonly arrays: number
  /** `serial`, `bigserial`, `smallserial` as written; `name` is then the integer type behind it. */
  readonly serial: boolean
}
