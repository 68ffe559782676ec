import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

const FOLDER = new URL('./', import.meta.url)

/** A call and what is said of it. */
export interface Case {
  readonly calls: string
  /**
   * `=>`: what Alembic prints, and so do we. `=!`: Alembic stops, and we say why nothing is sent.
   * `=?`: what we say where a database is sent other than what Alembic prints without one; a comment says what differs.
   */
  readonly mark: '=>' | '=!' | '=?'
  readonly expected: string
}

/** A file of cases, and the Python that stands before each of them. */
export interface CaseTable {
  readonly name: string
  readonly preface: string
  readonly cases: readonly Case[]
}

/** Every table in this folder. */
export function caseTables(): readonly CaseTable[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map(readTable)
}

function readTable(name: string): CaseTable {
  const text = readFileSync(new URL(name, FOLDER), 'utf8').trim()
  const [preface = '', body] = text.includes('\n---\n') ? text.split('\n---\n') : ['', text]
  const cases = (body ?? '').split(/\n\n+/).map((block): Case => {
    const [, calls = '', mark = '', expected = ''] = /^(.*?)\n(=>|=!|=\?)(?:\n(.*))?$/s.exec(block.trim()) ?? []
    if (mark === '') throw new Error(`${name}: no mark in ${block}`)
    return { calls, mark: mark as Case['mark'], expected }
  })
  return { name, preface, cases }
}

/** Writes what is said now, with UPDATE=1. */
export function writeTable({ name, preface, cases }: CaseTable, said: readonly string[]): void {
  const blocks = cases.map(({ calls, mark }, index) => `${calls}\n${mark}\n${said[index] ?? ''}`.trim())
  writeFileSync(new URL(name, FOLDER), `${preface === '' ? '' : `${preface}\n---\n`}${blocks.join('\n\n')}\n`)
}

/** SQL with its spaces evened out. */
export function flat(sql: string): string {
  return sql
    .replace(/\s+/g, ' ')
    .replaceAll('( ', '(')
    .replaceAll(' )', ')')
    .replace(/[;\s]+$/, '')
    .trim()
}
