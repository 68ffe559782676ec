import type { Finding } from '../model/finding.js'
import { pathsOf } from '../model/migration.js'
import type { Review } from '../model/review.js'
import { rules } from '../rules/index.js'
import { nearest } from '../source/nearest.js'
import type { Numbered } from './statements.js'

/** What somebody means by a word: only what exists is ever meant. */
export type Subject =
  | { readonly kind: 'all' }
  | { readonly kind: 'rule'; readonly rule: (typeof rules)[number] }
  | { readonly kind: 'statements'; readonly statements: readonly Numbered[] }
  | { readonly kind: 'finding'; readonly finding: Finding }
  | { readonly kind: 'none'; readonly near: readonly string[] }

/**
 * What is meant by a word of a command: a rule by its id or code, a finding by the beginning of its fingerprint, a file of the report with
 * or without a line, a statement by its number, or everything where nothing is said.
 */
export function subjectOf(
  word: string | undefined,
  review: Pick<Review, 'findings' | 'migrations'>,
  statements: readonly Numbered[],
): Subject {
  if (word === undefined) return { kind: 'all' }
  const rule = rules.find(({ meta: { id, code } }) => id === word.toLowerCase() || code === word.toUpperCase())
  if (rule !== undefined) return { kind: 'rule', rule }
  if (/^#?\d{1,6}$/.test(word)) {
    const wanted = Number(word.replace('#', ''))
    const found = statements.filter(({ number }) => number === wanted)
    if (found.length > 0) return { kind: 'statements', statements: found }
  }
  const findings = findingsBy(word, review)
  if (findings.length === 1 && findings[0] !== undefined) return { kind: 'finding', finding: findings[0] }
  const inFile = statementsIn(word, statements)
  if (inFile.length > 0) return { kind: 'statements', statements: inFile }
  const paths = review.migrations.flatMap(({ revision }) => pathsOf(revision))
  const known = [...rules.map(({ meta }) => meta.id), ...paths]
  return { kind: 'none', near: nearest(word.replace(/:\d+$/, ''), known) }
}

/** The findings that a fingerprint, or at least six digits of its beginning, stands for. */
export function findingsBy(word: string, { findings }: Pick<Review, 'findings'>): readonly Finding[] {
  return /^[0-9a-f]{6,16}$/.test(word) ? findings.filter(({ fingerprint }) => fingerprint.startsWith(word)) : []
}

function statementsIn(word: string, statements: readonly Numbered[]): readonly Numbered[] {
  const [, path = word, line] = /^(.*?)(?::(\d{1,7}))?$/.exec(word) ?? []
  if (line !== undefined) {
    const on = Number(line)
    return statements.filter(({ at }) => at.path === path && at.start.line <= on && on <= at.end.line)
  }
  // What a migration sends from a module of its own is part of it.
  const elsewhere = ({ at, migration: { revision } }: Numbered): boolean =>
    revision.path === path && !pathsOf(revision).includes(at.path)
  return statements.filter((statement) => statement.at.path === path || elsewhere(statement))
}
