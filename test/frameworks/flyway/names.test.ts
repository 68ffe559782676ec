import { describe, expect, test } from '@jest/globals'
import { codeName, nameIn } from '../../../src/frameworks/flyway/names.js'
import { settingsOf, type Told } from '../../../src/frameworks/flyway/settings.js'

const told = (file: string, settings: Told = new Map()): string => {
  const named = nameIn(settingsOf(settings), file)
  if (named === null) return 'nothing'
  if (named.kind === 'invalid') return `invalid: ${named.reason}`
  if (named.kind === 'callback') return `callback ${named.event} ${named.description}`.trim()
  return [named.kind, 'version' in named ? named.version.join('.') : '', named.description].filter(Boolean).join(' ')
}

describe('names', () => {
  test.each([
    ['V1__first_step.sql', 'versioned 1 first step'],
    ['V1.2_3__x.SQL', 'versioned 1.2.3 x'],
    ['V1.sql', 'versioned 1'],
    ['U1__x.sql', 'undo 1 x'],
    ['B7__x.sql', 'baseline 7 x'],
    ['R__views.sql', 'repeatable views'],
    ['R__a__b.sql', 'repeatable a  b'],
    ['beforeMigrate.sql', 'callback beforeMigrate'],
    ['afterMigrate__grants.sql', 'callback afterMigrate grants'],
    ['beforeEachMigrateStatement.sql', 'callback beforeEachMigrateStatement'],
    ['afterMigrateApplied.sql', 'callback afterMigrateApplied'],
    ['afterMigrate_grants.sql', 'invalid: a callback is called afterMigrate.sql or afterMigrate__name.sql'],
    ['V__x.sql', 'invalid: it has no version: V1.2__name.sql'],
    ['V1_x.sql', 'invalid: “1_x” is no version: V1.2__name.sql'],
    ['V1a__x.sql', 'invalid: “1a” is no version: V1.2__name.sql'],
    ['R1__x.sql', 'invalid: a repeatable migration has no version: R__name.sql'],
    ['v1__x.sql', 'invalid: its name begins with none of V, R, U, B and with no event of Flyway’s'],
    ['V1__x.sql.conf', 'nothing'],
    ['V1__x.txt', 'nothing'],
  ])('%s', (file, expected) => expect(told(file)).toBe(expected))

  test.each([
    ['M1--x.ddl', 'versioned 1 x'],
    ['MR--x.ddl', 'repeatable x'],
    ['V1__x.ddl', 'invalid: its name begins with none of M, MR, U, B and with no event of Flyway’s'],
    ['M1--x.sql', 'nothing'],
  ])('%s, as a project names its files', (file, expected) => {
    const names = [
      ['sqlMigrationPrefix', 'M'],
      ['repeatableSqlMigrationPrefix', 'MR'],
      ['sqlMigrationSeparator', '--'],
      ['sqlMigrationSuffixes', '.ddl,.psql'],
    ] as const
    expect(told(file, new Map(names))).toBe(expected)
  })

  test.each([
    ['V2__FillNames.java', 'versioned 2'],
    ['V44_3_Backfill.java', 'versioned 44.3'],
    ['R__Views.kt', 'repeatable '],
    ['V2__FillNamesTest.java', null],
    ['Version.java', null],
    ['V2__x.sql', null],
  ])('%s, of code', (file, expected) => {
    const named = codeName(file)
    const version = named !== null && 'version' in named ? named.version.join('.') : ''
    expect(named === null ? null : `${named.kind} ${version}`).toBe(expected)
  })
})
