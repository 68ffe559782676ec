import type { FakePull, FakeRepository, IssueComment } from '../support/github/index.js'
import { APPROVER, AUTHORS, CHANGES, MAIN, POLICIES, policyOf, RELEASE, USUAL } from './cast.js'
import type { Dice } from './dice.js'
import type { Ledger } from './ledger.js'

/** Nobody writes more comments than are answered within ten minutes. */
const MOST_COMMENTS = 12
/** More open pull requests than this of a repository are not opened. */
const MOST_OPEN = 8

/** People at work: each step is something that one of them does. */
export interface People {
  /** Does something; says what, for whoever reads the log. */
  act(dice: Dice): string
}

interface Scene {
  readonly repository: FakeRepository
  readonly dice: Dice
  readonly open: readonly FakePull[]
  /** A number that no other step has. */
  readonly number: number
  readonly ledger: Ledger
}

export function people(repositories: readonly FakeRepository[], ledger: Ledger): People {
  let number = 100
  return {
    act(dice) {
      // The last one rehearses, which takes long: less happens there.
      const repository = dice.chance(0.1) ? repositories.at(-1) : dice.one(repositories.slice(0, -1))
      if (repository === undefined) throw new Error('there is no repository')
      number += 20
      const open = [...repository.pulls.values()].filter((pull) => pull.open)
      const scene = { repository, dice, open, number, ledger }
      const name = open.length < 2 ? 'open' : (dice.one(HABITS) ?? 'open')
      const said = ACTIONS[name]?.(scene) ?? `${name}: nothing to do`
      ledger.note()
      return `${repository.fullName}: ${said}`
    },
  }
}

type Action = (scene: Scene) => string | undefined

const anyOf = ({ open, dice }: Scene): FakePull | undefined => dice.one(open)
/** Nobody pushes to a fork that was deleted. */
const pushable = ({ open, dice }: Scene): FakePull | undefined =>
  dice.one(open.filter(({ head }) => !head.repository.deleted))
const change = ({
  dice,
  number,
}: Scene): { kind: string; files: ReturnType<NonNullable<(typeof CHANGES)[string]>> } => {
  const kind = dice.one(USUAL) ?? 'code'
  return { kind, files: CHANGES[kind]?.(number) ?? {} }
}
const other = (branch: string): string => (branch === MAIN ? RELEASE : MAIN)

const ACTIONS: Readonly<Record<string, Action>> = {
  open(scene) {
    const { repository, dice, open } = scene
    if (open.length >= MOST_OPEN) return ACTIONS['push']?.(scene)
    const { kind, files } = change(scene)
    const base = dice.chance(0.8) ? MAIN : RELEASE
    const isFork = dice.chance(0.2)
    const from = isFork ? repository.fork({ by: 'eve', name: `${repository.name}-${scene.number}` }) : undefined
    const by = isFork ? 'eve' : (dice.one(AUTHORS) ?? 'ann')
    const pull = repository.openPull({ by, base, files, draft: dice.chance(0.1), ...(from ? { from } : {}) })
    if (from !== undefined && dice.chance(0.3)) from.delete()
    return `#${pull.number} opened by ${by} into ${base}: ${kind}`
  },
  twin(scene) {
    const first = anyOf(scene)
    if (first === undefined || first.head.repository !== scene.repository) return undefined
    const base = other(first.base.ref)
    const taken = scene.open.some(({ head, base: { ref } }) => head.ref === first.head.ref && ref === base)
    if (taken) return undefined
    const pull = scene.repository.openPull({ by: 'ann', base, head: first.head.ref, title: `As #${first.number}` })
    return `#${pull.number} opened into ${base}, with the head of #${first.number}`
  },
  push(scene) {
    const pull = pushable(scene)
    if (pull === undefined) return undefined
    const { kind, files } = change(scene)
    pull.push(files)
    return `#${pull.number} pushed: ${kind}`
  },
  burst(scene) {
    const pull = pushable(scene)
    if (pull === undefined) return undefined
    const times = scene.dice.whole(3, 8)
    const kinds = Array.from({ length: times }, (_, index) => {
      const { kind, files } = change({ ...scene, number: scene.number + index })
      pull.push(files)
      return kind
    })
    return `#${pull.number} pushed ${times} times: ${kinds.join(', ')}`
  },
  rewrite(scene) {
    const pull = pushable(scene)
    if (pull === undefined) return undefined
    const { kind, files } = change(scene)
    pull.forcePush(files)
    return `#${pull.number} rewritten: ${kind}`
  },
  retarget(scene) {
    const pull = anyOf(scene)
    if (pull === undefined) return undefined
    const base = other(pull.base.ref)
    const taken = scene.open.some(({ head, base: { ref } }) => head.sha === pull.sha && ref === base)
    if (taken) return undefined
    pull.retarget(base)
    return `#${pull.number} goes to ${base}`
  },
  close(scene) {
    const pull = anyOf(scene)
    pull?.close()
    return pull && `#${pull.number} closed`
  },
  reopen({ repository, dice, open }) {
    const taken = (pull: FakePull): boolean =>
      open.some(({ head, base }) => head.ref === pull.head.ref && base.ref === pull.base.ref)
    const pull = dice.one([...repository.pulls.values()].filter((each) => !each.open && !each.merged && !taken(each)))
    pull?.reopen()
    return pull && `#${pull.number} reopened`
  },
  draft(scene) {
    const pull = anyOf(scene)
    if (pull === undefined) return undefined
    if (pull.draft) pull.readyForReview()
    else pull.convertToDraft()
    return `#${pull.number} is ${pull.draft ? 'a draft' : 'ready'}`
  },
  merge({ repository, dice, open }) {
    const pull = dice.one(open.filter((each) => !each.draft && repository.mergeable(each)))
    pull?.merge({ by: 'carl' })
    return pull && `#${pull.number} merged`
  },
  base({ repository, dice, number }) {
    const branch = dice.chance(0.7) ? MAIN : RELEASE
    const kind = dice.one(['code', 'table', 'column', 'strict', 'usual']) ?? 'code'
    repository.commit(kind in POLICIES ? policyOf(repository, kind) : (CHANGES[kind]?.(number) ?? {}), {
      branch,
      by: 'carl',
    })
    return `${branch} goes on: ${kind}`
  },
  group({ repository, dice, open, ledger }) {
    const ready = open.filter((pull) => pull.base.ref === MAIN && !pull.draft && repository.mergeable(pull))
    const first = dice.one(ready)
    if (first === undefined) return undefined
    const second = dice.one(ready.filter((pull) => pull.sha !== first.sha))
    const pulls = second !== undefined && dice.chance(0.5) ? [first, second] : [first]
    const group = repository.mergeGroup(pulls)
    ledger.group(repository, group)
    return `a group of ${pulls.map((pull) => `#${pull.number}`).join(' and ')}`
  },
  ungroup({ repository, dice, ledger }) {
    const group = dice.one(ledger.groupsOf(repository))
    if (group === undefined) return undefined
    ledger.ungroup(group)
    repository.destroyMergeGroup(group)
    return `the group ${group.headSha.slice(0, 7)} is taken apart`
  },
  approve: (scene) => {
    const pulls = scene.open.filter((pull) => codeOf(scene.repository, pull) !== null)
    const pull = scene.dice.one(pulls)
    if (pull === undefined) return undefined
    return say(scene, pull, scene.dice.chance(0.8) ? APPROVER : 'tom', `/dba approve ${codeOf(scene.repository, pull)}`)
  },
  'approve own': (scene) => {
    const pull = scene.dice.one(scene.open.filter((each) => codeOf(scene.repository, each) !== null))
    return pull && say(scene, pull, pull.issue.author.login, `/dba approve ${codeOf(scene.repository, pull)}`)
  },
  'approve wrongly': (scene) => {
    const pull = anyOf(scene)
    return pull && say(scene, pull, APPROVER, `/dba approve ${scene.dice.hex(12)}`)
  },
  'approve what was': (scene) => {
    const pull = anyOf(scene)
    const code = pull && scene.dice.one(codesOf(scene.repository, pull))
    return pull && code ? say(scene, pull, APPROVER, `/dba approve ${code}`) : undefined
  },
  quote: (scene) => {
    const pull = anyOf(scene)
    return pull && say(scene, pull, APPROVER, `> /dba approve ${codeOf(scene.repository, pull) ?? '0'.repeat(12)}`)
  },
  revoke: (scene) => {
    const pull = anyOf(scene)
    return pull && say(scene, pull, 'carl', '/dba revoke')
  },
  ask: (scene) => {
    const pull = anyOf(scene)
    const command = scene.dice.one(['explain', 'help', 'status', 'explian', 'rerun']) ?? 'help'
    return pull && say(scene, pull, scene.dice.chance(0.5) ? 'carl' : 'tom', `/dba ${command}`)
  },
  edit: ({ repository, dice, open, ledger }) => {
    const pull = dice.one(open)
    const comment = pull && dice.one(repository.comments(pull).filter(({ app }) => app === null))
    if (comment === undefined) return undefined
    ledger.touched(comment)
    if (dice.chance(0.3)) repository.conversation.delete(comment, comment.author)
    else repository.conversation.edit(comment, `${comment.body}\n\nP.S. thanks`, comment.author)
    return `a comment of ${comment.author.login} on #${pull?.number} is not what it was`
  },
  press(scene) {
    const pull = anyOf(scene)
    const run = pull && scene.repository.checkRuns(pull.sha, 'dba').at(-1)
    if (pull === undefined || run?.status !== 'completed') return undefined
    const button = scene.dice.one(['explain', 'approval', 'rerun']) ?? 'rerun'
    if (button === 'rerun') scene.repository.rerun(run, 'carl')
    else scene.repository.pressButton(run, button, 'carl')
    return `${button} is pressed on #${pull.number}`
  },
}

/** How often what is done, of all. */
const HABITS: readonly string[] = Object.entries({
  open: 6,
  twin: 2,
  push: 5,
  burst: 1,
  rewrite: 2,
  retarget: 3,
  close: 3,
  reopen: 3,
  draft: 1,
  merge: 2,
  base: 2,
  group: 4,
  ungroup: 1,
  approve: 6,
  'approve own': 1,
  'approve wrongly': 1,
  'approve what was': 1,
  quote: 1,
  revoke: 1,
  ask: 3,
  edit: 1,
  press: 2,
}).flatMap(([name, times]) => Array<string>(times).fill(name))

function say({ repository, ledger }: Scene, pull: FakePull, who: string, body: string): string | undefined {
  if (repository.comments(pull).filter(({ app }) => app === null).length >= MOST_COMMENTS) return undefined
  ledger.comment(repository, pull, pull.comment(who, body))
  return `#${pull.number} ${who}: ${body}`
}

/** The codes that the App has ever shown on a pull request, the last one last. */
function codesOf(repository: FakeRepository, pull: FakePull): readonly string[] {
  return repository
    .comments(pull)
    .filter(({ app }) => app !== null)
    .flatMap(({ bodies }) => bodies)
    .flatMap((body) => /\/dba approve ([0-9a-f]{12})/.exec(body)?.[1] ?? [])
}

/** The code that the report shows now. */
function codeOf(repository: FakeRepository, pull: FakePull): string | null {
  const isReport = ({ app, body }: IssueComment): boolean => app !== null && body.startsWith('<!-- dba:review -->')
  const report = repository.comments(pull).find(isReport)
  return /\/dba approve ([0-9a-f]{12})/.exec(report?.body ?? '')?.[1] ?? null
}
