import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The sandbox in the words in which programs are told of databases. */
export interface Place {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly password: string
  readonly database: string
  /** `postgresql`, with the driver that the project uses. */
  readonly scheme: string
}

type Variables = Readonly<Record<string, string | undefined>>

/** URLs of PostgreSQL, wherever they stand in a text. */
const DATABASE_URL = /\b(postgres(?:ql)?(?:\+\w+)?):\/\/(?:(?![,;]postgres)[^\s"'<>\\`])*/gi
const KEYWORDS = /(?:^|\s)(?:host|hostaddr|service|dbname)\s*=\s*\S/

/** The sandbox as a URL. */
export function urlOf({ host, port, user, password, database, scheme }: Place): string {
  return `${scheme}://${user}:${password}@${host}:${port}/${database}`
}

/** The text with every URL of a PostgreSQL turned to the sandbox; each keeps its driver. */
export function turned(text: string, place: Place): string {
  return text.replace(DATABASE_URL, (_, scheme: string) => urlOf({ ...place, scheme }))
}

/** The driver that a text's first URL of a PostgreSQL names, as its scheme; null without one. */
export function schemeIn(text: string): string | null {
  return /\b(postgres(?:ql)?(?:\+\w+)?):\/\//i.exec(text)?.[1] ?? null
}

/**
 * The environment for a tool: the person's own, in which everything that could name another database names the sandbox.
 * `settings` are what the project's `.env` files hold; where they name a database, the environment speaks first.
 */
export function toolEnvironment(own: Variables, settings: Variables, place: Place): Readonly<Record<string, string>> {
  const result: Record<string, string> = {}
  const named = (name: string, value: string): string | null =>
    partOf(name, place) ?? (KEYWORDS.test(value) ? keywords(place) : null)
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || /^PG[A-Z]+$/.test(name)) continue
    result[name] = named(name, value) ?? turned(value, place)
  }
  for (const [name, value = ''] of Object.entries(settings)) {
    const other = named(name, value) ?? turned(value, place)
    if (!(name in own) && other !== value) result[name] = other
  }
  for (const name of URL_NAMES) {
    const scheme = schemeIn(own[name] ?? settings[name] ?? '') ?? place.scheme
    result[name] = urlOf({ ...place, scheme })
  }
  for (const name of PART_NAMES) result[name] = partOf(name, place) ?? ''
  const { host, port, user, password, database } = place
  return {
    ...result,
    ...{ PGHOST: host, PGPORT: port, PGUSER: user, PGPASSWORD: password, PGDATABASE: database },
    // Also what a service file or a password file says of others is not for the tool.
    ...{ PGSERVICEFILE: '/dev/null', PGPASSFILE: '/dev/null', PGSYSCONFDIR: '/nonexistent', PGSSLMODE: 'prefer' },
    // Nothing is left in the checkout, and what is printed comes at once.
    ...{ PYTHONDONTWRITEBYTECODE: '1', PYTHONUNBUFFERED: '1' },
  }
}

const URL_NAMES = [
  ...['DATABASE_URL', 'DATABASE_URI', 'DATABASE_DSN', 'DB_URL', 'DB_URI', 'DB_DSN', 'POSTGRES_URL', 'POSTGRES_DSN'],
  ...['SQLALCHEMY_URL', 'SQLALCHEMY_DATABASE_URL', 'SQLALCHEMY_DATABASE_URI'],
]
const PARTS = ['HOST', 'PORT', 'USER', 'PASSWORD', 'NAME']
const PART_NAMES = [
  ...['POSTGRES', 'DB', 'DATABASE'].flatMap((prefix) => PARTS.map((part) => `${prefix}_${part}`)),
  ...['POSTGRES_SERVER', 'POSTGRES_DB'],
]

const PART =
  /(?:^|_)(?:PG|POSTGRES|POSTGRESQL|PSQL|DB|DATABASE|SQL)_?(HOST|HOSTNAME|SERVER|ADDRESS|PORT|USER|USERNAME|PASS|PASSWORD|PWD|NAME|DB|DATABASE|DBNAME)$/i

/** What a variable that names a part of an address should say; null for another variable. */
function partOf(name: string, { host, port, user, password, database }: Place): string | null {
  switch (PART.exec(name)?.[1]?.toUpperCase()) {
    case undefined:
      return null
    case 'HOST':
    case 'HOSTNAME':
    case 'SERVER':
    case 'ADDRESS':
      return host
    case 'PORT':
      return port
    case 'USER':
    case 'USERNAME':
      return user
    case 'PASS':
    case 'PASSWORD':
    case 'PWD':
      return password
    default:
      return database
  }
}

function keywords({ host, port, user, password, database }: Place): string {
  return `host=${host} port=${port} user=${user} password=${password} dbname=${database}`
}

/** What the `.env` files say that a program started in `folder` may read, up to `top`; the nearest first. */
export async function settingsFiles(folder: string, top: string): Promise<Readonly<Record<string, string>>> {
  const settings: Record<string, string> = {}
  for (const at of upwards(folder, top)) {
    const names = (await readdir(at).catch(() => [])).filter((name) => /^\.env(\..+)?$|\.env$/.test(name))
    for (const name of names) {
      const text = await readFile(join(at, name), 'utf8').catch(() => '')
      for (const line of text.split('\n')) {
        const [, variable, value] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? []
        if (variable === undefined || value === undefined) continue
        settings[variable] ??= /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value
      }
    }
  }
  return settings
}

/** A folder and those above it, up to `top`. */
export function upwards(folder: string, top: string): readonly string[] {
  const inside = folder === top || folder.startsWith(`${top}/`)
  return inside && folder !== top ? [folder, ...upwards(dirname(folder), top)] : [folder]
}
