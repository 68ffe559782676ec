import { createRequire } from 'node:module'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { routed, type Effect } from '../../src/server/events.js'

const APP = 25_811

interface Recorded {
  readonly name: string
  readonly examples: readonly Readonly<Record<string, unknown>>[]
}
/** The package is one JSON file. */
const recorded = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Recorded[]

function example(event: string, action: string): Readonly<Record<string, unknown>> {
  const all = recorded.find(({ name }) => name === event)?.examples ?? []
  const found =
    all.find((each) => each['action'] === action && 'installation' in each) ??
    all.find((each) => each['action'] === action)
  if (found === undefined) throw new Error(`there is no recorded ${event}.${action}`)
  return { installation: { id: 5 }, ...found }
}

const effects = (event: string, payload: unknown): readonly Effect[] => {
  const result = routed(event, payload, APP)
  return 'effects' in result ? result.effects.filter(({ kind }) => kind !== 'repository') : []
}
const brief = (effect: Effect): string =>
  [
    effect.kind,
    ...('subject' in effect ? [effect.subject.subject] : []),
    ...('lane' in effect ? [effect.lane] : []),
    ...('atOnce' in effect && effect.atOnce ? ['at once'] : []),
    ...('button' in effect ? [effect.button] : []),
    ...('branch' in effect ? [effect.branch, effect.all ? 'all' : 'with migrations'] : []),
  ].join(' ')

const REPOSITORY = { id: 9, name: 'shop', owner: { login: 'acme' } }
const place = { installation: { id: 5 }, repository: REPOSITORY }
const sha = 'a'.repeat(40)
const ann = { id: 7, login: 'ann', type: 'User' }
const comment = (over: object = {}, body = '/dba help'): object => ({
  action: 'created',
  ...place,
  issue: { number: 3, pull_request: {} },
  comment: { id: 11, body, user: ann, performed_via_github_app: null, ...over },
  sender: ann,
})
const run = (over: object): object => ({
  ...place,
  check_run: { head_sha: sha, app: { id: APP } },
  sender: ann,
  ...over,
})
const pushed = (over: object): object => ({
  ...place,
  ref: 'refs/heads/main',
  deleted: false,
  commits: [{ modified: ['a.txt'] }],
  ...over,
})

describe('recorded deliveries', () => {
  test.each([
    ['pull_request', 'opened', 'pushed, want pull/2 event at once'],
    ['pull_request', 'reopened', 'want pull/2 event at once'],
    ['pull_request', 'synchronize', 'pushed, want pull/2 event'],
    ['pull_request', 'ready_for_review', 'want pull/2 event'],
    ['pull_request', 'converted_to_draft', 'want pull/2 event'],
    ['pull_request', 'closed', 'want pull/2 event'],
    ['pull_request', 'labeled', ''],
    ['pull_request', 'assigned', ''],
    ['merge_group', 'checks_requested', 'group'],
    ['installation', 'created', 'installed'],
    ['installation', 'deleted', 'removed'],
    ['installation', 'suspend', 'suspended'],
    ['installation', 'unsuspend', 'resumed'],
    ['installation_repositories', 'removed', 'repository-gone'],
    ['issue_comment', 'edited', ''],
    ['issue_comment', 'deleted', ''],
    ['repository', 'privatized', ''],
  ])('%s.%s → %s', (event, action, wanted) => {
    const found = effects(event, example(event, action)).map(brief)
    expect([...new Set(found)].map((each) => each.replace(/pull\/\d+/, 'pull/2')).join(', ')).toBe(wanted)
  })

  test('a repository is known by its name wherever one is named', () => {
    const result = routed('installation', example('installation', 'created'), APP)
    expect('effects' in result && result.effects.filter(({ kind }) => kind === 'repository').length).toBeGreaterThan(0)
  })
})

test.each<[string, string, object, readonly string[]]>([
  [
    'a new base',
    'pull_request',
    { action: 'edited', ...place, pull_request: { number: 3 }, changes: { base: { ref: { from: 'old' } } } },
    ['want pull/3 event at once'],
  ],
  [
    'another text, which may link an issue',
    'pull_request',
    { action: 'edited', ...place, pull_request: { number: 3 }, changes: { body: { from: '' } } },
    ['want pull/3 event'],
  ],
  [
    'another title',
    'pull_request',
    { action: 'edited', ...place, pull_request: { number: 3 }, changes: { title: { from: 'x' } } },
    [],
  ],
  ['a command', 'issue_comment', comment(), ['command']],
  ['a comment without one', 'issue_comment', comment({}, 'looks good'), []],
  ['a comment of a bot', 'issue_comment', comment({ user: { ...ann, type: 'Bot' } }), []],
  ['a comment by an App on behalf of a person', 'issue_comment', comment({ performed_via_github_app: { id: 1 } }), []],
  ['a comment whose sender is somebody else', 'issue_comment', { ...comment(), sender: { id: 8, login: 'eve' } }, []],
  ['an edited comment', 'issue_comment', { ...comment(), action: 'edited' }, []],
  ['a comment on an issue', 'issue_comment', { ...comment(), issue: { number: 3 } }, []],
  ['a deleted user', 'issue_comment', comment({ user: null }), []],
  ['Re-run of our check run', 'check_run', run({ action: 'rerequested' }), ['rerequest']],
  [
    "Re-run of somebody else's",
    'check_run',
    { ...run({ action: 'rerequested' }), check_run: { head_sha: sha, app: { id: 1 } } },
    [],
  ],
  [
    'a button',
    'check_run',
    run({ action: 'requested_action', requested_action: { identifier: 'explain' } }),
    ['button explain'],
  ],
  [
    'a button that we do not have',
    'check_run',
    run({ action: 'requested_action', requested_action: { identifier: 'merge' } }),
    [],
  ],
  ['our own check run, completed', 'check_run', run({ action: 'completed' }), []],
  [
    'Re-run all checks',
    'check_suite',
    { action: 'rerequested', ...place, check_suite: { head_sha: sha, app: { id: APP } }, sender: ann },
    ['rerequest'],
  ],
  [
    'a group that is no more',
    'merge_group',
    { action: 'destroyed', ...place, merge_group: { head_sha: sha, base_sha: sha } },
    ['group-gone'],
  ],
  ['a push', 'push', pushed({}), ['want-base main with migrations']],
  [
    'a push that changes the policy',
    'push',
    pushed({ commits: [{ added: ['.github/dba.yml'] }] }),
    ['want-base main all'],
  ],
  [
    'a push of more commits than are listed',
    'push',
    pushed({ commits: Array.from({ length: 20 }, () => ({})) }),
    ['want-base main all'],
  ],
  ['a push to a branch of the merge queue', 'push', pushed({ ref: 'refs/heads/gh-readonly-queue/main/pr-1-abc' }), []],
  ['a tag', 'push', pushed({ ref: 'refs/tags/v1' }), []],
  ['a branch that is deleted', 'push', pushed({ deleted: true }), []],
  ['an event that nobody asked for', 'star', { action: 'created', ...place }, []],
  ['an event by the name of what every object has', 'constructor', { action: 'opened', ...place }, []],
])('%s', (_, event, payload, wanted) => {
  expect(effects(event, payload).map(brief)).toEqual(wanted)
})

test.each<[string, unknown]>([
  ['nothing', null],
  ['a list', []],
  ['no installation', { action: 'opened', repository: REPOSITORY, pull_request: { number: 1 } }],
  ['no repository', { action: 'opened', installation: { id: 5 }, pull_request: { number: 1 } }],
  [
    'an id that is too large for a number',
    {
      action: 'opened',
      installation: { id: 5 },
      repository: { ...REPOSITORY, id: 2 ** 60 },
      pull_request: { number: 1 },
    },
  ],
  ['number 0', { action: 'opened', ...place, pull_request: { number: 0 } }],
  ['number -1', { action: 'opened', ...place, pull_request: { number: -1 } }],
  ['a prototype', JSON.parse('{"action":"opened","__proto__":{"installation":{"id":5}}}')],
])('%s comes to nothing, with the reason', (_, payload) => {
  const result = routed('pull_request', payload, APP)
  expect('ignored' in result && result.ignored).toMatch(/\w+/)
})

test('no payload whatever makes it throw', () => {
  const events = recorded.map(({ name }) => name)
  fc.assert(
    fc.property(
      fc.constantFrom(...events),
      fc.object({
        maxDepth: 4,
        key: fc.constantFrom(
          'action',
          'installation',
          'id',
          'repository',
          'pull_request',
          'number',
          'comment',
          'issue',
          'changes',
          'check_run',
        ),
      }),
      (event, payload) => {
        expect(routed(event, payload, APP)).toBeDefined()
      },
    ),
  )
})
