import type { Parts } from '../../review/conclude.js'
import type { ReviewInput } from '../../review/review.js'

/*
 * How an order and its answer travel: as JSON, which has no form that runs anything. Maps are lists of pairs. A broker and an
 * analyser are of one version, so that the form needs none of its own.
 */

/** What is to be reviewed, as text. */
export function writtenInput({ base, head, ...rest }: ReviewInput): string {
  return JSON.stringify({ ...rest, base: [...base], head: [...head] })
}

/** The same again. Throws for what is no order. */
export function inputIn(text: string): ReviewInput {
  const { base, head, ...rest } = JSON.parse(text) as Omit<ReviewInput, 'base' | 'head'> & {
    readonly base: Pairs<ReviewInput['base']>
    readonly head: Pairs<ReviewInput['head']>
  }
  return { ...rest, base: new Map(base), head: new Map(head) }
}

type Pairs<Entries> = Entries extends ReadonlyMap<infer Key, infer Value> ? readonly (readonly [Key, Value])[] : never

/**
 * The parts that an answer holds. Who answers is not trusted with more than the answer: null for what has not their outline, or
 * speaks of another pull request.
 */
export function partsIn(text: string, { pull }: ReviewInput): Parts | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const parts = value as { readonly [Key in keyof Parts]?: unknown }
  const isWhole = LISTS.every((name) => Array.isArray(parts[name]))
  // Its own is put in the place of what was said, so that nothing is published anywhere else.
  return isWhole && isSame(parts.pull, pull) ? { ...(value as Parts), pull } : null
}

const LISTS = ['projects', 'migrations', 'findings', 'rehearsals', 'notes'] as const

function isSame(said: unknown, pull: ReviewInput['pull']): boolean {
  if (typeof said !== 'object' || said === null) return false
  const { repository, number, base, head } = said as Partial<ReviewInput['pull']>
  return repository === pull.repository && number === pull.number && base === pull.base && head === pull.head
}
