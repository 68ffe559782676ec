import type { RemarkKind } from '../../model/migration.js'
import { isApplication } from './libraries.js'
import { isA, memberOf } from './python/classes.js'
import type { Stretch } from './python/syntax.js'
import type { Block, FunctionStatement, ImportedName, Statement } from './python/tree.js'
import type { PythonClass, Value } from './python/value.js'
import type { Repository } from './repository.js'

/** One name that a file imports and that is neither Python's nor a known library's. */
export interface Import {
  readonly kind: RemarkKind & `imports${string}`
  readonly what: string
  readonly at: Stretch
  readonly when: 'loading' | 'running'
  readonly by: 'itself'
}

/** What a file imports of the application for one direction; what stands outside both functions counts for the way up. */
export function importsOf(
  block: Block,
  direction: 'upgrade' | 'downgrade',
  { resolve }: Pick<Repository, 'resolve'>,
): readonly Import[] {
  const isDowngrade = (statement: Statement): statement is FunctionStatement =>
    statement.kind === 'function' && statement.name === 'downgrade'
  const own = block.filter((statement) => isDowngrade(statement) === (direction === 'downgrade'))
  return own.flatMap((statement) =>
    importsIn([statement]).flatMap(({ names, at }) =>
      names
        .filter(({ level, path }) => level > 0 || isApplication(path))
        .map((name) => ({
          kind: kindOf(name, resolve),
          what: '.'.repeat(name.level) + name.path,
          at,
          by: 'itself',
          when: statement.kind === 'function' ? 'running' : 'loading',
        })),
    ),
  )
}

interface ImportAt {
  readonly names: readonly ImportedName[]
  readonly at: Stretch
}

/** The imports of a block at any depth, but for those that only type checkers read. */
function importsIn(block: Block): readonly ImportAt[] {
  return block.flatMap((statement): readonly ImportAt[] => {
    switch (statement.kind) {
      case 'import':
        return [{ names: statement.names, at: statement }]
      case 'function':
        return importsIn(statement.body())
      case 'if':
        return [
          ...statement.branches.flatMap(({ test, body }) =>
            'id' in test && test.id === 'TYPE_CHECKING' ? [] : importsIn(body),
          ),
          ...importsIn(statement.otherwise ?? []),
        ]
      case 'for':
      case 'while':
      case 'with':
        return importsIn(statement.body)
      case 'try':
        return importsIn([
          ...statement.body,
          ...statement.handlers.flatMap(({ body }) => body),
          ...(statement.otherwise ?? []),
          ...(statement.last ?? []),
        ])
      default:
        return []
    }
  })
}

/** Names of modules in which projects keep what they map to tables, and by which they do their work. */
const MODELS = /(^|\.)(models?|entity|entities|orm)(\.|$)/
const SERVICES = /(^|\.)(services?|daos?|crud|repositor(y|ies)|tasks|managers?)(\.|$)/
/** What is kept beside models and changes no more than a literal would. */
const CONSTANT =
  /(^|\.)_*[A-Z][A-Z0-9_]*$|(^|\.)(enums?|constants?|types)(\.|$)|\.\w*(Enum|Type|Status|Kind|Level|State)$/

/** Judged by what the name is where its module is at hand, and else by how projects name their modules. */
function kindOf({ path, level }: ImportedName, resolve: Repository['resolve']): Import['kind'] {
  const value = level === 0 ? resolve(path) : null
  if (value?.kind === 'class' && isTable(value)) return 'imports-model'
  if (value !== null && isPlain(value)) return 'imports'
  if (CONSTANT.test(path)) return 'imports'
  if (MODELS.test(path)) return 'imports-model'
  return SERVICES.test(path) ? 'imports-service' : 'imports'
}

/** A class with a table of its own: https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html. */
function isTable(of: PythonClass): boolean {
  return memberOf(of, '__tablename__') !== undefined || memberOf(of, '__table__') !== undefined
}

/** An enum, a plain value, or a class for checking input: none of them knows a table. */
function isPlain(value: Value): boolean {
  if (value.kind === 'class') return isA(value, /(^|\.)(\w*Enum|BaseModel|TypedDict|NamedTuple|TypeDecorator)$/)
  return ['string', 'number', 'boolean', 'none', 'list', 'dict'].includes(value.kind)
}
