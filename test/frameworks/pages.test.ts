import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { frameworks } from '../../src/frameworks/index.js'
import { DIALECTS } from '../../src/frameworks/sql/dialects.js'
import { readAll, repository } from './tree.js'

const pageOf = (id: string): string => `docs/frameworks/${id}.md`

/** Those whose page repeats what the reviewer says of the tool, word by word. */
const WORD_BY_WORD = ['atlas', 'dbmate', 'diesel', 'golang-migrate', 'goose', 'sqlx'] as const

const said = [
  ...WORD_BY_WORD.map((id) => [id, DIALECTS[id].conventions({ numbering: 'timestamp', hasDowns: true })] as const),
  ...readAll(repository('alembic-basic')).map(({ history }) => ['alembic', history.project.conventions] as const),
]

describe('the page of a framework', () => {
  test.each(frameworks.map(({ id }) => id))('of %s is there, and in the index', (id) => {
    expect(existsSync(pageOf(id))).toBe(true)
    expect(readFileSync(pageOf('README'), 'utf8')).toContain(`](${id}.md)`)
  })

  test.each(said)('of %s says what the reviewer says of its reactions', (id, { reactions }) => {
    const page = readFileSync(pageOf(id), 'utf8')
    expect(Object.values(reactions).filter((clause) => !page.includes(clause))).toEqual([])
  })
})
