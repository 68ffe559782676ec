import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { DrawnTable, Rehearsal, SchemaChange } from '../../src/model/evidence.js'
import { rehearse } from '../../src/rehearsal/rehearse.js'
import { sourceText } from '../../src/source/source-text.js'
import { loadParsers } from '../../src/sql/parse.js'
import { revision, script } from './told.js'
import { washed } from './washed.js'

const provider = washed()
beforeAll(async () => loadParsers())
afterAll(async () => provider[Symbol.asyncDispose]())

async function up(history: string, sql: string): Promise<Rehearsal | undefined> {
  const item = (id: string, role: 'replay' | 'rehearse', text: string) => ({
    revision: revision(id),
    role,
    up: script(sourceText(`${id}.up.sql`, text)),
    down: { kind: 'absent' as const },
    bookkeeping: [],
  })
  const plan = [item('1', 'replay', history), item('2', 'rehearse', sql)]
  const signal = new AbortController().signal
  const seen = await rehearse(plan, provider, { postgres: 18, signal, seconds: 25, rows: 0, onProgress: () => {} })
  return seen[0]
}

/** `+` added, `-` dropped, `~` altered. */
function line({ kind, name, table, before, after }: SchemaChange): string {
  const of = table === null || kind === 'table' ? '' : ` of ${table}`
  if (before === null) return `+ ${kind} ${name}${of}: ${after}`
  return after === null ? `- ${kind} ${name}${of}: ${before}` : `~ ${kind} ${name}${of}: ${before} -> ${after}`
}

function drawn({ name, change, columns, more }: DrawnTable): string {
  const mark = (each: DrawnTable['change']): string => (each === null ? '' : ` ${each}`)
  const shown = columns.map((column) =>
    [column.name, column.type, ...column.keys].join(' ').concat(mark(column.change)),
  )
  return `${name}${mark(change)} (${shown.join(', ')})${more === 0 ? '' : ` +${more}`}`
}

const HISTORY = `
  create type mood as enum ('sad', 'glad');
  create table customers (id bigint generated always as identity primary key, email text not null unique, born date);
  create table orders (id bigint primary key, customer_id bigint not null references customers, note text,
                       total numeric(10, 2) not null default 0);
  create table stones (id int primary key, weight int);`

interface Case {
  readonly up: string
  readonly changes: readonly string[]
  readonly tables?: readonly string[]
  readonly relations?: readonly string[]
}

const CASES: Readonly<Record<string, Case>> = {
  'a new table, with all its parts, in the order of its columns': {
    up: `create table items (sku text, id bigint generated always as identity primary key, order_id bigint references orders (id),
           pieces int not null default 1 constraint enough check (pieces > 0));
         create index items_sku on items (sku); comment on table items is 'What was bought';`,
    changes: [
      '+ table public.items: table',
      '+ column sku of public.items: text',
      '+ column id of public.items: bigint NOT NULL GENERATED ALWAYS AS IDENTITY',
      '+ column order_id of public.items: bigint',
      '+ column pieces of public.items: integer NOT NULL DEFAULT 1',
      '+ constraint items_pkey of public.items: PRIMARY KEY (id)',
      '+ constraint items_order_id_fkey of public.items: FOREIGN KEY (order_id) REFERENCES public.orders(id)',
      '+ constraint enough of public.items: CHECK ((pieces > 0))',
      '+ comment on table public.items of public.items: What was bought',
      '+ index public.items_sku of public.items: CREATE INDEX items_sku ON public.items USING btree (sku)',
    ],
    tables: [
      'public.items added (sku text added, id bigint PK added, order_id bigint FK added, pieces integer added)',
      'public.orders (id bigint PK, customer_id bigint FK) +2',
    ],
    relations: ['public.items (order_id) |o--o{ public.orders added'],
  },
  'columns that come, go and change': {
    up: `alter table orders add column paid boolean not null default false, drop column note,
           alter column total type numeric(12, 2);`,
    changes: [
      '- column note of public.orders: text',
      '~ column total of public.orders: numeric(10,2) NOT NULL DEFAULT 0 -> numeric(12,2) NOT NULL DEFAULT 0',
      '+ column paid of public.orders: boolean NOT NULL DEFAULT false',
    ],
    tables: [
      'public.orders altered (id bigint PK, customer_id bigint FK, total numeric(12,2) altered, paid boolean added, note text dropped)',
      'public.customers (id bigint PK, email text UK) +1',
    ],
    relations: ['public.orders (customer_id) ||--o{ public.customers'],
  },
  'a dropped table is drawn as it was': {
    up: 'drop table orders',
    changes: [
      '- table public.orders: table',
      '- column id of public.orders: bigint NOT NULL',
      '- column customer_id of public.orders: bigint NOT NULL',
      '- column note of public.orders: text',
      '- column total of public.orders: numeric(10,2) NOT NULL DEFAULT 0',
      '- constraint orders_pkey of public.orders: PRIMARY KEY (id)',
      '- constraint orders_customer_id_fkey of public.orders: FOREIGN KEY (customer_id) REFERENCES public.customers(id)',
    ],
    tables: [
      'public.orders dropped (id bigint PK dropped, customer_id bigint FK dropped, note text dropped, total numeric(10,2) dropped)',
      'public.customers (id bigint PK, email text UK) +1',
    ],
    relations: ['public.orders (customer_id) ||--o{ public.customers dropped'],
  },
  'what is no table': {
    up: `alter type mood add value 'calm'; create view heavy as select id from stones where weight > 9;
         create function twice(n int) returns int language sql as 'select 2 * n';`,
    changes: [
      "~ enum public.mood: 'sad', 'glad' -> 'sad', 'glad', 'calm'",
      '+ function public.twice(n integer): CREATE OR REPLACE FUNCTION public.twice(n integer)\n RETURNS integer\n LANGUAGE sql\nAS $function$select 2 * n$function$\n',
      '+ view public.heavy:  SELECT id\n   FROM public.stones\n  WHERE (weight > 9);',
    ],
    tables: [],
    relations: [],
  },
  'a key that is shared makes one to one; a self reference is drawn once': {
    up: `create table passports (customer_id bigint primary key references customers);
         alter table stones add column above int unique references stones;`,
    changes: [
      '+ table public.passports: table',
      '+ column customer_id of public.passports: bigint NOT NULL',
      '+ constraint passports_pkey of public.passports: PRIMARY KEY (customer_id)',
      '+ constraint passports_customer_id_fkey of public.passports: FOREIGN KEY (customer_id) REFERENCES public.customers(id)',
      '+ column above of public.stones: integer',
      '+ constraint stones_above_key of public.stones: UNIQUE (above)',
      '+ constraint stones_above_fkey of public.stones: FOREIGN KEY (above) REFERENCES public.stones(id)',
    ],
    tables: [
      'public.passports added (customer_id bigint PK FK added)',
      'public.stones altered (id integer PK, weight integer, above integer FK UK added)',
      'public.customers (id bigint PK, email text UK) +1',
    ],
    relations: [
      'public.passports (customer_id) ||--o| public.customers added',
      'public.stones (above) |o--o| public.stones added',
    ],
  },
  'a sequence goes with its column, an owner with its object, a partition with its parent': {
    up: `create table logs (id serial, day date) partition by range (day);
         create table logs_1 partition of logs for values from ('2026-01-01') to ('2026-02-01');
         create index logs_day on logs (day);`,
    changes: [
      '+ table public.logs: partitioned by RANGE (day)',
      "+ column id of public.logs: integer NOT NULL DEFAULT nextval('public.logs_id_seq'::regclass)",
      '+ column day of public.logs: date',
      '+ index public.logs_day of public.logs: CREATE INDEX logs_day ON ONLY public.logs USING btree (day)',
      "+ table public.logs_1: table, partition of public.logs, FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')",
      "+ column id of public.logs_1: integer NOT NULL DEFAULT nextval('public.logs_id_seq'::regclass) (inherited)",
      '+ column day of public.logs_1: date (inherited)',
    ],
    tables: ['public.logs added (id integer added, day date added)'],
    relations: [],
  },
  'an index that cannot be taken apart, and names that need quotes': {
    up: `create table "a.b" ("PK" int primary key, "c d" text references "a.b" ("c d"), constraint u unique ("c d"));
         create unique index on "a.b" (lower("c d"), (("PK" + 1)));
         create unique index nulls on "a.b" ("PK") where "PK" > 5;`,
    changes: [
      '+ table public."a.b": table',
      '+ column "PK" of public."a.b": integer NOT NULL',
      '+ column "c d" of public."a.b": text',
      '+ constraint "a.b_pkey" of public."a.b": PRIMARY KEY ("PK")',
      '+ constraint u of public."a.b": UNIQUE ("c d")',
      '+ constraint "a.b_c d_fkey" of public."a.b": FOREIGN KEY ("c d") REFERENCES public."a.b"("c d")',
      '+ index public."a.b_lower_expr_idx" of public."a.b": CREATE UNIQUE INDEX "a.b_lower_expr_idx" ON public."a.b" USING btree (lower("c d"), (("PK" + 1)))',
      '+ index public.nulls of public."a.b": CREATE UNIQUE INDEX nulls ON public."a.b" USING btree ("PK") WHERE ("PK" > 5)',
    ],
    tables: ['public."a.b" added ("PK" integer PK added, "c d" text FK UK added)'],
    relations: ['public."a.b" ("c d") |o--o| public."a.b" added'],
  },
  'nothing at all': { up: 'select 1', changes: [], tables: [], relations: [] },
}

test.each(Object.entries(CASES))('%s', async (_, { up: sql, changes, tables, relations }) => {
  const seen = await up(HISTORY, sql)
  expect(seen?.reason).toBe('there is no down script')
  expect(seen?.schema?.changes.map(line)).toEqual(changes)
  expect(seen?.picture?.tables.map(drawn)).toEqual(tables)
  expect(
    seen?.picture?.relations.map(
      ({ from, columns, to, optional, unique, change }) =>
        `${from} (${columns.join(', ')}) ${optional ? '|o' : '||'}--o${unique ? '|' : '{'} ${to}${change === null ? '' : ` ${change}`}`,
    ),
  ).toEqual(relations)
})

test('what is too much is counted', async () => {
  const many = Array.from({ length: 60 }, (_, i) => `create table t${i} (id int primary key, a int, b int, c int);`)
  const wide = `create table wide (${Array.from({ length: 60 }, (_, i) => `c${i} int`).join(', ')});`
  const long = `comment on table stones is '${'x'.repeat(5000)}';`
  const seen = await up(HISTORY, `${wide}${long}${many.join('')}`)
  expect(seen?.schema?.changes.length).toBe(300)
  expect(seen?.schema?.more).toBe(60 * 6 + 62 - 300)
  expect(seen?.picture?.tables.length).toBe(20)
  expect(seen?.picture?.more).toBe(42)
  const described = await up(HISTORY, `${long}${wide}`)
  expect(described?.schema?.changes.find(({ kind }) => kind.startsWith('comment'))?.after).toBe(
    `${'x'.repeat(4000)}… (1000 more characters)`,
  )
  const table = described?.picture?.tables.find(({ name }) => name === 'public.wide')
  expect([table?.columns.length, table?.more]).toEqual([40, 20])
})

test('where up fails nothing is said', async () => {
  const seen = await up(HISTORY, 'create table a (id int); select 1 / 0')
  expect([seen?.verdict, seen?.schema, seen?.picture]).toEqual(['up-fails', null, null])
})
