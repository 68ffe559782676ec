import { digestOf } from './digest.js'
import type { Lane } from './lanes.js'
import type { Subject } from './subjects.js'

/** What an event of GitHub's makes necessary. Only ids are taken from it: what is true is asked for later. */
export type Effect =
  | {
      readonly kind: 'want'
      readonly subject: Subject
      readonly lane: Lane
      /** Nothing more is waited for: its head may bear a green check run that was made for another question. */
      readonly atOnce: boolean
    }
  /** Somebody asked for another review of every open pull request with this head. */
  | ({ readonly kind: 'rerequest'; readonly head: string; readonly user: Person } & Place)
  /** Every open pull request into this branch: all, or those with migrations. */
  | ({ readonly kind: 'want-base'; readonly branch: string; readonly all: boolean } & Place)
  | ({ readonly kind: 'group'; readonly head: string; readonly base: string } & Place)
  | ({ readonly kind: 'group-gone'; readonly head: string } & Place)
  | ({ readonly kind: 'command' } & Command & Place)
  | ({ readonly kind: 'button'; readonly button: Button; readonly head: string; readonly user: Person } & Place)
  | { readonly kind: 'installed'; readonly installation: number; readonly account: string | null }
  | { readonly kind: 'suspended' | 'resumed' | 'removed'; readonly installation: number }
  | ({ readonly kind: 'repository'; readonly owner: string; readonly name: string } & Place)
  | ({ readonly kind: 'repository-gone' } & Place)
  | ({ readonly kind: 'pushed'; readonly pull: number; readonly user: Person } & Place)

export interface Place {
  readonly installation: number
  readonly repository: number
}
export interface Person {
  readonly id: number
  readonly login: string
}
/** A comment that may hold commands; its text is read again from GitHub before anything is done. */
export interface Command {
  readonly pull: number
  readonly comment: number
  readonly author: Person
  /** SHA-256 of the text as it came, in hexadecimal. */
  readonly digest: string
}
/** The buttons of a check run, by the identifiers that they have there. */
export const BUTTONS = ['rerun', 'explain', 'approval'] as const
export type Button = (typeof BUTTONS)[number]

/** What an event comes to, or why it comes to nothing. */
export type Routed = { readonly effects: readonly Effect[] } | { readonly ignored: string }

/** Where the policy is kept, for a push that changes it. */
const POLICY_PATH = '.github/dba.yml'
/** GitHub lists the files of so many commits of a push; of more, nobody knows what they change. */
const MOST_COMMITS = 20

/** Tells what an event makes necessary (https://docs.github.com/webhooks/webhook-events-and-payloads). Never throws, whatever the payload is. */
export function routed(event: string, payload: unknown, appId: number): Routed {
  const root = at(payload)
  const action = root.text('action') ?? ''
  const installation = root.at('installation').id('id')
  if (installation === null) return { ignored: 'it names no installation' }
  if (event === 'installation') return installationEvent(action, installation, root)
  if (event === 'installation_repositories') return repositoriesEvent(installation, root)
  const place = placeOf(installation, root.at('repository'))
  if (place === null) return { ignored: 'it names no repository' }
  const route = Object.hasOwn(ROUTES, event) ? ROUTES[event] : undefined
  const effects = route?.(action, root, place, appId) ?? []
  if (effects.length === 0) return { ignored: `${event}${action === '' ? '' : `.${action}`} changes nothing here` }
  return { effects: [...known(place, root.at('repository')), ...effects] }
}

type Route = (action: string, root: Value, place: Place, appId: number) => readonly Effect[]

const ROUTES: Readonly<Record<string, Route>> = {
  pull_request: pullRequest,
  issue_comment: issueComment,
  check_run: checkRun,
  check_suite: (action, root, place, appId) => {
    const head = root.at('check_suite').sha('head_sha')
    const ours = root.at('check_suite').at('app').id('id') === appId
    const user = personOf(root.at('sender'))
    return action === 'rerequested' && head !== null && ours && user !== null
      ? [{ kind: 'rerequest', head, user, ...place }]
      : []
  },
  merge_group: (action, root, place) => {
    const group = root.at('merge_group')
    const head = group.sha('head_sha')
    const base = group.sha('base_sha')
    if (head === null || base === null) return []
    if (action === 'destroyed') return [{ kind: 'group-gone', head, ...place }]
    return action === 'checks_requested' ? [{ kind: 'group', head, base, ...place }] : []
  },
  push,
  repository: (action, _, place) => (action === 'deleted' ? [{ kind: 'repository-gone', ...place }] : []),
}

/** A draft is judged too: its head would carry an old check, or none. */
const PULL_ACTIONS = ['opened', 'reopened', 'synchronize', 'ready_for_review', 'converted_to_draft', 'closed']

/** What asks about a head anew, though no commit came. */
const NEW_QUESTIONS = ['opened', 'reopened']

/** What is sent by whoever put the head where it is: nobody agrees to what they pushed. */
const PUSHES = ['opened', 'synchronize']

function pullRequest(action: string, root: Value, place: Place): readonly Effect[] {
  const number = root.at('pull_request').id('number')
  if (number === null) return []
  const changes = root.at('changes')
  // Another base is another comparison; another text may link another issue.
  const edited = action === 'edited' && (changes.has('base') || changes.has('body'))
  if (!edited && !PULL_ACTIONS.includes(action)) return []
  const user = PUSHES.includes(action) ? personOf(root.at('sender')) : null
  const pushed: readonly Effect[] = user === null ? [] : [{ kind: 'pushed', pull: number, user, ...place }]
  const atOnce = NEW_QUESTIONS.includes(action) || changes.has('base')
  return [...pushed, { kind: 'want', subject: { ...place, subject: `pull/${number}` }, lane: 'event', atOnce }]
}

function issueComment(action: string, root: Value, place: Place): readonly Effect[] {
  const issue = root.at('issue')
  const comment = root.at('comment')
  const [pull, id, body] = [issue.id('number'), comment.id('id'), comment.text('body')]
  const author = personOf(comment.at('user'))
  // What was edited, by whomever, may say what its author never said.
  if (action !== 'created' || !issue.has('pull_request')) return []
  if (pull === null || id === null || body === null || author === null) return []
  if (comment.at('user').text('type') !== 'User' || comment.has('performed_via_github_app')) return []
  if (root.at('sender').id('id') !== author.id || !COMMAND.test(body)) return []
  return [{ kind: 'command', pull, comment: id, author, digest: digestOf(body), ...place }]
}

/** What may be a command; the Markdown decides. */
const COMMAND = /\/dba\b/i

/** The command that a comment as it is now may hold; null when it is none, or was edited. */
export function commandIn(
  pull: number,
  comment: {
    readonly id: number
    readonly body: string
    readonly author: (Person & { readonly type: string }) | null
    readonly app: number | null
    readonly createdAt: Date
    readonly updatedAt: Date
  },
): Command | null {
  const { id, body, author, app, createdAt, updatedAt } = comment
  if (author === null || author.type !== 'User' || app !== null || !COMMAND.test(body)) return null
  if (updatedAt.getTime() > createdAt.getTime()) return null
  return { pull, comment: id, author: { id: author.id, login: author.login }, digest: digestOf(body) }
}

function checkRun(action: string, root: Value, place: Place, appId: number): readonly Effect[] {
  const run = root.at('check_run')
  const head = run.sha('head_sha')
  if (head === null || run.at('app').id('id') !== appId) return []
  const user = personOf(root.at('sender'))
  if (user === null) return []
  if (action === 'rerequested') return [{ kind: 'rerequest', head, user, ...place }]
  const button = BUTTONS.find((name) => name === root.at('requested_action').text('identifier'))
  if (action !== 'requested_action' || button === undefined) return []
  return [{ kind: 'button', button, head, user, ...place }]
}

function push(_: string, root: Value, place: Place): readonly Effect[] {
  const branch = /^refs\/heads\/(.+)$/.exec(root.text('ref') ?? '')?.[1]
  if (branch === undefined || branch.startsWith('gh-readonly-queue/') || root.is('deleted', true)) return []
  const commits = root.list('commits')
  const touched = commits.flatMap((commit) => ['added', 'modified', 'removed'].flatMap((name) => commit.texts(name)))
  const all = commits.length === 0 || commits.length >= MOST_COMMITS || touched.includes(POLICY_PATH)
  return [{ kind: 'want-base', branch, all, ...place }]
}

function installationEvent(action: string, installation: number, root: Value): Routed {
  switch (action) {
    case 'created':
      return {
        effects: [
          { kind: 'installed', installation, account: root.at('installation').at('account').text('login') },
          ...root.list('repositories').flatMap((repository) => listed(installation, repository)),
        ],
      }
    case 'deleted':
      return { effects: [{ kind: 'removed', installation }] }
    case 'suspend':
      return { effects: [{ kind: 'suspended', installation }] }
    case 'unsuspend':
    case 'new_permissions_accepted':
      return { effects: [{ kind: 'resumed', installation }] }
    default:
      return { ignored: `installation.${action} changes nothing here` }
  }
}

function repositoriesEvent(installation: number, root: Value): Routed {
  const added = root.list('repositories_added').flatMap((repository) => listed(installation, repository))
  const gone = root.list('repositories_removed').flatMap((repository): Effect[] => {
    const place = placeOf(installation, repository)
    return place === null ? [] : [{ kind: 'repository-gone', ...place }]
  })
  const effects = [...added, ...gone]
  return effects.length === 0 ? { ignored: 'it names no repository' } : { effects }
}

/** A repository as a list of an installation has it, with `full_name` alone. */
function listed(installation: number, repository: Value): readonly Effect[] {
  const place = placeOf(installation, repository)
  const [owner, name] = (repository.text('full_name') ?? '').split('/')
  return place === null || !owner || !name ? [] : [{ kind: 'repository', owner, name, ...place }]
}

function known(place: Place, repository: Value): readonly Effect[] {
  const owner = repository.at('owner').text('login') ?? repository.at('owner').text('name')
  const name = repository.text('name')
  return owner === null || name === null ? [] : [{ kind: 'repository', owner, name, ...place }]
}

function placeOf(installation: number, repository: Value): Place | null {
  const id = repository.id('id')
  return id === null ? null : { installation, repository: id }
}

function personOf(user: Value): Person | null {
  const id = user.id('id')
  const login = user.text('login')
  return id === null || login === null ? null : { id, login }
}

/** A place in a payload of which nothing is taken for granted. */
interface Value {
  at(name: string): Value
  has(name: string): boolean
  is(name: string, value: unknown): boolean
  text(name: string): string | null
  texts(name: string): readonly string[]
  /** A positive whole number that a program can tell from its neighbours. */
  id(name: string): number | null
  /** A commit. */
  sha(name: string): string | null
  list(name: string): readonly Value[]
}

function at(value: unknown): Value {
  const member = (name: string): unknown =>
    typeof value === 'object' && value !== null && Object.hasOwn(value, name)
      ? (value as Readonly<Record<string, unknown>>)[name]
      : undefined
  const items = (name: string): readonly unknown[] => {
    const found = member(name)
    return Array.isArray(found) ? found : []
  }
  const text = (name: string): string | null => {
    const found = member(name)
    return typeof found === 'string' ? found : null
  }
  return {
    at: (name) => at(member(name)),
    has: (name) => member(name) !== undefined && member(name) !== null,
    is: (name, other) => member(name) === other,
    text,
    texts: (name) => items(name).filter((item): item is string => typeof item === 'string'),
    id: (name) => {
      const found = member(name)
      return typeof found === 'number' && Number.isSafeInteger(found) && found > 0 ? found : null
    },
    sha: (name) => {
      const found = text(name)
      return found !== null && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(found) ? found : null
    },
    list: (name) => items(name).map(at),
  }
}
