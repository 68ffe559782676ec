import type { Script, SourceComment } from '../model/migration.js'

const IRREVERSIBLE =
  /\b(irreversible|not reversible|non-reversible|(?:cannot|can't|can not) be (?:undone|reversed|reverted|rolled back))\b/i

/** What the comments of a down that does nothing say of there being no way back; null when they say nothing of it. */
export function statedIrreversible(
  comments: readonly SourceComment[],
): Extract<Script, { kind: 'irreversible' }> | null {
  const comment = comments.find(({ text }) => IRREVERSIBLE.test(text))
  if (comment === undefined) return null
  const [, keyed] = /\birreversible\s*[:–—-]\s*([^]+)/i.exec(comment.text) ?? []
  const bare = /^irreversible\W*$/i.test(comment.text)
  return { kind: 'irreversible', reason: bare ? null : (keyed ?? comment.text).trim(), at: comment.span }
}
