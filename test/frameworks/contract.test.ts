import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { frameworks } from '../../src/frameworks/index.js'
import type { FileSet } from '../../src/model/pull-request.js'
import { PROJECTS, readAll, repository, tree } from './tree.js'

/** Miniature repositories that are broken on purpose. */
const UNHEALTHY = new Set(['alembic-gaps', 'flyway-baseline'])

describe.each(PROJECTS)('fixtures/projects/%s', (name) => {
  const files = repository(name)
  const read = readAll(files)

  test('belongs to the framework it is named after', () => {
    const tool = name.startsWith('plain') ? 'sql' : frameworks.find(({ id }) => name.startsWith(`${id}-`))?.id
    expect(read.map(({ history }) => history.project.framework)).toEqual([tool])
  })

  test('has each migration file in a revision, a stray or a note', () => {
    for (const { history, migrations } of read) {
      const { root } = history.project
      const told = [
        // A script may be run with a migration without being its own, as what verifies it is.
        ...migrations.flatMap(({ up }) => (up.kind === 'script' ? up.statements.map(({ span }) => span.path) : [])),
        ...history.revisions.flatMap(({ path, downPath }) => [path, downPath]),
        ...history.strays.map(({ path }) => path),
        ...(history.surroundings ?? []).map(({ path }) => path),
        ...history.notes.map(({ at }) => at?.path),
      ]
      const files = filesOf(root, name)
      expect(files.filter((path) => !told.includes(path))).toEqual([])
    }
  })

  test('has parents that exist, before their children, and one id each', () => {
    for (const { history } of read) {
      const ids = history.revisions.map(({ id }) => id)
      expect(new Set(ids).size).toBe(ids.length)
      if (UNHEALTHY.has(name)) continue
      history.revisions.forEach(({ parents }, index) => {
        for (const parent of parents) expect(ids.slice(0, index)).toContain(parent)
      })
      expect(history.heads).toHaveLength(1)
    }
  })

  test('is read without a refusal or a gap', () => {
    if (UNHEALTHY.has(name)) return
    for (const { migrations } of read) {
      for (const { revision, up, down } of migrations) {
        expect([revision.id, up.kind]).toEqual([revision.id, 'script'])
        for (const script of [up, down]) {
          expect(script.kind).not.toBe('refused')
          expect(script.kind === 'script' ? script.gaps : []).toEqual([])
        }
      }
    }
  })

  test('asks for the text of every file it reads', () => {
    for (const { history } of read) {
      const framework = frameworks.find(({ id }) => id === history.project.framework)
      const asked = framework?.sources(history.project, files) ?? []
      const needed = history.revisions.flatMap(({ path, downPath }) => [path, ...(downPath === null ? [] : [downPath])])
      expect(needed.filter((path) => !asked.includes(path))).toEqual([])
    }
  })

  test('stands anything in place of a file', () => {
    const paths = readAll(files).flatMap(({ history }) => history.revisions.map(({ path }) => path))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => new TextEncoder().encode(text)),
      fc.constantFrom(...paths).map((path) => new TextEncoder().encode(`'${files.read(path)?.text}$$`)),
    )
    fc.assert(
      fc.property(fc.constantFrom(...paths), bytes, (path, content) => {
        for (const { history, migrations } of readAll(replaced(files, path, content))) {
          expect(migrations).toHaveLength(history.revisions.length)
        }
      }),
      { numRuns: 15 },
    )
  })
})

function filesOf(root: string, name: string): readonly string[] {
  const repo = repository(name)
  if (name.startsWith('liquibase')) {
    // A changelog that only includes others is no migration.
    return repo.paths.filter(
      (path) => /\.(xml|ya?ml|json|sql)$/.test(path) && /changeset|INSERT/i.test(repo.read(path)?.text ?? ''),
    )
  }
  const pattern = name.startsWith('alembic') ? /\/versions\/(?!__init__)[^/]+\.py$/ : /\.sql$/
  return repo.paths.filter((path) => path.startsWith(`${root}/`) && pattern.test(path))
}

function replaced(files: FileSet, path: string, content: Uint8Array): FileSet {
  const others = files.paths.filter((other) => other !== path).map((other) => [other, files.read(other)?.text ?? ''])
  return tree({ ...Object.fromEntries(others), [path]: content })
}
