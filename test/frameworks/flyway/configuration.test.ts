import { describe, expect, test } from '@jest/globals'
import { configurationsIn } from '../../../src/frameworks/flyway/configuration/files.js'
import { locationsOf } from '../../../src/frameworks/flyway/locations.js'
import { tree } from '../tree.js'

/** What one file says, beside a migration that has the reader look for it. */
function told(file: string, text: string): Readonly<Record<string, string>> | string | null {
  const [found] = configurationsIn(tree({ [file]: text, 'src/main/resources/db/migration/V1__a.sql': '' }))
  if (found === undefined) return null
  return found.unread === null ? Object.fromEntries(found.told) : `line ${found.unread.line}: ${found.unread.reason}`
}

describe('what a configuration says', () => {
  test.each([
    [
      'flyway.conf',
      '# flyway.table=no\nflyway.table = books\nflyway.locations=filesystem:a,\\\n  filesystem:b\nother=1\n',
      { table: 'books', locations: 'filesystem:a,filesystem:b' },
    ],
    [
      'db/flyway.toml',
      '[environments.default]\nschemas = ["app"]\n[flyway]\noutOfOrder = true\n[flyway.placeholders]\nOwner = "me"\n',
      { schemas: 'app', outOfOrder: 'true', 'placeholders.Owner': 'me' },
    ],
    ['flyway.toml', '[flyway', 'line 1: it is no TOML'],
    [
      'pom.xml',
      `<project><properties><flyway.table>books</flyway.table><dir>db/own</dir></properties><build><plugins>
       <plugin><artifactId>flyway-maven-plugin</artifactId><configuration>
         <locations><location>classpath:\${dir}</location><location>classpath:b</location></locations>
         <placeholders><owner>me</owner></placeholders><mixed>true</mixed>
       </configuration></plugin></plugins></build></project>`,
      { table: 'books', locations: 'classpath:db/own,classpath:b', 'placeholders.owner': 'me', mixed: 'true' },
    ],
    ['pom.xml', '<!DOCTYPE x [<!ENTITY a "b">]><project>flyway</project>', /^line 1: it has a DOCTYPE/],
    ['pom.xml', '<project>flyway', /^line 1: it is not well-formed XML/],
    ['pom.xml', '<project><build/></project>', null],
    [
      'build.gradle',
      `flyway {
         // locations = ['classpath:no']
         locations = ['filesystem:a', "filesystem:b"]
         placeholders = ['owner': 'me', secret: System.getenv("X")]
         outOfOrder true
         table = tableName
       }`,
      {
        locations: 'filesystem:a,filesystem:b',
        'placeholders.owner': 'me',
        'placeholders.secret': '${computed}',
        outOfOrder: 'true',
        table: '${computed}',
      },
    ],
    [
      'build.gradle.kts',
      'flyway {\n  locations = arrayOf("classpath:x")\n  placeholders = mapOf("a" to "b")\n  cleanDisabled = false\n}\n',
      { locations: 'classpath:x', 'placeholders.a': 'b', cleanDisabled: 'false' },
    ],
    ['build.gradle', "plugins { id 'org.flywaydb.flyway' }\n", null],
    [
      'src/main/resources/application.properties',
      'spring.flyway.out-of-order=true\nspring.flyway.locations[0]=a\nspring.flyway.locations[1]=b\nspring.flyway.placeholders.x-y=1\n',
      { outOfOrder: 'true', locations: 'a,b', 'placeholders.x-y': '1' },
    ],
    [
      'src/main/resources/application.yml',
      'spring:\n  flyway:\n    default-schema: app\n    locations: [a, b]\n---\nspring:\n  config.activate.on-profile: dev\n  flyway.default-schema: no\n',
      { defaultSchema: 'app', locations: 'a,b' },
    ],
    ['src/main/resources/application.yaml', 'spring: [flyway', /^line 1: it is no YAML/],
    ['src/main/resources/application.properties', 'server.port=1\n', null],
  ])('%s %#', (file, text, expected) => {
    if (expected instanceof RegExp) expect(told(file, text)).toMatch(expected)
    else expect(told(file, text)).toEqual(expected)
  })

  test('no build file is asked where nothing looks like migrations', () => {
    expect(configurationsIn(tree({ 'pom.xml': '<project>flyway', 'src/a.sql': '' }))).toEqual([])
  })
})

describe('where a configuration has Flyway look', () => {
  const PATHS = {
    'api/src/main/resources/db/migration/V1__a.sql': '',
    'api/src/main/java/db/migration/V2__B.java': '',
    'db/sql/V1__a.sql': '',
    'database/V1__a.sql': '',
  }
  test.each([
    ['api/pom.xml', '', 'api/src/main/resources/db/migration | api/src/main/java/db/migration |'],
    ['pom.xml', 'classpath:db/migration', 'api/src/main/resources/db/migration | api/src/main/java/db/migration |'],
    [
      'api/pom.xml',
      'filesystem:${project.basedir}/src/main/resources/db/migration',
      'api/src/main/resources/db/migration | |',
    ],
    ['api/pom.xml', 'filesystem:../database', 'database | |'],
    ['db/conf/flyway.conf', '', 'db/sql | |'],
    ['db/flyway.conf', 'filesystem:/flyway/sql', 'db/sql | |'],
    ['flyway.conf', 'filesystem:db/sql,filesystem:db/sql/', 'db/sql | |'],
    ['flyway.conf', 'filesystem:../elsewhere', '| | filesystem:../elsewhere'],
    ['flyway.conf', 'filesystem:db/*/x', '| | filesystem:db/*/x'],
    ['flyway.conf', 's3:bucket/sql', '| | s3:bucket/sql'],
    ['flyway.conf', 'filesystem:${env.DIR}', '| | filesystem:${env.DIR}'],
  ])('%s: %s', (file, locations, expected) => {
    const told = new Map(locations === '' ? [] : [['locations', locations] as const])
    const files = tree({ ...PATHS, [file]: 'flyway.x=1' })
    const module = file.replace(/(^|\/)(conf\/)?[^/]*$/, '')
    const application = !file.endsWith('.conf')
    const found = locationsOf({ file, module, told, unread: null, application }, files)
    const { folders, code, elsewhere } = found
    expect(
      [folders, code, elsewhere]
        .map((each) => each.join())
        .join(' | ')
        .replace(/ +/g, ' ')
        .trim(),
    ).toBe(expected)
  })
})
