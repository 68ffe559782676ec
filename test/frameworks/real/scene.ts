import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { detectProjects } from '../../../src/frameworks/index.js'
import type { FileSet } from '../../../src/model/pull-request.js'
import { runScript } from '../../../src/rehearsal/script-run.js'
import { standIns } from '../../../src/rehearsal/stand-ins.js'
import type { Address, SchemaDump, Session } from '../../../src/sandbox/sandbox.js'
import { service } from '../../../src/sandbox/service.js'
import { never, opened } from '../../sandbox/opened.js'
import { withPostgres } from '../../support/postgres-binaries.js'
import { startServer, type TestServer } from '../../support/postgres-server.js'
import { findingsOf, type Files } from '../findings.js'
import { readAll, repository, tree } from '../tree.js'
import type { Run } from './run.js'

export { ran, type Run } from './run.js'

/** What a tool is run on: a checkout, and a database by its URL. */
export interface Place {
  readonly folder: string
  /** The folder of the project's migrations, below that. */
  readonly root: string
  readonly url: string
  readonly address: Address
}

/** A tool whose behaviour is looked at beside what we say of it. */
export interface Subject {
  /** The id of its framework. */
  readonly id: string
  /** The schema that the tool makes for its books, where it makes one. */
  readonly books?: string
  /** Applies what is pending. */
  readonly up: (place: Place) => Promise<Run>
}

/** What happens on a database that has the base, when the tool runs again with what a pull request makes of it. */
export interface Case {
  readonly name: string
  readonly base: Files
  readonly pull: Files
  /** What is run on it; applying what is pending, when it is not said. */
  readonly then?: (place: Place) => Promise<Run>
  /** What it says when it stops; null when it ends well. */
  readonly stops: RegExp | null
  /** The tables that are there in the end, but for the tool's own. */
  readonly tables: string
  /** What we say of the pull request: `rule: part of its message`. */
  readonly finding: string | null
}

/** For a cluster, a tool and a machine that has much to do. */
const PATIENCE = 120_000

/** Declares that a tool makes of some fixture projects what our replay makes of them, and does in some cases what we say. */
export async function behaves(
  subject: Subject,
  fixtures: readonly string[],
  cases: readonly Case[],
  more: (scene: Scene) => void = () => undefined,
): Promise<void> {
  await withPostgres(18, (programs) => {
    describe(subject.id, () => {
      const scene = sceneOf(subject)
      beforeAll(() => scene.start(programs), PATIENCE)
      afterAll(() => scene.stop())

      test.each(fixtures.map((name) => [name] as const))(
        '%s comes out as the tool makes it',
        async (name) => {
          const files = repository(name)
          const applied = await scene.applied(textsOf(files))
          expect(applied).toMatchObject({ run: { done: true } })
          const replayed = await scene.replayed(files)
          expect([...applied.schema.keys()].filter((key) => key.startsWith('table ')).length).toBeGreaterThan(0)
          expect(Object.fromEntries(withoutBooks(applied.schema, subject))).toEqual(Object.fromEntries(replayed))
        },
        PATIENCE,
      )

      test.each(cases.map((one) => [one.name, one] as const))(
        '%s',
        async (_, { base, pull, then, stops, tables, finding }) => {
          const { run, schema } = await scene.applied(base, pull, then)
          expect({ ...run, tables: tablesOf(withoutBooks(schema, subject)) }).toEqual({
            done: stops === null,
            said: stops === null ? expect.any(String) : expect.stringMatching(stops),
            tables,
          })
          const said = findingsOf(base, { ...base, ...pull })
          if (finding === null) expect(said.filter((line) => HISTORY.test(line))).toEqual([])
          else expect(said).toContainEqual(expect.stringContaining(finding))
        },
        PATIENCE,
      )
      more(scene)
    })
  })
}

function withoutBooks(schema: SchemaDump, { books }: Subject): SchemaDump {
  if (books === undefined) return schema
  const isOfBooks = new RegExp(`\\bschema ${books}$|\\b${books}\\.`)
  return new Map([...schema].filter(([key]) => !isOfBooks.test(key)))
}

const HISTORY = /^(edited-applied|deleted-applied|out-of-order|duplicate-migration)/

/** Real databases on which a tool is run. */
export interface Scene {
  start(programs: string): Promise<void>
  stop(): Promise<void>
  /** The schema that the tool makes of some files, and then of what `pull` makes of them; how its last run ended. */
  applied(base: Files, pull?: Files, then?: Subject['up']): Promise<{ readonly run: Run; readonly schema: SchemaDump }>
  /** The schema that our replay makes of some files. */
  replayed(files: FileSet): Promise<SchemaDump>
  /** A folder and a database for something else. */
  within<T>(files: Files, act: (place: Place, session: Session) => Promise<T>): Promise<T>
}

function sceneOf(subject: Subject): Scene {
  let server: TestServer | null = null
  const provider = (): ReturnType<typeof service> => service({ url: `${server?.url()}?dba=disposable` })
  const within: Scene['within'] = async (files, act) => {
    const folder = mkdtempSync(join(tmpdir(), 'dba-tool-'))
    const { sandbox, session } = await opened(provider())
    try {
      if (sandbox.address === null) throw new Error('the sandbox has no address')
      write(folder, files)
      const [project] = detectProjects(treeOf(files))
      const root = project?.root ?? ''
      return await act({ folder, root, address: sandbox.address, url: urlOf(sandbox.address) }, session)
    } finally {
      await sandbox[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return {
    within,
    async start(programs) {
      server = await startServer(programs)
    },
    async stop() {
      await server?.stop()
    },
    applied: (base, pull, then = subject.up) =>
      within(base, async (place, session) => {
        let run = await subject.up(place)
        if (pull !== undefined) {
          expect(run).toMatchObject({ done: true })
          write(place.folder, pull)
          run = await then(place)
        }
        return { run, schema: await session.dump(bookkeepingOf(base)) }
      }),
    replayed: (files) =>
      within({}, async (_, session) => {
        const read = readAll(files)
        for (const { migrations } of read) {
          const first = migrations.findLastIndex(({ revision }) => revision.baseline === true)
          for (const { revision, up } of migrations.slice(Math.max(0, first))) {
            if (up.kind !== 'script') throw new Error(`${revision.path} could not be read`)
            const { ending } = await runScript(session, up, 'up', standIns(session, []), never, 'replay')
            expect([revision.path, ending]).toEqual([revision.path, { kind: 'done' }])
          }
        }
        return session.dump(read.flatMap(({ history }) => history.project.conventions.bookkeeping))
      }),
  }
}

function bookkeepingOf(files: Files): readonly string[] {
  return readAll(treeOf(files)).flatMap(({ history }) => history.project.conventions.bookkeeping)
}

/** The tables of a schema, in one line. */
export function tablesOf(schema: SchemaDump): string {
  const tables = [...schema.keys()].filter((key) => key.startsWith('table '))
  return tables
    .map((key) => key.replace(/^table (public\.)?/, ''))
    .sort()
    .join(' ')
}

function treeOf(files: Files): FileSet {
  return tree(
    Object.fromEntries(Object.entries(files).flatMap(([path, text]) => (text === null ? [] : [[path, text]]))),
  )
}

function textsOf(files: FileSet): Files {
  return Object.fromEntries(files.paths.map((path) => [path, files.read(path)?.text ?? '']))
}

function write(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    const place = join(folder, path)
    if (text === null) {
      rmSync(place)
      // Git keeps no empty folder.
      if (readdirSync(dirname(place)).length === 0) rmdirSync(dirname(place))
      continue
    }
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, text)
  }
}

function urlOf({ host, port, user, password, database }: Address): string {
  return `postgres://${user}:${encodeURIComponent(password ?? '')}@${host}:${port}/${database}?sslmode=disable`
}
