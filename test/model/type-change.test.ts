import { describe, expect, test } from '@jest/globals'
import type { TypeName } from '../../src/model/operations/shared.js'
import { isNarrowing } from '../../src/model/type-change.js'

/** A type from what `format_type` prints. */
function type(text: string): TypeName {
  const [, before = '', modifiers, after = '', arrays = ''] =
    /^([\w. ]+?)(?:\(([\d,]+)\))?( \w[\w ]*)?((?:\[\])*)$/.exec(text) ?? []
  const [name = '', schema = ''] = `${before}${after}`.split('.').reverse()
  return {
    text,
    name,
    schema,
    modifiers: modifiers?.split(',').map(Number) ?? [],
    arrays: arrays.length / 2,
    serial: false,
  }
}

describe('keeps every value', () => {
  test.each([
    ['character varying(10)', 'character varying(20)'],
    ['character varying(10)', 'character varying'],
    ['character varying(10)', 'text'],
    ['text', 'character varying'],
    ['character(5)', 'text'],
    ['character(5)', 'character varying(5)'],
    ['citext', 'text'],
    ['text[]', 'character varying[]'],
    ['integer[]', 'bigint[]'],
    ['integer[]', 'text'],
    ['integer', 'integer[]'],
    ['text', 'text[]'],
    ['smallint', 'integer'],
    ['integer', 'bigint'],
    ['integer', 'text'],
    ['integer', 'character varying(11)'],
    ['uuid', 'character(36)'],
    ['integer', 'numeric'],
    ['integer', 'numeric(12,2)'],
    ['bigint', 'numeric(19,0)'],
    ['integer', 'double precision'],
    ['smallint', 'real'],
    ['numeric(4,0)', 'smallint'],
    ['numeric(9)', 'integer'],
    ['numeric(10,2)', 'numeric(12,2)'],
    ['numeric(10,2)', 'numeric(12,4)'],
    ['numeric(10,2)', 'numeric'],
    ['real', 'double precision'],
    ['real', 'numeric'],
    ['json', 'jsonb'],
    ['jsonb', 'json'],
    ['cidr', 'inet'],
    ['date', 'timestamp with time zone'],
    ['timestamp without time zone', 'timestamp with time zone'],
    ['timestamp with time zone', 'timestamp without time zone'],
    ['timestamp(3) without time zone', 'timestamp(6) without time zone'],
    ['timestamp(3) without time zone', 'timestamp without time zone'],
    ['time(3) without time zone', 'time without time zone'],
    ['bit varying(8)', 'bit varying(16)'],
    ['boolean', 'integer'],
    ['mood', 'text'],
    ['public.mood', 'public.mood_new'],
  ])('%s to %s', (from, to) => expect(isNarrowing(type(from), type(to))).toBe(false))
})

describe('can cut, round or refuse values', () => {
  test.each([
    ['text', 'character varying(20)'],
    ['character varying', 'character varying(20)'],
    ['character varying(20)', 'character varying(10)'],
    ['text', 'character'],
    ['text', 'name'],
    ['text', 'integer'],
    ['text', 'uuid'],
    ['text', 'jsonb'],
    ['text', 'mood'],

    ['text[]', 'integer[]'],
    ['text[]', 'integer'],
    ['bigint', 'integer'],
    ['integer', 'smallint'],
    ['bigint[]', 'integer[]'],
    ['integer', 'character varying(5)'],
    ['jsonb', 'character varying(100)'],
    ['integer', 'numeric(8,0)'],
    ['bigint', 'numeric(12,2)'],
    ['integer', 'real'],
    ['bigint', 'double precision'],
    ['numeric', 'numeric(10,2)'],
    ['numeric(10,2)', 'numeric(10,4)'],
    ['numeric(10,4)', 'numeric(12,2)'],
    ['numeric(10,2)', 'bigint'],
    ['numeric(10,0)', 'integer'],
    ['numeric', 'double precision'],
    ['double precision', 'real'],
    ['double precision', 'integer'],
    ['double precision', 'numeric(10,2)'],
    ['integer', 'boolean'],
    ['integer', 'uuid'],
    ['inet', 'cidr'],
    ['timestamp with time zone', 'date'],
    ['timestamp without time zone', 'timestamp(0) without time zone'],
    ['time with time zone', 'time without time zone'],
    ['bit varying', 'bit varying(16)'],
  ])('%s to %s', (from, to) => expect(isNarrowing(type(from), type(to))).toBe(true))
})
