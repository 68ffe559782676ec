import type { Remark } from '../../model/migration.js'
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
const RUNS_CODE = /^builtins\.(exec|eval|compile|__import__)$|^importlib\.|^runpy\.|^pickle\.loads?$|^marshal\.loads$/

/** What reaches files, the network or other programs. */
const REACHES_OUT =
  /^(builtins\.open$|os\.(system|popen|remove|unlink|rename|exec|spawn|kill|mkdir|makedirs|rmdir|listdir|walk)|subprocess\.|shutil\.|socket\.|urllib\.request|http\.|requests\.|httpx\.|aiohttp\.|boto3\.|ftplib\.|smtplib\.|pathlib\.|glob\.|tempfile\.|multiprocessing\.|threading\.|asyncio\.|time\.sleep$)/

/** What a call of a library is told to. */
export interface Reporter extends Pick<Host, 'gap' | 'guard'> {
  /** Numbers what is stood in for. */
  serial(): number
  remark(kind: Remark['kind'], what: string, at: Stretch): void
}

/** Whether a dotted name is of neither Python nor a library that is known here. */
export function isApplication(path: string): boolean {
  return (
    path !== '' &&
    !MAKERS.test(path) &&
    !OWN.test(path) &&
    !ENVIRONMENT.test(path) &&
    !REACHES_OUT.test(path) &&
    !/^(os|pathlib)\b/.test(path)
  )
}

/** What a name of a library stands for, where that is known: what is set outside of the code is not. null for any other name. */
export function ofLibrary(path: string): Value | null {
  if (path === 'typing.TYPE_CHECKING') return boolean(false)
  const is = /^(os\.environ|os\.getenv|sys\.argv|flask\.current_app|alembic\.context\.config)$/.test(path)
  return is ? unknown('reads the environment', `what ${path} says is set outside`) : null
}

/** What a call of a library that is not Alembic's gives; null leaves it as it is. */
export function libraryCall(
  value: ValueOf<'call'>,
  at: Stretch,
  { gap, guard, serial, remark }: Reporter,
): Value | null {
  const { path } = value
  const refused = (cause: Cause, reason: string): Value => {
    gap(cause, reason, at)
    return unknown(cause, reason)
  }
  if (SESSION.test(path)) return { kind: 'name', path: 'alembic.session' }
  if (INSPECTOR.test(path)) return { kind: 'name', path: 'alembic.inspector' }
  const made = MADE_AT_RUN_TIME.get(path)?.(serial())
  if (made !== undefined) {
    guard(`${path}() makes a value when it is run; ${made} stands for it`, at)
    return string(made)
  }
  if (ENVIRONMENT.test(path)) return unknown('reads the environment', `what ${path} gives is not known`)
  if (RUNS_CODE.test(path)) {
    remark('runs-code', path, at)
    return refused('unsupported call', `${path} runs code that nobody can read here`)
  }
  if (REACHES_OUT.test(path)) remark('reaches-out', path, at)
  if (path === 'time.sleep') return NONE
  if (REACHES_OUT.test(path))
    return refused('reads the environment', `${path} reaches files, the network or other programs`)
  if (ENGINE.test(path)) return refused('unsupported call', `${path} opens another connection`)
  if (!isApplication(path)) return null
  // What makes an object is judged where the object is used.
  if (/\.[A-Z]\w*$/.test(path)) return null
  return refused('imports application code', `${path}() is not followed`)
}

/** Values that differ from run to run and decide nothing: what stands for each. */
const MADE_AT_RUN_TIME: ReadonlyMap<string, (serial: number) => string> = new Map([
  ...['uuid.uuid4', 'uuid.uuid1', 'uuid.uuid7'].map((path) => [path, anId] as const),
  ...['datetime.datetime.now', 'datetime.datetime.utcnow', 'datetime.datetime.today'].map(
    (path) => [path, () => '2000-01-01 00:00:00'] as const,
  ),
  ['datetime.date.today', () => '2000-01-01'] as const,
])

function anId(serial: number): string {
  return `00000000-0000-4000-8000-${String(serial).padStart(12, '0')}`
}

const SESSION = /^sqlalchemy\.orm\.(session\.)?Session$/
const INSPECTOR = /^sqlalchemy\.(inspection\.)?inspect$|^sqlalchemy\.engine\.(reflection\.)?Inspector(\.from_engine)?$/
const ENGINE = /^sqlalchemy\.(engine\.)?(create_engine|engine_from_config)$/
