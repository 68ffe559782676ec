import { cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { loadConfig } from '../../src/config/load.js'
import type { Settings } from '../../src/model/settings.js'
import { initVerb, type InitOptions } from '../../src/cli/init.js'
import { EXIT, isProblem } from '../../src/cli/io.js'
import { rules } from '../../src/rules/index.js'
import { dba, type Ran } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'
import { type Step, workflowIn, wrongInReview } from '../support/workflow-checks.js'

const POLICY = '.github/dba.yml'
const WORKFLOW = '.github/workflows/dba.yml'
const PROJECTS = 'fixtures/projects'

let repository: Scratch
beforeEach(() => {
  repository = scratch()
})
afterEach(() => repository.dispose())

/** `dba init` in the clone, without the time that a process takes to start; the door itself has a test of its own. */
async function again(options: InitOptions = {}): Promise<Ran> {
  let [out, err] = ['', '']
  const result = await initVerb(options, {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    progress: () => undefined,
    color: false,
    width: 100,
    cwd: repository.folder,
    environment: { PATH: process.env['PATH'] },
    today: '2026-01-01',
    signal: AbortSignal.timeout(60_000),
  })
  return isProblem(result) ? { code: EXIT.unable, out, err: result.problem } : { code: result, out, err }
}

/** A clone with a miniature repository and some files besides, and `dba init` in it. */
async function init(
  project: string,
  files: Readonly<Record<string, string>> = {},
  options: InitOptions = {},
): Promise<Ran> {
  cpSync(join(PROJECTS, project), repository.folder, { recursive: true })
  for (const [path, text] of Object.entries(files)) repository.write(path, text)
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'as it was')
  return again(options)
}

const read = (path: string): string => readFileSync(join(repository.folder, path), 'utf8')
const settings = (): Settings => {
  const ids = rules.map(({ meta }) => meta.id)
  const loaded = loadConfig(read(POLICY), POLICY, ids)
  if ('problems' in loaded) throw new Error(loaded.problems.map(({ message }) => message).join('\n'))
  return loaded.settings
}
const job = (): NonNullable<ReturnType<typeof workflowIn>['jobs'][string]> => {
  const found = workflowIn(read(WORKFLOW)).jobs['migrations']
  if (found === undefined) throw new Error('there is no job migrations')
  return found
}
const stepOf = (pattern: RegExp): Step | undefined =>
  job().steps?.find(({ uses = '', run = '' }) => pattern.test(uses) || pattern.test(run))
const image = (): unknown => (job().services?.['postgres'] as { image?: unknown } | undefined)?.image

const compose = (named: string): Readonly<Record<string, string>> => ({
  'docker-compose.yml': `services:\n  db:\n    image: ${named}\n`,
})

describe('what is written may be used', () => {
  test.each(readdirSync(PROJECTS))('%s', async (project) => {
    const { code, out, err } = await init(project)
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^Found .+ in /)
    expect(settings()).toEqual((loadConfig(undefined, '', []) as { settings: Settings }).settings)
    expect(wrongInReview(read(WORKFLOW))).toEqual([])
    // Done twice, it changes nothing.
    const second = await again()
    expect(second.out).toContain(`Nothing to change in ${POLICY}\nNothing to change in ${WORKFLOW}\n`)
    expect(second.code).toBe(0)
  })
})

describe('the version of PostgreSQL', () => {
  test.each<readonly [string, number, string | undefined]>([
    ['postgres:17', 17, 'postgres:17'],
    ['"postgres:16.4-alpine3.20" # pinned', 16, 'postgres:16'],
    ['docker.io/library/postgres:17-bookworm', 17, 'postgres:17'],
    ['postgres:${PG_VERSION:-16}', 16, 'postgres:16'],
    ['bitnami/postgresql:17.2.0', 17, 'postgres:17'],
    ['postgis/postgis:16-3.4', 16, 'postgis/postgis:16-3.4'],
    ['pgvector/pgvector:pg17', 17, 'pgvector/pgvector:pg17'],
    ['timescale/timescaledb:2.17.2-pg16', 16, 'timescale/timescaledb:2.17.2-pg16'],
    // The embedded PostgreSQL is of this version; with extensions, it is not what the team has.
    ['postgres:18', 18, undefined],
    ['pgvector/pgvector:pg18', 18, 'pgvector/pgvector:pg18'],
    // Older than a named server may be.
    ['postgres:15', 15, undefined],
    ['postgres:14', 14, undefined],
    ['postgres:latest', 18, undefined],
    ['postgres:${{ matrix.pg }}', 18, undefined],
    ['example/postgres-exporter:17', 18, undefined],
  ])('image: %s', async (named, major, service) => {
    const { code } = await init('golang-migrate-basic', compose(named))
    expect(code).toBe(0)
    expect(settings().postgres).toBe(major)
    expect(image()).toBe(service)
    expect(stepOf(/dba-bot/)?.with?.['database-url'] !== undefined).toBe(service !== undefined)
    expect(stepOf(/docker pull/) !== undefined).toBe(major === 15)
    expect(wrongInReview(read(WORKFLOW))).toEqual([])
  })

  test('files that do not agree are for the team to settle', async () => {
    const workflow =
      'on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    services:\n      db:\n        image: postgres:16\n'
    const { out } = await init('golang-migrate-basic', {
      ...compose('postgres:15'),
      '.github/workflows/test.yml': workflow,
    })
    expect(out).toContain('Found PostgreSQL 16 in .github/workflows/test.yml, 15 in docker-compose.yml\nThey differ')
    expect(settings().postgres).toBe(18)
    expect(image()).toBeUndefined()
    expect(read(POLICY)).toContain('Seen: 16 in .github/workflows/test.yml, 15 in docker-compose.yml.')
  })
})

describe('a dump of the schema', () => {
  const dump = (rows: string): string => `--\n-- PostgreSQL database dump\n--\n\nCREATE TABLE x (id bigint);\n${rows}`
  test.each<readonly [string, string, string | null, RegExp]>([
    [
      'names migrations that are there',
      dump("INSERT INTO public.schema_migrations (version) VALUES\n    ('20230101000000');\n"),
      'db/schema.sql',
      /Found a dump of the schema, db\/schema\.sql\n/,
    ],
    ['names none', dump(''), null, /db\/schema\.sql: it names no applied migration/],
    [
      'names strange ones',
      dump("INSERT INTO schema_migrations (version) VALUES ('19990101000000');\n"),
      null,
      /db\/schema\.sql: it names migrations that are not here/,
    ],
    ['is none', 'CREATE TABLE x (id bigint);\n', null, /^(?![^]*dump)/],
  ])('that %s', async (_, text, baseline, said) => {
    const { out } = await init('dbmate-basic', { 'db/schema.sql': text.replace('20230101000000', firstVersion()) })
    expect(out).toMatch(said)
    expect(settings().baseline).toBe(baseline)
  })

  const firstVersion = (): string => {
    const [first = ''] = readdirSync(`${PROJECTS}/dbmate-basic/db/migrations`)
    return /^\d+/.exec(first)?.[0] ?? ''
  }
})

describe('Alembic itself', () => {
  const requirements = { 'backend/requirements.txt': 'alembic\npsycopg\n' }

  test('runs only when it is asked for', async () => {
    const { out } = await init('alembic-basic', requirements)
    expect(out).toContain('dba init --native')
    expect(stepOf(/dba-bot/)?.with).not.toHaveProperty('native')
    expect(stepOf(/setup-python/)).toBeUndefined()
  })

  test.each<readonly [string, string, string, RegExp]>([
    ['backend/requirements.txt', 'backend', '', /^python -m venv \.venv\n.*--requirement requirements\.txt\n$/],
    ['uv.lock', '', '', /uv sync --frozen/],
    ['backend/poetry.lock', 'backend', 'true', /poetry install/],
    ['pyproject.toml', '', '', /pip install \.\n$/],
  ])('with %s', async (file, folder, inProject, lines) => {
    const { code } = await init('alembic-basic', { [file]: '' }, { native: true })
    expect(code).toBe(0)
    const step = stepOf(/\.venv|uv sync|poetry install/) as Step & Readonly<Record<string, unknown>>
    expect(step.run).toMatch(lines)
    expect(step['working-directory'] ?? '').toBe(folder)
    expect((step['env'] as Record<string, string> | undefined)?.['POETRY_VIRTUALENVS_IN_PROJECT'] ?? '').toBe(inProject)
    expect(stepOf(/dba-bot/)?.with).toMatchObject({
      native: true,
      'database-url': expect.stringContaining('127.0.0.1'),
    })
    expect(image()).toBe('postgres:18')
    expect(wrongInReview(read(WORKFLOW))).toEqual([])
  })

  test('takes the version of Python that the repository names', async () => {
    await init('alembic-basic', { ...requirements, '.python-version': '3.12\n' }, { native: true })
    expect(stepOf(/setup-python/)?.with).toEqual({ 'python-version-file': '.python-version' })
  })

  test.each([
    ['alembic-basic', 'How the Python of this repository is installed was not seen'],
    ['goose-basic', 'Only Alembic can be run itself'],
  ])('cannot be promised for %s', async (project, reason) => {
    const { code, err } = await init(project, {}, { native: true })
    expect(code).toBe(2)
    expect(err).toContain(reason)
    expect(existsSync(join(repository.folder, '.github'))).toBe(false)
  })
})

describe('what is there', () => {
  test('is printed and not touched in a dry run', async () => {
    const { code, out } = await init('goose-basic', {}, { dryRun: true })
    expect(code).toBe(0)
    expect(out).toContain(`\n--- ${POLICY}\n`)
    expect(out).toContain(`\n--- ${WORKFLOW}\nname: migrations\n`)
    expect(repository.status()).toBe('')
  })

  test('stays, unless it is to be replaced', async () => {
    const first = await init('goose-basic', { [POLICY]: 'postgres: 17\n' })
    expect(first.code).toBe(0)
    expect(first.out).toContain(`Left as it is (--force replaces it): ${POLICY}\nWrote ${WORKFLOW}\n`)
    expect(read(POLICY)).toBe('postgres: 17\n')

    repository.write(WORKFLOW, 'name: mine\n')
    const second = await again()
    expect(second.code).toBe(2)
    expect(second.err).toContain('--force replaces them')
    expect(read(WORKFLOW)).toBe('name: mine\n')

    const third = await again({ force: true })
    expect(third.code).toBe(0)
    expect(third.out).toContain(`Replaced ${POLICY}\nReplaced ${WORKFLOW}\n`)
    expect(wrongInReview(read(WORKFLOW))).toEqual([])
    expect(readdirSync(join(repository.folder, '.github'))).toEqual(['dba.yml', 'workflows'])
  })

  test('reviews already, in a workflow of another name', async () => {
    const { out } = await init('goose-basic', {
      '.github/workflows/checks.yml': 'on: pull_request\njobs:\n  a:\n    steps:\n      - uses: dba-bot/dba-bot@v0\n',
    })
    expect(out).toContain('Found a workflow that reviews already, .github/workflows/checks.yml')
    expect(existsSync(join(repository.folder, WORKFLOW))).toBe(false)
    expect(existsSync(join(repository.folder, POLICY))).toBe(true)
  })

  test('is never written through a link', async () => {
    const elsewhere = scratch()
    try {
      await init('goose-basic', {}, { dryRun: true })
      symlinkSync(elsewhere.folder, join(repository.folder, '.github'))
      const folder = await again({ force: true })
      expect(folder.code).toBe(2)
      expect(folder.err).toContain('is a link to somewhere else')
      expect(readdirSync(elsewhere.folder)).toEqual(['.git'])

      rmSync(join(repository.folder, '.github'))
      mkdirSync(join(repository.folder, '.github'))
      elsewhere.write('target.yml', 'untouched\n')
      symlinkSync(join(elsewhere.folder, 'target.yml'), join(repository.folder, POLICY))
      const file = await again()
      expect(file.out).toContain(`Left as it is (--force replaces it): ${POLICY}`)
      await again({ force: true })
      expect(readFileSync(join(elsewhere.folder, 'target.yml'), 'utf8')).toBe('untouched\n')
      expect(lstatSync(join(repository.folder, POLICY)).isFile()).toBe(true)
    } finally {
      elsewhere.dispose()
    }
  })

  test('holds no migrations', async () => {
    repository.write('README.md', 'nothing here\n')
    repository.git('add', '-A')
    repository.git('commit', '-qm', 'nothing')
    const { code, err } = await again()
    expect(code).toBe(2)
    expect(err).toContain('No migrations were found')
    expect(repository.status()).toBe('')
  })
})

test('the command line hands its options on', async () => {
  await init('goose-basic', { [POLICY]: '# ours\n' }, { dryRun: true })
  const dry = await dba(repository.folder, ['init', '--dry-run'])
  expect([dry.code, dry.err]).toEqual([0, ''])
  expect(dry.out).toContain(`\n--- ${WORKFLOW}\n`)
  expect(repository.status()).toBe('')
  const forced = await dba(repository.folder, ['init', '--force'])
  expect(forced.out).toContain(`Replaced ${POLICY}\nWrote ${WORKFLOW}\n`)
  const native = await dba(repository.folder, ['init', '--native'])
  expect(native.code).toBe(2)
})

test('the branch to protect is named', async () => {
  const { out } = await init('goose-basic')
  expect(out).toContain('require `migrations` for main')
})
