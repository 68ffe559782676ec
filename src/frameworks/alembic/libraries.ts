import type { RemarkKind } from '../../model/migration.js'
import type { Host } from './python/machine.js'
import { boolean, NONE, string, unknown, type Cause, type Value, type ValueOf } from './python/value.js'
import type { Stretch } from './python/syntax.js'

/** Libraries whose calls make types, expressions and values, and send nothing. */
const MAKERS =
  /^(sqlalchemy|sqlalchemy_utils|sqlmodel|pgvector|geoalchemy2|citext|alembic|alembic_utils|alembic_postgresql_enum|fastapi_users_db_sqlalchemy|advanced_alchemy|flask_sqlalchemy|flask|jsonschema|dateutil|pytz)(\.|$)/

/** Modules of Python's own (https://docs.python.org/3/library/) that have nothing to do with a database. */
const OWN =
  /^(builtins|__future__|abc|base64|binascii|calendar|collections|contextlib|copy|csv|dataclasses|datetime|decimal|difflib|enum|fractions|functools|gettext|hashlib|hmac|html|inspect|io|itertools|json|locale|logging|math|numbers|operator|pprint|random|re|secrets|statistics|string|struct|sys|textwrap|time|timeit|traceback|types|typing|typing_extensions|unicodedata|urllib\.parse|uuid|warnings|weakref|zlib|zoneinfo)(\.|$)/

const ENVIRONMENT =
  /^(os\.(environ|getenv|environb|uname|getcwd|path\.(exists|isfile|isdir))|platform\.|socket\.gethostname|getpass\.|sys\.(argv|platform|version|flags)|datetime\.(datetime|date)\.(now|today|utcnow)|datetime\.datetime\.today|time\.time|uuid\.uuid[14]$|random\.|secrets\.)/

/** Python that makes and runs other Python, so that nobody can read what it does. */
const RUNS_CODE =
  /^builtins\.(exec|eval|compile|__import__)$|^importlib\.(import_module|reload|__import__|util\.|machinery\.)|^runpy\.|^(c?pickle|dill|cloudpickle)\.loads?$|^marshal\.loads?$/

/** What reaches the network, other programs or threads, or changes files. */
const REACHES_OUT =
  /^(os\.(system|popen|remove|unlink|rename|replace|exec|spawn|posix_spawn|fork|kill|mkdir|makedirs|rmdir|removedirs|chmod|chown)|(subprocess|shutil|socket|ssl|urllib\.request|urllib3|http|requests|httpx|aiohttp|websockets?|boto3|botocore|stripe|redis|celery|kombu|pika|grpc|paramiko|ftplib|smtplib|imaplib|tempfile|multiprocessing|threading|concurrent\.futures\.\w*Executor|asyncio|elasticsearch|opensearchpy|slack_sdk|google\.cloud|azure)(\.|$))/

/** What reads files. */
const READS_FILES =
  /^((builtins|io|codecs)\.open$|os\.(listdir|scandir|walk|stat)$|(pathlib|glob|fileinput|pkg_resources|pkgutil|importlib_resources|importlib\.(resources|metadata))(\.|$))/

/** What a call of a library is told to. */
export interface Reporter extends Pick<Host, 'gap' | 'guard'> {
  /** A number for something that is stood in for, with no other like it in the history. */
  standIn(): StandIn
  remark(kind: RemarkKind, what: string, at: Stretch): void
}

/** What tells a value that is made at run time from others. */
export interface StandIn {
  /** 24 hexadecimal digits, with no others like them in the history or in another run. */
  readonly number: string
  /** In which run it is made, from 0. */
  readonly run: number
}

/** Whether a dotted name is of neither Python nor a library that is known here. */
export function isApplication(path: string): boolean {
  return (
    path !== '' &&
    !MAKERS.test(path) &&
    !OWN.test(path) &&
    !ENVIRONMENT.test(path) &&
    !isOutside(path) &&
    !/^(os|importlib|runpy|c?pickle|marshal|platform|socket|getpass|concurrent)(\.|$)/.test(path)
  )
}

/** What a name of a library stands for, where that is known: what is set outside of the code is not. null for any other name. */
export function ofLibrary(path: string): Value | null {
  if (path === 'typing.TYPE_CHECKING') return boolean(false)
  const is = /^(os\.environ|os\.getenv|sys\.argv|flask\.current_app|alembic\.context\.config)$/.test(path)
  return is ? unknown('reads the environment', `what ${path} says is set outside`) : null
}

/**
 * What an attribute of what a library made is, where that is known: Flask-SQLAlchemy's object has all that SQLAlchemy has
 * (https://flask-sqlalchemy.readthedocs.io/en/stable/models/). null for any other.
 */
export function attributeOfLibrary({ receiver, name }: ValueOf<'attribute'>): Value | null {
  const path = receiver.kind === 'name' || receiver.kind === 'call' ? receiver.path : ''
  const isSqlalchemy = path === 'flask_sqlalchemy.SQLAlchemy' && /^[A-Z]/.test(name) && name !== 'Model'
  return isSqlalchemy ? { kind: 'name', path: `sqlalchemy.${name}` } : null
}

/** What a call of a library that is not Alembic's gives; null leaves it as it is. */
export function libraryCall(
  value: ValueOf<'call'>,
  at: Stretch,
  { gap, guard, standIn, remark }: Reporter,
): Value | null {
  const { path } = value
  const refused = (cause: Cause, reason: string): Value => {
    gap(cause, reason, at)
    return unknown(cause, reason)
  }
  if (SESSION.test(path)) return { kind: 'name', path: 'alembic.session' }
  if (INSPECTOR.test(path)) return { kind: 'name', path: 'alembic.inspector' }
  const made = MADE_AT_RUN_TIME.get(path)?.(standIn())
  if (made !== undefined) {
    guard(`${path}() makes a value when it is run; ${made} stands for it`, at)
    return string(made)
  }
  if (ENVIRONMENT.test(path)) return unknown('reads the environment', `what ${path} gives is not known`)
  const kind = remarkOf(path, modeOf(value))
  if (kind !== null) remark(kind, path, at)
  if (kind === 'waits') return NONE
  if (kind === 'runs-code') return refused('unsupported call', `${path} runs code that nobody can read here`)
  if (kind !== null) return refused('reads the environment', `${path} reaches files, the network or other programs`)
  if (CLIENT.test(path)) return null
  if (ENGINE.test(path)) return refused('unsupported call', `${path} opens another connection`)
  if (!isApplication(path)) return null
  // What makes an object is judged where the object is used.
  if (/\.[A-Z]\w*$/.test(path)) return null
  return refused('imports application code', `${path}() is not followed`)
}

/** Whether a dotted name belongs to what reaches files, the network or other programs. */
export function isOutside(path: string): boolean {
  return REACHES_OUT.test(path) || READS_FILES.test(path)
}

/** What a call of a library does beside the database, if anything; `mode` is that of `open`, null when it is not known. */
export function remarkOf(path: string, mode: string | null): RemarkKind | null {
  if (RUNS_CODE.test(path)) return 'runs-code'
  if (path === 'time.sleep') return 'waits'
  // To make a client reaches nobody; what is called on it does.
  if (CLIENT.test(path)) return null
  if (REACHES_OUT.test(path)) return 'reaches-out'
  if (!READS_FILES.test(path)) return null
  // https://docs.python.org/3/library/functions.html#open
  return path.endsWith('.open') && (mode === null || /[wax+]/.test(mode)) ? 'reaches-out' : 'reads-files'
}

function modeOf({ positional, keywords }: ValueOf<'call'>): string | null {
  const mode = keywords.get('mode') ?? positional[1]
  return mode === undefined ? '' : mode.kind === 'string' ? mode.text : null
}

/** Values that differ from run to run and decide nothing: what stands for each. */
const MADE_AT_RUN_TIME: ReadonlyMap<string, (of: StandIn) => string> = new Map([
  ...['uuid.uuid4', 'uuid.uuid1', 'uuid.uuid7'].map((path) => [path, anId] as const),
  ...['datetime.datetime.now', 'datetime.datetime.utcnow', 'datetime.datetime.today'].map(
    (path) => [path, (of: StandIn) => `${aDay(of)} 00:00:00`] as const,
  ),
  ['datetime.date.today', aDay] as const,
])

/** A random UUID as https://www.rfc-editor.org/rfc/rfc9562#section-5.4 has them. */
function anId({ number }: StandIn): string {
  return number.replace(/^(.{8})(.{4})(.{4})(.{8})/, '$1-$2-4000-8000-$3$4')
}

/** Each run is a day later. */
function aDay({ run }: StandIn): string {
  return `2000-01-${String(run + 1).padStart(2, '0')}`
}

/** Objects of libraries for the network, but for those that begin their work when they are made. */
const CLIENT =
  /^(ssl|urllib3|http|requests|httpx|aiohttp|boto3|botocore|stripe|redis|celery|kombu|elasticsearch|opensearchpy|slack_sdk|google\.cloud|azure)(\.\w+)*\.[A-Z]\w*$/

const SESSION = /^sqlalchemy\.orm\.(session\.)?Session$/
const INSPECTOR = /^sqlalchemy\.(inspection\.)?inspect$|^sqlalchemy\.engine\.(reflection\.)?Inspector(\.from_engine)?$/
const ENGINE = /^sqlalchemy\.(engine\.)?(create_engine|engine_from_config)$/
