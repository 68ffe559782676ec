import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import ts from 'typescript'

const SRC = resolve('src')

/** Who may import whom: a folder may import itself and what its row lists. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  source: [],
  model: ['source'],
  sql: ['model', 'source'],
  catalog: ['model', 'source'],
  frameworks: ['model', 'source', 'sql'],
  rules: ['model', 'source'],
  sandbox: ['model', 'source'],
  report: ['model', 'source'],
  config: ['model', 'source'],
  statistics: ['model', 'source'],
  lint: ['model', 'source', 'catalog', 'rules'],
  rehearsal: ['model', 'source', 'catalog', 'sandbox/sandbox.ts'],
  review: [
    'model',
    'source',
    'sql',
    'frameworks',
    'rules',
    'config',
    'statistics/file.ts',
    'lint',
    'rehearsal',
    'sandbox/sandbox.ts',
  ],
  commands: ['model', 'source', 'rules/index.ts', 'rules/rule.ts', 'review', 'report', 'config'],
  native: ['model', 'source', 'rehearsal/native.ts', 'rehearsal/plan.ts', 'sandbox/sandbox.ts'],
  git: ['model', 'source'],
  github: ['model', 'source', 'report'],
  server: [
    'model',
    'source',
    'report',
    'config',
    'review',
    'github',
    'commands',
    'rules/index.ts',
    'sandbox/choose.ts',
    'sandbox/account.ts',
    'sandbox/binaries.ts',
    'sandbox/process-table.ts',
  ],
  cli: [
    'model',
    'source',
    'sql',
    'frameworks',
    'rules',
    'sandbox',
    'report',
    'config',
    'statistics',
    'review',
    'rehearsal',
    'native',
    'git',
    'github',
    'server/credential.ts',
  ],
  action: [
    'model',
    'source',
    'report',
    'config',
    'review',
    'native/tools.ts',
    'git',
    'github',
    'rules/index.ts',
    'sandbox/choose.ts',
    'sandbox/roomy.ts',
  ],
}

/** The one place where a thing may be. */
const ONLY_IN: readonly { readonly what: RegExp; readonly where: readonly string[] }[] = [
  {
    what: /^(libpg-query(-\d+)?|pg-query-emscripten)(\/|$)/,
    where: ['sql/parse.ts', 'sql/tokens.ts', 'sql/second-reader.ts'],
  },
  { what: /^handlebars$/, where: ['report/render.ts'] },
  { what: /^@octokit\//, where: ['github/'] },
  { what: /^commander$/, where: ['cli.ts'] },
  { what: /^probot$/, where: ['app.ts'] },
  { what: /^@actions\//, where: ['action.ts'] },
  { what: /^(@electric-sql\/pglite)(\/|$)/, where: ['sandbox/'] },
  { what: /^pg$/, where: ['sandbox/', 'server/', 'statistics/session.ts'] },
  { what: /^(graphile-worker|prom-client)$/, where: ['server/'] },
  { what: /^dockerode$/, where: ['sandbox/'] },
  { what: /^(node:)?child_process$/, where: ['sandbox/', 'native/', 'git/', 'server/'] },
  { what: /^(mdast-util-|micromark)/, where: ['commands/plain-lines.ts'] },
  { what: /^(@lezer\/)/, where: ['frameworks/alembic/python/'] },
]

/** What only the doors touch; others are handed values. */
const DOORS = [
  'action.ts',
  'app.ts',
  'cli.ts',
  'native/launcher.ts',
  'review/analysis-worker.ts',
  'sandbox/pglite-child.ts',
]
const AMBIENT = /\b(process\.(env|exit|argv)|Date\.now|new Date\(\)|Math\.random|console\.)/

const files = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(SRC, join(entry.parentPath, entry.name)))

const sources = files(SRC).map((path) => {
  const text = readFileSync(join(SRC, path), 'utf8')
  const imports = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)
  return { path, text, imports }
})

const folderOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : path.replace('.ts', ''))

describe('layers', () => {
  test.each(sources.filter(({ path }) => path.includes('/')).map((source) => [source.path, source] as const))(
    '%s',
    (path, source) => {
      const allowed = LAYERS[folderOf(path)]
      expect(allowed).toBeDefined()
      const wrong = source.imports
        .filter((name) => name.startsWith('.') && name.endsWith('.js'))
        .map((name) => relative(SRC, resolve(SRC, path, '..', name)).replace(/\.js$/, '.ts'))
        .filter((target) => folderOf(target) !== folderOf(path))
        .filter((target) => !allowed?.some((row) => row === target || row === folderOf(target)))
      expect(wrong).toEqual([])
    },
  )
})

test('each outside thing has one place', () => {
  const wrong = sources.flatMap(({ path, imports }) =>
    imports
      .filter((name) =>
        ONLY_IN.some(({ what, where }) => what.test(name) && !where.some((place) => path.startsWith(place))),
      )
      .map((name) => `${path} imports ${name}`),
  )
  expect(wrong).toEqual([])
})

test('only doors touch the clock, the environment and the console', () => {
  const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  const wrong = sources
    .filter(({ path, text }) => !DOORS.includes(path) && AMBIENT.test(code(text)))
    .map(({ path }) => path)
  expect(wrong).toEqual([])
})

test('what rehearses loads nothing that reads: a parser lives in a thread that can be ended, and is not waited for twice', () => {
  const reached = new Set<string>()
  const reach = (path: string): void => {
    if (reached.has(path)) return
    reached.add(path)
    const text = sources.find((source) => source.path === path)?.text ?? ''
    for (const [, name = ''] of text.matchAll(/^(?:import|export) (?!type\b)[^'"]*?from '(\.[^']+)'/gm)) {
      reach(relative(SRC, resolve(SRC, path, '..', name)).replace(/\.js$/, '.ts'))
    }
  }
  reach('server/review-child.ts')
  expect(reached).toContain('rehearsal/rehearse.ts')
  expect([...reached].filter((path) => ['frameworks', 'sql', 'catalog'].includes(folderOf(path)))).toEqual([])
})

test('a pass is made in one place', () => {
  const wrong = sources.filter(({ text }) => /'success'/.test(text)).map(({ path }) => path)
  expect(wrong.sort()).toEqual(['model/review.ts', 'review/conclude.ts'])
})

/** Lists that are as long as what they list. */
const REGISTRIES = ['rules/index.ts']

test('files keep their size', () => {
  const budget = (path: string): number =>
    REGISTRIES.includes(path) ? Infinity : path.startsWith('rules/') && path !== 'rules/rule.ts' ? 150 : 400
  const over = sources
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > budget(path))
  expect(over).toEqual([])
})
