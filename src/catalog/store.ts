import type { Born, Catalog } from '../model/catalog.js'
import type { Operation } from '../model/operation.js'
import type { Transaction } from '../model/operations/data.js'
import { apply } from './apply/apply.js'
import { dropTableOf, dropViewOf } from './drop.js'
import { loseSight } from './relations.js'
import type { State, Young } from './state.js'
import { emptyState, forkState, putDomain, putEnum, putObject, putTable, putView } from './state.js'
import { viewOf } from './view.js'

/** A schema that operations change. As a `Catalog` it always shows the present state. */
export interface CatalogStore extends Catalog {
  /**
   * Applies one operation; `born` is since when what it creates exists. BEGIN, COMMIT, ROLLBACK and savepoints of the
   * script are understood; a transaction of the migration tool is opened with `begin` and closed with `commit`.
   */
  apply(operation: Operation, born: Born): void
  begin(): void
  commit(): void
  /** Without an open transaction it changes nothing, as in PostgreSQL. */
  rollback(): void
  /** The end of a file: commits, ends SET search_path, drops temporary tables; what the file created is of this pull from here on. */
  endFile(): void
  /** Something happened that was not understood: from here on more may exist than is known. */
  loseSight(): void
  /** A store with the same content that changes independently; cheap whatever the size. */
  fork(): CatalogStore
  /** All that it holds now. */
  state(): State
}

/** A store that knows of nothing. `complete`: nothing exists yet, or is the history unknown? */
export function createCatalog({ complete }: { readonly complete: boolean }): CatalogStore {
  return storeOf(emptyState(complete), [])
}

/** What a ROLLBACK goes back to: the transaction's own first, then its savepoints. */
interface Snapshot {
  /** undefined when the name was not read. */
  readonly savepoint: string | undefined
  readonly state: State
}

function storeOf(initial: State, open: readonly Snapshot[]): CatalogStore {
  let state = initial
  let snapshots = open

  const begin = (): void => {
    if (snapshots.length === 0) snapshots = [{ savepoint: undefined, state: forkState(state) }]
  }
  const commit = (): void => {
    snapshots = []
    state.localPath = null
    promote(state, 'transaction', 'file')
  }
  const rollback = (): void => {
    const [first] = snapshots
    if (first !== undefined) state = forkState(first.state)
    snapshots = []
  }
  /** Where in `snapshots` a savepoint is; undefined when that cannot be told. */
  const savepointAt = (name: string | undefined): number | undefined => {
    if (name === undefined) return snapshots.length === 2 ? 1 : undefined
    const at = snapshots.findLastIndex((snapshot, index) => index > 0 && snapshot.savepoint === name)
    return at > 0 ? at : undefined
  }
  const rollbackTo = (name: string | undefined): void => {
    const at = savepointAt(name)
    const snapshot = snapshots[at ?? -1]
    if (at === undefined || snapshot === undefined) return loseSight(state)
    state = forkState(snapshot.state)
    snapshots = snapshots.slice(0, at + 1)
  }

  const transact = ({ action, savepoint, chain }: Transaction): void => {
    switch (action) {
      case 'begin':
        return begin()
      case 'commit':
      case 'rollback': {
        const chained = chain && snapshots.length > 0
        if (action === 'commit') commit()
        else rollback()
        return chained ? begin() : undefined
      }
      case 'savepoint':
        if (snapshots.length > 0) snapshots = [...snapshots, { savepoint, state: forkState(state) }]
        return
      case 'release': {
        const at = savepointAt(savepoint)
        if (at !== undefined) snapshots = snapshots.slice(0, at)
        return
      }
      case 'rollback-to':
        return rollbackTo(savepoint)
      // Whether a prepared transaction is ever committed is decided elsewhere.
      case 'prepare':
      case 'rollback-prepared':
        commit()
        return loseSight(state)
      case 'commit-prepared':
        return
    }
  }

  return Object.assign(
    viewOf(() => state),
    {
      apply(operation: Operation, born: Born): void {
        if (operation.kind === 'transaction') return transact(operation)
        apply(operation, { state, born, inTransaction: snapshots.length > 0 })
      },
      begin,
      commit,
      rollback,
      endFile(): void {
        commit()
        state.path = ['public']
        dropTemporary(state)
        promote(state, 'file', 'pull')
      },
      loseSight: () => loseSight(state),
      fork: () => storeOf(forkState(state), snapshots),
      state: () => state,
    },
  )
}

/** What was born in `from` has been since `to` now. Costs what was born there, not what exists. */
function promote(state: State, from: Born, to: Born): void {
  const grow = <Part extends { readonly born: Born }>(part: Part): Part =>
    part.born === from ? { ...part, born: to } : part

  for (const [key] of state.fresh.entries()) {
    const type = state.enums.get(key)
    state.fresh.delete(key)
    if (type !== undefined) putEnum(state, { ...type, fresh: [] })
  }
  for (const [note, { family, key }] of state.young.entries()) {
    state.young.delete(note)
    promoteOne(state, family, key, grow)
  }
}

function promoteOne(
  state: State,
  family: Young['family'],
  key: string,
  grow: <Part extends { readonly born: Born }>(part: Part) => Part,
): void {
  switch (family) {
    case 'tables': {
      const table = state.tables.get(key)
      if (table === undefined) return
      return putTable(state, {
        ...grow(table),
        columns: table.columns.map(grow),
        constraints: table.constraints.map(grow),
        indexes: table.indexes.map(grow),
        attachments: table.attachments.map(grow),
      })
    }
    case 'views': {
      const view = state.views.get(key)
      return view === undefined ? undefined : putView(state, { ...grow(view), indexes: view.indexes.map(grow) })
    }
    case 'enums': {
      const type = state.enums.get(key)
      return type === undefined ? undefined : putEnum(state, grow(type))
    }
    case 'domains': {
      const domain = state.domains.get(key)
      return domain === undefined ? undefined : putDomain(state, grow(domain))
    }
    case 'objects': {
      const object = state.objects.get(key)
      return object === undefined ? undefined : putObject(state, grow(object))
    }
  }
}

/** A session's temporary tables end with it. */
function dropTemporary(state: State): void {
  for (const [key] of state.temporary.entries()) {
    state.temporary.delete(key)
    const table = state.tables.get(key)
    const view = state.views.get(key)
    if (table !== undefined) dropTableOf(state, table, true)
    if (view !== undefined) dropViewOf(state, view, true)
  }
}
