import { mkdir, stat } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** A folder of one's own for what the tests keep of PostgreSQL, open to the account that a server runs as. */
export async function ownCache(): Promise<{ readonly folder: string } | { readonly missing: string }> {
  const folder = join(tmpdir(), `dba-test-postgres-${userInfo().username.replace(/\W/g, '_')}`)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  if ((await stat(folder)).uid !== process.getuid?.()) return { missing: `${folder} belongs to somebody else` }
  return { folder }
}
