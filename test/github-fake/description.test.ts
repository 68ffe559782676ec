import { readFileSync, statSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Description } from '../support/github/http/description.js'
import { ROUTES } from '../support/github/routes/index.js'

const FILE = 'test/support/github/openapi.json'
const { source, license, paths } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  source: string
  license: string
  paths: Record<string, Record<string, object>>
}
const description = new Description()

test('says where it is from and under which licence, and is small', () => {
  expect(source).toMatch(/^@octokit\/openapi 23\.0\.2,/)
  expect(license).toMatch(/^MIT .+Octokit contributors$/)
  expect(statSync(FILE).size).toBeLessThan(300_000)
})

test('every route that it describes is served, and no other', () => {
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  const served = Object.keys(ROUTES).filter((route) => !route.includes('/_codeload/'))
  expect(served.sort()).toEqual(described.sort())
})

describe('a path is taken for what it is', () => {
  const repo = '/repos/{owner}/{repo}'
  test.each<[string, string | null, Readonly<Record<string, string>>]>([
    ['/repos/a/b/commits/main', `${repo}/commits/{ref}`, { ref: 'main' }],
    ['/repos/a/b/commits/feature/x', `${repo}/commits/{ref}`, { ref: 'feature/x' }],
    ['/repos/a/b/commits/feature%2Fx', `${repo}/commits/{ref}`, { ref: 'feature/x' }],
    ['/repos/a/b/commits/feature/x/check-runs', `${repo}/commits/{ref}/check-runs`, { ref: 'feature/x' }],
    ['/repos/a/b/commits/abc/pulls', `${repo}/commits/{commit_sha}/pulls`, { commit_sha: 'abc' }],
    ['/repos/a/b/compare/main...x/y', `${repo}/compare/{basehead}`, { basehead: 'main...x/y' }],
    ['/repos/a/b/contents/', `${repo}/contents/{path}`, { path: '' }],
    ['/repos/a/b/contents/db/a%20b.sql', `${repo}/contents/{path}`, { path: 'db/a b.sql' }],
    ['/repos/a/b/issues/comments/7', `${repo}/issues/comments/{comment_id}`, { comment_id: '7' }],
    ['/repos/a/b/pulls/comments/7', `${repo}/pulls/comments/{comment_id}`, { comment_id: '7' }],
    ['/repos/a/b/c', null, {}],
  ])('%s', (path, route, params) => {
    const match = description.match('GET', path)
    expect(match?.route ?? null).toBe(route && `GET ${route}`)
    if (match) expect(match.params).toMatchObject(params)
  })
})

describe('a request that does not agree with it', () => {
  const faults = (method: string, path: string, query: object, body?: unknown): readonly string[] => {
    const match = description.match(method, path)
    if (!match) throw new Error(`no route ${path}`)
    return description.faultsOfRequest(match, { ...query }, body)
  }
  test.each<[string, readonly string[]]>([
    ['is right', faults('GET', '/repos/a/b/pulls', { state: 'all', page: '2' })],
    ['has a number that is none', faults('GET', '/repos/a/b/pulls/x', {})],
    ['asks for a word that is not in the list', faults('GET', '/repos/a/b/pulls', { state: 'half' })],
    ['asks for what is not described', faults('GET', '/repos/a/b/pulls', { colour: 'red' })],
    ['lacks its body', faults('POST', '/repos/a/b/check-runs', {})],
    ['lacks a field', faults('POST', '/repos/a/b/check-runs', {}, { name: 'dba' })],
    ['has a field too many', faults('POST', '/repos/a/b/issues/1/comments', {}, { body: 'x', colour: 'red' })],
    ['has a field of another kind', faults('POST', '/repos/a/b/issues/1/comments', {}, { body: 7 })],
    ['has a time that is none', faults('GET', '/repos/a/b/issues/1/comments', { since: 'yesterday' })],
    ['has a body that nobody reads', faults('GET', '/repos/a/b/pulls', {}, { state: 'all' })],
  ])('%s', (name, found) => {
    expect(found.length > 0).toBe(name !== 'is right')
  })
})
