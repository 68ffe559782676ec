import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Rehearsal } from '../../../src/model/evidence.js'
import { entriesOf, type FileEntries } from '../../../src/model/file-set.js'
import type { Settings } from '../../../src/model/settings.js'
import { openAnalyst, type Analyst } from '../../../src/review/analyst.js'
import { rehearseAll } from '../../../src/review/review.js'
import { pglite } from '../../../src/sandbox/pglite.js'
import { DEFAULTS } from '../../support/settings.js'
import { repository } from '../tree.js'

const never = new AbortController().signal
let analyst: Analyst
beforeAll(() => {
  analyst = openAnalyst()
})
afterAll(() => analyst.close())

const PHOTOS = 'supabase/migrations/20250302080000_photos.sql'
const SECRETS = 'supabase/migrations/20250303080000_secrets.sql'
const album = entriesOf(repository('supabase-provided'))

function without(entries: FileEntries, ...paths: readonly string[]): FileEntries {
  return new Map([...entries].filter(([path]) => !paths.includes(path)))
}

async function rehearsed(
  base: FileEntries,
  head: FileEntries,
  settings: Partial<Settings> = {},
): Promise<readonly Rehearsal[]> {
  const all = { ...DEFAULTS, ...settings }
  const analysis = await analyst.analyse({ base, head, settings: all, today: '2025-03-04', mode: 'pull' }, never)
  const means = { sandbox: pglite(), signal: never, progress: () => undefined }
  return rehearseAll(analysis.plans, all, means)
}

test.each([
  ['of everything', new Map()],
  ['of the newest on a replayed history', without(album, SECRETS)],
  ['of two on a replayed history', without(album, PHOTOS, SECRETS)],
])('a rehearsal %s finds what Supabase provides', async (_, base: FileEntries) => {
  const seen = await rehearsed(base, album)
  expect(seen.map(({ verdict, reason, skipped }) => [verdict, reason, skipped])).toEqual(
    seen.map(() => ['no-down', 'there is no down script', []]),
  )
  expect(seen.length).toBeGreaterThan(0)
})

test('what Supabase provides is no migration: it is not rehearsed, and no change of the schema', async () => {
  const [first] = await rehearsed(new Map(), album)
  expect(first?.revision.id).toBe('20250301080000')
  const tables = first?.schema?.changes.filter(({ kind }) => kind === 'table').map(({ name }) => name)
  expect(tables).toEqual(['public.profiles'])
})

test('rows of users are among those that a migration meets', async () => {
  const text = 'alter table public.profiles add age int not null;'
  const path = 'supabase/migrations/20250304080000_age.sql'
  const [seen] = await rehearsed(album, new Map([...album, [path, { text }]]))
  expect(seen?.dataDependent?.message ?? seen?.reason).toContain(
    'column "age" of relation "profiles" contains null values',
  )
})

test('a table that the sketch lacks is left out of a history as before, and told', async () => {
  const path = 'supabase/migrations/20250304080000_flow.sql'
  const later = 'supabase/migrations/20250305080000_note.sql'
  const base = new Map([...album, [path, { text: 'create index on auth.flow_state (user_id);' }]])
  const [seen] = await rehearsed(
    base,
    new Map([...base, [later, { text: 'alter table public.photos add note text;' }]]),
  )
  expect(seen?.skipped.map(({ reason, at }) => `${at.path}: ${reason}`)).toEqual([
    `${path}: relation "auth.flow_state" does not exist`,
  ])
})

test('a baseline of the team takes the place of the sketch', async () => {
  const dump = `create schema auth; create table auth.users (id uuid primary key, tenant int);
create table public.profiles (id uuid primary key references auth.users (id));`
  const base = new Map([...album, ['supabase/baseline.sql', { text: dump }]])
  const path = 'supabase/migrations/20250304080000_tenant.sql'
  const text =
    'alter table public.profiles add tenant int; select tenant from auth.users; select 1 from storage.objects;'
  const [seen] = await rehearsed(base, new Map([...base, [path, { text }]]), { baseline: 'supabase/baseline.sql' })
  expect([seen?.verdict, seen?.reason]).toEqual(['up-fails', 'relation "storage.objects" does not exist'])
})
