import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Tool } from './tool.js'

const run = promisify(execFile)

/**
 * A program of Node that is written for the tests, with the packages that it is about; their install scripts, which fetch
 * programs from elsewhere, are not run. `version` is that of the first.
 */
export function nodeProgram(name: string, packages: readonly string[], source: string): Tool {
  return {
    name,
    version: packages[0]?.replace(/^.*@/, '') ?? '',
    needs: 'npm',
    program: 'program.mjs',
    async make(folder) {
      await run('npm', [
        'install',
        ...['--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps'],
        ...packages,
      ])
      await writeFile(join(folder, 'program.mjs'), source)
    },
  }
}
