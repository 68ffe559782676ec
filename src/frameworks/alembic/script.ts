import type { Script, SourceComment, Statement } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { SourceText } from '../../source/source-text.js'
import { startOf, type Span } from '../../source/span.js'
import { readTranslated, type Reading } from '../../sql/script.js'
import type { Module } from './python/module.js'
import type { Stretch, SyntaxNode } from './python/syntax.js'
import { raisedBy, sendingOf, type Sent } from './statements.js'

/** Reads `upgrade()` or `downgrade()` of a revision file into the SQL that Alembic sends. */
export function readFunction(
  name: 'upgrade' | 'downgrade',
  source: SourceText,
  module: Module,
  reading: Reading,
): Script {
  const refused = (cause: 'syntax' | 'refused', reason: string, at: Span): Script => ({
    kind: 'refused',
    cause,
    reason,
    at,
  })
  const { mistake } = module.file
  const spanOf = ({ from, to }: Stretch): Span => source.spanOfUnits(from, to)
  if (mistake !== null) {
    return refused('syntax', 'the file is not valid Python here', spanOf({ from: mistake, to: mistake }))
  }
  const definition = module.functions.get(name)
  const body = definition?.getChild('Body') ?? null
  if (definition === undefined || body === null) {
    return name === 'downgrade' ? { kind: 'absent' } : refused('refused', 'there is no upgrade()', startOf(source.path))
  }
  const raised = raisedBy(body, module)
  if (raised !== undefined) {
    if (name === 'downgrade') return { kind: 'irreversible', reason: raised.reason, at: spanOf(raised.at) }
    return refused(
      'refused',
      `upgrade() always fails${raised.reason === null ? '' : `: ${raised.reason}`}`,
      spanOf(raised.at),
    )
  }

  const { sent, gaps } = sendingOf(body, module)
  const statements: Statement[] = []
  const notes: Note[] = gaps.map(({ reason, at }) => {
    const span = spanOf(at)
    return { message: `line ${span.start.line} of ${name}() is not read: ${reason}`, at: span, bearing: 'withholds' }
  })
  const comments: SourceComment[] = [...commentsOf(name, definition, source, module)]
  const outside = sent.some(({ autocommit }) => autocommit)
  for (const { sql, at } of outside ? bracketed(sent) : sent) {
    const read = readTranslated(sql, spanOf(at), reading, outside ? 'none' : 'one')
    if (read.kind !== 'script') return read
    for (const statement of read.statements) statements.push({ ...statement, index: statements.length })
    notes.push(...read.gaps)
    comments.push(...read.comments)
  }
  return { kind: 'script', statements, transaction: outside ? 'none' : 'one', gaps: notes, comments }
}

/**
 * An `autocommit_block` commits Alembic's transaction and begins another one after it. Such a script is told as what is really
 * sent: no transaction around it, and BEGIN and COMMIT around each run of statements outside the blocks.
 */
function bracketed(sent: readonly Sent[]): readonly Sent[] {
  const result: Sent[] = []
  let open = false
  for (const item of sent) {
    if (open === item.autocommit) {
      result.push({ ...item, sql: open ? 'COMMIT' : 'BEGIN' })
      open = !open
    }
    result.push(item)
  }
  const last = sent.at(-1)
  return open && last !== undefined ? [...result, { ...last, sql: 'COMMIT' }] : result
}

/** The Python comments of one direction; those outside both functions count for the way up. */
function commentsOf(
  name: 'upgrade' | 'downgrade',
  definition: SyntaxNode,
  source: SourceText,
  { file, functions }: Module,
): readonly SourceComment[] {
  const down = name === 'downgrade' ? definition : functions.get('downgrade')
  const isDown = ({ from, to }: Stretch): boolean => down !== undefined && down.from <= from && to <= down.to
  return file.comments
    .filter((comment) => isDown(comment) === (name === 'downgrade'))
    .map(({ from, to }) => ({
      text: file.text.slice(from, to).replace(/^#+/, '').trim(),
      span: source.spanOfUnits(from, to),
    }))
}
