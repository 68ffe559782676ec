import type { SourceText } from '../../source/source-text.js'
import type { Span } from '../../source/span.js'
import { areContextsGranted, isForPostgres } from './filters.js'
import { childrenOf, flagIn, type Node, textIn } from './node.js'
import { type Rewrite, rewritesOf } from './modify-sql.js'
import { type Condition, preconditionOf } from './preconditions.js'

/** A changeSet as its file says it, with its properties filled in. */
export interface ChangeSet {
  readonly id: string
  readonly author: string
  /** The path that Liquibase knows it by. */
  readonly file: string
  readonly source: SourceText
  readonly at: Span
  readonly comment: string | null
  readonly repeatable: boolean
  readonly inTransaction: boolean
  readonly changes: readonly Node[]
  /** What its author says undoes it; null where nothing is said. */
  readonly rollback: readonly Node[] | null
  readonly condition: Condition
  /** The first `modifySql` that is for PostgreSQL; its checksum is taken of it. */
  readonly modifies: Node | null
  /** What is done to the SQL of its changes before it is sent. */
  readonly rewrites: readonly Rewrite[]
  /** Why it runs on no PostgreSQL; null where it does. */
  readonly elsewhere: string | null
  readonly failOnError: boolean
  readonly quotesAll: boolean
  readonly runWith: string | null
  /** Whether its author has Liquibase take any checksum for right. */
  readonly anyChecksum: boolean
  /** Names of properties in it that nothing in the repository sets. */
  readonly unset: readonly string[]
}

/** Children of a changeSet that say how it runs; everything else is a change. */
const SETTINGS =
  /^(id|author|runAlways|alwaysRun|runOnChange|runWith|runWithSpoolFile|contextFilter|context|labels|dbms|runInTransaction|created|runOrder|ignore|comment|comments|objectQuotingStrategy|logicalFilePath|failOnError|onValidationFail|rollback|validCheckSums?|modifySql|preconditions|preConditions|changes)$/

/** What a changelog gives to each changeSet in it. */
export interface Surroundings {
  readonly file: string
  readonly source: SourceText
  readonly quotesAll: boolean
  /** Contexts and labels of the includes on the way. */
  readonly contexts: readonly string[]
  /** Why no changeSet of the changelog runs on PostgreSQL. */
  readonly elsewhere: string | null
}

/** Reads a node `changeSet` (`liquibase.changelog.ChangeSet#load`). */
export function changeSetOf(node: Node, { file, source, quotesAll, contexts, elsewhere }: Surroundings): ChangeSet {
  const own = textIn(node, 'logicalFilePath')?.replaceAll('\\', '/').replace(/^\//, '')
  const quoting = textIn(node, 'objectQuotingStrategy')
  const within = [...node.children, ...childrenOf(node, 'changes').flatMap(({ children }) => children)]
  const rollbacks = within.filter(({ name }) => name === 'rollback')
  const context = textIn(node, 'contextFilter') ?? textIn(node, 'context')
  return {
    id: textIn(node, 'id') ?? '',
    author: textIn(node, 'author') ?? '',
    file: own ?? file,
    source,
    at: node.at,
    comment: childrenOf(node, 'comment')[0]?.value?.trim() ?? null,
    repeatable:
      (flagIn(node, 'runAlways') ?? flagIn(node, 'alwaysRun')) === true || flagIn(node, 'runOnChange') === true,
    inTransaction: flagIn(node, 'runInTransaction') ?? true,
    changes: within.filter(
      ({ name, value, children }) => !SETTINGS.test(name) && (value !== null || children.length > 0 || isChange(name)),
    ),
    rollback: rollbacks.length === 0 ? null : rollbacks,
    condition: preconditionOf(within.filter(({ name }) => /^pre[cC]onditions$/.test(name))),
    modifies: within.find((child) => child.name === 'modifySql' && isForPostgres(textIn(child, 'dbms'))) ?? null,
    rewrites: rewritesOf(within.filter((child) => child.name === 'modifySql')),
    elsewhere: elsewhere ?? reasonElsewhere(node, contexts, context),
    failOnError: flagIn(node, 'failOnError') ?? true,
    quotesAll: quoting === null ? quotesAll : quoting !== 'LEGACY',
    runWith: textIn(node, 'runWith'),
    anyChecksum: within.some(({ name, value }) => /^validCheckSums?$/.test(name) && /\bany\b/i.test(value ?? '')),
    unset: [],
  }
}

/** Changes that need no attribute; an attribute that Liquibase does not know is passed over. */
function isChange(name: string): boolean {
  return /^(empty|stop)$/.test(name)
}

function reasonElsewhere(node: Node, inherited: readonly string[], own: string | null): string | null {
  const dbms = textIn(node, 'dbms')
  if (!isForPostgres(dbms)) return `dbms is ${dbms}`
  if (flagIn(node, 'ignore') === true) return 'ignore is true'
  if (areContextsGranted(inherited, own)) return null
  return `it waits for the context ${[...inherited, own].filter((each) => each !== null).join(' and ')}`
}
