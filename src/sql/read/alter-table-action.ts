import type { AlterTableCmd, AlterTableType, Node } from '@pgsql/types'
import type { QualifiedName } from '../../model/names.js'
import type { Operation } from '../../model/operation.js'
import type { Expression } from '../../model/operations/shared.js'
import type {
  AlterColumnSource,
  AlterColumnStorage,
  AlterTable,
  SetRowSecurity,
  ToggleTrigger,
} from '../../model/operations/table.js'
import type { Span } from '../../source/span.js'
import { expression } from '../expression.js'
import type { StatementPlace } from '../tokens.js'
import { typeName } from '../type-name.js'
import { collationOf, columnDefinition, identityOf } from './column.js'
import { tableConstraint } from './constraint.js'
import { bracketed, elementAt, findWord, textOf, type Stretch } from './stretch.js'
import { all, as, relationName, strings } from './tree.js'

/** Where one action of an ALTER TABLE stands. */
export interface ActionPlace {
  readonly table: QualifiedName
  readonly span: Span
  readonly place: StatementPlace
  readonly stretch: Stretch
}

type Action = (command: AlterTableCmd, at: ActionPlace) => Operation | null

/** One action of ALTER TABLE; `unmodelled` with the action's name when there is no reader for it. */
export function readAction(command: AlterTableCmd, at: ActionPlace): Operation {
  const action = command.subtype === undefined ? null : ACTIONS[command.subtype]
  return action?.(command, at) ?? { kind: 'unmodelled', span: at.span, node: `AlterTableStmt ${command.subtype ?? ''}` }
}

/** Names of the options in a list such as `(fillfactor = 70)`. */
export function optionNames(node: Node | undefined): readonly string[] {
  return all('DefElem', as('List', node)?.items).map(({ defnamespace, defname = '' }) =>
    defnamespace === undefined ? defname : `${defnamespace}.${defname}`,
  )
}

const alter =
  (action: AlterTable['action'], names: (command: AlterTableCmd) => readonly string[] = () => []): Action =>
  (command, { table, span }) => ({ kind: 'alter-table', span, table, action, names: names(command) })

const named = ({ name }: AlterTableCmd) => (name === undefined ? [] : [name])
const options = ({ def }: AlterTableCmd) => optionNames(def)
const parent = ({ def }: AlterTableCmd) => [relationName(as('RangeVar', def)).name]

const toggle =
  (object: ToggleTrigger['object'], state: ToggleTrigger['state'], scope: ToggleTrigger['scope'] = 'one'): Action =>
  ({ name }, { table, span }) => ({ kind: 'toggle-trigger', span, table, object, name: name ?? null, scope, state })

const rowSecurity =
  (state: SetRowSecurity['state']): Action =>
  (_command, { table, span }) => ({ kind: 'set-row-security', span, table, state })

const storage =
  (setting: AlterColumnStorage['setting']): Action =>
  ({ name, num }, { table, span }) => ({
    kind: 'alter-column-storage',
    span,
    table,
    column: name ?? String(num ?? ''),
    setting,
  })

const source =
  (change: (command: AlterTableCmd, at: ActionPlace) => AlterColumnSource['action']): Action =>
  (command, at) => ({
    kind: 'alter-column-source',
    span: at.span,
    table: at.table,
    column: command.name ?? '',
    action: change(command, at),
  })

/** Actions by the parse tree's name; null for those that only PostgreSQL itself makes, after parsing. */
export const ACTIONS: { readonly [Type in AlterTableType]: Action | null } = {
  AT_AddColumn: ({ def, missing_ok }, { table, span, place }) => {
    const node = as('ColumnDef', def)
    if (node === undefined) return null
    const column = columnDefinition(node, place, elementAt(place, node.location ?? 0))
    return { kind: 'add-column', span, table, column, ifNotExists: missing_ok === true }
  },
  AT_DropColumn: ({ name: column = '', missing_ok, behavior }, { table, span }) => ({
    kind: 'drop-column',
    span,
    table,
    column,
    ifExists: missing_ok === true,
    cascade: behavior === 'DROP_CASCADE',
  }),
  AT_AlterColumnType: ({ name: column = '', def }, at) => {
    const node = as('ColumnDef', def)
    if (node === undefined) return null
    const using = node.raw_default === undefined ? null : expressionAfter('using', node.raw_default, at)
    const type = typeName(node.typeName)
    return {
      kind: 'set-column-type',
      span: at.span,
      table: at.table,
      column,
      type,
      using,
      collation: collationOf(node),
    }
  },
  AT_ColumnDefault: ({ name: column = '', def }, at) =>
    def === undefined
      ? { kind: 'drop-default', span: at.span, table: at.table, column }
      : { kind: 'set-default', span: at.span, table: at.table, column, default: expressionAfter('default', def, at) },
  AT_SetNotNull: ({ name: column = '' }, { table, span }) => ({ kind: 'set-not-null', span, table, column }),
  AT_DropNotNull: ({ name: column = '' }, { table, span }) => ({ kind: 'drop-not-null', span, table, column }),
  AT_SetExpression: source(({ def }, { place, stretch }) => {
    const inner = bracketed(place, stretch)
    return { type: 'set-expression', expression: expression(def, inner === null ? '' : textOf(place, inner)) }
  }),
  AT_DropExpression: source(({ missing_ok }) => ({ type: 'drop-expression', ifExists: missing_ok === true })),
  AT_AddIdentity: source(({ def }) => ({
    type: 'add-identity',
    identity: identityOf(as('Constraint', def)?.generated_when) ?? 'by-default',
  })),
  AT_SetIdentity: source(({ def }) => {
    const kind = all('DefElem', as('List', def)?.items).find(({ defname }) => defname === 'generated')
    const letter = as('Integer', kind?.arg)?.ival
    return { type: 'set-identity', identity: letter === undefined ? null : identityOf(String.fromCharCode(letter)) }
  }),
  AT_DropIdentity: source(({ missing_ok }) => ({ type: 'drop-identity', ifExists: missing_ok === true })),
  AT_SetStatistics: storage('statistics'),
  AT_SetStorage: storage('storage'),
  AT_SetCompression: storage('compression'),
  AT_SetOptions: storage('options'),
  AT_ResetOptions: storage('options'),
  AT_AlterColumnGenericOptions: storage('options'),
  AT_AddConstraint: ({ def }, { table, span, place, stretch }) => {
    const node = as('Constraint', def)
    const constraint = node && tableConstraint(node, place, { from: stretch.from + 1, to: stretch.to })
    return constraint ? { kind: 'add-constraint', span, table, constraint } : null
  },
  AT_DropConstraint: ({ name: constraint = '', missing_ok, behavior }, { table, span }) => ({
    kind: 'drop-constraint',
    span,
    table,
    constraint,
    ifExists: missing_ok === true,
    cascade: behavior === 'DROP_CASCADE',
  }),
  AT_ValidateConstraint: ({ name: constraint = '' }, { table, span }) => ({
    kind: 'validate-constraint',
    span,
    table,
    constraint,
  }),
  AT_AlterConstraint: ({ def }, { table, span }) => ({
    kind: 'alter-constraint',
    span,
    table,
    constraint: as('ATAlterConstraint', def)?.conname ?? '',
  }),
  AT_AttachPartition: ({ def }, { table, span }) => {
    const partition = as('PartitionCmd', def)
    const isDefault = partition?.bound?.is_default === true
    return { kind: 'attach-partition', span, table, partition: relationName(partition?.name), isDefault }
  },
  AT_DetachPartition: (command, at) => detach(command, at, false),
  AT_DetachPartitionFinalize: (command, at) => detach(command, at, true),
  AT_EnableTrig: toggle('trigger', 'enabled'),
  AT_EnableAlwaysTrig: toggle('trigger', 'always'),
  AT_EnableReplicaTrig: toggle('trigger', 'replica'),
  AT_DisableTrig: toggle('trigger', 'disabled'),
  AT_EnableTrigAll: toggle('trigger', 'enabled', 'all'),
  AT_DisableTrigAll: toggle('trigger', 'disabled', 'all'),
  AT_EnableTrigUser: toggle('trigger', 'enabled', 'user'),
  AT_DisableTrigUser: toggle('trigger', 'disabled', 'user'),
  AT_EnableRule: toggle('rule', 'enabled'),
  AT_EnableAlwaysRule: toggle('rule', 'always'),
  AT_EnableReplicaRule: toggle('rule', 'replica'),
  AT_DisableRule: toggle('rule', 'disabled'),
  AT_EnableRowSecurity: rowSecurity('enabled'),
  AT_DisableRowSecurity: rowSecurity('disabled'),
  AT_ForceRowSecurity: rowSecurity('forced'),
  AT_NoForceRowSecurity: rowSecurity('not-forced'),
  AT_SetLogged: alter('set-logged'),
  AT_SetUnLogged: alter('set-unlogged'),
  AT_SetTableSpace: alter('set-tablespace', named),
  AT_SetAccessMethod: alter('set-access-method', named),
  AT_SetRelOptions: alter('set-options', options),
  AT_ResetRelOptions: alter('reset-options', options),
  AT_GenericOptions: alter('foreign-options', options),
  AT_ClusterOn: alter('cluster-on', named),
  AT_DropCluster: alter('set-without-cluster'),
  AT_DropOids: alter('set-without-oids'),
  AT_ReplicaIdentity: ({ def }, { table, span }) => {
    const { name, identity_type = '' } = as('ReplicaIdentityStmt', def) ?? {}
    const names = name === undefined ? [] : [name]
    const identity = IDENTITIES[identity_type] ?? 'default'
    return { kind: 'alter-table', span, table, action: 'replica-identity', names, identity }
  },
  AT_AddInherit: alter('inherit', parent),
  AT_DropInherit: alter('no-inherit', parent),
  AT_AddOf: alter('of-type', ({ def }) => strings(as('TypeName', def)?.names).slice(-1)),
  AT_DropOf: alter('not-of'),
  // The statement's reader knows what kind of relation changes hands.
  AT_ChangeOwner: null,
  AT_AddColumnToView: null,
  AT_CookedColumnDefault: null,
  AT_AddIndex: null,
  AT_ReAddIndex: null,
  AT_ReAddConstraint: null,
  AT_ReAddDomainConstraint: null,
  AT_AddIndexConstraint: null,
  AT_ReAddComment: null,
  AT_ReplaceRelOptions: null,
  AT_ReAddStatistics: null,
}

/** What a replica identity rests on, by PostgreSQL's letters for it. */
const IDENTITIES: Readonly<Record<string, AlterTable['identity']>> = {
  d: 'default',
  i: 'index',
  f: 'full',
  n: 'nothing',
}

function detach({ def }: AlterTableCmd, { table, span }: ActionPlace, finalize: boolean): Operation {
  const partition = as('PartitionCmd', def)
  const concurrently = partition?.concurrent === true
  return { kind: 'detach-partition', span, table, partition: relationName(partition?.name), concurrently, finalize }
}

/** The expression that a keyword opens and the action's end closes. */
function expressionAfter(keyword: string, node: Node, { place, stretch }: ActionPlace): Expression {
  const at = findWord(place, stretch, keyword)
  return expression(node, textOf(place, { from: at + 1, to: stretch.to }))
}
