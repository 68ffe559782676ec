import type { DrawnRelation } from '../model/evidence.js'
import { CHANGES } from './erd.js'
import { subjectOf, wayBack, wayOut, WORTHS, type PlanStep } from './plan-words.js'
import type { Query, RollbackPlan, Worth } from './rollback-plan.js'
import type { DiffLine, SchemaView } from './schema-diff.js'
import { bare } from './schema-name.js'
import { bullet, indented, type Paint, type Pen, rest } from './terminal-lines.js'
import { table } from './terminal-table.js'
import { onOneLine, visible } from './untrusted.js'
import type { ReviewView } from './view.js'
import { fit, fitPath, widthOf, wrap } from './width.js'

/** Beyond these a list is cut and the rest counted; other formats have all of it. */
const MOST = { migrations: 10, diff: 60, relations: 20, steps: 10, remarks: 4, lines: 8 }

/** What each migration does to the schema, as a diff. */
export function schemaChange({ schemas }: ReviewView, pen: Pen): readonly string[] {
  if (schemas.length === 0) return []
  const blocks = schemas
    .slice(0, MOST.migrations)
    .map((schema) => [
      `  ${fitPath(schema.migration, pen.width - schema.summary.length - 6)}  ${pen.paint.dim(schema.summary)}`,
      ...(schema.unknown === '' ? known(schema, pen) : unknown(schema, pen)),
    ])
  return [
    pen.paint.bold('Schema change'),
    ...blocks.flat(),
    ...rest(schemas.length, MOST.migrations, 'migration', pen.paint),
  ]
}

function known({ lines, more }: SchemaView, { paint, width }: Pen): readonly string[] {
  const shown = lines
    .slice(0, MOST.diff)
    .flatMap((line) => signed(line, width - 4, paint))
    .map((line) => `    ${line}`.trimEnd())
  const hidden = rest(lines.length, MOST.diff, 'line', paint)
  return [...shown, ...indented(hidden, '  '), ...indented(rest(more, 0, 'change', paint), '  ')]
}

/** What differs may stand at the end of a long line, so none is cut. */
function signed({ sign, text }: DiffLine, width: number, paint: Paint): readonly string[] {
  const room = width - 2
  const indent = ' '.repeat(Math.min(/^ */.exec(text)?.[0].length ?? 0, 20))
  const short = text.length <= 4 * room && widthOf(text) <= room
  const [first = '', ...further] = short ? [] : wrap(text, room - indent.length - 4)
  const lines = short ? [visible(text)] : [`${indent}${first}`, ...further.map((line) => `${indent}    ${line}`)]
  const color = sign === '+' ? paint.green : sign === '-' ? paint.red : (line: string) => line
  return lines.map((line) => color(`${sign} ${line}`.trimEnd()))
}

function unknown({ unknown, said }: SchemaView, { paint, width }: Pen): readonly string[] {
  return [
    ...indented(wrap(unknown, width - 4), '    '),
    ...said.slice(0, MOST.lines).flatMap((line) => bullet(`says that it ${onOneLine(line)}`, width, '    - ')),
    ...indented(rest(said.length, MOST.lines, 'operation', paint), '  '),
  ]
}

/** What a row of the one table has to do with rows of the other. */
function kind({ optional, unique }: DrawnRelation): string {
  return `${unique ? 'one' : 'many'} to one${optional ? ' or none' : ''}`
}

/** The foreign keys around the tables that change. */
export function relationships({ pictures }: ReviewView, { paint, width }: Pen): readonly string[] {
  const relations = pictures.flatMap(({ picture }) => picture.relations)
  if (relations.length === 0) return []
  // What changes is what a reader looks for.
  const ordered = [...relations].sort((a, b) => Number(a.change === null) - Number(b.change === null))
  const rows = ordered
    .slice(0, MOST.relations)
    .map((relation) => [
      `${bare(relation.from)} (${relation.columns.join(', ')})`,
      `→ ${bare(relation.to)}`,
      kind(relation),
      relation.change === null ? '' : CHANGES[relation.change],
    ])
  return [
    paint.bold('Foreign keys around the change'),
    ...table(['from', 'to', 'rows', ''], rows, [0, 1], { paint, width }),
    ...rest(relations.length, MOST.relations, 'foreign key', paint),
  ]
}

const SIGNS: Readonly<Record<Worth, string>> = { shown: '✓', partly: '!', fails: '✗', unknown: '?', none: '✗' }

function worthPaint(paint: Paint, worth: Worth): (text: string) => string {
  return worth === 'shown' ? paint.green : worth === 'fails' || worth === 'none' ? paint.red : paint.yellow
}

/** How the change goes out, and how it comes back. */
export function rollbackPlans({ plans }: ReviewView, pen: Pen): readonly string[] {
  return plans.flatMap((plan, at) => [
    ...(at > 0 ? [''] : []),
    `${pen.paint.bold('Rollback plan')}  ${worthPaint(pen.paint, plan.worth)(`${subjectOf(plan, plans.length)}${WORTHS[plan.worth]}`)}`,
    ...rollbackPlan(plan, pen),
  ])
}

function rollbackPlan(plan: RollbackPlan, pen: Pen): readonly string[] {
  const { paint, width } = pen
  const list = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0
      ? []
      : [
          `  ${title}`,
          ...lines.slice(0, MOST.lines).flatMap((line) => bullet(onOneLine(line), width, '    - ')),
          ...indented(rest(lines.length, MOST.lines, 'line', paint), '  '),
        ]
  return [
    '  The way out',
    ...(plan.conflict === ''
      ? []
      : bullet(onOneLine(plan.conflict), width, '    ! ').map((line) => paint.yellow(line))),
    ...stepsLines(wayOut(plan), pen),
    '  The way back',
    ...stepsLines(wayBack(plan), pen),
    ...list('Lost on the way back', plan.losses),
    ...list('Not shown by the rehearsal', plan.unproven),
    ...sqlList('To look at in production first', plan.queries, pen),
    ...sqlList('To clear away', plan.leftovers, pen),
  ]
}

function stepsLines(steps: readonly PlanStep[], pen: Pen): readonly string[] {
  return [
    ...steps.slice(0, MOST.steps).flatMap((step, at) => stepLines(step, `${at + 1}.`, pen)),
    ...indented(rest(steps.length, MOST.steps, 'step', pen.paint), '  '),
  ]
}

function stepLines({ text, remarks, undoing }: PlanStep, number: string, { paint, width }: Pen): readonly string[] {
  const sign = undoing === null ? '' : `${SIGNS[undoing.worth]} `
  const [first = '', ...further] = bullet(onOneLine(`${sign}${text}`), width, `    ${number} `)
  return [
    undoing === null ? first : first.replace(sign, worthPaint(paint, undoing.worth)(sign)),
    ...further,
    ...remarks.slice(0, MOST.remarks).flatMap((remark) => bullet(onOneLine(remark), width, '       - ')),
    ...indented(rest(remarks.length, MOST.remarks, 'reason', paint), '     '),
    ...(undoing?.command ? [`       ${paint.cyan(fit(`$ ${visible(undoing.command)}`, width - 7))}`] : []),
  ]
}

function sqlList(title: string, queries: readonly Query[], { paint, width }: Pen): readonly string[] {
  if (queries.length === 0) return []
  return [
    `  ${title}`,
    ...queries.slice(0, MOST.lines).flatMap(({ why, sql }) => [
      ...bullet(onOneLine(why), width, '    - '),
      ...indented(
        wrap(onOneLine(sql), width - 8).map((line) => paint.cyan(line)),
        '        ',
      ),
    ]),
    ...indented(rest(queries.length, MOST.lines, 'query', paint), '  '),
  ]
}
