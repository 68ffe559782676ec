import { expect, test } from '@jest/globals'
import { findingsOf } from '../findings.js'
import { readAll, tree } from '../tree.js'

const MIGRATION = { 'api/src/main/resources/db/migration/V1__a.sql': 'CREATE TABLE a (id int);' }
const PROD = 'api/src/main/resources/application-prod.yml'

function notes(files: Readonly<Record<string, string>>): readonly string[] {
  return readAll(tree({ ...MIGRATION, ...files })).flatMap(({ history }) =>
    history.notes.map(({ bearing, message }) => `${bearing}: ${message}`),
  )
}

test.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
  [
    'what it sets',
    { [PROD]: 'spring.flyway:\n  locations: [classpath:db/migration, classpath:db/prod]\n  out-of-order: true\n' },
    [
      'informs: application-prod.yml in api/src/main/resources sets flyway.locations, flyway.outOfOrder for the profile prod, which is not followed: what is for every profile counts',
    ],
  ],
  [
    'of properties as well',
    { 'api/config/application-eu.properties': 'spring.flyway.placeholders.region=eu\n' },
    [
      'informs: application-eu.properties in api/config sets flyway.placeholders.region for the profile eu, which is not followed: what is for every profile counts',
    ],
  ],
  [
    'that it cannot be read',
    { [PROD]: 'spring: [flyway' },
    ['informs: application-prod.yml in api/src/main/resources is not followed, and cannot be read: it is no YAML'],
  ],
  ['nothing of where the database is', { [PROD]: 'spring.flyway:\n  user: me\n  url: jdbc:x\n' }, []],
  ['nothing of what is no setting of Flyway', { [PROD]: 'server.port: 1\n' }, []],
  ['nothing of another application', { 'web/src/main/resources/application-prod.yml': 'spring.flyway.table: x\n' }, []],
  ['nothing of tests', { 'api/src/test/resources/application-it.yml': 'spring.flyway.table: x\n' }, []],
])('of a profile is said %s', (_, files, expected) => expect(notes(files)).toEqual(expected))

test('that a profile changes is told as any configuration that does', () => {
  const files = (text: string) => ({ ...MIGRATION, [PROD]: text })
  const told = (before: string, after: string): readonly string[] =>
    findingsOf(files(before), files(after)).filter((line) => line.startsWith('migration-environment-changed'))
  expect(told('spring.flyway.out-of-order: false\n', 'spring.flyway.out-of-order: true\n')).toHaveLength(1)
  expect(told('spring.flyway.out-of-order: true\n', '# why\nspring.flyway.out-of-order: true\n')).toEqual([])
  expect(told('spring.flyway.user: a\n', 'spring.flyway.user: b\n')).toEqual([])
})
