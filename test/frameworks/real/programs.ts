/*
 * The tools that are run beside our reading of their migrations: in tests, and over public histories.
 */
import { mavenTool } from './maven.js'
import { nodeProgram } from './node-program.js'
import { cargoProgram, cargoTool, goTool, npmTool } from './tool.js'

export const diesel = cargoTool('diesel_cli', '2.3.14', 'diesel', ['postgres'])

export const golangMigrate = goTool('migrate', 'github.com/golang-migrate/migrate/v4/cmd/migrate', 'v4.20.1', [
  'postgres',
])

/** Drivers of other databases, without which Go has little to build. */
const OTHERS = ['azuresql', 'clickhouse', 'libsql', 'mssql', 'mysql', 'sqlite3', 'spanner', 'vertica', 'ydb']
export const goose = goTool(
  'goose',
  'github.com/pressly/goose/v3/cmd/goose',
  'v3.30.1',
  OTHERS.map((name) => `no_${name}`),
)

export const supabase = npmTool('supabase', '3.1.0')

/** Applies, or undoes what is newer than a version, with the migrator of the crate itself, which `sqlx-cli` and `migrate!()` run as well. */
const SQLX_SOURCE = `
use sqlx::{migrate::Migrator, Connection, PgConnection};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let migrator = Migrator::new(std::path::Path::new(&args[2])).await?;
    let mut connection = PgConnection::connect(&args[3]).await?;
    match args[1].as_str() {
        "up" => migrator.run_direct(&mut connection).await?,
        "down" => migrator.undo(&mut connection, args[4].parse()?).await?,
        _ => return Err("unknown command".into()),
    }
    Ok(())
}
`
export const sqlx = cargoProgram(
  'sqlx-migrator',
  '0.8.6',
  `sqlx = { version = "=0.8.6", default-features = false, features = ["postgres", "migrate", "runtime-tokio"] }
tokio = { version = "1", features = ["rt", "macros"] }`,
  SQLX_SOURCE,
)

const DRIZZLE_SOURCE = `import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
const [connectionString, migrationsFolder] = process.argv.slice(2)
const client = new pg.Client({ connectionString })
await client.connect()
try {
  await migrate(drizzle(client), { migrationsFolder })
} finally {
  await client.end()
}
`
export const drizzle = nodeProgram('drizzle', ['drizzle-orm@0.45.4', 'pg@8.23.1'], DRIZZLE_SOURCE)

export const drizzleNext = nodeProgram(
  'drizzle-next',
  ['drizzle-orm@1.0.0-rc.5-ab785fc', 'postgres@3.4.7'],
  `import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
const [url, migrationsFolder] = process.argv.slice(2)
const client = postgres(url, { max: 1, onnotice: () => undefined })
try {
  await migrate(drizzle({ client }), { migrationsFolder })
} finally {
  await client.end()
}
`,
)

/**
 * The engine as a program is fetched from no registry; Prisma's command line holds the same one as WebAssembly, for drivers in
 * JavaScript. That driver cuts a script at every semicolon, where the program sends it as one query: so does this one. The
 * programs that the command line would fetch are named as an empty file; it runs neither.
 */
export const prisma = nodeProgram(
  'prisma',
  ['prisma@6.19.3', '@prisma/adapter-pg@7.10.1', 'pg@8.23.1'],
  `import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
const [url, folder, root, ...command] = process.argv.slice(2)
const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const adapter = here('./node_modules/@prisma/adapter-pg/dist/index.mjs')
const config = join(folder, 'prisma.config.mjs')
writeFileSync(join(folder, 'none'), '', { mode: 0o755 })
writeFileSync(config, \`import { PrismaPg } from \${JSON.stringify(adapter)}
const asOneQuery = (made) => Object.assign(made, { executeScript: async (text) => { try { await made.client.query(text) } catch (error) { made.onError(error) } } })
class Whole extends PrismaPg {
  async connect() { return asOneQuery(await super.connect()) }
  async connectToShadowDb() { return asOneQuery(await super.connectToShadowDb()) }
}
export default {
  engine: 'js',
  experimental: { adapter: true },
  schema: \${JSON.stringify(join(folder, 'prisma/schema.prisma'))},
  migrations: { path: \${JSON.stringify(join(folder, root))} },
  adapter: async () => new Whole({ connectionString: \${JSON.stringify(url)} }),
}
\`)
const none = join(folder, 'none')
const env = { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1', NO_COLOR: '1',
  PRISMA_QUERY_ENGINE_LIBRARY: none, PRISMA_QUERY_ENGINE_BINARY: none, PRISMA_SCHEMA_ENGINE_BINARY: none }
const child = spawn(process.execPath, [here('./node_modules/prisma/build/index.js'), ...command, '--config', config], { cwd: folder, env })
let ended = false
child.stdout.on('data', (chunk) => {
  process.stdout.write(chunk)
  // It stays for ten seconds after its last word.
  ended ||= /successfully applied|No pending migrations|is up to date/.test(String(chunk))
  if (ended) child.kill()
})
child.stderr.pipe(process.stderr)
child.on('close', (status) => (process.exitCode = ended ? 0 : (status ?? 1)))
`,
)

const FLYWAY = '11.8.2'
const JACKSON = '2.18.2'

/** Flyway's command line with what it needs for PostgreSQL. */
export const flyway = mavenTool('flyway', FLYWAY, 'org.flywaydb.commandline.Main', [
  `org.flywaydb:flyway-commandline:${FLYWAY}`,
  `org.flywaydb:flyway-core:${FLYWAY}`,
  `org.flywaydb:flyway-database-postgresql:${FLYWAY}`,
  'org.postgresql:postgresql:42.7.5',
  `com.fasterxml.jackson.core:jackson-core:${JACKSON}`,
  `com.fasterxml.jackson.core:jackson-annotations:${JACKSON}`,
  `com.fasterxml.jackson.core:jackson-databind:${JACKSON}`,
  `com.fasterxml.jackson.dataformat:jackson-dataformat-toml:${JACKSON}`,
  `com.fasterxml.jackson.dataformat:jackson-dataformat-xml:${JACKSON}`,
  `com.fasterxml.jackson.datatype:jackson-datatype-jsr310:${JACKSON}`,
  'org.codehaus.woodstox:stax2-api:4.2.2',
  'com.fasterxml.woodstox:woodstox-core:7.0.0',
  'com.google.code.gson:gson:2.11.0',
])

const LIQUIBASE = '4.33.0'

/** Liquibase's command line with what it needs for PostgreSQL. */
export const liquibase = mavenTool('liquibase', LIQUIBASE, 'liquibase.integration.commandline.LiquibaseCommandLine', [
  `org.liquibase:liquibase-core:${LIQUIBASE}`,
  'org.postgresql:postgresql:42.7.7',
  'info.picocli:picocli:4.7.7',
  'org.yaml:snakeyaml:2.4',
  'com.opencsv:opencsv:5.11.2',
  'org.apache.commons:commons-lang3:3.17.0',
  'org.apache.commons:commons-text:1.13.1',
  'org.apache.commons:commons-collections4:4.5.0',
  'commons-io:commons-io:2.19.0',
  'javax.xml.bind:jaxb-api:2.3.1',
])
