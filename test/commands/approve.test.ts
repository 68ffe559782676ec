import { beforeAll, describe, expect, test } from '@jest/globals'
import type { Context, Effect } from '../../src/commands/command.js'
import { respond } from '../../src/commands/respond.js'
import type { Consent } from '../../src/model/consent.js'
import type { Review } from '../../src/model/review.js'
import type { ApprovalPolicy } from '../../src/model/settings.js'
import { kept } from '../../src/review/consent-validity.js'
import { loadParsers } from '../../src/sql/parse.js'
import { CODE, contextOf, head, history, MAINTAINER, reviewOf, SETTINGS } from './context.js'

beforeAll(() => loadParsers({ majors: [18] }))

const consent: Consent = {
  kinds: ['data'],
  by: { id: 10, login: 'ada' },
  at: '2026-01-15T10:00:00.000Z',
  comment: 99,
  code: CODE,
  backup: null,
}

/** What comes of a comment under a policy. */
function said(
  body: string,
  policy: Partial<ApprovalPolicy> = {},
  some: Partial<Context> = {},
  review: (settings: typeof SETTINGS) => Review | null = (settings) => reviewOf(head, settings),
): { readonly effects: readonly Effect[]; readonly reply: string; readonly reaction: string } {
  const settings = { ...SETTINGS, approval: { ...SETTINGS.approval, ...policy } }
  const context = contextOf(review(settings), { ...some, policy: { settings, path: null, lines: {} } })
  const answer = respond(body, context)
  return { effects: answer?.effects ?? [], reply: answer?.reply ?? '', reaction: answer?.reaction ?? '' }
}

describe('an agreement', () => {
  test('is to this code, by this person, and echoes the whole commit', () => {
    const { effects, reply, reaction } = said(`/dba approve ${CODE}`)
    expect(effects).toEqual([{ kind: 'approve', consent }])
    expect(reaction).toBe('+1')
    expect(reply).toBe(
      'ada agrees to what destroys data of 1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d, and to nothing that is pushed after it.\n',
    )
  })

  test('may have to say where the backup is', () => {
    expect(said(`/dba approve ${CODE}`, { requireBackup: true })).toMatchObject({ reaction: 'confused', effects: [] })
    expect(said(`/dba approve ${CODE} backup=" "`, { requireBackup: true }).effects).toEqual([])
    expect(said(`/dba approve ${CODE} backup="s3, of 4 May"`, { requireBackup: true }).effects).toEqual([
      { kind: 'approve', consent: { ...consent, backup: 's3, of 4 May' } },
    ])
  })

  test('is to as much as its author may agree to', () => {
    const { effects, reply } = said(`/dba approve ${CODE}`, { schema: ['@grace'] })
    expect(effects).toEqual([{ kind: 'approve', consent }])
    expect(reply).toContain('. To the changed tables @\u200bgrace can agree.')
    expect(said(`/dba approve ${CODE}`, { schema: ['@ada'] }).effects).toEqual([
      { kind: 'approve', consent: { ...consent, kinds: ['data', 'schema'] } },
    ])
  })
})

describe('what is no agreement', () => {
  const { actor } = MAINTAINER
  test.each<[string, string, Partial<Context>, RegExp]>([
    ['no code', '/dba approve', {}, /takes the code of the report/],
    ['another code', '/dba approve ffffffffffff', {}, /not the code of what stands there/],
    ['six digits of it', '/dba approve 012345', {}, /not the code/],
    ['in upper case', '/dba approve 0123456789AB', {}, /not the code/],
    ['a word more', `/dba approve ${CODE} thanks`, {}, /nothing else/],
    ['an option more', `/dba approve ${CODE} force=yes`, {}, /nothing else/],
    ['a report that is out of date', `/dba approve ${CODE}`, { current: false }, /not what stands there now/],
    ['the author', `/dba approve ${CODE}`, { standing: { ...MAINTAINER, author: actor } }, /their own pull request/],
    [
      'a committer',
      `/dba approve ${CODE}`,
      { standing: { ...MAINTAINER, committers: [10] } },
      /commit of it is theirs/,
    ],
    ['a pusher', `/dba approve ${CODE}`, { standing: { ...MAINTAINER, pushers: [10] } }, /pushed to it/],
    [
      'commits that were not all seen',
      `/dba approve ${CODE}`,
      { standing: { ...MAINTAINER, committers: 'unknown' } },
      /not every commit/,
    ],
    [
      'for whom a bot opened it',
      `/dba approve ${CODE}`,
      { standing: { ...MAINTAINER, requester: 10 } },
      /opened it for them/,
    ],
    [
      'a reader',
      `/dba approve ${CODE}`,
      { standing: { ...MAINTAINER, role: 'read' } },
      /does not name them.*a maintainer can agree/,
    ],
    [
      'a role that could not be seen',
      `/dba approve ${CODE}`,
      { standing: { ...MAINTAINER, role: 'unknown' } },
      /could not be seen/,
    ],
    [
      'a bot',
      `/dba approve ${CODE}`,
      { standing: { ...MAINTAINER, actor: { ...actor, type: 'Bot' } } },
      /only a person/,
    ],
    ['an App in their name', `/dba approve ${CODE}`, { standing: { ...MAINTAINER, viaApp: true } }, /only a person/],
    ['in a quotation', `> /dba approve ${CODE}`, {}, /^$/],
  ])('%s', (_, body, some, reply) => {
    const answer = said(body, {}, some)
    expect(answer.effects).toEqual([])
    expect(answer.reply.replaceAll('\u200b', '')).toMatch(reply)
  })

  test('before there is a report', () => {
    expect(said(`/dba approve ${CODE}`, {}, {}, () => null)).toMatchObject({ effects: [], reaction: 'confused' })
  })

  test('where nothing needs agreement, or nobody takes it', () => {
    const calm = (settings: typeof SETTINGS): Review => reviewOf(history, settings)
    expect(said(`/dba approve ${CODE}`, {}, {}, calm).reply).toBe('Nothing in this pull request needs agreement.\n')
    const alone = (settings: typeof SETTINGS): Review => reviewOf(head, settings, { code: null })
    expect(said(`/dba approve ${CODE}`, {}, {}, alone).effects).toEqual([])
  })

  test('one that may not agree is not offered the code', () => {
    for (const role of ['read', 'unknown', null]) {
      expect(said('/dba approve ffffffffffff', {}, { standing: { ...MAINTAINER, role } }).reply).not.toContain(CODE)
    }
    expect(said('/dba approve ffffffffffff').reply).toContain(`/dba approve ${CODE}`)
  })
})

describe('an agreement is taken back', () => {
  const given = kept(consent)
  const revoked = [{ kind: 'revoke' }]
  const other = { ...MAINTAINER, actor: { id: 11, login: 'bob', type: 'User' } }
  test.each<[string, Partial<Context>, readonly object[]]>([
    ['by who gave it', { consents: [given], standing: { ...MAINTAINER, role: 'read' } }, revoked],
    ['by who may write', { consents: [given], standing: { ...other, role: 'write' } }, revoked],
    [
      'by the author, who may write',
      { consents: [given], standing: { ...other, author: other.actor, role: 'write' } },
      revoked,
    ],
    ['not by a reader', { consents: [given], standing: { ...other, role: 'read' } }, []],
    ['not by a bot', { consents: [given], standing: { ...other, actor: { ...other.actor, type: 'Bot' } } }, []],
    ['not where there is none', { consents: [] }, []],
    ['not twice', { consents: [{ ...given, ended: { how: 'revoked', at: '2026-01-15T10:00:00Z' } }] }, []],
  ])('%s', (_, some, effects) => expect(said('/dba revoke', {}, some).effects).toEqual(effects))

  test('all or none', () => expect(said('/dba revoke ada', {}, { consents: [given] }).effects).toEqual([]))
})
