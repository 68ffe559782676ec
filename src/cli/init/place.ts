import { constants } from 'node:fs'
import { lstat, mkdir, open, readFile, realpath, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Draft } from './files.js'

/** What became of a file: `same` when it was there already, letter for letter; `kept` when it was there and says something else. */
export type Outcome = 'written' | 'replaced' | 'same' | 'kept'

/** What would become of it. */
export async function outcomeOf(top: string, { path, text }: Draft, force: boolean): Promise<Outcome> {
  const file = join(top, path)
  const found = await lstat(file).catch(() => null)
  if (found === null) return 'written'
  if (found.isFile() && (await readFile(file, 'utf8')) === text) return 'same'
  return force ? 'replaced' : 'kept'
}

/** Puts a file into the repository, never through a link; the reason when its folder is none of the repository's own. */
export async function place(top: string, { path, text }: Draft): Promise<{ readonly problem: string } | null> {
  const file = join(top, path)
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  if ((await realpath(folder)) !== join(await realpath(top), dirname(path))) {
    return { problem: `${dirname(path)} is a link to somewhere else; nothing is written through it.` }
  }
  // Renamed into its place, so that a link there is replaced and not followed, and nobody reads half a file.
  const draft = `${file}.${process.pid}.tmp`
  const handle = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
  try {
    await handle.writeFile(text)
  } finally {
    await handle.close()
  }
  await rename(draft, file)
  return null
}
