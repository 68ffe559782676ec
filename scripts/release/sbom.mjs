import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The bill of materials of what a user installs, as npm writes it (`cyclonedx` or `spdx`). It is asked about a lock from which all
 * that is only for development was taken out: `npm sbom --omit dev` also leaves out what development needs as well.
 */
export function billOf(manifest, lock, format) {
  const published = { ...manifest, scripts: undefined, devDependencies: undefined }
  const top = { ...lock.packages[''], devDependencies: undefined }
  const used = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && dev !== true)
  const packages = { '': top, ...Object.fromEntries(used) }
  const scratch = mkdtempSync(join(tmpdir(), 'dba-release-'))
  try {
    writeFileSync(join(scratch, 'package.json'), JSON.stringify(published))
    writeFileSync(join(scratch, 'package-lock.json'), JSON.stringify({ ...lock, packages }))
    const args = ['sbom', '--sbom-format', format, '--package-lock-only']
    return execFileSync('npm', args, { cwd: scratch, encoding: 'utf8', maxBuffer: 1 << 26 })
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}
