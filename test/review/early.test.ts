import { describe, expect, test } from '@jest/globals'
import { differ, extensionWords, openEarly } from '../../src/review/early.js'
import type { Sandbox, SandboxProvider } from '../../src/sandbox/sandbox.js'

/** A provider that counts what is open; nothing runs in it. */
function counting(): { provider: SandboxProvider; open: () => number; opened: () => number } {
  let open = 0
  let opened = 0
  const provider: SandboxProvider = {
    id: 'pglite',
    open: async () => {
      open++
      opened++
      const sandbox: Sandbox = {
        provider: 'pglite',
        can: { version: '18.0', secondSession: false },
        baseline: null,
        keep: async () => undefined,
        address: null,
        session: () => Promise.reject(new Error('nothing runs here')),
        [Symbol.asyncDispose]: async () => void open--,
      }
      return sandbox
    },
  }
  return { provider, open: () => open, opened: () => opened }
}
const { signal } = new AbortController()

describe('a sandbox that is opened before it is asked for', () => {
  test('goes to the first who asks, and the next gets another', async () => {
    const { provider, opened } = counting()
    await using early = openEarly(provider, { postgres: 18 }, signal)
    await early.provider.open({ postgres: 18 }, signal)
    expect(opened()).toBe(1)
    await early.provider.open({ postgres: 18 }, signal)
    expect(opened()).toBe(2)
  })

  test('is closed when nobody came', async () => {
    const { provider, open } = counting()
    await openEarly(provider, { postgres: 18 }, signal)[Symbol.asyncDispose]()
    expect(open()).toBe(0)
  })

  test('is left to whoever took it', async () => {
    const { provider, open } = counting()
    const early = openEarly(provider, { postgres: 18 }, signal)
    await early.provider.open({ postgres: 18 }, signal)
    await early[Symbol.asyncDispose]()
    expect(open()).toBe(1)
  })

  test('fails for whoever asks, and nowhere else', async () => {
    const broken: SandboxProvider = { id: 'pglite', open: () => Promise.reject(new Error('no memory')) }
    const early = openEarly(broken, { postgres: 18 }, signal)
    await expect(early.provider.open({ postgres: 18 }, signal)).rejects.toThrow('no memory')
    await openEarly(broken, { postgres: 18 }, signal)[Symbol.asyncDispose]()
  })
})

test('the words of files that speak of extensions', () => {
  const files = new Map([
    ['a.sql', { text: 'CREATE EXTENSION "uuid-ossp";' }],
    ['b.sql', { text: 'CREATE TABLE pgcrypto (id int);' }],
  ])
  expect(extensionWords(files)).toEqual(['create', 'extension', 'uuid-ossp'])
})

test('two sides differ when a loaded text does', () => {
  const base = new Map([['a.sql', { text: 'a' }]])
  expect(differ(base, base)).toBe(false)
  expect(differ(base, new Map([...base, ['b.md', null]]))).toBe(false)
  expect(differ(base, new Map([['a.sql', { text: 'b' }]]))).toBe(true)
  expect(differ(base, new Map([...base, ['b.sql', { text: 'b' }]]))).toBe(true)
})
