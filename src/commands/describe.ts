import type { DrawnTable, Picture, SchemaChange } from '../model/evidence.js'
import { CHANGES } from '../report/erd.js'
import { more } from '../report/limits.js'
import { picturesOf } from '../report/merged-picture.js'
import { diffBlock } from '../report/page-change.js'
import { diffOf } from '../report/schema-diff.js'
import { bare, unquoted } from '../report/schema-name.js'
import { count } from '../report/wording.js'
import { nearest } from '../source/nearest.js'
import type { Answer, Command, Context } from './command.js'
import { aboutReport, noReport, refuse, type Shape } from './reply.js'

export const describe: Command = {
  name: 'describe',
  usage: 'describe TABLE',
  summary: 'columns, constraints, indexes and relationships of a table, before and after',
  who: 'anyone',
  about: 'report',
  run({ words }, context) {
    if (context.review === null) return noReport(context)
    const [wanted] = words
    if (wanted === undefined || words.length > 1) return refuse(context, 'describe takes the name of one table')
    const pictures = picturesOf(context.review).map(({ picture }) => picture)
    for (const picture of pictures) {
      const table = picture.tables.find(({ name }) => plain(name) === plain(wanted))
      if (table !== undefined) return described(table, picture, context)
    }
    const names = pictures.flatMap(({ tables }) => tables.map(({ name }) => plain(name)))
    return missing(wanted, names, context)
  },
}

/** A name as people type it: without quotes, `public` and case. */
function plain(name: string): string {
  return bare(name).split('.').map(unquoted).join('.').toLowerCase()
}

function missing(wanted: string, names: readonly string[], context: Context): Answer {
  const word = wanted.slice(0, 80)
  if (names.length === 0)
    return refuse(context, `Nothing is known of “${word}”: no table was seen to change in a rehearsal`)
  const near = nearest(wanted, names)
  const choice = near.length > 0 ? 'perhaps one of these was meant' : 'these are'
  return refuse(
    context,
    `“${word}” is not among the tables that change here, nor beside them; ${choice}`,
    near.length > 0 ? near : names,
  )
}

function described(table: DrawnTable, picture: Picture, context: Context): Answer {
  return aboutReport(context, 'command-describe', (_, __, { cut, limits }: Shape) => {
    const relations = relationsOf(table, picture)
    return {
      name: cut(plain(table.name)),
      change:
        table.change === null
          ? 'stays as it is'
          : table.change === 'altered'
            ? 'is changed'
            : `is ${CHANGES[table.change]}`,
      lines: diffBlock({ lines: diffOf(partsOf(table)) }, limits.diff),
      left:
        table.parts.length === 0 && table.more > 0 ? `${count(table.more, 'more column')} without a part in a key` : '',
      relations: relations.slice(0, limits.folded).map((line) => ({ line: cut(line) })),
      more: more(relations.length, limits.folded, 'relationship'),
    }
  })
}

/** All parts of a table; of one that is only a neighbour the columns that are drawn. */
function partsOf({ name: table, columns, parts }: DrawnTable): readonly SchemaChange[] {
  if (parts.length > 0) return parts
  return columns.map(({ name, type, change }) => ({
    kind: 'column',
    name,
    table,
    before: change === 'added' ? null : type,
    after: change === 'dropped' ? null : type,
  }))
}

function relationsOf(table: DrawnTable, { relations }: Picture): readonly string[] {
  return relations
    .filter(({ from, to }) => from === table.name || to === table.name)
    .map(({ from, columns, to, optional, unique, change }) => {
      const rows = `${unique ? 'at most one row' : 'rows'} of ${plain(from)}`
      const each = optional ? 'may refer' : 'always refer'
      const fate = change === null ? '' : ` (${CHANGES[change]})`
      return `${rows} ${each} to ${plain(to)} by ${columns.map(unquoted).join(', ')}${fate}`
    })
}
