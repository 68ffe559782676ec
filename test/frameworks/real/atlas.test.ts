import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { findingsOf } from '../findings.js'
import { repository } from '../tree.js'
import { goProgram, withTool } from './fetching.js'
import { ran } from './scene.js'

const VALIDATES = `package main

import (
	"fmt"
	"os"

	"ariga.io/atlas/sql/migrate"
)

func main() {
	dir, err := migrate.NewLocalDir(os.Args[1])
	if err == nil {
		err = migrate.Validate(dir)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
`

const fixture = repository('atlas-basic')
const BASE = Object.fromEntries(fixture.paths.map((path) => [path, fixture.read(path)?.text ?? '']))
const SUM = BASE['db/migrations/atlas.sum'] ?? ''

await withTool(goProgram('atlas-validate', 'ariga.io/atlas', 'v0.36.1', VALIDATES), (program) => {
  test.each([
    ['the fixture', {}, true],
    ['an edit', { 'db/migrations/20240110090000_authors.sql': 'SELECT 2;\n' }, false],
    ['a comment more', { 'db/migrations/20240110090000_authors.sql': '-- a\n' }, false],
    ['a late file', { 'db/migrations/20240111090000_late.sql': 'SELECT 1;\n' }, false],
    ['a new file', { 'db/migrations/20250101000000_new.sql': 'SELECT 1;\n' }, false],
    ['an ignored file before others', { 'db/migrations/2023_x.sql': '-- atlas:sum ignore\n\nSELECT 1;\n' }, false],
    ['a sum without its last line end', { 'db/migrations/atlas.sum': SUM.trimEnd() }, true],
    ['a sum with CRLF', { 'db/migrations/atlas.sum': SUM.replace(/\n/g, '\r\n') }, true],
    ['marks of a merge', { 'db/migrations/atlas.sum': `<<<<<<< a\n${SUM}` }, false],
  ])('the sum fits, or not, as Atlas finds: %s', async (_, change, fits) => {
    const files: Record<string, string> = { ...BASE, ...change }
    const folder = mkdtempSync(join(tmpdir(), 'dba-atlas-'))
    try {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), text)
      }
      const run = await ran(program, [join(folder, 'db/migrations')], folder)
      expect(run).toEqual({ done: fits, said: fits ? '' : expect.stringMatching(/checksum/) })
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const said = findingsOf(BASE, files).filter((line) => line.startsWith('checksum-manifest-not-updated'))
    expect(said).toHaveLength(fits ? 0 : 1)
  })
})
