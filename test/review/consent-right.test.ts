import { describe, expect, test } from '@jest/globals'
import type { ApprovalPolicy } from '../../src/model/settings.js'
import { mayApprove, mayWrite, type Standing } from '../../src/review/consent-right.js'
import { DEFAULTS } from '../support/settings.js'

const user = (id: number, login: string, type = 'User') => ({ id, login, type })
const dba: Standing = {
  actor: user(10, 'Ada'),
  viaApp: false,
  author: user(1, 'author'),
  committers: [1, 2],
  pushers: [1, 3],
  requester: 4,
  role: 'maintain',
  teams: ['@acme/dba'],
}
const BY_ROLE: ApprovalPolicy = DEFAULTS.approval
const NAMED: ApprovalPolicy = { ...BY_ROLE, data: ['@ada', '@acme/dba'], schema: ['@acme/architects'] }

describe('T10, T13: who may agree to lost data, where maintainers may', () => {
  test.each<[string, Partial<Standing>, string | null]>([
    ['a maintainer', {}, null],
    ['an admin', { role: 'admin' }, null],
    [
      'the author, though an admin',
      { actor: user(1, 'author'), role: 'admin' },
      'nobody agrees to their own pull request',
    ],
    ['the author under a new name', { actor: user(1, 'renamed') }, 'nobody agrees to their own pull request'],
    ['who committed to it', { actor: user(2, 'committer') }, 'a commit of it is theirs'],
    ['who pushed to it', { actor: user(3, 'pusher') }, 'they pushed to it'],
    ['for whom a bot opened it', { actor: user(4, 'requester') }, 'a bot opened it for them'],
    ['somebody with write', { role: 'write' }, 'the policy does not name them'],
    ['somebody with triage', { role: 'triage' }, 'the policy does not name them'],
    ['a reader', { role: 'read' }, 'the policy does not name them'],
    ['an outsider', { role: null }, 'the policy does not name them'],
    ['a role of the organisation that is not listed', { role: 'release-manager' }, 'the policy does not name them'],
    ['a bot, though an admin', { actor: user(10, 'ada[bot]', 'Bot'), role: 'admin' }, 'only a person can agree'],
    ['an App in the name of a maintainer', { viaApp: true }, 'only a person can agree'],
    ['an organisation', { actor: user(10, 'acme', 'Organization') }, 'only a person can agree'],
    ['an account without a number', { actor: user(0, 'ghost') }, 'only a person can agree'],
    ['a role that could not be seen', { role: 'unknown' }, 'their role in the repository could not be seen'],
    ['an author that could not be seen', { author: 'unknown' }, 'whose pull request it is could not be seen'],
    ['commits that were not all seen', { committers: 'unknown' }, 'not every commit of it could be looked at'],
    ['pushes that were not all seen', { pushers: 'unknown' }, 'not everyone who pushed to it could be seen'],
    ['no requester known', { requester: null }, null],
  ])('%s', (_, some, why) => {
    expect(mayApprove({ ...dba, ...some }, BY_ROLE)).toEqual({ kinds: why === null ? ['data'] : [], why })
  })
})

describe('who may agree where the policy names people', () => {
  test.each<[string, Partial<Standing>, readonly string[]]>([
    ['the named user, in whatever case', { teams: [] }, ['data']],
    ['a member of the named team', { actor: user(11, 'bob') }, ['data']],
    ['a member of both teams', { teams: ['@acme/dba', '@acme/architects'] }, ['data', 'schema']],
    ['a member of the team for tables', { actor: user(11, 'bob'), teams: ['@Acme/Architects'] }, ['schema']],
    ['a member of a team of that name elsewhere', { actor: user(11, 'bob'), teams: ['@other/dba'] }, []],
    ['an admin who is not named', { actor: user(11, 'bob'), teams: [], role: 'admin' }, []],
    ['the named user, with read', { teams: [], role: 'read' }, ['data']],
    ['the named user, who has left', { role: null }, []],
    ['the named user, of whom nothing could be seen', { role: 'unknown' }, []],
    ['a user with the name of the team', { actor: user(11, 'acme/dba'), teams: [] }, []],
  ])('%s', (_, some, kinds) => expect(mayApprove({ ...dba, ...some }, NAMED).kinds).toEqual(kinds))
})

test.each<[string, string, boolean]>([
  ['role:write', 'write', true],
  ['role:write', 'maintain', true],
  ['role:admin', 'maintain', false],
  ['role:data owner', 'Data Owner', true],
  ['role:data owner', 'admin', false],
  ['role:maintain', 'data owner', false],
])('%s means somebody with the role %s: %s', (approver, role, means) => {
  expect(mayApprove({ ...dba, role }, { ...BY_ROLE, data: [approver] }).kinds).toEqual(means ? ['data'] : [])
})

test.each<[string, Partial<Standing>, boolean]>([
  ['write', { role: 'write' }, true],
  ['admin', { role: 'admin' }, true],
  ['triage', { role: 'triage' }, false],
  ['none', { role: null }, false],
  ['unknown', { role: 'unknown' }, false],
  ['a role of their own', { role: 'release-manager' }, false],
  ['a bot', { actor: user(10, 'ada[bot]', 'Bot') }, false],
])('write access: %s', (_, some, may) => expect(mayWrite({ ...dba, ...some })).toBe(may))
