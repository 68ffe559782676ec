import { tokens } from './tokens.js'

/** Whether two SQL texts are the same to PostgreSQL's scanner: comments and white space apart. */
export function sameTokens(a: string, b: string): boolean {
  return a === b || normal(a) === normal(b)
}

function normal(sql: string): string {
  return tokens(sql)
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text }) => text)
    .join(' ')
}
