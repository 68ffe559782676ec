import type { Script } from '../../model/migration.js'
import { readTranslated } from '../../sql/script.js'
import type { ChangeSet } from './change-set.js'
import { type Rewrite, rewritten } from './modify-sql.js'
import type { Node } from './node.js'
import { textIn } from './node.js'
import { type Asked, inverseOf, scriptOf } from './script.js'

/**
 * What `liquibase rollback` sends for a changeSet: what its author wrote; else what Liquibase makes of its changes, the last
 * first. Absent where one of them has no way back: then Liquibase refuses to roll back.
 */
export function rollbackOf(changeSet: ChangeSet, asked: Asked): Script {
  const { rollback, inTransaction } = changeSet
  if (rollback === null) return automatic(changeSet, asked)
  const changes = rollback.flatMap((node) => changesOf(node, changeSet, asked.changelog.changeSets))
  const [first] = rollback
  const missing = changes.find((change) => typeof change === 'string')
  if (first === undefined) return { kind: 'absent' }
  if (typeof missing === 'string') return { kind: 'refused', cause: 'refused', reason: missing, at: first.at }
  const nodes = changes.filter((change): change is Node => typeof change !== 'string')
  const isEmpty = nodes.every(({ name }) => name === 'empty')
  if (isEmpty) return { kind: 'irreversible', reason: reasonIn(rollback, changeSet), at: first.at }
  const plain: ChangeSet = {
    ...changeSet,
    condition: { kind: 'runs' },
    rewrites: rewritesBack(changeSet),
    runWith: null,
    unset: [],
  }
  const script = scriptOf(plain, nodes, first.at, asked)
  return script.kind === 'script' ? { ...script, transaction: inTransaction ? 'one' : script.transaction } : script
}

function automatic(changeSet: ChangeSet, asked: Asked): Script {
  const back = inverseOf(changeSet, asked)
  if (back === null || back.length === 0) return { kind: 'absent' }
  const transaction = changeSet.inTransaction ? 'one' : 'none'
  const rewrites = rewritesBack(changeSet)
  const blind = rewrites.find(({ apply }) => apply === null)
  if (blind !== undefined) {
    const reason = `modifySql rewrites what undoes it (${blind.name}), which is not followed`
    return { kind: 'refused', cause: 'refused', reason, at: blind.at }
  }
  const scripts = back.map(({ sql, at }) => readTranslated(rewritten(sql, rewrites), at, asked.reading, transaction))
  const refused = scripts.find(({ kind }) => kind !== 'script')
  if (refused !== undefined) return refused
  const read = scripts.filter((script) => script.kind === 'script')
  return {
    kind: 'script',
    statements: read.flatMap(({ statements }) => statements).map((statement, index) => ({ ...statement, index })),
    transaction,
    gaps: read.flatMap(({ gaps }) => gaps),
    comments: [],
    at: changeSet.at,
  }
}

function rewritesBack({ rewrites }: ChangeSet): readonly Rewrite[] {
  return rewrites.filter(({ alsoBack }) => alsoBack)
}

const ATTRIBUTES = /^(changeSet(Id|Author|Path)|dbms)$/

/** The changes of a node `rollback` (`liquibase.changelog.ChangeSet#handleRollbackNode`); a text says why there are none. */
function changesOf(node: Node, own: ChangeSet, all: readonly ChangeSet[]): readonly (Node | string)[] {
  const id = textIn(node, 'changeSetId')
  if (id !== null) {
    const author = textIn(node, 'changeSetAuthor')
    const path = textIn(node, 'changeSetPath') ?? own.file
    const found = all.filter(
      (other) => other.id === id && other.author === author && (other.file === path || other.file.endsWith(`/${path}`)),
    )
    if (found.length === 0)
      return [`its rollback names a changeSet ${path}::${id}::${author ?? ''}, which is not there`]
    return found.flatMap(({ changes }) => changes)
  }
  const children = node.children.filter(({ name }) => !ATTRIBUTES.test(name))
  if (node.value === null || node.value.trim() === '') return children
  return [...children, { ...node, name: 'sql', children: [] }]
}

/** What the author says of there being nothing to undo, in a comment of the changeSet. */
function reasonIn(nodes: readonly Node[], { comment }: ChangeSet): string | null {
  const said = nodes.map((node) => textIn(node, 'comment')).find((text) => text !== null)
  return said ?? (comment !== null && /irreversible|roll(ed)? ?back|revers|undo/i.test(comment) ? comment : null)
}
