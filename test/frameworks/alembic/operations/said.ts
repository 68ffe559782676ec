import { alembicHost } from '../../../../src/frameworks/alembic/host.js'
import { createMachine } from '../../../../src/frameworks/alembic/python/interpreter.js'
import type { Machine } from '../../../../src/frameworks/alembic/python/machine.js'
import { followModule, readModule } from '../../../../src/frameworks/alembic/python/module.js'
import { revision } from '../revision.js'
import { flat } from './table.js'

/** What is sent for calls, one statement a line; or why nothing is. */
export function said(preface: string, calls: string): string {
  const naming = /^naming = (\{.*\})$/m.exec(preface)?.[1]
  if (naming !== undefined) return byConvention(new Map(Object.entries(JSON.parse(naming) as object)), calls)
  const { up } = revision(calls, 'pass', preface)
  if (up.kind !== 'script') return JSON.stringify(up)
  const gaps = up.gaps
    .filter(({ bearing }) => bearing === 'withholds')
    .map(({ message }) => message.replace(/^line \d+ of upgrade\(\) is not read: /, ''))
  return [...gaps, ...(gaps.length > 0 ? [] : up.statements.map(({ sql }) => flat(sql)))].join('\n')
}

/** The same where the metadata names its constraints. */
function byConvention(naming: ReadonlyMap<string, string>, calls: string): string {
  const { block } = readModule(`import sqlalchemy as sa\nfrom alembic import op\n${calls}\n`)
  const repository = { resolve: () => null, names: () => null }
  const host = alembicHost({ repository, machine: () => machine, schemaNow: () => null, origin: 'a upgrade', naming })
  const machine: Machine = createMachine(host, '')
  followModule(block, '', machine)
  const { gaps, sent } = host.outcome
  return (gaps.length > 0 ? gaps.map(({ reason }) => reason) : sent.map(({ sql }) => flat(sql))).join('\n')
}
