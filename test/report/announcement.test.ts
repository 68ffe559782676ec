import { describe, expect, test } from '@jest/globals'
import type { Approval } from '../../src/model/consent.js'
import { announce, givenUpRun, onBehalfOf, type Occasion } from '../../src/report/announcement.js'
import { approvalRequest } from '../../src/report/approval-request.js'
import { openTemplates } from '../../src/report/render.js'
import { expectGolden } from './golden.js'
import { alive } from './inert.js'
import { HOSTILE } from './reviews.js'

const templates = openTemplates()
const OCCASIONS: readonly Occasion[] = ['reviewing', 'superseded', 'closed', 'taken-apart', 'lost', 'replaced']

describe('what is said of a check run without a review', () => {
  const shown = ({ title, summary }: { readonly title: string; readonly summary: string }): string =>
    `${title}\n\n${summary}\n`

  test.each(OCCASIONS)('%s', (occasion) =>
    expectGolden(`announce-${occasion}.md`, shown(announce(templates, occasion))),
  )

  test('given up', () => {
    const run = givenUpRun(templates, { subject: 'pull/7', repository: 12 })
    expect(run).toMatchObject({ conclusion: 'failure', text: '', annotations: [] })
    expectGolden('announce-given-up.md', shown(run))
  })

  test('on behalf of another pull request with the same head', () => {
    const run = givenUpRun(templates, { subject: 'pull/7', repository: 12 })
    expectGolden('announce-on-behalf.md', shown(onBehalfOf(templates, run, '#7')))
  })
})

describe('a request for approval', () => {
  const approval: Approval = {
    code: '0123456789ab',
    needed: ['data', 'schema'],
    given: [],
    approvers: { data: ['@dora', 'role:maintain', '@acme/dba'], schema: ['@dora'] },
    backup: true,
  }
  const given = { by: { id: 1, login: 'dora' }, at: '', comment: 1, code: '0123456789ab', backup: null }

  test('calls who may agree, each once', () =>
    expectGolden('approval-request.md', approvalRequest(approval, templates)))

  test('has nobody to call where nothing is missing', () =>
    expectGolden(
      'approval-request-nothing.md',
      approvalRequest({ ...approval, given: [{ ...given, kinds: ['data', 'schema'] }] }, templates),
    ))

  test.each(Object.entries(HOSTILE).filter(([name]) => name !== 'long'))(
    'calls nobody by what is no name: %s',
    (_, name) => {
      for (const each of [name, `@${name}`, `role:${name}`]) {
        const approvers = { data: [each], schema: [] }
        expect(alive(approvalRequest({ ...approval, approvers }, templates))).toEqual([])
      }
    },
  )
})
