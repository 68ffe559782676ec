import { isForPostgres } from './filters.js'
import type { Node } from './node.js'
import { textIn } from './node.js'

/** What is known of the conditions under which a changeSet runs. */
export type Condition =
  | { readonly kind: 'runs' }
  /** It never runs on PostgreSQL; Liquibase goes on. */
  | { readonly kind: 'skipped'; readonly why: string }
  /** Liquibase stops at it on every PostgreSQL. */
  | { readonly kind: 'halts'; readonly why: string; readonly node: Node }
  /** It depends on the database; what is asked, and what happens otherwise. */
  | { readonly kind: 'depends'; readonly asks: readonly string[]; readonly otherwise: string; readonly node: Node }

type Answer = boolean | null

/** What preconditions come to on PostgreSQL (`liquibase.precondition.core`). */
export function preconditionOf(nodes: readonly Node[]): Condition {
  const node = nodes.at(-1)
  if (node === undefined) return { kind: 'runs' }
  const asks = new Set<string>()
  const answer = all(node.children, asks)
  if (answer === true) return { kind: 'runs' }
  const onFail = (textIn(node, 'onFail') ?? 'HALT').toUpperCase()
  if (answer === null) return { kind: 'depends', asks: [...asks], otherwise: onFail, node }
  if (onFail === 'WARN') return { kind: 'runs' }
  const why = 'its preconditions are never met on PostgreSQL'
  return onFail === 'HALT' ? { kind: 'halts', why, node } : { kind: 'skipped', why }
}

const SETTINGS = /^on(Fail|Error|FailMessage|ErrorMessage|SqlOutput|UpdateSql|UpdateSQL)$/

function all(nodes: readonly Node[], asks: Set<string>): Answer {
  const answers = nodes.filter(({ name }) => !SETTINGS.test(name)).map((node) => answerOf(node, asks))
  return answers.includes(false) ? false : answers.includes(null) ? null : true
}

function answerOf(node: Node, asks: Set<string>): Answer {
  switch (node.name) {
    case 'and':
    case 'preConditions':
      return all(node.children, asks)
    case 'or': {
      const answers = node.children.map((child) => answerOf(child, asks))
      return answers.includes(true) ? true : answers.includes(null) ? null : false
    }
    case 'not': {
      const answer = all(node.children, asks)
      return answer === null ? null : !answer
    }
    case 'dbms':
      return isForPostgres(textIn(node, 'type'))
    default:
      asks.add(node.name)
      return null
  }
}
