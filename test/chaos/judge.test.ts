import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { FakeGitHub, type FakePull, type FakeRepository } from '../support/github/index.js'
import { CHANGES, MAIN, RELEASE, repositoriesOf } from './cast.js'
import { judge, type Judgement } from './judge.js'
import { ledger, type Ledger } from './ledger.js'
import { oracle } from './oracle.js'
import { verdicts } from './verdicts.js'

const privateKey = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey
const CLEAN: Judgement = { lost: [], unanswered: [], wrongGreen: [], duplicates: [], inProgress: [], violations: [] }

/** No two things happen in the same moment. */
let moment = Date.UTC(2026, 0, 1)
const now = (): number => ++moment

let github: FakeGitHub
let repository: FakeRepository
let book: Ledger
beforeEach(async () => {
  github = await FakeGitHub.start({ app: { id: 9, privateKey, webhookSecret: 'a secret of some length' }, now })
  const [first] = repositoriesOf(github)
  if (first === undefined) throw new Error('there is no repository')
  repository = first
  book = ledger([repository], now)
})
afterEach(() => github.stop())

const open = (kind: string, base = MAIN): FakePull => {
  const pull = repository.openPull({ by: 'ann', base, files: CHANGES[kind]?.(120) ?? {} })
  book.note()
  return pull
}
/** A completed run of the App's. */
const says = (pull: FakePull, conclusion: string): void => {
  repository.checks.create(github.app, pull.sha, 'dba', { conclusion })
}
const writes = (pull: FakePull, body: string): void => {
  repository.conversation.comment(pull.issue, github.app.bot, body, github.app)
}
/** What is judged, without the words: how often each is found. */
async function judged(): Promise<Readonly<Record<string, number>>> {
  const found = await judge(github, book, verdicts(book, await oracle('')))
  const counts = Object.entries(found).map(([name, items]) => [name, (items as readonly string[]).length] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

describe('the oracle says', () => {
  test.each<[string, string, string]>([
    ['code', MAIN, 'success'],
    ['table', MAIN, 'success'],
    ['drop', MAIN, 'action_required'],
    ['drop', RELEASE, 'failure'],
    ['index', MAIN, 'failure'],
    ['index', RELEASE, 'success'],
    ['edited', MAIN, 'failure'],
    ['wrong', MAIN, 'failure'],
    ['deep', MAIN, 'failure'],
    ['comments', MAIN, 'failure'],
  ])('of %s into %s: %s', async (kind, base, conclusion) => {
    says(open(kind, base), conclusion)
    expect(await judge(github, book, verdicts(book, await oracle('')))).toEqual(CLEAN)
  })
})

describe('it is found that', () => {
  test('nothing is said of a head', async () => {
    open('code')
    expect(await judged()).toEqual({ lost: 1 })
  })
  test('a run is not completed', async () => {
    repository.checks.create(github.app, open('code').sha, 'dba', { status: 'in_progress' })
    expect(await judged()).toEqual({ lost: 1, inProgress: 1 })
  })
  test('something is blocked that is well', async () => {
    says(open('code'), 'failure')
    expect(await judged()).toEqual({ lost: 1 })
  })
  test('something is green that is not well', async () => {
    says(open('wrong'), 'success')
    expect(await judged()).toEqual({ lost: 1, wrongGreen: 1 })
  })
  test('something was green for a moment', async () => {
    const pull = open('wrong')
    says(pull, 'success')
    says(pull, 'failure')
    expect(await judged()).toEqual({ wrongGreen: 1 })
  })
  test('one of two with the same head is passed over', async () => {
    const first = open('index', RELEASE)
    repository.openPull({ by: 'carl', base: MAIN, head: first.head.ref })
    book.note()
    says(first, 'success')
    // It was well until the other came: only what stands there now is wrong.
    expect(await judged()).toEqual({ lost: 2 })
  })
  test('what was right before the target was changed still stands', async () => {
    const pull = open('index', RELEASE)
    says(pull, 'success')
    pull.retarget(MAIN)
    book.note()
    expect(await judged()).toMatchObject({ lost: 1 })
  })
  test('a comment stands there twice', async () => {
    const pull = open('code')
    says(pull, 'success')
    writes(pull, '<!-- dba:review -->\nOne')
    writes(pull, '<!-- dba:review -->\nTwo')
    expect(await judged()).toEqual({ duplicates: 1 })
  })
  test('a command has no answer', async () => {
    const pull = open('code')
    says(pull, 'success')
    book.comment(repository, pull, pull.comment('tom', '/dba help'))
    expect(await judged()).toEqual({ unanswered: 1 })
  })
  test('nobody agreed, or somebody who may not, or to another text', async () => {
    const pull = open('drop')
    book.comment(repository, pull, pull.comment('dora', '/dba approve 0123456789ab'))
    for (const { comment } of book.words())
      comment.reactions.push({ id: 1, content: '+1', author: github.app.bot, createdAt: '' })
    says(pull, 'success')
    expect(await judged()).toEqual({ lost: 1, wrongGreen: 1 })
  })
})

test('an agreement to this very text makes it green, until it is taken back', async () => {
  const pull = open('drop')
  const asked = await oracle('')
  const { code } = await asked.truth({
    repository,
    number: pull.number,
    target: MAIN,
    base: repository.tip(MAIN),
    head: pull.sha,
  })
  const right = verdicts(book, asked)
  const said = (who: string, body: string): void => book.comment(repository, pull, pull.comment(who, body))
  const rightNow = async (): Promise<readonly string[]> => [
    ...((await right.rightAt(repository, pull.sha, now())) ?? []),
  ]
  expect(await rightNow()).toEqual(['action_required'])
  said('ann', `/dba approve ${code}`)
  said('tom', `/dba approve ${code}`)
  expect(await rightNow()).toEqual(['action_required'])
  said('dora', `/dba approve ${code}`)
  expect(await rightNow()).toEqual(['success'])
  said('carl', '/dba revoke')
  expect(await rightNow()).toEqual(['action_required'])
})
