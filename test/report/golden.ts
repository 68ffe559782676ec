import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from '@jest/globals'

/** Compares with a file of `golden/`; `UPDATE=1` writes it anew, except where nobody would read the difference. */
export function expectGolden(name: string, actual: string): void {
  const path = fileURLToPath(new URL(`golden/${name}`, import.meta.url))
  if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(path, actual)
  expect(existsSync(path) ? readFileSync(path, 'utf8') : `${name} is not there; make it with UPDATE=1`).toBe(actual)
}
