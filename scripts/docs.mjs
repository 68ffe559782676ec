// Writes the pages on rules, docs/rules/: what each rule is, from its own description and its fixtures. Pages of rules that are
// no more go. `npm run docs` after a rule has been added or reworded.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { examplesOf } from '../dist/cli/examples.js'
import { ruleDocs } from '../dist/report/rule-docs.js'
import { named } from '../dist/rules/index.js'

const folder = fileURLToPath(new URL('../docs/rules/', import.meta.url))
const facts = named.map(({ meta, defaults }) => ({ ...meta, options: defaults }))
const pages = ruleDocs(facts, examplesOf)

mkdirSync(folder, { recursive: true })
for (const name of readdirSync(folder)) if (!pages.has(name)) rmSync(join(folder, name))
for (const [name, text] of pages) writeFileSync(join(folder, name), text)
console.log(`${pages.size} pages in docs/rules`)
