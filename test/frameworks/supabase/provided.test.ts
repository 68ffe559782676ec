import { expect, test } from '@jest/globals'
import { findingsOf } from '../findings.js'

test('what Supabase provides in every database is not taken for unknown', () => {
  const base = { 'supabase/migrations/20240101000000_a.sql': 'create table public.a (id int);' }
  const text = `
create table public.notes (id bigint primary key, owner uuid not null references auth.users (id) on delete cascade);
alter table public.notes enable row level security;
create policy "owners read" on public.notes for select to authenticated using (owner = auth.uid());
create policy "files" on storage.objects for select to authenticated using (bucket_id = 'notes');
alter table auth.users enable row level security;
create index on storage.objects (bucket_id);
grant select on public.notes to anon, service_role;
`
  const said = findingsOf(base, { ...base, 'supabase/migrations/20240301000000_notes.sql': text })
  const unknown = (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => line.startsWith('unknown-object'))
  expect(unknown(said)).toEqual([])
  const wrong = { 'supabase/migrations/20240301000000_notes.sql': 'alter table public.nobody add column b int;' }
  expect(unknown(findingsOf(base, { ...base, ...wrong }))).toHaveLength(1)
})
