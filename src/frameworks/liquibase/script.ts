import type { Script, Statement } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { type SourceText, sourceText } from '../../source/source-text.js'
import { contains, type Span } from '../../source/span.js'
import { readTranslated, type Reading } from '../../sql/script.js'
import type { ChangeSet } from './change-set.js'
import type { Changelog } from './changelog.js'
import { type Change, changeOf, Untranslatable } from './changes/change.js'
import { changeType, UNSEEN } from './changes/index.js'
import { isForPostgres } from './filters.js'
import { rewritten } from './modify-sql.js'
import { flagIn, type Node, textIn } from './node.js'
import { piecesOf, readSqlText, type SqlText } from './sql-text.js'

/** What reading a script needs to know. */
export interface Asked {
  readonly changelog: Changelog
  readonly files: FileSet
  readonly reading: Reading
}

type Read = Extract<Script, { kind: 'script' }>

/** What Liquibase sends for the changes of a changeSet, in order. */
export function scriptOf(changeSet: ChangeSet, changes: readonly Node[], at: Span, asked: Asked): Script {
  const statements: Statement[] = []
  const gaps: Note[] = []
  const comments: Read['comments'][number][] = []
  let transaction: 'one' | 'none' = changeSet.inTransaction ? 'one' : 'none'
  for (const note of notesOn(changeSet)) gaps.push(note)
  const add = (script: Read): void => {
    for (const statement of script.statements) statements.push({ ...statement, index: statements.length })
    gaps.push(...script.gaps)
    comments.push(...script.comments)
    if (script.transaction === 'one') transaction = 'one'
  }
  for (const change of changes) {
    const outcome = readChange(change, changeSet, asked)
    if (typeof outcome === 'string') gaps.push(withholding(outcome, change.at))
    else {
      for (const script of outcome) {
        if (script.kind === 'refused') {
          // One part that cannot be read makes the whole not understood, and says where.
          return script
        }
        if (script.kind === 'script') add(script)
      }
    }
  }
  for (const comment of asked.changelog.comments.get(changeSet.source.path) ?? []) {
    if (contains(changeSet.at, comment.span)) comments.push(comment)
  }
  return { kind: 'script', statements, transaction, gaps, comments, at }
}

function notesOn({ condition, rewrites, runWith, unset, at }: ChangeSet): readonly Note[] {
  const notes: Note[] = []
  if (condition.kind === 'depends') {
    const message = `the changeSet has preconditions (${condition.asks.join(', ')}); it is taken to run, as where they are met`
    notes.push({ message, at: condition.node.at, bearing: 'informs' })
  }
  for (const { apply, name, at: place } of rewrites) {
    if (apply === null)
      notes.push(withholding(`modifySql rewrites what is sent (${name}), which is not followed`, place))
  }
  if (runWith !== null) notes.push(withholding(`runWith hands the SQL to ${runWith}, which is not followed`, at))
  if (unset.length > 0) {
    const message = `nothing in the repository sets ${unset.map((name) => `\${${name}}`).join(', ')}, so that it stays as it is`
    notes.push({ message, at, bearing: 'informs' })
  }
  return notes
}

/** What a change sends, or why nobody can say. */
function readChange(node: Node, changeSet: ChangeSet, asked: Asked): readonly Script[] | string {
  const transaction = changeSet.inTransaction ? 'one' : 'none'
  const { rewrites } = changeSet
  const translated = (sql: string): Script =>
    readTranslated(rewritten(sql, rewrites), node.at, asked.reading, transaction)
  const readText = (sql: SqlText): readonly Script[] =>
    rewrites.length === 0 ? [readSqlText(sql, asked.reading, transaction)] : piecesOf(sql).map(translated)
  if (!isForPostgres(textIn(node, 'dbms'))) return []
  const unseen = UNSEEN.get(node.name)
  if (unseen !== undefined) return unseen
  try {
    if (node.name === 'sql' || node.name === 'sqlFile') {
      return readText(sqlOf(node, changeSet, asked))
    }
    const type = changeType(node.name)
    if (type === undefined) {
      // Liquibase keeps an attribute that it does not know, and stops at an element.
      return node.children.length === 0
        ? []
        : `${node.name} is no change of Liquibase's open edition, or none that is understood`
    }
    const change = bound(node, changeSet, asked)
    if (node.name === 'createProcedure' && node.value !== null && textIn(node, 'path') === null) {
      const own: SqlText = { ...written(node, changeSet), split: false, delimiter: null }
      return readText(own)
    }
    return type.sql(change).map(translated)
  } catch (error) {
    if (error instanceof Untranslatable) return `${node.name}: ${error.message}`
    throw error
  }
}

/** What Liquibase sends of its own accord to undo changes; null where it knows no way back, and its rollback fails. */
export function inverseOf(
  changeSet: ChangeSet,
  asked: Asked,
): readonly { readonly sql: string; readonly at: Span }[] | null {
  const back: { readonly sql: string; readonly at: Span }[] = []
  for (const node of [...changeSet.changes].reverse()) {
    if (!isForPostgres(textIn(node, 'dbms'))) continue
    const type = changeType(node.name)
    if (type === undefined && node.children.length === 0 && node.name !== 'sql') continue
    try {
      const sql = type?.inverse?.(bound(node, changeSet, asked)) ?? null
      if (sql === null) return null
      back.push(...sql.map((each) => ({ sql: each, at: node.at })))
    } catch (error) {
      if (error instanceof Untranslatable) return null
      throw error
    }
  }
  return back
}

function bound(node: Node, { quotesAll, source }: ChangeSet, { changelog, files }: Asked): Change {
  return changeOf(node, quotesAll, (name, relative) => {
    const found = changelog.resources.file(name, source.path, relative)
    if ('problem' in found) return found.problem
    const text = files.read(found.path)
    return text ?? `${name} cannot be read: ${files.refusal(found.path)?.reason ?? 'it was not loaded'}`
  })
}

function written(node: Node, { source }: ChangeSet): Omit<SqlText, 'split' | 'delimiter'> {
  return { text: node.value ?? '', source, offsetOf: node.offsetOf, at: node.at }
}

/** The text of `sql` and `sqlFile`, and how it is cut (`liquibase.change.AbstractSQLChange`). */
function sqlOf(node: Node, changeSet: ChangeSet, asked: Asked): SqlText {
  const how = { split: flagIn(node, 'splitStatements') ?? true, delimiter: textIn(node, 'endDelimiter') }
  if (node.name === 'sql') {
    // YAML and JSON have the text in an entry of its own.
    const inner = node.children.find(({ name }) => name === 'sql')
    return {
      ...written(node.value === null && inner !== undefined ? { ...inner, at: node.at } : node, changeSet),
      ...how,
    }
  }
  const file: SourceText = bound(node, changeSet, asked).file('path')
  const text =
    flagIn(node, 'doExpandExpressionsInGenerateChecksum') === null
      ? asked.changelog.expand(file.text, changeSet.file)
      : file.text
  const same = text === file.text
  return {
    text,
    source: same ? file : sourceText(file.path, file.text),
    offsetOf: same ? (index) => index : null,
    at: node.at,
    ...how,
  }
}

function withholding(message: string, at: Span): Note {
  return { message, at, bearing: 'withholds' }
}
