import picocolors from 'picocolors'
import type { DescribedColumn, DescribedPart, DescribedReference, Trace } from '../model/description.js'
import { isComplete, type ProjectTable } from './description.js'
import { bare, unquoted } from './schema-name.js'
import { bullet, indented, type Paint, rest } from './terminal-lines.js'
import { table } from './terminal-table.js'
import type { Terminal } from './terminal.js'
import { onOneLine, visible, visibleBlock, withoutRunnerCommands } from './untrusted.js'
import { wrap } from './width.js'
import { count } from './wording.js'

interface Pen {
  readonly paint: Paint
  readonly width: number
}

/** More of what is missing, and of partitions, nobody reads; JSON has all of it. */
const MOST = { missing: 10, children: 20 }

/** Tables for people at a terminal: what they are made of, what they are tied to, and which revision wrote it. */
export function descriptionText(tables: readonly ProjectTable[], { color, width }: Terminal): string {
  const pen: Pen = { paint: picocolors.createColors(color), width: Math.max(60, Math.min(width, 160)) }
  const texts = tables.map((each) => {
    const sections = [heading(each, tables.length > 1, pen), ...sectionsOf(each, pen), holes(each, pen)]
    return sections
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join('\n'))
      .join('\n\n')
  })
  return withoutRunnerCommands(`${texts.join('\n\n\n')}\n`)
}

function heading({ project, seen, table: found, size }: ProjectTable, several: boolean, { paint, width }: Pen) {
  const facts = [
    found.kind,
    ...(size === 'unknown' ? [] : [size]),
    ...(found.partitionedBy === null ? [] : [`partitioned by ${found.partitionedBy}`]),
    ...found.parents.map((parent) =>
      found.bound === null
        ? `inherits from ${plain(parent)}`
        : `partition of ${plain(parent)} ${onOneLine(found.bound)}`,
    ),
  ]
  const root = project.root === '' ? '.' : project.root
  const where = several ? ` of ${project.conventions.tool} in ${root}` : ''
  return [
    `${paint.bold(visible(plain(found.name)))}  ${visible(facts.join(', '))}`,
    ...(found.comment === null ? [] : indented(wrap(found.comment, width - 2), '  ')),
    ...indented(
      wrap(`${madeBy(found)}${found.created === null ? '' : '. '}${sourceOf(seen)}${where}`, width - 2),
      '  ',
    ),
  ]
}

function sourceOf({ revisions, postgres, sandbox }: ProjectTable['seen']): string {
  return `As ${count(revisions, 'revision')} make it on PostgreSQL ${postgres} (${sandbox})`
}

function madeBy({ created, changed }: Trace): string {
  if (created === null) return ''
  return changed === null || changed === created
    ? `Created by ${created}`
    : `Created by ${created}, last changed by ${changed}`
}

function sectionsOf({ table: found }: ProjectTable, pen: Pen): readonly (readonly string[])[] {
  const security = found.rowSecurity === 'off' ? '' : ` (row security is ${found.rowSecurity})`
  const policies =
    found.policies.length === 0 && security !== '' ? [`  none: nobody but the owner reads or writes a row`] : []
  return [
    columns(found.columns, pen),
    parts('Constraints', found.constraints, pen),
    parts('Indexes', found.indexes, pen),
    references('Refers to', found.references, 'to', pen),
    references('Referred to by', found.referencedBy, 'from', pen),
    parts('Triggers', found.triggers, pen),
    policies.length > 0
      ? [pen.paint.bold(`Policies${security}`), ...policies]
      : parts(`Policies${security}`, found.policies, pen),
    parts('Rules', found.rules, pen),
    children(found.children, pen),
    found.query === null ? [] : [pen.paint.bold('Query'), ...indented(visibleBlock(found.query).split('\n'), '  ')],
  ]
}

function columns(list: readonly DescribedColumn[], { paint, width }: Pen): readonly string[] {
  const shown = list.map((column) => [
    unquoted(column.name),
    bare(column.type),
    column.notNull ? 'not null' : '',
    column.value === null ? '' : onOneLine(bare(column.value)),
    revisionsOf(column),
    onOneLine(column.comment ?? ''),
  ])
  const head = ['column', 'type', '', 'default', 'revision', 'comment']
  const used = head.map((_, at) => at < 2 || shown.some((row) => row[at] !== ''))
  const kept = <Each>(row: readonly Each[]): readonly Each[] => row.filter((_, at) => used[at])
  const elastic = kept(head).flatMap((title, at) =>
    ['type', 'default', 'revision', 'comment'].includes(title) ? [at] : [],
  )
  return [paint.bold('Columns'), ...table(kept(head), shown.map(kept), elastic, { paint, width })]
}

function revisionsOf({ created, changed }: Trace): string {
  if (created === null) return changed ?? ''
  return changed === null || changed === created ? created : `${created}, changed by ${changed}`
}

function parts(title: string, list: readonly DescribedPart[], { paint, width }: Pen): readonly string[] {
  if (list.length === 0) return []
  const line = (part: DescribedPart): readonly string[] => [
    `  ${visible(unquoted(part.name))}${by(part, paint)}`,
    ...indented(wrap(bare(part.definition), width - 4), '    '),
  ]
  return [paint.bold(title), ...list.flatMap(line)]
}

function references(
  title: string,
  list: readonly DescribedReference[],
  end: 'from' | 'to',
  { paint, width }: Pen,
): readonly string[] {
  if (list.length === 0) return []
  const names = (columns: readonly string[]): string => columns.map(unquoted).join(', ')
  const line = (key: DescribedReference): readonly string[] => {
    const said =
      end === 'to'
        ? `${names(key.columns)} → ${plain(key.to)} (${names(key.toColumns)})`
        : `${plain(key.from)} (${names(key.columns)}) → ${names(key.toColumns)}`
    const action = /\bREFERENCES [^()]*\([^()]*\)(.*)$/s.exec(bare(key.definition))?.[1] ?? ''
    return bullet(`${said}${action} · ${unquoted(key.name)}`, width, '  ').map((each, at) =>
      at === 0 ? `${each}${by(key, paint)}` : each,
    )
  }
  return [paint.bold(title), ...list.flatMap(line)]
}

function by(part: Trace, paint: Paint): string {
  const revisions = revisionsOf(part)
  return revisions === '' ? '' : `  ${paint.dim(visible(revisions))}`
}

function children(list: ProjectTable['table']['children'], { paint, width }: Pen): readonly string[] {
  if (list.length === 0) return []
  const said = list
    .slice(0, MOST.children)
    .flatMap(({ name, bound }) =>
      wrap(`${plain(name)}${bound === null ? ' inherits from it' : ` ${bound}`}`, width - 2),
    )
  return [paint.bold('Partitions'), ...indented(said, '  '), ...rest(list.length, MOST.children, 'partition', paint)]
}

function holes(described: ProjectTable, { paint, width }: Pen): readonly string[] {
  if (isComplete(described)) return []
  const { seen, unread } = described
  const said = [
    ...seen.skipped.map(({ at, reason }) => `${at.path}:${at.start.line}: ${reason}`),
    ...unread.map(({ message, at }) => (at === null ? message : `${at.path}:${at.start.line}: ${message}`)),
  ]
  return [
    paint.yellow(paint.bold('The table may be another in truth')),
    ...indented(wrap('Not everything in the history could be read or run here:', width - 2), '  '),
    ...said.slice(0, MOST.missing).flatMap((each) => bullet(each, width)),
    ...rest(said.length, MOST.missing, 'such place', paint),
  ]
}

function plain(name: string): string {
  return unquoted(bare(name))
}
