import { isMap, isScalar, isSeq, parseDocument } from 'yaml'

/** Something that the App needs, and what for. */
export interface Need {
  readonly name: string
  readonly why: string
}

/** What the App's manifest asks GitHub for. */
export interface Manifest {
  readonly permissions: readonly (Need & { readonly access: string })[]
  readonly events: readonly Need[]
}

/** Reads a manifest; why each thing is asked for stands in the comment before or behind it. Throws for what is no manifest. */
export function manifestIn(text: string): Manifest {
  const document = parseDocument(text)
  const permissions = document.get('default_permissions')
  const events = document.get('default_events')
  if (document.errors.length > 0 || !isMap(permissions) || !isSeq(events)) throw new Error('app.yml is no manifest')
  return {
    permissions: permissions.items.map(({ key, value }, i) => ({
      name: nameOf(key),
      access: nameOf(value),
      // What stands before the first is taken for a comment on all.
      why: wordsOf(commentOf(key, 'commentBefore') ?? (i === 0 ? permissions.commentBefore : null)),
    })),
    events: events.items.map((item) => ({ name: nameOf(item), why: wordsOf(commentOf(item, 'comment')) })),
  }
}

function nameOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : String(node)
}

function commentOf(node: unknown, where: 'comment' | 'commentBefore'): string | null | undefined {
  return isScalar(node) ? node[where] : null
}

function wordsOf(comment: string | null | undefined): string {
  return (comment ?? '').replace(/\s+/g, ' ').replace(/\.$/, '').trim()
}
