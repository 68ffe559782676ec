import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a file whole or not at all: whoever reads it sees the old text or the new one. It keeps its mode. */
export async function replaceFile(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const mode = await stat(path).then(
    (found) => found.mode & 0o777,
    () => 0o644,
  )
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeFile(draft, text, { mode, flag: 'wx' })
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
