import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from '@jest/globals'
import { local } from '../../src/sandbox/local.js'
import { withAlembic } from '../support/alembic.js'
import { dba, type Ran } from '../support/dba.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { ends } from '../support/process.js'
import { startServer } from '../support/postgres-server.js'
import type { Scratch } from '../support/scratch.js'
import { ENV, project, type Written } from './project.js'

/** For two clusters and eight starts of Python, on a machine that has much to do. */
const PATIENCE = 120_000

const USERS: Written = {
  id: 'a1',
  up: `
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(120), nullable=False))
op.create_index("users_email", "users", ["email"], unique=True)`,
  down: 'op.drop_table("users")',
}

const ORDERS: Written = {
  id: 'b2',
  after: 'a1',
  up: `
op.create_table(
    "orders",
    sa.Column("id", sa.BigInteger, primary_key=True),
    sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    sa.Column("state", sa.Enum("new", "done", name="order_state"), server_default="new", nullable=False),
    sa.Column("total", sa.Numeric(10, 2), server_default=sa.text("0"), nullable=False),
    sa.Column("placed_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    sa.CheckConstraint("total >= 0", name="total_not_negative"),
    sa.UniqueConstraint("user_id", "placed_at"),
)
op.add_column("users", sa.Column("name", sa.Text, server_default="", nullable=False))
with op.get_context().autocommit_block():
    op.create_index("orders_user", "orders", ["user_id"], postgresql_concurrently=True)`,
  down: `
with op.get_context().autocommit_block():
    op.drop_index("orders_user", table_name="orders", postgresql_concurrently=True)
op.drop_column("users", "name")
op.drop_table("orders")
op.execute("DROP TYPE order_state")`,
}

const table = (id: string, after: Written['after'], more: Partial<Written> = {}): Written => ({
  id,
  ...(after === undefined ? {} : { after }),
  up: `op.create_table("table_${id}", sa.Column("id", sa.Integer, primary_key=True))`,
  down: `op.drop_table("table_${id}")`,
  ...more,
})

await withAlembic((programs) =>
  withPostgres(18, (folder) => {
    const repositories: Scratch[] = []
    const made = (...args: Parameters<typeof project>): Scratch => {
      const repository = project(...args)
      repositories.push(repository)
      return repository
    }
    afterEach(() => {
      for (const repository of repositories.splice(0)) repository.dispose()
    })
    const PATH = `${programs}:${folder}:${process.env['PATH'] ?? ''}`
    const run = ({ folder: at }: Scratch, args: readonly string[] = [], path = PATH): Promise<Ran> =>
      dba(at, ['rehearse', '--native', '--format', 'json', ...args], { PATH: path })
    const told = async (repository: Scratch, args: readonly string[] = []): Promise<Told> => {
      const { out, err } = await run(repository, ['--sandbox', 'local', ...args])
      if (!out.startsWith('{')) throw new Error(err)
      return JSON.parse(out) as Told
    }
    const gate = ({ gates }: Told, name: string): string | undefined => gates.find((each) => each.gate === name)?.status

    describe('equal', () => {
      const cases: readonly (readonly [string, readonly Written[], readonly Written[]])[] = [
        ['tables, an enum, keys, defaults, checks, and an index outside the transaction', [USERS], [ORDERS]],
        [
          'a branch beside another, a merge, and what follows it',
          [USERS, table('b1', 'a1')],
          [table('b2', 'a1'), { id: 'm3', after: ['b1', 'b2'] }, table('c4', 'm3')],
        ],
        ['a second root', [USERS], [table('r1', undefined)]],
        [
          'a role of the cluster, and extensions for which PostgreSQL wants a superuser',
          [
            table('a0', undefined, {
              up: 'op.execute("CREATE EXTENSION IF NOT EXISTS bloom")\nop.execute("CREATE TABLE table_a0 (id int)")',
            }),
          ],
          [
            table('b2', 'a0', {
              up: 'op.execute("CREATE EXTENSION IF NOT EXISTS moddatetime")\nop.execute("GRANT SELECT ON table_a0 TO reporting")',
              down: 'op.execute("REVOKE SELECT ON table_a0 FROM reporting")\nop.execute("DROP EXTENSION moddatetime")',
            }),
          ],
        ],
      ]
      test.each(cases)(
        '%s',
        async (_, base, pull) => {
          const { rehearsals } = await told(made(base, pull))
          expect(rehearsals.map(({ native }) => native)).toEqual(
            pull.map(() => ({
              tool: 'alembic 1.20.1',
              contained: expect.any(Boolean),
              verdict: 'equal',
              outcome: 'reversible',
              reason: null,
              lines: [],
              output: '',
            })),
          )
        },
        PATIENCE,
      )
    })

    test(
      'a transaction that env.py begins, and a revision that commits it',
      async () => {
        const env = ENV.replace(
          '        context.configure(',
          '        connection.exec_driver_sql("SET lock_timeout = 4000")\n        context.configure(',
        ).replace(
          '            context.run_migrations()',
          '            context.run_migrations()\n            connection.commit()',
        )
        const index = 'op.create_index("users_name", "users", ["name"], postgresql_concurrently=True)'
        const up = `
op.add_column("users", sa.Column("name", sa.Text))
op.get_bind().commit()
with op.get_context().autocommit_block():
    ${index}
op.add_column("users", sa.Column("nick", sa.Text))`
        const down = 'op.drop_column("users", "nick")\nop.drop_index("users_name")\nop.drop_column("users", "name")'
        const { rehearsals } = await told(made([USERS], [{ id: 'b2', after: 'a1', up, down }], { env }))
        expect(rehearsals).toMatchObject([
          { verdict: 'reversible', native: { verdict: 'equal', outcome: 'reversible' } },
        ])
      },
      PATIENCE,
    )

    test(
      'on a service, through its own lodging',
      async () => {
        const server = await startServer(folder)
        try {
          const url = `${server.url()}?dba=disposable`
          const { out } = await run(made([USERS], [ORDERS]), ['--database-url', url])
          const { rehearsals } = JSON.parse(out) as Told
          expect(rehearsals[0]?.native).toMatchObject({ verdict: 'equal', outcome: 'reversible' })
        } finally {
          await server.stop()
        }
      },
      PATIENCE,
    )

    test(
      'after a dump that stands for the history',
      async () => {
        const dump = `CREATE TABLE public.users (id SERIAL NOT NULL, email VARCHAR(120) NOT NULL, PRIMARY KEY (id));
CREATE UNIQUE INDEX users_email ON public.users (email);
INSERT INTO public.alembic_version (version_num) VALUES ('a1');
`
        const files = { 'dba.yml': 'baseline: db/schema.sql\n', 'db/schema.sql': dump }
        const { rehearsals, notes } = await told(made([USERS], [ORDERS], { files }), ['--config', 'dba.yml'])
        expect(notes.filter(({ message }) => message.includes('baseline'))).toEqual([])
        expect(rehearsals[0]?.native).toMatchObject({ verdict: 'equal', outcome: 'reversible', lines: [] })
      },
      PATIENCE,
    )

    describe('against the change', () => {
      test(
        'a down that fails for the tool',
        async () => {
          // Where that is not so, Python leaves out what it cannot print at once.
          const asked = 'import os; print("waits to print:", os.get_blocking(1), os.get_blocking(2))'
          const env = ENV.replace('        context.configure(', `        ${asked}\n        context.configure(`)
          const down = 'op.drop_index("nowhere")'
          const seen = await told(made([USERS], [table('b2', 'a1', { down })], { env }))
          expect(seen.rehearsals[0]?.native).toMatchObject({
            verdict: 'failed',
            outcome: 'down-fails',
            reason: expect.stringContaining('index "nowhere" does not exist'),
            output: expect.stringMatching(/waits to print: True True[^]*Traceback[^]*\[SQL:\s+DROP INDEX nowhere\]/),
          })
          expect(gate(seen, 'rollback')).toBe('fail')
        },
        PATIENCE,
      )

      test(
        'names that env.py gives',
        async () => {
          const env = ENV.replace(
            'target_metadata = None',
            'from sqlalchemy import MetaData\ntarget_metadata = MetaData(naming_convention={"pk": "key_of_%(table_name)s"})',
          )
          const seen = await told(made([], [table('a1', undefined)], { env }))
          expect(seen.rehearsals[0]).toMatchObject({ verdict: 'reversible', native: { verdict: 'equal' } })
        },
        PATIENCE,
      )

      test(
        'names that env.py gives and the reading does not know of',
        async () => {
          const env = ENV.replace(
            'target_metadata = None',
            `import json\nfrom sqlalchemy import MetaData\ntarget_metadata = MetaData(naming_convention=__import__("json").loads('{"pk": "key_of_%(table_name)s"}'))`,
          )
          const seen = await told(made([], [table('a1', undefined)], { env }))
          expect(seen.rehearsals[0]).toMatchObject({
            verdict: 'reversible',
            native: {
              verdict: 'differs',
              outcome: 'reversible',
              lines: [
                'after up: constraint public.table_a1.key_of_table_a1 comes of the tool alone',
                'after up: constraint public.table_a1.table_a1_pkey does not come of the tool',
              ],
            },
          })
          expect(gate(seen, 'forward')).toBe('inconclusive')
          expect(seen.verdict).toBe('block')
        },
        PATIENCE,
      )
    })

    describe('where the reading has gaps', () => {
      const UNREAD =
        'for name in sorted(__import__("json").loads("[\\"x\\"]")):\n    op.create_table(name, sa.Column("id", sa.Integer))'

      test(
        'the tool has the word, and what was not rehearsed stays so',
        async () => {
          const seen = await told(made([USERS], [{ id: 'b2', after: 'a1', up: UNREAD, down: 'op.drop_table("x")' }]))
          expect(seen.rehearsals[0]).toMatchObject({
            verdict: 'not-run',
            native: { verdict: 'alone', outcome: 'reversible', reason: null },
          })
          expect(gate(seen, 'forward')).toBe('inconclusive')
          expect(seen.verdict).toBe('block')
        },
        PATIENCE,
      )

      test(
        'what the tool leaves behind fails',
        async () => {
          const seen = await told(
            made(
              [USERS],
              [
                {
                  id: 'b2',
                  after: 'a1',
                  up: UNREAD.replace('create_table(name,', 'create_table(name, if_not_exists=True, *[').replace(
                    'sa.Integer))',
                    'sa.Integer)])',
                  ),
                },
              ],
            ),
          )
          expect(seen.rehearsals[0]?.native).toMatchObject({
            verdict: 'alone',
            outcome: 'leaves-residue',
            reason: expect.stringContaining('table public.x remains'),
          })
          expect(gate(seen, 'rollback')).toBe('fail')
        },
        PATIENCE,
      )
    })

    describe('nothing is run', () => {
      test(
        'where env.py goes to a database of its own choice',
        async () => {
          const elsewhere = await local({ folders: [folder] }).open({ postgres: 18 }, new AbortController().signal)
          if ('unavailable' in elsewhere || elsewhere.address === null) throw new Error('there is no other database')
          try {
            const session = await elsewhere.session()
            const before = [...(await session.dump([]))]
            const url = `postgresql://postgres@/postgres?host=${elsewhere.address.host}`
            const env = ENV.replace(
              'config = context.config',
              `config = context.config\nconfig.set_main_option("sqlalchemy.url", "${url}")`,
            )
            const seen = await told(made([USERS], [ORDERS], { env }))
            expect([...(await session.dump([]))]).toEqual(before)
            expect(seen.rehearsals[0]).toMatchObject({
              verdict: 'reversible',
              native: { verdict: 'not-run', reason: expect.stringMatching(/^nothing was run, since/) },
            })
            expect(gate(seen, 'forward')).toBe('inconclusive')
          } finally {
            await elsewhere[Symbol.asyncDispose]()
          }
        },
        PATIENCE,
      )

      test(
        'where env.py keeps the versions in another table',
        async () => {
          const env = ENV.replace(
            'target_metadata=target_metadata',
            'target_metadata=target_metadata, version_table="books"',
          )
          const seen = await told(made([], [USERS], { env }))
          expect(seen.rehearsals[0]?.native).toMatchObject({
            verdict: 'not-run',
            reason: expect.stringContaining('public.alembic_version'),
          })
        },
        PATIENCE,
      )
    })

    test(
      'what takes too long is ended, with all that it started',
      async () => {
        const slow = 'import subprocess, os\nsubprocess.run(["sh", "-c", "echo $$ > ../pid; sleep 600"])'
        const repository = made([], [table('a1', undefined, { up: slow })], {
          files: { 'dba.yml': 'rehearsal: { seconds: 15 }\n' },
        })
        const seen = await told(repository, ['--config', 'dba.yml'])
        expect(seen.rehearsals[0]?.native).toMatchObject({
          verdict: 'not-run',
          reason: 'it was ended after 15 seconds',
        })
        expect(gate(seen, 'forward')).toBe('inconclusive')
        const pid = Number(readFileSync(join(repository.folder, 'pid'), 'utf8'))
        expect(await ends(pid)).toBe(true)
      },
      PATIENCE,
    )

    describe('refused', () => {
      const cases: readonly (readonly [string, readonly string[], string, RegExp])[] = [
        [
          'without Alembic',
          ['--sandbox', 'local'],
          `${folder}:/usr/local/bin:/usr/bin:/bin`,
          /no Alembic runs in .*backend: none in \.venv/,
        ],
        [
          'a command that is not Alembic',
          ['--sandbox', 'local', '--native-command', 'echo 1'],
          PATH,
          /`echo 1 --version` does not answer as Alembic/,
        ],
        [
          'on PGlite',
          ['--sandbox', 'pglite'],
          PATH,
          /needs the local or service sandbox, .* install PostgreSQL or name a --database-url/,
        ],
        ['for a commit', ['--head', 'HEAD'], PATH, /leave --head out/],
      ]
      test.each(cases)(
        '%s',
        async (_, args, path, sentence) => {
          const { code, out, err } = await run(made([USERS], [ORDERS]), args, path)
          expect(err).toMatch(sentence)
          expect({ code, out }).toEqual({ code: 2, out: '' })
        },
        PATIENCE,
      )

      test(
        'for a tool that it does not know',
        async () => {
          const repository = made([], [])
          repository.write('go.mod', '')
          repository.write(
            'db/migrations/00001_a.sql',
            '-- +goose Up\ncreate table a (id int);\n-- +goose Down\ndrop table a;\n',
          )
          const { code, err } = await run(repository, ['--sandbox', 'local'])
          expect(err).toContain('there is no migration of Alembic, or of a tool whose commands are named, to rehearse')
          expect(code).toBe(2)
        },
        PATIENCE,
      )
    })

    test(
      'two at a time do not disturb each other, and leave nothing behind',
      async () => {
        const both = [made([USERS], [ORDERS]), made([USERS], [table('b2', 'a1')])]
        const seen = await Promise.all(both.map((each) => told(each)))
        expect(seen.map(({ rehearsals }) => rehearsals[0]?.native?.['verdict'])).toEqual(['equal', 'equal'])
        for (const repository of both) expect(repository.status()).toBe('')
      },
      PATIENCE,
    )
  }),
)

interface Told {
  readonly verdict: string
  readonly gates: readonly { readonly gate: string; readonly status: string; readonly detail: string }[]
  readonly rehearsals: readonly {
    readonly verdict: string
    readonly reason: string | null
    readonly native?: Readonly<Record<string, unknown>>
  }[]
  readonly notes: readonly { readonly message: string }[]
}
