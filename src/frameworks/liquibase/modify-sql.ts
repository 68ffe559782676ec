import type { Span } from '../../source/span.js'
import { isForPostgres, runsWithoutContexts } from './filters.js'
import { childrenOf, flagIn, type Node, textIn } from './node.js'

/** What `modifySql` does to every statement of a changeSet before it is sent. */
export interface Rewrite {
  /** null: nobody can say what it makes of a statement. */
  readonly apply: ((sql: string) => string) | null
  /** The element, such as `append`. */
  readonly name: string
  /** Whether what undoes the changeSet is rewritten as well. */
  readonly alsoBack: boolean
  readonly at: Span
}

/** Attributes of `modifySql` itself; everything else in it rewrites. */
const SETTINGS = /^(dbms|contextFilter|context|labels|applyToRollback)$/

/** What is done to statements that are sent to PostgreSQL, in order (`liquibase.sql.visitor`). */
export function rewritesOf(nodes: readonly Node[]): readonly Rewrite[] {
  return nodes.filter(isMeant).flatMap((node) =>
    node.children
      .filter(({ name }) => !SETTINGS.test(name))
      .filter(isMeant)
      .map((child) => ({
        apply: rewriter(child),
        name: child.name,
        alsoBack: flagIn(child, 'applyToRollback') ?? flagIn(node, 'applyToRollback') ?? false,
        at: child.at,
      })),
  )
}

/** A statement after all that rewrites it. */
export function rewritten(sql: string, rewrites: readonly Rewrite[]): string {
  return rewrites.reduce((text, { apply }) => apply?.(text) ?? text, sql)
}

function isMeant(node: Node): boolean {
  const context = textIn(node, 'contextFilter') ?? textIn(node, 'context')
  return isForPostgres(textIn(node, 'dbms')) && (context === null || runsWithoutContexts(context))
}

function rewriter(node: Node): Rewrite['apply'] {
  const textOf = (name: string): string | null => childrenOf(node, name)[0]?.value ?? null
  const value = textOf('value')
  if (node.name === 'append') return value === null ? null : (sql) => sql + value
  if (node.name === 'prepend') return value === null ? null : (sql) => value + sql
  if (node.name !== 'replace') return null
  const [old, now] = [textOf('replace'), textOf('with')]
  return old === null || now === null ? null : (sql) => sql.replaceAll(old, () => now)
}
