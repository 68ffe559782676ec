import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from '@jest/globals'

/** What a script takes from the built program, as `[file, name]`. */
function takenBy(script: string): readonly (readonly [file: string, name: string])[] {
  const imports = readFileSync(script, 'utf8').matchAll(/^import \{([^}]*)\} from '(\.[^']*\/dist\/[^']*)'/gm)
  return [...imports].flatMap(([, names = '', file = '']) =>
    names
      .split(',')
      .map((name) => name.trim().split(' as ')[0] ?? '')
      .filter((name) => name !== '')
      .map((name) => [resolve(dirname(script), file), name] as const),
  )
}

const scripts = readdirSync('scripts', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.mjs'))
  .map((path) => join('scripts', path))

test.each(scripts)('%s takes from the program what it has', (script) => {
  const missing = takenBy(script).filter(
    ([file, name]) =>
      !new RegExp(
        `^export (?:async )?(?:function\\*?|const|class|let) ${name}\\b|^export \\{[^}]*\\b${name}\\b`,
        'm',
      ).test(readFileSync(file, 'utf8')),
  )
  expect(missing).toEqual([])
})

test('the demo shows one pull request that should never be merged, and one that may', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['scripts/demo.mjs'], {
    env: { PATH: process.env['PATH'] },
  })
  const verdicts = stdout.split('\n').filter((line) => /^[✗✓].* example\/shop#\d/.test(line))
  expect(verdicts).toEqual([expect.stringMatching(/^✗ Blocked/), expect.stringMatching(/^✓/)])
}, 60_000)
