import { describe, expect, test } from '@jest/globals'
import type { ChangeSet, RevisionChange } from '../../src/model/change.js'
import type { Conventions, History, Project, Revision } from '../../src/model/migration.js'
import { rules } from '../../src/rules/index.js'
import type { HistoryContext, Problem } from '../../src/rules/rule.js'
import { startOf } from '../../src/source/span.js'

const CONVENTIONS: Conventions = {
  tool: 'the tool',
  hashesFiles: false,
  lateVersion: 'refused',
  reactions: {
    edited: 'edits stop it',
    deleted: 'deletions stop it',
    late: 'it refuses',
    duplicate: 'it cannot choose',
  },
  numbering: 'sequential',
  downs: 'expected',
  bookkeeping: ['schema_migrations'],
  withoutTransaction: null,
  rollback: null,
  filePattern: '1_name.sql',
}

/** A revision written as `id`, `id:title`, or `id<parent,parent`; `id@rank` is one whose place does not tell whether it is late. */
function revision(text: string): Revision {
  const [, id = '', rank, title = id, parents = ''] = /^([^:<@]+)(?:@(\d+))?(?::([^<]+))?(?:<(.*))?$/.exec(text) ?? []
  const path = `m/${id}_${title}.sql`
  const told = { id, title, path, parents: parents === '' ? [] : parents.split(','), downPath: null, repeatable: false }
  return rank === undefined ? told : { ...told, rank: Number(rank) }
}

interface Case {
  readonly base: string
  readonly head: string
  readonly conventions?: Partial<Conventions>
  readonly config?: Project['config']
  readonly changed?: readonly string[]
  readonly edit?: Partial<Extract<RevisionChange, { kind: 'edited' }>>
  readonly heads?: { readonly base: string; readonly head: string }
}

/** What a rule says about two histories, each as `path: message key`; what is in both is unchanged unless `edit` says so. */
function says(id: string, given: Case): readonly string[] {
  const conventions = { ...CONVENTIONS, ...given.conventions }
  const project: Project = { framework: 'test', root: 'm', conventions, config: given.config ?? {} }
  const history = (text: string, heads: string | undefined): History => {
    const revisions = text.split(' ').filter(Boolean).map(revision)
    return { project, revisions, heads: heads?.split(' ') ?? [], strays: [], notes: [] }
  }
  const base = history(given.base, given.heads?.base)
  const head = history(given.head, given.heads?.head)
  const changeSet: ChangeSet = { project, base, head, changes: changesBetween(base, head, given.edit), drifts: [] }
  const rule = rules.find(({ meta }) => meta.id === id)
  const context: HistoryContext<Readonly<Record<string, unknown>>> = {
    conventions,
    options: rule?.defaults ?? {},
    postgres: 18,
    today: '2026-01-15',
    changedPaths: given.changed ?? [],
  }
  const answer = rule?.check.history?.(changeSet, context as never)
  const problems = answer === undefined ? [] : [answer].flat()
  return (problems as readonly Problem[]).map(
    ({ at, message, weight }) => `${at.path}: ${message}${weight ? ` (${weight})` : ''}`,
  )
}

/** A revision that goes while one of the same title comes is a rename. */
function changesBetween(base: History, head: History, edit: Case['edit']): readonly RevisionChange[] {
  const paths = (history: History): readonly string[] => history.revisions.map(({ path }) => path)
  const gone = base.revisions.filter(({ path }) => !paths(head).includes(path))
  const changes = head.revisions.flatMap((now): readonly RevisionChange[] => {
    const same = base.revisions.find(({ path }) => path === now.path)
    if (same !== undefined) return edit === undefined ? [] : [edited(same, now, edit)]
    const index = gone.findIndex(({ title, id }) => title === now.title || id === now.id)
    const [before] = index < 0 ? [] : gone.splice(index, 1)
    return before === undefined
      ? [{ kind: 'added', head: now }]
      : [{ kind: 'renamed', base: before, head: now, edit: null }]
  })
  return [...changes, ...gone.map((before): RevisionChange => ({ kind: 'removed', base: before }))]
}

function edited(base: Revision, head: Revision, edit: NonNullable<Case['edit']>): RevisionChange {
  return { kind: 'edited', base, head, up: null, down: null, at: [startOf(head.path)], ...edit }
}

const same = { base: '1', head: '1' }
const hashing = { hashesFiles: true }

describe.each<[rule: string, title: string, given: Case, expected: readonly string[]]>([
  ['edited-applied-migration', 'other SQL', { ...same, edit: { up: 'other-sql' } }, ['m/1_1.sql: edited']],
  [
    'edited-applied-migration',
    'a tool that hashes',
    { ...same, edit: { up: 'other-sql' }, conventions: hashing },
    ['m/1_1.sql: edited'],
  ],
  ['edited-applied-migration', 'not comparable', { ...same, edit: { up: 'unknown' } }, ['m/1_1.sql: unread']],
  ['edited-applied-migration', 'comments only', { ...same, edit: { up: 'comments' } }, []],
  ['edited-applied-migration', 'down only', { ...same, edit: { down: 'other-sql' } }, []],
  [
    'edited-applied-migration',
    'a repeatable one is there to be edited',
    { ...same, edit: { up: 'other-sql', head: { ...revision('1'), repeatable: true } } },
    [],
  ],
  ['edited-applied-migration-comments-only', 'no hash', { ...same, edit: { up: 'comments' } }, ['m/1_1.sql: comments']],
  ['edited-applied-migration-comments-only', 'the same SQL', { ...same, edit: { up: 'same-sql' } }, ['m/1_1.sql: sql']],
  [
    'edited-applied-migration-comments-only',
    'a tool with a word of its own on it',
    {
      ...same,
      edit: { up: 'comments' },
      conventions: { reactions: { ...CONVENTIONS.reactions, rewritten: 'it frowns' } },
    },
    ['m/1_1.sql: told'],
  ],
  [
    'edited-applied-migration-comments-only',
    'a hash makes it fatal',
    { ...same, edit: { up: 'comments' }, conventions: hashing },
    ['m/1_1.sql: hashedComments (error)'],
  ],
  ['edited-applied-rollback', 'no hash', { ...same, edit: { down: 'other-sql' } }, ['m/1_1.sql: free']],
  [
    'edited-applied-rollback',
    'one hashed file for both directions',
    { ...same, edit: { down: 'other-sql' }, conventions: hashing },
    ['m/1_1.sql: hashed (error)'],
  ],
  [
    'edited-applied-rollback',
    'a file of its own is not hashed',
    {
      ...same,
      edit: { down: 'other-sql', head: { ...revision('1'), downPath: 'm/1.down.sql' } },
      conventions: hashing,
    },
    ['m/1.down.sql: free'],
  ],
  ['edited-applied-rollback', 'up changes too', { ...same, edit: { up: 'other-sql', down: 'other-sql' } }, []],
  ['deleted-applied-migration', 'one file', { base: '1 2', head: '1' }, ['m/2_2.sql: deleted']],
  ['deleted-applied-migration', 'a squash is one finding', { base: '1 2 3 4 5 6 7', head: '1' }, ['m/2_2.sql: many']],
  ['renamed-applied-migration', 'another version', { base: '1:a 2:b', head: '1:a 3:b' }, ['m/3_b.sql: version']],
  ['renamed-applied-migration', 'another title, no hash', { base: '1:a', head: '1:b' }, []],
  [
    'renamed-applied-migration',
    'another title, hash',
    { base: '1:a', head: '1:b', conventions: hashing },
    ['m/1_b.sql: name (warning)'],
  ],
  ['renamed-applied-migration', 'a clash on the base is undone', { base: '1:a 2:b 2:c', head: '1:a 2:b 3:c' }, []],
  [
    'renamed-applied-migration',
    'a clash is no licence to renumber both',
    { base: '1:a 2:b 2:c', head: '1:a 3:b 4:c' },
    ['m/3_b.sql: version', 'm/4_c.sql: version'],
  ],
  [
    'renamed-applied-migration',
    'the repair must not clash again',
    { base: '1:a 2:b 2:c 3:d', head: '1:a 2:b 3:c 3:d' },
    ['m/3_c.sql: version'],
  ],
  ['out-of-order-migration', 'between two', { base: '1 3', head: '1 2 3' }, ['m/2_2.sql: late']],
  ['out-of-order-migration', 'at the end', { base: '1 3', head: '1 3 4' }, []],
  [
    'out-of-order-migration',
    'the tool applies late ones',
    { base: '1 3', head: '1 2 3', conventions: { lateVersion: 'applied' } },
    [],
  ],
  [
    'out-of-order-migration',
    'a graph has no order of names',
    { base: '1 3', head: '1 2 3', conventions: { lateVersion: 'graph' } },
    [],
  ],
  [
    'out-of-order-migration',
    'last in order, not in rank',
    { base: 'a@5 b@7', head: 'a@5 b@7 c@6' },
    ['m/c_c.sql: late'],
  ],
  ['out-of-order-migration', 'of the same rank', { base: 'a@5 b@7', head: 'a@5 b@7 c@7' }, ['m/c_c.sql: late']],
  ['out-of-order-migration', 'between two, and newest', { base: 'a@5 b@7', head: 'a@5 c@8 b@7' }, []],
  [
    'out-of-order-migration',
    'the newest applied is not the last',
    { base: 'a@9 b@7', head: 'a@9 b@7 c@8' },
    ['m/c_c.sql: late'],
  ],
  ['out-of-order-migration', 'a first history', { base: '', head: '1 2' }, []],
  ['out-of-order-migration', 'the same version is a clash, not late', { base: '1 2:b', head: '1 2:a 2:b' }, []],
  ['duplicate-migration-version', 'a newcomer', { base: '1 2:a', head: '1 2:a 2:b' }, ['m/2_b.sql: clash']],
  [
    'duplicate-migration-version',
    'two newcomers are one clash',
    { base: '1', head: '1 2:a 2:b' },
    ['m/2_b.sql: clash'],
  ],
  ['duplicate-migration-version', 'there before', { base: '1 2:a 2:b', head: '1 2:a 2:b 3' }, []],
  ['duplicate-migration-version', 'a third beside two', { base: '2:a 2:b', head: '2:a 2:b 2:c' }, ['m/2_c.sql: clash']],
  [
    'multiple-heads',
    'a fork',
    { base: 'a b<a', head: 'a b<a c<a', heads: { base: 'b', head: 'b c' } },
    ['m/c_c.sql: heads'],
  ],
  [
    'multiple-heads',
    'a fork that was there',
    { base: 'a b<a c<a', head: 'a b<a c<a d<c', heads: { base: 'b c', head: 'b d' } },
    [],
  ],
  ['multiple-heads', 'a merge', { base: 'a b<a c<a', head: 'a b<a c<a d<b,c', heads: { base: 'b c', head: 'd' } }, []],
  [
    'multiple-heads',
    'one that hangs in the air',
    { base: 'a', head: 'a c<x d<c', heads: { base: 'a', head: 'a d' } },
    [],
  ],
  ['broken-parent-link', 'a new one', { base: 'a', head: 'a c<x' }, ['m/c_c.sql: missing']],
  ['broken-parent-link', 'there before', { base: 'a c<x', head: 'a c<x d<a' }, []],
  ['broken-parent-link', 'the parent is deleted: that is said elsewhere', { base: 'a b<a', head: 'b<a' }, []],
  ['migration-version-gap', 'a hole', { base: '1 2', head: '1 2 4' }, ['m/4_4.sql: gap']],
  ['migration-version-gap', 'a hole within the new ones', { base: '1 2', head: '1 2 3 6' }, ['m/6_6.sql: gap']],
  ['migration-version-gap', 'a hole that was there', { base: '1 2 9', head: '1 2 7 9' }, []],
  ['migration-version-gap', 'a team that counts in tens', { base: '10 20', head: '10 20 30' }, []],
  ['migration-version-gap', 'the first of all', { base: '', head: '5' }, []],
  ['migration-version-gap', 'timestamps', { base: '1 2', head: '1 2 4', conventions: { numbering: 'timestamp' } }, []],
  [
    'migration-timestamp-in-future',
    'a far day',
    { base: '', head: '20260301000000', conventions: { numbering: 'timestamp' } },
    ['m/20260301000000_20260301000000.sql: future'],
  ],
  [
    'migration-timestamp-in-future',
    'tomorrow',
    { base: '', head: '20260116230000', conventions: { numbering: 'timestamp' } },
    [],
  ],
  [
    'migration-timestamp-in-future',
    'seconds since 1970',
    { base: '', head: '1893456000', conventions: { numbering: 'timestamp' } },
    ['m/1893456000_1893456000.sql: future'],
  ],
  [
    'migration-timestamp-in-future',
    'no date at all',
    { base: '', head: '99999999', conventions: { numbering: 'timestamp' } },
    [],
  ],
  [
    'checksum-manifest-not-updated',
    'left as it was',
    { base: '1', head: '1 2', config: { manifest: 'm/sum' } },
    ['m/sum: stale'],
  ],
  [
    'checksum-manifest-not-updated',
    'brought along',
    { base: '1', head: '1 2', config: { manifest: 'm/sum' }, changed: ['m/sum'] },
    [],
  ],
  [
    'checksum-manifest-not-updated',
    'the manifest lists up scripts only',
    { ...same, edit: { down: 'other-sql' }, config: { manifest: 'm/sum' } },
    [],
  ],
  ['checksum-manifest-not-updated', 'no manifest', { base: '1', head: '1 2' }, []],
  ['checksum-manifest-not-updated', 'nothing changed', { base: '1', head: '1', config: { manifest: 'm/sum' } }, []],
])('%s', (id, title, given, expected) => {
  test(title, () => expect(says(id, given)).toEqual(expected))
})
