import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { revision, script } from './told.js'
import { washed } from './washed.js'

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

test('a table that changes is told with all its parts, its neighbours with none', async () => {
  const absent = { kind: 'absent' as const }
  const item = (id: string, role: 'replay' | 'rehearse', text: string) => ({
    ...{ revision: revision(id), role, up: script(sourceText(`${id}.up.sql`, text)), down: absent, bookkeeping: [] },
  })
  const plan = [
    item(
      '1',
      'replay',
      `create table customers (id bigint primary key);
       create table orders (id bigint primary key, customer_id bigint references customers, note text, total numeric);
       create index orders_note on orders (note);`,
    ),
    item(
      '2',
      'rehearse',
      `alter table orders drop column total, add column placed date, alter column note set not null;
       create index orders_customer on orders (customer_id);`,
    ),
  ]
  const signal = new AbortController().signal
  const [seen] = await rehearse(plan, provider, { postgres: 18, signal, seconds: 25, rows: 0, onProgress: () => {} })
  const parts = seen?.picture?.tables.map(({ name, parts: some }) => [
    name,
    some.map(({ kind, name: part, before, after }) => `${kind} ${part}: ${before} -> ${after}`),
  ])
  expect(parts).toEqual([
    [
      'public.orders',
      [
        'column id: bigint NOT NULL -> bigint NOT NULL',
        'column customer_id: bigint -> bigint',
        'column note: text -> text NOT NULL',
        'column total: numeric -> null',
        'column placed: null -> date',
        'constraint orders_pkey: PRIMARY KEY (id) -> PRIMARY KEY (id)',
        'constraint orders_customer_id_fkey: FOREIGN KEY (customer_id) REFERENCES public.customers(id) -> FOREIGN KEY (customer_id) REFERENCES public.customers(id)',
        'index public.orders_customer: null -> CREATE INDEX orders_customer ON public.orders USING btree (customer_id)',
        'index public.orders_note: CREATE INDEX orders_note ON public.orders USING btree (note) -> CREATE INDEX orders_note ON public.orders USING btree (note)',
      ],
    ],
    ['public.customers', []],
  ])
}, 60_000)
