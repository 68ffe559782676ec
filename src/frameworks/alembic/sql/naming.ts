import { createHash } from 'node:crypto'
import type { QualifiedName } from '../../../model/names.js'
import type { Value } from '../python/value.js'
import { textOf, type Translation } from '../translation.js'
import { describe } from '../python/value.js'

/** The kinds of names that a convention may give (https://docs.sqlalchemy.org/en/20/core/constraints.html#constraint-naming-conventions). */
export type Kind = 'ix' | 'uq' | 'fk' | 'pk' | 'ck'

/** What a name by convention may speak of. */
export interface Named {
  readonly table: QualifiedName
  /** null for an expression, whose columns are not known. */
  readonly columns: readonly string[] | null
  readonly referred?: { readonly table: string; readonly columns: readonly string[] }
}

/** What SQLAlchemy does when nothing is said. */
const USUAL: ReadonlyMap<string, string> = new Map([['ix', 'ix_%(column_0_label)s']])

/** The longest name that SQLAlchemy lets through to PostgreSQL. */
const LONGEST = 63

/** A name as SQLAlchemy shortens it when it made it, or when `op.f` marks it as made. */
export function shortened(name: string): string {
  if (name.length <= LONGEST) return name
  return `${name.slice(0, LONGEST - 8)}_${createHash('md5').update(name).digest('hex').slice(-4)}`
}

/** The name of a constraint or an index: as given, or by the convention; null when PostgreSQL is to find one. */
export function nameOf(
  kind: Kind | null,
  given: Value | undefined,
  of: Named,
  translation: Translation,
): string | null {
  const { naming } = translation
  // A convention of nothing is none.
  const convention = kind === null ? undefined : (naming && naming.size > 0 ? naming : USUAL).get(kind)
  if (given === undefined || given.kind === 'none')
    return convention === undefined ? null : shortened(expand(convention, null, of, translation))
  const text = textOf(given, translation)
  if (given.kind !== 'string') return shortened(text)
  if (convention?.includes('constraint_name') === true) return shortened(expand(convention, text, of, translation))
  return text.length > LONGEST
    ? translation.fails(`the name ${text} has more than ${LONGEST} characters, which SQLAlchemy refuses`)
    : text
}

/** Fills `%(token)s`. */
function expand(convention: string, name: string | null, of: Named, translation: Translation): string {
  return convention.replace(/%(%|\((\w+)\)s|)/g, (_, after: string, token: string | undefined) => {
    if (after === '%') return '%'
    return token === undefined
      ? translation.problem(`the naming convention ${convention} is not understood`)
      : (tokenOf(token, name, of, translation) ??
          translation.problem(`the token ${token} of the naming convention is not understood`))
  })
}

function tokenOf(token: string, name: string | null, of: Named, translation: Translation): string | null {
  if (token === 'table_name') return of.table.name
  if (token === 'constraint_name')
    return name ?? translation.fails('the naming convention needs a name, and there is none: this always fails')
  if (token === 'referred_table_name') return of.referred?.table ?? null
  const [, referred, index, separator, what] = /^(referred_)?column_(\d+)(?:(_?N))?_(name|key|label)$/.exec(token) ?? []
  if (index === undefined) return null
  const columns = referred === undefined ? of.columns : of.referred?.columns
  if (columns === undefined) return null
  if (columns === null) return translation.problem('the columns for a name by convention are not known')
  const shown = (column: string): string => (what === 'label' ? labelOf(of.table, column) : column)
  if (separator !== undefined) return columns.map(shown).join(separator === '_N' ? '_' : '')
  const column = columns[Number(index)]
  return column === undefined ? '' : shown(column)
}

/** A column with its schema and table before it. */
function labelOf({ schema, name }: QualifiedName, column: string): string {
  return [...(schema === '' ? [] : [schema.replaceAll('.', '_')]), name, column].join('_')
}

/** The name of a thing to be dropped: it must have one. */
export function droppedName(kind: Kind | null, given: Value | undefined, of: Named, translation: Translation): string {
  const name = nameOf(kind, given, of, translation)
  if (name !== null) return name
  if (given !== undefined && given.kind !== 'none') return translation.problem(describe(given))
  // A convention that nobody knows may name a key after its table alone; names of other kinds need columns, which are not given.
  const isSure = kind !== 'pk' || (translation.naming ?? null) !== null
  return translation[isSure ? 'fails' : 'problem'](
    'the constraint has no name; unless a naming convention gives it one, this always fails',
  )
}
