import { constants } from 'node:fs'
import { lstat, mkdir, open, realpath } from 'node:fs/promises'
import { join, posix } from 'node:path'
import type { Problem } from './runner.js'

/** A path inside a folder, without detours; null for one that leads out of it, or could. */
export function insidePath(given: string): string | null {
  if (/[\p{Cc}\\]/u.test(given) || given.startsWith('/') || /^[A-Za-z]:/.test(given)) return null
  if (given.split('/').includes('..')) return null
  const path = posix.normalize(given).replace(/\/+$/, '')
  return path === '.' || path === '' ? null : path
}

/**
 * Writes a file inside a folder. A pull request decides what lies there, so nothing that is a link is followed: neither the file nor
 * a folder on the way to it.
 */
export async function writeInside(top: string, path: string, text: string): Promise<null | Problem> {
  const parts = path.split('/')
  let folder = await realpath(top)
  for (const part of parts.slice(0, -1)) {
    folder = join(folder, part)
    const found = await lstat(folder).catch(() => null)
    if (found === null) await mkdir(folder)
    else if (!found.isDirectory()) return { problem: `${path} was not written: ${part} is not a folder.` }
  }
  const file = join(folder, parts.at(-1) ?? '')
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW, O_NONBLOCK } = constants
  try {
    await using handle = await open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    if (!(await handle.stat()).isFile()) return { problem: `${path} was not written: it is not a regular file.` }
    await handle.writeFile(text)
    return null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ELOOP' ? 'it is a symbolic link' : `it cannot be opened (${code})`
    return { problem: `${path} was not written: ${why}.` }
  }
}
