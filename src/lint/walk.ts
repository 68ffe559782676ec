import { effectOf } from '../catalog/effect.js'
import type { CatalogStore } from '../catalog/store.js'
import type { Effect } from '../model/effect.js'
import { isRead, type Conventions, type Script, type Statement } from '../model/migration.js'
import { missingIn } from '../model/missing.js'
import type { Operation } from '../model/operation.js'
import { advance, openSession, type Held, type Session } from './session.js'
import { existedBefore } from './subject.js'

type ReadScript = Extract<Script, { kind: 'script' }>

/** What is known at the moment just before an operation. */
export interface Moment {
  readonly statement: Statement
  readonly operation: Operation
  readonly effect: Effect
  readonly session: Session
}

/** What is so before a script is walked. */
export interface Before {
  readonly postgres: number
  readonly settings?: Conventions['settings']
  /** Locks of the tool's transaction from the migrations before, where all of them share one. */
  readonly held?: readonly Held[]
}

/** What a walk has found. */
export interface Walked {
  /** The predicted effect of every statement on relations that existed before the pull request. */
  readonly effects: readonly Effect[]
  /** Locks that the tool's transaction holds for the next migration, where all of them share one. */
  readonly held: readonly Held[]
}

/** Walks a changed script operation by operation: `visit` sees each one before the catalog does. */
export function walk(
  script: ReadScript,
  catalog: CatalogStore,
  { postgres, settings = [], held = [] }: Before,
  visit: (moment: Moment) => void,
): Walked {
  const isKnown = isRead(script)
  if (!isKnown) catalog.loseSight()
  // What could not be read may have ended the transaction.
  const before = isKnown ? held : []
  let session = openSession(script.transaction, settings, before)
  let last = session
  if (script.transaction === 'one') catalog.begin()
  const effects = script.statements.map((statement, index) => {
    const parts: Effect[] = []
    const now = session
    last = now
    for (const operation of statement.operations) {
      const context = { postgres, inTransaction: now.transaction !== null, utc: now.inForce.utc }
      const effect = onExisting(effectOf(operation, catalog, context), catalog)
      visit({ statement, operation, effect, session: now })
      parts.push(effect)
      session = advance(session, operation, effect, statement.sql)
      catalog.apply(operation, now.transaction === null ? 'file' : 'transaction')
    }
    if (index === 0 && script.shares?.first === true) session = { ...session, held: before }
    return joined(parts)
  })
  catalog.endFile()
  const left = script.shares?.last === true ? last : session
  return { effects, held: isKnown && left.transaction !== null ? left.held : [] }
}

/**
 * Replays a script that is not under review. It has run on a database, so that what could not be read of it, or names something
 * that nobody here saw created, tells that not everything is known.
 */
export function replay(script: Script, catalog: CatalogStore, bookkeeping: readonly string[]): void {
  if (script.kind === 'refused') catalog.loseSight()
  if (script.kind !== 'script') return
  if (!isRead(script)) catalog.loseSight()
  if (script.transaction === 'one') catalog.begin()
  for (const { operations, sql } of script.statements) {
    for (const operation of operations) {
      if (catalog.complete && missingIn(operation, sql, catalog, bookkeeping) !== null) catalog.loseSight()
      catalog.apply(operation, 'base')
    }
  }
  catalog.endFile()
}

function onExisting(effect: Effect, catalog: CatalogStore): Effect {
  const existed = (table: Effect['rewrites'][number]): boolean => existedBefore(catalog.born(table))
  if (effect.locks.length + effect.rewrites.length + effect.scans.length === 0) return effect
  return {
    locks: effect.locks.filter(({ table }) => existed(table)),
    rewrites: effect.rewrites.filter(existed),
    scans: effect.scans.filter(existed),
  }
}

function joined(effects: readonly Effect[]): Effect {
  if (effects.length === 1 && effects[0]) return effects[0]
  return {
    locks: effects.flatMap(({ locks }) => locks),
    rewrites: effects.flatMap(({ rewrites }) => rewrites),
    scans: effects.flatMap(({ scans }) => scans),
  }
}
