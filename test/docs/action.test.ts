import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config/load.js'
import { ACTION, INPUTS, MAJOR_BRANCH, workflowIn, wrongInReview } from '../support/workflow-checks.js'

const PATH = 'docs/action.md'
const PAGES = [PATH, 'README.md']
const FOLDER = 'fixtures/workflows'
const MARKERS = /(<!-- sample ([\w./-]+) -->\n)[^]*?(<!-- \/sample -->)/g

const read = (name: string): string => readFileSync(`${FOLDER}/${name}`, 'utf8')
const samples = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'))

/** A page with each sample as it is, and the names of those that it shows. */
function filled(text: string): { readonly text: string; readonly shown: readonly string[] } {
  const shown: string[] = []
  const filling = text.replace(MARKERS, (_, before: string, name: string, after: string) => {
    shown.push(name)
    return `${before}\n\`\`\`${name.endsWith('.json') ? 'json' : 'yaml'}\n${read(name)}\`\`\`\n\n${after}`
  })
  return { text: filling, shown }
}

test.each(PAGES)('%s shows the samples as they are', (path) => {
  const expected = filled(readFileSync(path, 'utf8')).text
  if (process.env['UPDATE'] === '1' && !process.env['CI']) writeFileSync(path, expected)
  expect(readFileSync(path, 'utf8')).toBe(expected)
})

test('every sample is shown', () => {
  const shown = PAGES.map((path) => filled(readFileSync(path, 'utf8')).shown)
  expect([...(shown[0] ?? [])].sort()).toEqual(
    [...samples, 'policies/monorepo.yml', 'rulesets/required-check.json'].sort(),
  )
  expect(shown[1]).toEqual(['minimal.yml'])
})

test.each(samples)('the sample %s may be copied', (name) => {
  expect(wrongInReview(read(name))).toEqual([])
})

test('the smallest has twelve lines', () => {
  expect(read('minimal.yml').trimEnd().split('\n')).toHaveLength(12)
})

test('the policy of the monorepo is one', () => {
  expect(loadConfig(read('policies/monorepo.yml'), 'dba.yml', [])).toHaveProperty('settings.postgres', 17)
})

test('the ruleset requires a job that the samples have, of GitHub Actions', () => {
  const { rules } = JSON.parse(read('rulesets/required-check.json')) as {
    rules: readonly {
      parameters: { required_status_checks?: readonly { context: string; integration_id: number }[] }
    }[]
  }
  const required = rules.flatMap(({ parameters }) => parameters.required_status_checks ?? [])
  // The number of the App "GitHub Actions" on github.com: https://api.github.com/apps/github-actions
  expect(required).toEqual([{ context: 'migrations', integration_id: 15368 }])
  for (const name of samples) expect(Object.keys(workflowIn(read(name)).jobs)).toEqual(['migrations'])
})

const declared = existsSync('action.yml') ? test : test.skip
declared('the samples and the documentation know the inputs that the Action has', () => {
  const { inputs } = parse(readFileSync('action.yml', 'utf8')) as { inputs: Readonly<Record<string, unknown>> }
  const named = [...readFileSync(PATH, 'utf8').matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name)
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(INPUTS))
  expect(named).toEqual(expect.arrayContaining(Object.keys(inputs)))
})

describe('what may not be shown is found', () => {
  const whole = read('service-container.yml')
  const spoiled: readonly (readonly [string, string, string])[] = [
    ['  merge_group:\n', '  merge_group:\n  pull_request_target:\n', 'it is triggered by pull_request_target'],
    ['  merge_group:\n', '', 'it is not triggered by merge_group'],
    ['  merge_group:\n', '  merge_group:\n  push:\n', 'it is triggered by push'],
    [', edited]', ']', 'a pull request that is edited is not looked at'],
    [
      '  merge_group:\n',
      "    paths: ['db/**']\n  merge_group:\n",
      'pull_request is filtered by paths, so that a required check would wait for ever',
    ],
    ['permissions: {}', 'permissions: write-all', 'the workflow as a whole is granted something'],
    ['permissions: {}\n', '', 'the workflow as a whole is granted something'],
    ['contents: read', 'contents: write', 'a job is granted contents: write'],
    ['contents: read', 'contents: read\n      id-token: write', 'a job is granted id-token: write'],
    ['contents: read', 'contents: read\n      security-events: write', 'a job is granted security-events: write'],
    [
      '    runs-on',
      '    if: github.actor != 0\n    runs-on',
      'the review has a condition, and what is skipped counts as passed',
    ],
    ['    runs-on', '    needs: build\n    runs-on', 'the review waits for another job, with which it is skipped'],
    ['    runs-on', '    strategy: {}\n    runs-on', 'the review is a matrix, whose runs write one comment'],
    ['    runs-on', '    continue-on-error: true\n    runs-on', 'a failed review does not fail the job'],
    ['ubuntu-latest', 'macos-latest', 'service containers need Linux'],
    ['fetch-depth: 0', 'fetch-depth: 2', 'the checkout may lack the merge base'],
    ['persist-credentials: false', 'persist-credentials: true', 'the checkout leaves its token on disk'],
    ['database-url:', 'database:', 'the Action has no input database'],
    ['${{ github.token }}', '${{ secrets.PAT }}', 'the Action is not given the token of the job'],
    ['--health-interval 1s', '--health-interval 10s', 'a service is asked too rarely whether it is ready'],
    ["'127.0.0.1:5432:5432'", "'5432:5432'", 'a service listens to others than the job: 5432:5432'],
    [
      'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1',
      'actions/checkout@v7',
      'not pinned to a commit with its version: - uses: actions/checkout@v7',
    ],
    [
      ' # v7.0.1',
      '',
      'not pinned to a commit with its version: - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1',
    ],
    [`${ACTION}@${MAJOR_BRANCH}`, `${ACTION}@main`, `not pinned to a commit with its version: - uses: ${ACTION}@main`],
    [
      `      - uses: ${ACTION}`,
      `      - run: echo "\${{ github.event.pull_request.title }}"\n      - uses: ${ACTION}`,
      'a script is put together by the template language: echo "${{ github.event.pull_request.title }}"',
    ],
  ]

  test.each(spoiled)('%j → %j', (from, to, wrong) => {
    expect(whole).toContain(from)
    expect(wrongInReview(whole.replace(from, () => to))).toEqual([wrong])
  })
})
