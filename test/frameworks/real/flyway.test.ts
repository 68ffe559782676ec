import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { withTool } from './fetching.js'
import { brief } from './maven.js'
import { flyway } from './programs.js'
import { behaves, ran, type Place, type Run } from './scene.js'

/** What the configurations of the fixtures say that only a build or an application reads. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  'pom.xml': ['-locations=filesystem:src/main/resources/db/migration', '-postgresql.transactional.lock=false'],
  'build.gradle': [
    '-locations=filesystem:database',
    '-sqlMigrationPrefix=M',
    '-repeatableSqlMigrationPrefix=AGAIN',
    '-sqlMigrationSeparator=--',
    '-sqlMigrationSuffixes=.psql,.ddl',
    '-placeholderPrefix=<<',
    '-placeholderSuffix=>>',
    '-placeholders.app=reader',
    '-group=true',
  ],
  'src/main/resources/application.yml': [
    '-locations=filesystem:src/main/resources/db/migration/common,filesystem:src/main/resources/db/migration/postgresql',
    '-defaultSchema=parcels',
    '-placeholders.zone=north',
  ],
}

const A = { 'sql/V1__a.sql': 'CREATE TABLE a (id int);\n' }
const B = { 'sql/V3__b.sql': 'CREATE TABLE b (id int);\n' }
const conf = (more = ''): Readonly<Record<string, string>> => ({
  'flyway.conf': `flyway.locations=filesystem:sql\n${more}\n`,
})
const BASE = { ...conf(), ...A, ...B }

await withTool(flyway, async (program) => {
  const command =
    (name: string, parameters = '') =>
    async (place: Place): Promise<Run> => {
      const { host, port, user, password, database } = place.address
      const home = ['.', 'db'].find((folder) =>
        ['flyway.conf', 'flyway.toml'].some((file) => existsSync(join(place.folder, folder, file))),
      )
      const [file] = Object.keys(TOLD).filter((each) => existsSync(join(place.folder, each)))
      const told = home === undefined ? (TOLD[file ?? ''] ?? [`-locations=filesystem:${place.root}`]) : []
      const url = `jdbc:postgresql://${host}:${port}/${database}${parameters}`
      const args = [`-url=${url}`, `-user=${user}`, `-password=${password}`, ...told, '-skipCheckForUpdate', name]
      // Where no other configuration of this machine lies.
      const environment = {
        REDGATE_DISABLE_TELEMETRY: 'true',
        JAVA_TOOL_OPTIONS: `-Duser.home=${place.folder} ${brief(program)}`,
      }
      const { done, said } = await ran(program, args, join(place.folder, home ?? '.'), environment)
      // Without the rest of its distribution it ends with 0 after a statement that failed.
      return { done: done && !/^ERROR: /m.test(said), said }
    }
  await behaves(
    { id: 'flyway', up: command('migrate') },
    ['flyway-basic', 'flyway-placeholders', 'flyway-versions', 'flyway-undo', 'flyway-names', 'flyway-vendors'],
    [
      {
        name: 'it stops at an edited migration',
        base: BASE,
        pull: { 'sql/V1__a.sql': 'CREATE TABLE c (id int);\n' },
        stops: /checksum mismatch for migration version 1/,
        tables: 'a b',
        finding: 'Flyway compares checksums, and migrate stops on every database that ran the old text',
      },
      {
        name: 'it stops at an edited comment',
        base: BASE,
        pull: { 'sql/V1__a.sql': '-- The letter.\nCREATE TABLE a (id int);\n' },
        stops: /checksum mismatch for migration version 1/,
        tables: 'a b',
        finding: 'edited-applied-migration-comments-only',
      },
      {
        name: 'where lines end is no edit',
        base: BASE,
        pull: { 'sql/V1__a.sql': 'CREATE TABLE\r\n a (id int);' },
        stops: null,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'told not to validate, it passes over an edit',
        base: { ...BASE, ...conf('flyway.validateOnMigrate=false') },
        pull: { 'sql/V1__a.sql': 'CREATE TABLE c (id int);\n' },
        stops: null,
        tables: 'a b',
        finding: 'Flyway, which is told not to validate, does not run it again',
      },
      {
        name: 'it stops when a migration is gone',
        base: BASE,
        pull: { 'sql/V1__a.sql': null },
        stops: /applied migration not resolved locally: 1/,
        tables: 'a b',
        finding: 'Flyway stops on every database that ran it, save those whose newest version it is',
      },
      {
        name: 'it passes over the newest one that is gone',
        base: BASE,
        pull: { 'sql/V3__b.sql': null },
        stops: null,
        tables: 'a b',
        finding: 'Flyway stops on every database that ran it, save those whose newest version it is',
      },
      {
        name: 'it stops at a late migration',
        base: BASE,
        pull: { 'sql/V2__c.sql': 'CREATE TABLE c (id int);' },
        stops: /resolved migration not applied to database: 2/,
        tables: 'a b',
        finding: 'Flyway stops on every database that is past it, unless it is told outOfOrder',
      },
      {
        name: 'told outOfOrder, it runs a late migration',
        base: { ...BASE, ...conf('flyway.outOfOrder=true') },
        pull: { 'sql/V2__c.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'told to ignore late migrations, it never runs them',
        base: { ...BASE, ...conf('flyway.ignoreMigrationPatterns=*:ignored') },
        pull: { 'sql/V2__c.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b',
        finding: 'Flyway skips it silently on every database that is past it',
      },
      {
        name: 'it stops at two files of one version',
        base: BASE,
        pull: { 'sql/V3__c.sql': 'CREATE TABLE c (id int);' },
        stops: /more than one migration with version 3/,
        tables: 'a b',
        finding: 'Flyway stops before it runs anything',
      },
      {
        name: '1 is 1.0',
        base: BASE,
        pull: { 'sql/V01.0__c.sql': 'CREATE TABLE c (id int);' },
        stops: /more than one migration with version (1|01\.0)/,
        tables: 'a b',
        finding: 'duplicate-migration-version',
      },
      {
        name: 'it stops at another name of an applied migration',
        base: BASE,
        pull: { 'sql/V1__a.sql': null, 'sql/V1__first.sql': A['sql/V1__a.sql'] },
        stops: /description mismatch for migration version 1/,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'it passes over a name that is none',
        base: BASE,
        pull: { 'sql/V4_c.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b',
        finding: 'invalid-migration-filename: sql/V4_c.sql is never applied',
      },
      {
        name: 'told to validate names, it stops at one that is none',
        base: { ...BASE, ...conf('flyway.validateMigrationNaming=true') },
        pull: { 'sql/V4_c.sql': 'CREATE TABLE c (id int);' },
        stops: /Invalid SQL filenames/,
        tables: 'a b',
        finding: 'invalid-migration-filename: Flyway stops at sql/V4_c.sql',
      },
      {
        name: 'it stops at a placeholder without a value, also in a comment',
        base: BASE,
        pull: { 'sql/V4__c.sql': '-- ${who}\nCREATE TABLE c (id int);' },
        stops: /No value provided for placeholder: \$\{who\}/,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'it stops at what cannot run in a transaction among what can',
        base: BASE,
        pull: { 'sql/V4__c.sql': 'CREATE TABLE c (id int);\nVACUUM a;' },
        stops: /both transactional and non-transactional statements/,
        tables: 'a b',
        finding: 'Flyway refuses this call: the file mixes it with statements that run in a transaction',
      },
      {
        name: 'told that it may mix them, it runs both without a transaction',
        base: { ...BASE, ...conf('flyway.mixed=true') },
        pull: { 'sql/V4__c.sql': 'CREATE TABLE c (id int);\nVACUUM a;\nSELECT 1 / 0;' },
        stops: /\[non-transactional\] failed!/,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'it does not know REINDEX CONCURRENTLY',
        base: BASE,
        pull: { 'sql/V4__c.sql': 'REINDEX TABLE CONCURRENTLY a;' },
        stops: /version "4 - c" failed! Changes successfully rolled back/,
        tables: 'a b',
        finding: 'concurrently-in-transaction',
      },
      {
        name: 'CREATE INDEX CONCURRENTLY waits for Flyway itself',
        base: BASE,
        pull: { 'sql/V4__c.sql': 'CREATE INDEX CONCURRENTLY c ON a (id);' },
        then: command('migrate', '?options=-c%20lock_timeout=2s'),
        stops: /\[non-transactional\] failed!/,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'unless its lock is told to be no transaction',
        base: { ...BASE, ...conf('flyway.postgresql.transactional.lock=false') },
        pull: { 'sql/V4__c.sql': 'CREATE INDEX CONCURRENTLY c ON a (id);' },
        then: command('migrate', '?options=-c%20lock_timeout=2s'),
        stops: null,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'a repeatable migration is run again when it is edited',
        base: { ...BASE, 'sql/R__v.sql': 'CREATE OR REPLACE VIEW v AS SELECT 1 AS one;' },
        pull: { 'sql/R__v.sql': 'CREATE OR REPLACE VIEW v AS SELECT 1 AS one; CREATE TABLE IF NOT EXISTS c (id int);' },
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'of two question marks in an operator the driver sends one',
        base: BASE,
        pull: { 'sql/V4__c.sql': `CREATE TABLE c AS SELECT 1 AS one WHERE '{"a": 1}'::jsonb ?? 'a';` },
        stops: null,
        tables: 'a b c',
        finding: null,
      },
      {
        name: 'an empty database begins with the newest baseline',
        base: { ...BASE, 'sql/B1__a.sql': 'CREATE TABLE c (id int);', 'sql/B0__z.sql': 'CREATE TABLE z (id int);' },
        pull: { 'sql/V4__d.sql': 'CREATE TABLE d (id int);' },
        stops: null,
        tables: 'b c d',
        finding: null,
      },
      {
        name: 'any other database never runs a baseline',
        base: BASE,
        pull: { 'sql/B3__a.sql': 'CREATE TABLE c (id int);' },
        stops: null,
        tables: 'a b',
        finding: null,
      },
      {
        name: 'it stops when what a baseline replaces is gone',
        base: BASE,
        pull: { 'sql/B3__all.sql': 'CREATE TABLE a (id int); CREATE TABLE b (id int);', 'sql/V1__a.sql': null },
        stops: /applied migration not resolved locally: 1/,
        tables: 'a b',
        finding: 'deleted-applied-migration',
      },
    ],
  )
})
