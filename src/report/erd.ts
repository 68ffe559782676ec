import type { DrawnColumn, DrawnRelation, DrawnTable, Picture } from '../model/evidence.js'
import { bare, unquoted } from './schema-name.js'
import { count } from './wording.js'

/** A drawing and, in words, what is not in it. */
export interface Drawing {
  readonly mermaid: string
  readonly left: readonly string[]
}

/**
 * A picture as an entity-relationship diagram for Mermaid (https://mermaid.js.org/syntax/entityRelationshipDiagram.html) of at
 * most so many characters: then only keys and changes are drawn, then no columns, then fewer tables. Names come from
 * whoever wrote the migration: what is left of them can neither end a string nor be a directive, a comment or a keyword.
 */
export function drawing(picture: Picture, longest: number): Drawing {
  const details: readonly ((column: DrawnColumn) => boolean)[] = [
    () => true,
    ({ keys, change }) => keys.length > 0 || change !== null,
    () => false,
  ]
  for (const detail of details) {
    const drawn = draw(picture, picture.tables, detail)
    if (drawn.mermaid.length <= longest) return drawn
  }
  for (let most = picture.tables.length; ; most = Math.floor(most / 2)) {
    const drawn = draw(picture, picture.tables.slice(0, most), () => false)
    if (drawn.mermaid.length <= longest || most === 0) return drawn
  }
}

function draw(picture: Picture, tables: readonly DrawnTable[], detail: (column: DrawnColumn) => boolean): Drawing {
  const names = new Set(tables.map(({ name }) => name))
  const relations = picture.relations.filter(({ from, to }) => names.has(from) && names.has(to))
  const columns = tables.map(({ name, columns, more }) => ({
    name,
    left: more + columns.filter((column) => !detail(column)).length,
  }))
  const lines = [
    'erDiagram',
    ...tables.flatMap((table) => entity(table, table.columns.filter(detail))),
    ...relations.map(relationship),
  ]
  const hidden = picture.more + picture.tables.length - tables.length
  const unseen = columns.reduce((sum, { left }) => sum + left, 0)
  return {
    mermaid: lines.join('\n'),
    left: [
      ...(hidden > 0 ? [count(hidden, 'more table')] : []),
      ...(picture.partitions > 0 ? [count(picture.partitions, 'partition')] : []),
      ...(unseen > 0
        ? [`${count(unseen, 'column')} of ${count(columns.filter(({ left }) => left > 0).length, 'table')}`]
        : []),
    ],
  }
}

/** What a person calls a change. */
export const CHANGES = { added: 'new', dropped: 'dropped', altered: 'changed' } as const

function entity({ name, change }: DrawnTable, columns: readonly DrawnColumn[]): readonly string[] {
  const mark = change === null || change === 'altered' ? '' : `["${labelOf(name)} (${CHANGES[change]})"]`
  const head = `  "${labelOf(name)}"${mark}`
  return columns.length === 0 ? [head] : [`${head} {`, ...columns.map((column) => `    ${attribute(column)}`), '  }']
}

function attribute({ name, type, keys, change }: DrawnColumn): string {
  const real = unquoted(name)
  const word = wordOf(real, 'column')
  const notes = [...(word === real ? [] : [plain(real)]), ...(change === null ? [] : [CHANGES[change]])]
  const parts = [wordOf(shortType(unquoted(type)), 'type'), word, keys.join(', ')]
  return [...parts, notes.length === 0 ? '' : `"${notes.join(', ')}"`].filter((part) => part !== '').join(' ')
}

function relationship({ from, columns, to, optional, unique, change }: DrawnRelation): string {
  const label = `${columns.map(labelOf).join(', ')}${change === null ? '' : ` (${CHANGES[change]})`}`
  return `  "${labelOf(to)}" ${optional ? '|o' : '||'}--o${unique ? '|' : '{'} "${labelOf(from)}" : "${label}"`
}

/** PostgreSQL's own short names for types (https://www.postgresql.org/docs/current/datatype.html#DATATYPE-TABLE). */
function shortType(type: string): string {
  return type
    .replace(/^character varying/, 'varchar')
    .replace(/^timestamp(\(\d\))? with time zone/, 'timestamptz$1')
    .replace(/^time(\(\d\))? with time zone/, 'timetz$1')
    .replace(/^(timestamp|time)(\(\d\))? without time zone/, '$1$2')
}

/** A word where Mermaid takes no string; versions before 11.5 know no other letters, and a key's own word is none. */
function wordOf(text: string, otherwise: string): string {
  const word = text.replace(/[^A-Za-z0-9_()[\]]+/g, '_').slice(0, LONGEST)
  if (/^[^A-Za-z_]|^$/.test(word)) return word === '' ? otherwise : `_${word}`
  return /^(?:pk|fk|uk)(?![A-Za-z0-9_])/i.test(word) ? `_${word}` : word
}

const LONGEST = 63

/** A name, qualified or not, without quotes and without the schema `public`. */
function labelOf(name: string): string {
  const parts = bare(name).match(/"(?:[^"]|"")*"|[^".]+/g) ?? []
  return parts.map((part) => plain(unquoted(part))).join('.')
}

/**
 * Text between quotes: letters, digits, marks and emoji stay; whatever may mean something to Mermaid, to the Markdown in its
 * labels or to HTML is written as its code point. A space is made visible, since words in a row can be a keyword.
 */
function plain(text: string): string {
  return Array.from(text, (character) => {
    if (character === ' ') return '␣'
    if (/[\p{L}\p{M}\p{N}\p{Extended_Pictographic}_$-]/u.test(character)) return character
    return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
  }).join('')
}
