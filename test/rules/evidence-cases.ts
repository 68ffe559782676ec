import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { FileEntries } from '../../src/model/file-set.js'
import type { Settings } from '../../src/model/settings.js'
import { analyse } from '../../src/review/analyse.js'
import { review } from '../../src/review/review.js'
import { rules } from '../../src/rules/index.js'
import type { SandboxProvider } from '../../src/sandbox/sandbox.js'
import { loadParsers } from '../../src/sql/parse.js'
import { DEFAULTS } from '../support/settings.js'
import { underline } from '../support/underline.js'
import { fixtureOf, judgedBy } from './judged.js'

/** A pull request and what is said of it. */
interface Case {
  readonly name: string
  readonly base: string
  /** Ups and downs of the migrations that are added. */
  readonly pull: readonly (readonly [up: string, down: string])[]
  /** What rules that read the rehearsal say, as `file:line severity rule: message`; those that are allowed are marked. */
  readonly said: readonly string[]
  /** Other rules that must have spoken. */
  readonly static?: readonly string[]
  /** Notes about comments. */
  readonly notes?: readonly string[]
  readonly tables?: Settings['tables']
  readonly rules?: Settings['rules']
}

const ORDERS =
  'create table orders (id bigint generated always as identity primary key, note text, count int not null default 0);'
const CHANGE = 'create function change(what text) returns void language plpgsql as $$ begin execute what; end $$;\n'
const LOCKS = 'Takes ACCESS EXCLUSIVE on orders, which blocks reads and writes'

const CASES: readonly Case[] = [
  {
    name: 'what the text shows is left to the rules that read it',
    base: ORDERS,
    pull: [
      [
        "set lock_timeout = '1s';\nalter table orders alter count type bigint;\ncreate index orders_note on orders (note);\nalter table orders alter note type varchar using note;",
        "set lock_timeout = '1s';\ndrop index orders_note;\nalter table orders alter count type int;\nalter table orders alter note type text;",
      ],
      ['create table lines (order_id bigint references orders (id));', 'drop table lines;'],
    ],
    said: [],
    static: ['change-column-type-rewrite'],
  },
  {
    name: 'a table that is renamed on the way is the same table, also in a transaction of the script’s own',
    base: `${ORDERS}\ncreate schema shop;\ncreate table shop.carts (id bigint primary key);`,
    pull: [
      [
        "begin;\nset lock_timeout = '1s';\nalter table orders rename to sales;\nalter table sales add constraint known check (note <> '') not valid;\ncreate table lines (order_id bigint references sales (id));\nalter table shop.carts set schema public;\nalter table carts add note text;\ncommit;",
        "begin;\nset lock_timeout = '1s';\nalter table carts drop note;\nalter table carts set schema shop;\ndrop table lines;\nalter table sales rename to orders;\nalter table orders drop constraint known;\ncommit;",
      ],
    ],
    said: [],
    static: ['rename-table'],
  },
  {
    name: 'partitions that a function made go with their table, and what none of them shows is said once of it',
    base: `create table events (at date not null, note text, count int) partition by range (at);
create function attach(name text, since date) returns void language plpgsql as $$ begin execute format('create table %I partition of events for values from (%L) to (%L)', name, since, since + 1); end $$;
select attach('events_1', '2026-01-01'), attach('events_2', '2026-01-02');`,
    pull: [
      [
        "set lock_timeout = '1s';\nalter table events add kind text;\ncreate index events_note on events (note);\nalter table events alter count type bigint;",
        "set lock_timeout = '1s';\nalter table events alter count type int;\ndrop index events_note;\nalter table events drop kind;",
      ],
      [
        "do $$ begin execute 'alter table ev' || 'ents add more text'; end $$;",
        "set lock_timeout = '1s';\nalter table events drop more;",
      ],
    ],
    said: [
      '2.down:2 warning observed-table-rewrite: Writes all rows of events anew, while every query on the table waits',
      '2.up:4 warning observed-table-rewrite: Writes all rows of events anew, while every query on the table waits',
      '3.up:1 warning observed-dangerous-lock: Takes ACCESS EXCLUSIVE on events, which blocks reads and writes',
    ],
    static: ['create-index-non-concurrently'],
  },
  {
    name: 'a lock and a rewrite that only a block at run time knows of are each said once',
    base: ORDERS,
    pull: [
      [
        "do $$ begin execute 'alter table ord' || 'ers add kind text'; end $$;\ndo $$ begin execute 'alter table ord' || 'ers alter count type bigint'; end $$;",
        "set lock_timeout = '1s';\nalter table orders drop kind;\nalter table orders alter count type int;",
      ],
    ],
    said: [
      // What the block made of the column is not known to the text of down either.
      '2.down:3 warning observed-table-rewrite: Writes all rows of orders anew, while every query on the table waits',
      `2.up:1 warning observed-dangerous-lock: ${LOCKS}`,
      '2.up:2 warning observed-table-rewrite: Writes all rows of orders anew, while every query on the table waits',
    ],
  },
  {
    name: 'the size of the table decides',
    base: ORDERS + CHANGE,
    pull: [["select change('alter table orders add kind text');", "select change('alter table orders drop kind');"]],
    tables: { ...DEFAULTS.tables, large: ['orders'] },
    said: [`2.down:1 error observed-dangerous-lock: ${LOCKS}`, `2.up:1 error observed-dangerous-lock: ${LOCKS}`],
  },
  {
    name: 'what a trigger does behind an UPDATE',
    base: `${ORDERS}
create table audit (id bigint primary key);
create function locks() returns trigger language plpgsql as $$ begin lock table audit in exclusive mode; return new; end $$;
create trigger locks before update on orders for each row execute function locks();`,
    pull: [['update orders set note = note where id = any (array(select id from orders));', 'select 1;']],
    said: ['2.up:1 warning observed-dangerous-lock: Takes EXCLUSIVE on audit, which blocks writes'],
  },
  {
    name: 'tables that this pull request creates are nobody else’s',
    base: CHANGE,
    pull: [
      ['create table fresh (id int);', 'drop table fresh;'],
      ["select change('create table made (id int)');", 'drop table made;'],
      [
        "select change('alter table fresh add kind text');\nselect change('alter table made add kind text');",
        "select change('alter table fresh drop kind');\nselect change('alter table made drop kind');",
      ],
    ],
    said: [],
  },
  {
    name: 'a table that is emptied is not written anew',
    base: ORDERS + CHANGE,
    pull: [["select change('truncate orders');", 'select 1;']],
    said: [
      `2.up:1 warning observed-dangerous-lock: ${LOCKS}`,
      '2.up:1 approval roundtrip-data-loss: A rollback does not bring back 5 rows of orders',
    ],
  },
  {
    name: 'a change of rows under a lock is planned by the size of the table',
    base: ORDERS,
    pull: [
      [
        "set lock_timeout = '1s';\nalter table orders add kind text;\nupdate orders set kind = 'a' where id = 1;",
        "set lock_timeout = '1s';\nalter table orders drop kind;",
      ],
    ],
    said: [],
  },
  {
    name: 'what down forgets and the text tells is said once',
    base: ORDERS,
    pull: [['create table a (id int);\ncreate type mood as enum ($$x$$);\ncreate table b (id int);', 'drop table b;']],
    said: [],
    static: ['down-does-not-cover-up'],
  },
  {
    name: 'and what the text does not tell is said besides',
    base: ORDERS + CHANGE,
    pull: [
      [
        "create table a (id int);\nselect change('create table made (id int)');\ncreate table b (id int);",
        'drop table b;',
      ],
    ],
    said: [
      '2.down:1 error up-down-leaves-trace: After down the schema is not what it was before up: table public.made remains',
    ],
    static: ['down-does-not-cover-up'],
  },
  {
    name: 'an empty down leaves everything',
    base: ORDERS,
    pull: [['create table a (id int);', '']],
    said: [],
    static: ['empty-down'],
  },
  {
    name: 'lost values of a column that is dropped in plain sight',
    base: ORDERS,
    pull: [
      [
        "set lock_timeout = '1s';\nalter table orders drop note;",
        "set lock_timeout = '1s';\nalter table orders add note text;",
      ],
    ],
    said: [],
    static: ['drop-column'],
  },
  {
    name: 'a failure that the text foretells',
    base: ORDERS,
    pull: [['select 1;\ncreate index concurrently orders_note on orders (note);', 'drop index orders_note;']],
    said: [],
    static: ['concurrently-in-transaction'],
  },
  {
    name: 'a required column without a default fails on any row',
    base: ORDERS,
    pull: [
      [
        "set lock_timeout = '1s';\nalter table orders add kind text not null;",
        "set lock_timeout = '1s';\nalter table orders drop kind;",
      ],
    ],
    said: [],
    static: ['add-required-column'],
  },
  {
    name: 'a unique index that cannot be built is left behind, also when up fails for good',
    base: `${ORDERS}\ninsert into orders (note) values ('a'), ('a');`,
    pull: [['create unique index concurrently orders_note on orders (note);', 'drop index concurrently orders_note;']],
    said: [
      '2.up:1 warning invalid-index-left-behind: Leaves the index orders_note of orders invalid when it fails: every write maintains it and no query uses it',
      '2.up:1 error up-fails: Up fails: could not create unique index "orders_note"',
    ],
  },
  {
    name: 'the index of a partitioned table waits for those of its partitions',
    base: 'create table parted (id int) partition by range (id);\ncreate table part partition of parted for values from (0) to (10);',
    pull: [
      [
        "set lock_timeout = '1s';\ncreate index parted_id on only parted (id);",
        "set lock_timeout = '1s';\ndrop index parted_id;",
      ],
    ],
    said: [],
  },
  {
    name: 'functions: one that is mended at once or later, one that was broken before, one along a path of its own, one that stays',
    base: `${ORDERS}
create schema app;
create table app.orders (id bigint, kind text);
set check_function_bodies = off;
create function mended() returns text language sql as 'select note from orders limit 1';
create function later() returns text language sql as 'select note from orders limit 1';
create function broken() returns text language sql as 'select nothing from nowhere';
create function elsewhere() returns text language sql set search_path = app as 'select kind from orders limit 1';
create function here() returns text language sql as 'select note from orders limit 1';
create function within() returns trigger language plpgsql as $$ begin new.note = ''; return new; end $$;
create function atomic() returns bigint begin atomic select count(*) from orders; end;`,
    pull: [
      [
        "set lock_timeout = '1s';\nalter table orders rename column note to kind;\ncreate or replace function mended() returns text language sql as 'select kind from orders limit 1';",
        "set lock_timeout = '1s';\nalter table orders rename column kind to note;\ncreate or replace function mended() returns text language sql as 'select note from orders limit 1';",
      ],
      [
        "create or replace function later() returns text language sql as 'select kind from orders limit 1';",
        "set check_function_bodies = off;\ncreate or replace function later() returns text language sql as 'select note from orders limit 1';",
      ],
    ],
    said: ['2.up:2 error function-body-broken: Breaks the function here(): column "note" does not exist'],
    static: ['rename-column'],
  },
  {
    name: 'bodies in PL/pgSQL: queries, rows, cursors, triggers and parameters that miss a column, and those that cannot be known',
    base: `${ORDERS}
create schema app;
create table app.orders (id bigint, note text);
create table gone (id bigint);
create function helper(bigint) returns bigint language sql as 'select $1';
create function reads(wanted bigint) returns text language plpgsql as $$
  declare n text; begin select note into n from orders o where o.id = wanted; return n; end $$;
create function rowed() returns text language plpgsql as $$
  declare r orders%rowtype; begin select * into r from orders; if r.count > 0 then return r.note; end if; return ''; end $$;
create function cursed() returns void language plpgsql as $$
  declare c cursor (k bigint) for select orders.note from orders where id = k; begin open c(1); close c; end $$;
create function stamped() returns trigger language plpgsql as $$ begin new.note := upper('x'); return new; end $$;
create trigger stamp before insert on orders for each row execute function stamped();
create function given(o orders) returns text language plpgsql as $$ begin return o.note; end $$;
create function calls() returns void language plpgsql as $$ begin perform helper(1::bigint); end $$;
create function counts() returns bigint language plpgsql as $$ begin return (select count(*) from gone); end $$;
create function deletes() returns void language plpgsql as $$ begin delete from orders where note is null; end $$;
create function recorded() returns void language plpgsql as $$
  declare r record; begin for r in select * from orders loop raise notice '%', r.note; end loop; end $$;
create function dynamic() returns void language plpgsql as $$ begin execute 'select note from orders'; end $$;
create function asks() returns text language plpgsql as $$
  begin if exists (select from information_schema.columns where column_name = 'note') then
    return (select note from orders limit 1); end if; return ''; end $$;
create function caught() returns text language plpgsql as $$
  begin return (select note from orders limit 1); exception when undefined_column then return ''; end $$;
create function mended() returns text language plpgsql as $$ begin return (select note from orders limit 1); end $$;
create function broken() returns text language plpgsql as $$ begin return (select note from nowhere); end $$;
create function elsewhere() returns text language plpgsql set search_path = app as $$ begin return (select note from orders limit 1); end $$;
create function named() returns bigint language plpgsql as $$ declare note text := ''; begin return (select count(*) from orders where id::text = note); end $$;
create function scratched() returns void language plpgsql as $$
  begin create temp table gone_too (note text); insert into gone_too select 'x'; end $$;`,
    pull: [
      [
        "set lock_timeout = '1s';\nalter table orders rename column note to kind;\ncreate or replace function mended() returns text language plpgsql as $$ begin return (select kind from orders limit 1); end $$;\ndrop function helper(bigint);\ndrop table gone;",
        "set lock_timeout = '1s';\ncreate table gone (id bigint);\ncreate function helper(bigint) returns bigint language sql as 'select $1';\nalter table orders rename column kind to note;\ncreate or replace function mended() returns text language plpgsql as $$ begin return (select note from orders limit 1); end $$;",
      ],
    ],
    said: [
      '2.up:2 error function-body-broken: Breaks the function reads(wanted bigint): column "note" does not exist',
      '2.up:2 error function-body-broken: Breaks the function rowed(): record "r" has no field "note"',
      '2.up:2 error function-body-broken: Breaks the function cursed(): column orders.note does not exist',
      '2.up:2 error function-body-broken: Breaks the function stamped(): record "new" has no field "note"',
      '2.up:2 error function-body-broken: Breaks the function given(o public.orders): record "o" has no field "note"',
      '2.up:2 error function-body-broken: Breaks the function deletes(): column "note" does not exist',
      '2.up:4 error function-body-broken: Breaks the function calls(): function helper(bigint) does not exist',
      '2.up:5 error function-body-broken: Breaks the function counts(): relation "gone" does not exist',
    ],
    static: ['rename-column'],
  },
  {
    name: 'new bodies in PL/pgSQL: what misses a name, and what may be made by others',
    base: `${ORDERS}\ncreate table carts (id bigint);`,
    pull: [
      [
        `create function sound(a bigint) returns text language plpgsql as $$
  declare total numeric; begin select sum(count) into total from orders where id > a; return total; end $$;
create function misspelt() returns text language plpgsql as $$ begin return (select nota from orders limit 1); end $$;
create function misplaced() returns bigint language plpgsql as $$ begin return (select count(*) from public.order_lines); end $$;
create function awaits() returns bigint language plpgsql as $$ begin return later_made(1); end $$;
create function lent() returns bigint language plpgsql as $$ begin return (select count(*) from session_orders); end $$;
create function made() returns void language plpgsql as $$ begin create temp table made_here (id int); perform from made_here where nothing; end $$;
create function either() returns trigger language plpgsql as $$
  begin if tg_table_name = 'orders' then new.note := ''; else new.total := 0; end if; return new; end $$;
create trigger either before insert on orders for each row execute function either();
create function forgives() returns text language plpgsql as $$
  begin return (select nota from orders limit 1); exception when others then return ''; end $$;`,
        'drop trigger either on orders;\ndrop function either();\ndrop function sound(bigint);\ndrop function misspelt();\ndrop function misplaced();\ndrop function awaits();\ndrop function lent();\ndrop function made();\ndrop function forgives();',
      ],
      [
        "create function later_made(int) returns bigint language sql as 'select 1::bigint';",
        'drop function later_made(int);',
      ],
    ],
    said: [
      '2.up:3 error function-body-broken: The new body of the function misspelt() cannot run: column "nota" does not exist',
      '2.up:4 error function-body-broken: The new body of the function misplaced() cannot run: relation "public.order_lines" does not exist',
    ],
  },
  ...(['red', 'yellow'] as const).map((from) => ({
    name: `a way back that is not there is graded red, one that loses values yellow: told from ${from} on`,
    base: ORDERS,
    pull: [
      ['create table carts (id bigint primary key);', 'drop table carts;'],
      ["set lock_timeout = '1s';\nalter table orders drop note;", 'alter table orders add note text;'],
      ['create table lines (id bigint primary key);', '-- irreversible: they are to be kept'],
    ] as const,
    rules: {
      'rollback-grade': { severity: 'approval' as const, options: { from } },
      'roundtrip-data-loss': 'off' as const,
      'up-down-up-schema-differs': 'off' as const,
    },
    said: [
      ...(from === 'yellow'
        ? [
            '3.down:1 approval rollback-grade: The way back is graded yellow: after down, 4 rows of orders have lost the value of note',
          ]
        : []),
      '4.down:1 approval rollback-grade: The way back is graded red: there is none',
    ],
  })),
  {
    name: 'a comment with a reason allows what may be right',
    base: ORDERS + CHANGE,
    pull: [
      [
        "-- dba:allow observed-dangerous-lock nobody is awake then\nselect change('alter table orders add kind text');",
        "-- dba:allow observed-dangerous-lock\nselect change('alter table orders drop kind');",
      ],
    ],
    said: [
      `2.down:2 warning observed-dangerous-lock: ${LOCKS}`,
      `2.up:2 warning observed-dangerous-lock: ${LOCKS} (allowed)`,
    ],
    static: ['suppression-without-reason'],
  },
  {
    name: 'no comment allows what was seen to fail',
    base: ORDERS,
    pull: [
      [
        'create function f(int) returns int language sql as $$ select 1 $$;',
        '-- dba:allow down-fails it will be fine\ndrop function f(text);',
      ],
    ],
    said: ['2.down:2 error down-fails: Down fails: function f(text) does not exist'],
    notes: ['dba:allow down-fails has no effect: the rehearsal has seen it happen'],
  },
  {
    name: 'a comment that allows nothing is told once everything ran',
    base: ORDERS,
    pull: [['-- dba:allow observed-table-rewrite it is small\ncreate table a (id int);', 'drop table a;']],
    said: [],
    static: ['unused-suppression'],
  },
]

/** What rules that read a rehearsal say, on the rehearsals of one sandbox. */
export function evidenceCases(provider: SandboxProvider & AsyncDisposable): void {
  const readers = rules.filter(({ check }) => check.evidence !== undefined)
  const isReader = (id: string): boolean => readers.some(({ meta }) => meta.id === id)
  beforeAll(() => loadParsers({ majors: [18], second: true }))
  afterAll(async () => provider[Symbol.asyncDispose]())

  test.each(readers.map((rule) => [rule.meta.id, rule] as const))('%s: bad and good', async (id, rule) => {
    const bad = fixtureOf(rule, 'bad')
    const spoken = await judgedBy(rule, bad, provider)
    expect(underline(spoken.findings, bad.head)).toMatch(new RegExp(`(?:error|approval|warning|notice) ${id}$`, 'm'))
    const { findings, notes } = await judgedBy(rule, fixtureOf(rule, 'good'), provider)
    expect(findings.map(({ message }) => message)).toEqual([])
    expect(notes.filter(({ bearing }) => bearing === 'withholds')).toEqual([])
  })

  describe('a cause is said once', () => {
    test.each(CASES)(
      '$name',
      async ({ base, pull, said, static: others = [], notes = [], tables, rules: set = {} }) => {
        const before: FileEntries = entries([
          ['1.up', base],
          ['1.down', 'select 1;'],
        ])
        const added = pull.flatMap(
          ([up, down], at) =>
            [
              [`${at + 2}.up`, up],
              [`${at + 2}.down`, down],
            ] as const,
        )
        const files = { base: before, head: new Map([...before, ...entries(added)]) }
        const settings = { ...DEFAULTS, rules: set, ...(tables === undefined ? {} : { tables }) }
        const analysis = analyse({ ...files, settings, today: '2026-01-15', mode: 'pull' })
        const pullRequest = { repository: 'a/b', number: 1, base: 'x', head: 'y' }
        const reviewed = await review(
          { pull: pullRequest, ...files, complete: true, settings, today: '2026-01-15' },
          {
            analyse: () => Promise.resolve(analysis),
            sandbox: provider,
            signal: new AbortController().signal,
            progress: () => undefined,
          },
        )
        expect(reviewed.rehearsals.filter(({ verdict }) => verdict === 'not-run')).toEqual([])
        expect(
          reviewed.findings
            .filter(({ rule }) => isReader(rule))
            .map(
              ({ rule, severity, message, at, allowed }) =>
                `${/(\d+\.\w+)\.sql/.exec(at.path.replace(/^.*0(\d)_step/, '$1'))?.[1]}:${at.start.line} ${severity} ${rule}: ${message}${allowed === null ? '' : ' (allowed)'}`,
            ),
        ).toEqual(said)
        expect(reviewed.findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...others]))
        expect(reviewed.findings).toEqual(expect.arrayContaining([...analysis.findings]))
        expect(reviewed.notes.flatMap(({ message }) => (message.startsWith('dba:allow') ? [message] : []))).toEqual(
          notes,
        )
      },
    )
  })
}

function entries(files: readonly (readonly [name: string, text: string])[]): FileEntries {
  return new Map([
    ['go.mod', null],
    ...files.map(([name, text]) => [`migrations/000${name.replace('.', '_step.')}.sql`, { text }] as const),
  ])
}
