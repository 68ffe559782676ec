import { canChange, isRead, operationsOf } from '../model/migration.js'
import type { Operation } from '../model/operation.js'
import type { Review, ReviewedMigration } from '../model/review.js'
import { more } from '../report/limits.js'
import { picturesOf } from '../report/merged-picture.js'
import { onOneLine, shortenBlock } from '../report/untrusted.js'
import { where } from '../report/view.js'
import { SEVERITY_MARKS } from '../report/wording.js'
import { sayOperation } from '../report/words.js'
import { metaOf } from '../rules/index.js'
import type { Command } from './command.js'
import { inverseOf } from './inverse.js'
import { missingIndexes } from './missing-indexes.js'
import { aboutReport, type Shape } from './reply.js'

export const suggest: Command = {
  name: 'suggest',
  usage: 'suggest',
  summary: 'safe SQL for what was found, a down script for a migration that lacks one, and missing indexes',
  who: 'anyone',
  about: 'report',
  run: (_, context) =>
    aboutReport(context, 'command-suggest', (review, __, shape) => {
      const parts = {
        fixes: fixesOf(review, shape),
        downs: downsOf(review, shape),
        indexes: indexesOf(review, shape),
      }
      return { ...parts, nothing: Object.values(parts).every((part) => part === null) }
    }),
}

/** Ready SQL where a finding has it, and otherwise what its rule says to do instead, once a rule. */
function fixesOf({ findings }: Review, { cut, limits }: Shape): object | null {
  const open = findings.filter(
    ({ allowed, fix, rule }) => allowed === null && (fix !== null || metaOf(rule) !== undefined),
  )
  if (open.length === 0) return null
  const told = new Set<string>()
  return {
    rows: open.slice(0, limits.folded).map(({ severity, at, rule, message, fix }) => {
      const first = !told.has(rule)
      told.add(rule)
      return {
        mark: SEVERITY_MARKS[severity],
        where: cut(where(at)),
        message: cut(message),
        instead: first ? (metaOf(rule)?.instead ?? '') : '',
        fix: shortenBlock(fix ?? '', limits.block),
      }
    }),
    more: more(open.length, limits.folded, 'finding'),
  }
}

/** The inverse of each new migration that nothing undoes. */
function downsOf({ migrations }: Review, { cut, limits }: Shape): object | null {
  const lacking = migrations.filter(lacksDown)
  if (lacking.length === 0) return null
  return {
    rows: lacking.slice(0, limits.folded).map(({ revision, up }) => ({
      path: cut(revision.path),
      sql: shortenBlock(
        operationsOf(up.script).flatMap(opened).filter(canChange).toReversed().map(lineOf).join('\n'),
        limits.block,
      ),
    })),
    more: more(lacking.length, limits.folded, 'migration'),
  }
}

function lacksDown({ change, revision, up, down }: ReviewedMigration): boolean {
  if (change !== 'added' || revision.repeatable || !isRead(up.script)) return false
  const empty = down.script.kind === 'script' && isRead(down.script) && !operationsOf(down.script).some(canChange)
  return (down.script.kind === 'absent' || empty) && operationsOf(up.script).some(canChange)
}

function opened(operation: Operation): readonly Operation[] {
  return operation.kind === 'do' && !operation.dynamic && operation.unread === 0 ? operation.inner : [operation]
}

function lineOf(operation: Operation): string {
  return inverseOf(operation) ?? `-- for a person to write: the inverse of what ${onOneLine(sayOperation(operation))}`
}

function indexesOf(review: Review, { limits }: Shape): object | null {
  const missing = picturesOf(review).flatMap(({ picture }) => missingIndexes(picture))
  if (missing.length === 0) return null
  return {
    sql: shortenBlock(missing.map(({ sql }) => sql).join('\n'), limits.block),
  }
}
