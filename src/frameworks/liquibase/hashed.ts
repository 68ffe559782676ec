import type { FileSet } from '../../model/pull-request.js'
import type { ChangeSet } from './change-set.js'
import { type Node, textIn } from './node.js'
import { fileOfChange } from './referenced.js'
import type { Resources } from './resources.js'

/** What a checksum needs beside the changeSet: the texts of the files that its changes name. */
export interface Named {
  readonly files: FileSet
  readonly resources: Resources
}

/**
 * What Liquibase takes the checksum of a changeSet of: its changes, in which white space counts for nothing and a comment of SQL
 * for something. Rollbacks, preconditions and the attributes of the changeSet are no part of it. '' where any checksum will do.
 */
export function hashed({ changes, modifies, anyChecksum, source }: ChangeSet, named: Named): string {
  if (anyChecksum) return ''
  const parts = [
    ...changes.map((change) => ofChange(change, source.path, named)),
    ...(modifies === null ? [] : [ofNode(modifies)]),
  ]
  return parts.join('\n')
}

/** Files whose text is part of the checksum of a changeSet. */
export function filesHashed({ changes, source }: ChangeSet, resources: Resources): readonly string[] {
  return [...new Set(changes.flatMap((change) => pathOf(change, source.path, resources) ?? []))]
}

function pathOf(change: Node, from: string, resources: Resources): string | null {
  const found = fileOfChange(change, from, resources)
  return found !== null && 'path' in found ? found.path : null
}

function ofChange(change: Node, from: string, { files, resources }: Named): string {
  const path = pathOf(change, from, resources)
  const text = path === null ? null : (files.read(path)?.text ?? files.refusal(path)?.reason ?? '')
  switch (change.name) {
    // SQL is the same wherever it stands and however it is cut (`liquibase.change.AbstractSQLChange#generateCheckSum`).
    case 'sql':
    case 'sqlFile':
      return `sql(${condensed(text ?? change.value ?? textIn(change, 'sql') ?? '')})`
    // Of rows: the table's name and the bytes of the file (`liquibase.change.core.LoadDataChange#generateCheckSum`).
    case 'loadData':
    case 'loadUpdateData':
      return `rows(${textIn(change, 'tableName') ?? ''}|${(text ?? '').replace(/\r\n?/g, '\n')})`
    default:
      if (text === null) return ofNode(change)
      // A body counts as if it stood in the change; the name of its file does not.
      return ofNode({ ...change, value: text, children: change.children.filter(({ name }) => !OF_FILE.test(name)) })
  }
}

const OF_FILE = /^(path|relativeToChangelogFile|encoding)$/

function ofNode({ name, value, children }: Node): string {
  // Attributes have no order, elements do.
  const attributes = children
    .filter((child) => child.children.length === 0)
    .map(ofNode)
    .sort()
  const elements = children.filter((child) => child.children.length > 0).map(ofNode)
  return `${name}(${[condensed(value ?? ''), ...attributes, ...elements].join('|')})`
}

function condensed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
