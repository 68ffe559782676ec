import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fetched } from '../../test/frameworks/real/tool.ts'
import * as programs from '../../test/frameworks/real/programs.ts'
import { ran } from '../../test/frameworks/real/run.ts'

/** For a history of hundreds of migrations. */
const PATIENCE = 600_000

/**
 * The tools that can be run over a history: how each applies all of it (`up`), and undoes the newest of what is applied (`down`;
 * absent where the tool has no such thing, or not for nothing). A place is `{ folder, root, url, address, project, ids }`, the ids
 * those of the revisions that are there. `schemas`: what the tool makes for its own books.
 */
const TOOLS = {
  diesel: {
    tool: programs.diesel,
    files: { 'diesel.toml': '' },
    up: (program, place) => run(program, dieselArguments('run', place), place),
    down: (program, place) => run(program, dieselArguments('revert', place), place),
  },
  sqlx: {
    tool: programs.sqlx,
    up: (program, { root, url, ...place }) => run(program, ['up', root, url], place),
    down: (program, { root, url, before, ...place }) => run(program, ['down', root, url, String(before ?? 0)], place),
  },
  goose: {
    tool: programs.goose,
    up: (program, { root, url, ...place }) => run(program, ['-dir', root, 'postgres', url, 'up'], place),
    down: (program, { root, url, ...place }) => run(program, ['-dir', root, 'postgres', url, 'down'], place),
  },
  'golang-migrate': {
    tool: programs.golangMigrate,
    up: (program, { root, url, ...place }) => run(program, ['-path', root, '-database', url, 'up'], place),
    down: (program, { root, url, ...place }) => run(program, ['-path', root, '-database', url, 'down', '1'], place),
  },
  liquibase: {
    tool: programs.liquibase,
    up: (program, place) => run(program, [...liquibaseArguments(place), 'update'], place, BRIEF),
    down: (program, place) => run(program, [...liquibaseArguments(place), 'rollback-count', '1'], place, BRIEF),
  },
  flyway: {
    tool: programs.flyway,
    async up(program, place) {
      const { done, said } = await run(program, [...flywayArguments(place), 'migrate'], place, BRIEF)
      return { done: done && !/^ERROR:/m.test(said), said }
    },
  },
  prisma: {
    tool: programs.prisma,
    files: {
      'prisma/schema.prisma': 'datasource db {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n',
    },
    up: (program, { url, folder, root }) =>
      run(process.execPath, [program, url, folder, root, 'migrate', 'deploy'], { folder }),
  },
  drizzle: {
    tool: ({ layout }) => (layout === 'journal' ? programs.drizzle : programs.drizzleNext),
    schemas: ['drizzle'],
    up: (program, { url, folder, root }) => run(process.execPath, [program, url, join(folder, root)], { folder }),
  },
  supabase: {
    tool: programs.supabase,
    schemas: ['supabase_migrations'],
    files: { 'supabase/config.toml': 'project_id = "eval"\n' },
    up: (program, { url, folder }) =>
      run(program, ['db', 'push', '--db-url', url, '--yes'], { folder }, { HOME: folder, DO_NOT_TRACK: '1' }),
  },
}

/** For a machine that lives a second. */
const BRIEF = { JAVA_TOOL_OPTIONS: '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' }

/**
 * The tool of a project, ready to run: `{ name, version, schemas, furnish(folder), up(place), down(place) }`, where `down` is null
 * when it has none; a string says why it cannot be run here.
 */
export async function toolOf({ framework, config }) {
  const known = TOOLS[framework]
  if (known === undefined) return `${framework} is not among the tools that are run`
  const tool = typeof known.tool === 'function' ? known.tool(config) : known.tool
  const found = await fetched(tool)
  if ('missing' in found) return found.missing
  return {
    name: tool.name,
    version: tool.version,
    schemas: known.schemas ?? [],
    async furnish(folder) {
      for (const [path, text] of Object.entries(known.files ?? {})) {
        await mkdir(dirname(join(folder, path)), { recursive: true })
        await writeFile(join(folder, path), text)
      }
    },
    up: (place) => known.up(found.program, place),
    down: known.down === undefined ? null : (place) => known.down(found.program, place),
  }
}

function run(program, args, { folder }, environment) {
  return ran(program, args, folder, environment, PATIENCE)
}

function dieselArguments(command, { root, url }) {
  return ['migration', command, '--migration-dir', root, '--database-url', url]
}

function liquibaseArguments({ project, address: { host, port, user, password, database } }) {
  const [changelog] = JSON.parse(project.config.changelogs)
  const given = {
    ...changelogWithin(changelog),
    url: `jdbc:postgresql://${host}:${port}/${database}`,
    username: user,
    password: password ?? '',
    'analytics-enabled': 'false',
  }
  return Object.entries(given).map(([name, value]) => `--${name}=${value}`)
}

/** A changelog among the resources of a build is known by its path there. */
function changelogWithin(path) {
  const [, resources, within] = /^(.*?\bsrc\/main\/resources)\/(.+)$/.exec(path) ?? [null, '.', path]
  return { 'search-path': resources, 'changelog-file': within }
}

function flywayArguments({ project, address: { host, port, user, password, database } }) {
  const locations = JSON.parse(project.config.folders).map((folder) => `filesystem:${folder}`)
  return [
    `-url=jdbc:postgresql://${host}:${port}/${database}`,
    `-user=${user}`,
    `-password=${password}`,
    `-locations=${locations.join(',')}`,
    '-skipCheckForUpdate',
  ]
}
