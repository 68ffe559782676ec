import { describe, expect, test } from '@jest/globals'
import { judge } from '../../src/sandbox/backend.js'
import { leadingWords } from '../../src/sandbox/tags.js'
import { encodeStatement, replyReader, type Reply, type TransactionStatus } from '../../src/sandbox/wire.js'

const WELL: Reply = { parsed: true, bound: true, tag: null, empty: false, error: null, status: 'I', rows: [] }
const error = (sqlstate: string, severity = 'ERROR'): Reply['error'] => ({
  severity,
  sqlstate,
  message: 'no',
  detail: null,
  hint: null,
  position: null,
})

/** What came back, and whether it proves that the statement ran. */
const REPLIES: readonly (readonly [string, string, TransactionStatus, Partial<Reply>, string])[] = [
  ['its own tag', 'drop table a', 'I', { tag: 'DROP TABLE' }, 'done'],
  ['no byte at all', 'drop table a', 'I', { parsed: false, bound: false, status: null }, 'lost'],
  ['no tag', 'select 1+1', 'I', {}, 'lost'],
  ['no ReadyForQuery', 'drop table a', 'I', { tag: 'DROP TABLE', status: null }, 'lost'],
  ['no ParseComplete', 'drop table a', 'I', { tag: 'DROP TABLE', parsed: false }, 'lost'],
  ['no BindComplete', 'drop table a', 'I', { tag: 'DROP TABLE', bound: false }, 'lost'],
  ['the tag of another verb', 'drop table a', 'I', { tag: 'SELECT 1' }, 'lost'],
  ['the tag of another kind', 'drop table a', 'I', { tag: 'DROP VIEW' }, 'lost'],
  ['the tag of a longer kind', 'create view v as select 1', 'I', { tag: 'CREATE MATERIALIZED VIEW' }, 'lost'],
  ['a query’s tag for a table from a query', 'create table a as select 1', 'I', { tag: 'SELECT 1' }, 'done'],
  ['a query’s tag for an index', 'create index on a (b)', 'I', { tag: 'SELECT 1' }, 'lost'],
  ['an empty statement', '-- nothing', 'I', { empty: true }, 'lost'],
  ['an error', 'drop table a', 'I', { parsed: false, bound: false, error: error('42P01') }, 'failed'],
  ['an error after the tag', 'insert into a values (1)', 'I', { tag: 'INSERT 0 1', error: error('23503') }, 'failed'],
  ['an error in a transaction', 'drop table a', 'T', { error: error('42P01'), status: 'E' }, 'failed'],
  ['an error that leaves the transaction whole', 'drop table a', 'T', { error: error('42P01'), status: 'T' }, 'lost'],
  ['an end of the session', 'select 1', 'I', { error: error('57P01', 'FATAL') }, 'lost'],
  ['a statement that got lost', 'select 1', 'I', { parsed: false, error: error('26000') }, 'lost'],
  ['BEGIN', 'begin', 'I', { tag: 'BEGIN', status: 'T' }, 'done'],
  ['BEGIN without a transaction', 'begin', 'I', { tag: 'BEGIN', status: 'I' }, 'lost'],
  ['COMMIT', 'commit', 'T', { tag: 'COMMIT' }, 'done'],
  ['COMMIT that is answered by ROLLBACK', 'commit', 'E', { tag: 'ROLLBACK' }, 'failed'],
  ['COMMIT AND CHAIN', 'commit and chain', 'T', { tag: 'COMMIT', status: 'T' }, 'done'],
  ['ROLLBACK TO', 'rollback to savepoint a', 'E', { tag: 'ROLLBACK', status: 'T' }, 'done'],
  ['a transaction that ends on its own', 'create table a ()', 'T', { tag: 'CREATE TABLE', status: 'I' }, 'lost'],
]

test.each(REPLIES)('%s', (_name, sql, before, reply, expected) => {
  expect(judge(sql, before, { ...WELL, ...reply }).kind).toBe(expected)
})

test.each([
  ['  -- drop\n/* a /* b */ */ ((SELECT 1))', ['SELECT', '1', ')', ')']],
  ['create unique index "Concurrently" on é (b)', ['CREATE', 'UNIQUE', 'INDEX', '"Concurrently"', 'ON', 'É', 'B', ')']],
  ['/* never closed', []],
  ['-- only', []],
])('the first words of %s', (sql, expected) => {
  expect(leadingWords(sql)).toEqual(expected)
})

describe('the wire', () => {
  const bytes = (type: string, ...body: number[]): number[] => [type.charCodeAt(0), 0, 0, 0, body.length + 4, ...body]
  const text = (value: string): number[] => [...Buffer.from(value), 0]
  const stream = [
    ...bytes('1'),
    ...bytes('2'),
    ...bytes('D', 0, 2, 0, 0, 0, 2, ...Buffer.from('ü'), 255, 255, 255, 255),
    ...bytes('C', ...text('SELECT 1')),
    ...bytes('E', ...text('VERROR'), ...text('C22012'), ...text('Mno'), ...text('P7'), 0),
    ...bytes('Z', 'I'.charCodeAt(0)),
  ]

  test.each([1, 3, 7, stream.length])('is read from chunks of %d bytes', (size) => {
    const reader = replyReader(true)
    for (let at = 0; at < stream.length; at += size) reader.push(new Uint8Array(stream.slice(at, at + size)))
    expect(reader.reply()).toEqual({
      parsed: true,
      bound: true,
      tag: 'SELECT 1',
      empty: false,
      error: { severity: 'ERROR', sqlstate: '22012', message: 'no', detail: null, hint: null, position: 7 },
      status: 'I',
      rows: [['ü', null]],
    })
  })

  test('a statement’s length is counted in bytes', () => {
    const [type, ...length] = encodeStatement('select 🙂')
    expect([type, length.slice(0, 4)]).toEqual(['P'.charCodeAt(0), [0, 0, 0, 4 + 1 + 11 + 1 + 2]])
  })
})
