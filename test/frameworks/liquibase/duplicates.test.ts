import { expect, test } from '@jest/globals'
import { findingsOf } from '../findings.js'

const LOG = 'db/changelog/db.changelog-master.sql'
const log = (...sets: readonly string[]): Readonly<Record<string, string>> => ({
  [LOG]: ['--liquibase formatted sql\n', ...sets].join('\n'),
})
const view = (attributes: string, name: string): string =>
  `--changeset ann:v${attributes}\nCREATE OR REPLACE VIEW ${name} AS SELECT 1 AS one;\n--rollback DROP VIEW ${name};\n`

// `liquibase.changelog.visitor.ValidatingVisitor` counts every changeSet.
test.each(['', ' runOnChange:true', ' runAlways:true'])('two changeSets of one name are refused:%s', (attributes) => {
  const found = findingsOf(log(view(attributes, 'v')), log(view(attributes, 'v'), view(attributes, 'w')))
  expect(found).toContainEqual(expect.stringMatching(/^duplicate-migration-version: .*Liquibase stops before/))
})
