import type { Catalog } from '../model/catalog.js'
import { show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition, TableConstraint } from '../model/operations/table.js'
import type { TypeName } from '../model/operations/shared.js'
import { rule, type Problem } from './rule.js'

type Key = 'width' | 'refused'

export default rule({
  meta: {
    id: 'fk-type-mismatch',
    code: 'F18',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A foreign key and the column that it points to have different types',
    why:
      'Types without a common comparison are refused. An integer that points to a bigint is accepted, works for years, and stops on the ' +
      'day on which the numbers of the other table pass 2147483647.',
    instead: 'Give both columns the same type.',
    messages: {
      width:
        '{{column}} is {{from}} and points to {{target}}, which is {{to}}: values beyond {{from}} cannot be referred to',
      refused: '{{column}} is {{from}} and points to {{target}}, which is {{to}}: PostgreSQL cannot compare them',
    },
  },
  check: {
    'add-constraint'({ table, constraint }, { catalog }) {
      return ofConstraint(constraint, (column) => catalog.column(table, column)?.type, catalog)
    },
    'add-column'({ column }, { catalog }) {
      return column.constraints.flatMap((each) => ofConstraint(each, () => column.type, catalog))
    },
    'create-table'({ columns, constraints }, { catalog }) {
      const typeOf = (name: string): TypeName | undefined => columns.find((column) => column.name === name)?.type
      return [
        ...columns.flatMap((column) =>
          column.constraints.flatMap((each) => ofConstraint(each, () => column.type, catalog)),
        ),
        ...constraints.flatMap((each) => ofConstraint(each, typeOf, catalog)),
      ]
    },
  },
})

function ofConstraint(
  constraint: TableConstraint,
  typeOf: (column: string) => ColumnDefinition['type'] | undefined,
  catalog: Catalog,
): readonly Problem<Key>[] {
  if (constraint.type !== 'foreign-key') return []
  const { columns, references, span } = constraint
  const targets = targetsOf(references, constraint.referencedColumns, catalog)
  return columns.flatMap((column, index): readonly Problem<Key>[] => {
    const [from, target] = [typeOf(column), targets[index]]
    const to = target === undefined ? undefined : catalog.column(references, target)?.type
    const message = from === undefined || to === undefined ? null : mismatch(from, to)
    if (message === null || from === undefined || to === undefined) return []
    const data = { column, from: from.name, target: `${show(references)}.${target}`, to: to.name }
    return [{ message, at: span, data, ...(message === 'width' ? { weight: 'warning' as const } : {}) }]
  })
}

function targetsOf(table: QualifiedName, columns: readonly string[], catalog: Catalog): readonly string[] {
  if (columns.length > 0) return columns
  return catalog.table(table)?.constraints.find(({ type }) => type === 'primary-key')?.columns ?? []
}

const INTEGERS = ['smallint', 'integer', 'bigint']
const KINDS: readonly RegExp[] = [/^(smallint|integer|bigint)$/, /^uuid$/, /^(text|character varying|character)$/]

/** `width` where the values of the target may not fit; null where nothing is wrong or nobody can tell. */
function mismatch(from: TypeName, to: TypeName): Key | null {
  if (from.arrays + to.arrays > 0 || from.schema + to.schema !== '') return null
  const [own, other] = [from, to].map(({ name }) => KINDS.findIndex((kind) => kind.test(name)))
  if (own === -1 || other === -1) return null
  if (own !== other) return 'refused'
  return own === 0 && INTEGERS.indexOf(from.name) < INTEGERS.indexOf(to.name) ? 'width' : null
}
