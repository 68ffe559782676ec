/** What a function in PL/pgSQL holds, as far as it can be told without running it. */
export interface FunctionBody {
  /** Its parameters and what it declares in any block, those left out of which there are several of one name. */
  readonly variables: readonly {
    readonly name: string
    /** As it is written, or `record`. */
    readonly type: string
    readonly parameter: boolean
  }[]
  /** The queries and expressions within, each as a statement that PostgreSQL can plan; those left out that a doubtful name is in. */
  readonly pieces: readonly string[]
  /** Whether it also runs text made at run time, or creates and drops objects. */
  readonly changing: boolean
  /** Whether it goes on after an error. */
  readonly forgiving: boolean
}

/** A function as the catalog has it. */
export interface FunctionText {
  /** The whole CREATE FUNCTION statement. */
  readonly definition: string
  /** The body in it. */
  readonly source: string
}

/** Reads functions; null for one that cannot be read. */
export type ReadFunctionBodies = (
  functions: readonly FunctionText[],
  signal: AbortSignal,
) => Promise<readonly (FunctionBody | null)[]>
