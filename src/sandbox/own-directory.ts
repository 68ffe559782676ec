import { mkdir, stat } from 'node:fs/promises'

/** Creates the directory if need be; false when another user could have written into it. */
export async function ownDirectory(directory: string): Promise<boolean> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const { uid, mode } = await stat(directory)
    return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
  } catch {
    return false
  }
}
