import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { LARGEST_FILE, tooLarge } from '../source/source-text.js'
import type { Blob } from '../model/open-snapshot.js'

/** Reads a file of the working tree, and nothing that a link leads to. `top` is the real path of the tree's top. */
export function readWorkingFile(top: string, path: string): Blob {
  const parts = path.split('/')
  const folder = join(top, ...parts.slice(0, -1))
  const file = join(top, ...parts)
  // Synchronous: for thousands of small files that is several times faster, and opening never waits.
  try {
    if (realpathSync.native(folder) !== folder) return { reason: 'file is in a folder that is a symbolic link' }
    const before = lstatSync(file)
    if (before.isSymbolicLink()) return { reason: 'file is a symbolic link' }
    if (before.isDirectory()) return { reason: 'file is a folder' }
    if (!before.isFile()) return { reason: 'file is not a regular file' }
    return readRegular(file)
  } catch (error) {
    // Between listing and reading a file can vanish or turn into something else: that is the tree's state, not a fault here.
    return { reason: `file cannot be read (${(error as NodeJS.ErrnoException).code})` }
  }
}

/** Opens without following a link and without waiting on a pipe, then makes sure of what was opened. */
function readRegular(file: string): Blob {
  const handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const opened = fstatSync(handle)
    if (!opened.isFile()) return { reason: 'file is not a regular file' }
    if (opened.size > LARGEST_FILE) return tooLarge(opened.size)
    const bytes = Buffer.alloc(opened.size + 1)
    let length = 0
    for (let got = -1; got !== 0 && length < bytes.length; length += got) {
      got = readSync(handle, bytes, length, bytes.length - length, null)
    }
    return length > opened.size ? { reason: 'file grows while it is read' } : bytes.subarray(0, length)
  } finally {
    closeSync(handle)
  }
}
