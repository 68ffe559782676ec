import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { startFake } from '../github-fake/world.js'
import { ENV, INI, project, type Written } from '../native/project.js'
import { withAlembic } from '../support/alembic.js'
import type { FakeGitHub } from '../support/github/index.js'
import { withGolangMigrate } from '../support/golang-migrate.js'
import { startServer, type TestServer } from '../support/postgres-server.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { scratch, type Scratch } from '../support/scratch.js'
import { pack, step, type Packed, type Step } from './packed.js'

/** For starts of Python and clusters, on a machine that has much to do. */
const PATIENCE = 180_000

const USERS: Written = {
  id: 'a1',
  up: 'op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("email", sa.String(120)))',
  down: 'op.drop_table("users")',
}
const PHONE: Written = {
  id: 'b2',
  after: 'a1',
  up: 'op.execute("SET lock_timeout = 2000")\nop.add_column("users", sa.Column("phone", sa.Text))',
  down: 'op.execute("SET lock_timeout = 2000")\nop.drop_column("users", "phone")',
}
/** Models that know of the email, and of nothing that PHONE adds. */
const MODELS = ENV.replace(
  'target_metadata = None',
  `from sqlalchemy import Column, Integer, MetaData, String, Table
target_metadata = MetaData()
Table("users", target_metadata, Column("id", Integer, primary_key=True), Column("email", String(120)))`,
)

let alembic: string | null = null
let migrate: string | null = null
await withAlembic((folder) => void (alembic = folder))
await withGolangMigrate((folder) => void (migrate = folder))

await withPostgres(18, (programs) => {
  describe("the team's own tool, on a service", () => {
    let packed: Packed
    let github: FakeGitHub
    let server: TestServer
    let here: Scratch | null = null

    beforeAll(async () => {
      ;[packed, github, server] = await Promise.all([pack(), startFake(), startServer(programs)])
    }, PATIENCE)
    afterEach(() => {
      here?.dispose()
      here = null
    })
    afterAll(async () => {
      packed?.dispose()
      await github?.stop()
      await server?.stop()
    })

    /** Reviews what the branch of a checkout adds to main, with and without the tool. */
    async function reviewed(repository: Scratch, native: boolean, path: string): Promise<Step> {
      here = repository
      const commit = (ref: string) =>
        execFileSync('git', ['-C', repository.folder, 'rev-parse', ref], { encoding: 'utf8' }).trim()
      const pull = { number: 7, head: { sha: commit('HEAD') }, base: { ref: 'main', sha: commit('main') } }
      const payload = {
        action: 'opened',
        repository: { id: 1, name: 'shop', owner: { login: 'acme' } },
        pull_request: pull,
      }
      return step(packed, {
        github,
        event: { name: 'pull_request', payload },
        workspace: repository.folder,
        inputs: { 'database-url': `${server.url()}?dba=disposable`, ...(native ? { native: 'true' } : {}) },
        environment: { PATH: `${path}:${process.env['PATH'] ?? ''}`, 'INPUT_GITHUB-TOKEN': '' },
      })
    }

    interface Told {
      readonly verdict: string
      readonly gates: readonly { readonly gate: string; readonly status: string }[]
      readonly rehearsals: readonly {
        readonly sandbox: string
        readonly verdict: string
        readonly native?: { readonly verdict: string; readonly outcome: string; readonly reason: string | null }
      }[]
      readonly notes: readonly { readonly message: string }[]
    }
    const told = ({ report }: Step): Told => report as unknown as Told
    const outcomes = ({ verdict, gates }: Told) => [verdict, gates.map(({ gate, status }) => `${gate} ${status}`)]

    async function both(make: () => Scratch, path: string): Promise<readonly [Told, Told]> {
      const first = told(await reviewed(make(), false, path))
      here?.dispose()
      return [first, told(await reviewed(make(), true, path))]
    }

    const withTool = (folder: string | null, declare: (folder: string) => void): void =>
      folder === null ? undefined : declare(folder)

    withTool(alembic, (alembic) => {
      test(
        'Alembic comes to the verdict of the translation, and finds what the models lack',
        async () => {
          const [translated, native] = await both(() => project([USERS], [PHONE], { env: MODELS }), alembic)
          expect(translated).toMatchObject({
            verdict: 'pass',
            rehearsals: [{ sandbox: 'service', verdict: 'reversible' }],
          })
          expect(translated.rehearsals[0]).not.toHaveProperty('native')
          expect(native.rehearsals[0]).toMatchObject({
            verdict: 'reversible',
            native: { verdict: 'equal', outcome: 'reversible', drift: { kind: 'differs' } },
          })
          expect(outcomes(native)).toEqual(outcomes(translated))
          const drift = native.notes.filter(({ message }) => message.includes('models'))
          expect(drift.map(({ message }) => message)).toEqual([
            expect.stringMatching(
              /^alembic 1\.20\.1: the models are not what the migrations make: .*remove_column.*phone/s,
            ),
          ])
        },
        PATIENCE,
      )

      test(
        'what fails for the tool fails in both',
        async () => {
          const broken = { ...PHONE, down: 'op.execute("SET lock_timeout = 2000")\nop.drop_column("users", "fax")' }
          const [translated, native] = await both(() => project([USERS], [broken]), alembic)
          expect([translated.verdict, native.verdict]).toEqual(['block', 'block'])
          expect(native.rehearsals[0]).toMatchObject({
            verdict: 'down-fails',
            native: { verdict: 'failed', outcome: 'down-fails' },
          })
          expect(outcomes(native)).toEqual(outcomes(translated))
        },
        PATIENCE,
      )

      test(
        'it is not let see what the runner takes orders from, or a secret of the step',
        async () => {
          const env = ENV.replace(
            'config = context.config',
            'import os\nassert not [n for n in os.environ if n.startswith("INPUT_") or n == "GITHUB_OUTPUT"], sorted(os.environ)\nconfig = context.config',
          )
          const native = told(await reviewed(project([USERS], [PHONE], { env }), true, alembic))
          expect(native.rehearsals[0]).toMatchObject({ native: { verdict: 'equal' } })
        },
        PATIENCE,
      )

      test(
        'other files than those of the head are not run, which is no pass',
        async () => {
          const repository = project([USERS], [PHONE], { ini: INI })
          repository.git('checkout', '-q', '-b', 'later')
          const head = execFileSync('git', ['-C', repository.folder, 'rev-parse', 'feature'], {
            encoding: 'utf8',
          }).trim()
          repository.write('README.md', 'more')
          repository.git('add', '-A')
          repository.git('commit', '-q', '-m', 'more')
          repository.git('branch', '-q', 'head-of-pull', head)
          repository.git('update-ref', 'refs/heads/other', 'HEAD')
          const seen = await offHead(repository, head)
          expect(seen.verdict).toBe('block')
          expect(seen.notes.map(({ message }) => message)).toContainEqual(
            expect.stringContaining('native was asked for, and nothing was run: what is checked out is not the commit'),
          )
        },
        PATIENCE,
      )

      /** Reviews a commit that is not the one that is checked out. */
      async function offHead(repository: Scratch, head: string): Promise<Told> {
        here = repository
        const base = execFileSync('git', ['-C', repository.folder, 'rev-parse', 'main'], { encoding: 'utf8' }).trim()
        const pull = { number: 7, head: { sha: head }, base: { ref: 'main', sha: base } }
        const payload = {
          action: 'opened',
          repository: { id: 1, name: 'shop', owner: { login: 'acme' } },
          pull_request: pull,
        }
        const inputs = { 'database-url': `${server.url()}?dba=disposable`, native: 'true' }
        const event = { name: 'pull_request', payload }
        const environment = { PATH: `${alembic}:${process.env['PATH'] ?? ''}` }
        return told(await step(packed, { github, event, workspace: repository.folder, inputs, environment }))
      }
    })

    withTool(migrate, (migrate) => {
      const POLICY = `commands:
  up: migrate -path migrations -database {url} goto {version}
  down: migrate -path migrations -database {url} down 1
  version: migrate -path migrations -database {url} version
`
      const made = (files: Readonly<Record<string, string>>, policy = POLICY): Scratch => {
        const repository = scratch()
        const add = (some: Readonly<Record<string, string>>): void => {
          for (const [path, text] of Object.entries(some)) repository.write(path, text)
          repository.git('add', '-A')
          repository.git('commit', '-q', '-m', 'migrations')
        }
        add({
          '.github/dba.yml': policy,
          'go.mod': 'module example.com/shop\n\nrequire github.com/golang-migrate/migrate/v4 v4.20.1\n',
          'migrations/000001_users.up.sql':
            'CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);\n',
          'migrations/000001_users.down.sql': 'DROP TABLE users;\n',
        })
        repository.git('checkout', '-q', '-b', 'feature')
        add(files)
        return repository
      }
      const EMAIL = {
        'migrations/000002_email.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN email text;\n",
        'migrations/000002_email.down.sql': "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN email;\n",
        'migrations/000003_phone.up.sql': "SET lock_timeout = '2s';\nALTER TABLE users ADD COLUMN phone text;\n",
        'migrations/000003_phone.down.sql': "SET lock_timeout = '2s';\nALTER TABLE users DROP COLUMN phone;\n",
      }

      test(
        'another tool, by the commands that the policy names',
        async () => {
          const [translated, native] = await both(() => made(EMAIL), migrate)
          expect(native.rehearsals).toMatchObject([
            {
              verdict: 'reversible',
              native: { tool: 'migrate', verdict: 'equal', outcome: 'reversible', reason: null },
            },
            {
              verdict: 'reversible',
              native: { tool: 'migrate', verdict: 'equal', outcome: 'reversible', reason: null },
            },
          ])
          expect(outcomes(native)).toEqual(outcomes(translated))
        },
        PATIENCE,
      )

      test(
        'one that goes to a database of its own choice is not let change anything',
        async () => {
          const policy = POLICY.replaceAll('{url}', 'postgres://app@127.0.0.1:9/production?sslmode=disable')
          const native = told(await reviewed(made(EMAIL, policy), true, migrate))
          expect(native.verdict).toBe('block')
          expect(native.rehearsals[0]?.native).toMatchObject({
            verdict: 'not-run',
            reason: expect.stringContaining('did not come to the sandbox'),
          })
        },
        PATIENCE,
      )
    })
  })
})
