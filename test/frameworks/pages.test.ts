import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { DIALECTS } from '../../src/frameworks/sql/dialects.js'

/** Those whose page repeats what the reviewer says of the tool, word by word. */
const WORD_BY_WORD = ['dbmate', 'diesel', 'golang-migrate', 'goose', 'sqlx'] as const

describe('the page of a framework', () => {
  test.each(WORD_BY_WORD)('of %s says what the reviewer says of its reactions', (id) => {
    const page = readFileSync(`docs/frameworks/${id}.md`, 'utf8')
    const { reactions } = DIALECTS[id].conventions({ numbering: 'timestamp', hasDowns: true })
    expect(Object.values(reactions).filter((clause) => !page.includes(clause))).toEqual([])
  })
})
