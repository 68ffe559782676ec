/** A type as Liquibase gives it to PostgreSQL, and how it writes a value of it that the author gave as a text. */
export interface Type {
  readonly sql: string
  readonly kind:
    'number' | 'text' | 'clob' | 'boolean' | 'time' | 'timestamp' | 'verbatim' | 'quoted' | 'xml' | 'function'
}

interface Known {
  readonly names: string
  readonly kind: Type['kind']
  write(given: Given): string
}

/** A type as written: `timestamp(6) with time zone`. */
interface Given {
  readonly raw: string
  readonly name: string
  readonly parameters: readonly string[]
  /** What follows the brackets. */
  readonly rest: string
}

const plain =
  (name: string) =>
  ({ parameters }: Given): string =>
    `${name}${parameters.length === 0 ? '' : `(${parameters.join(', ')})`}`
const bare = (name: string) => (): string => name
const followed =
  (write: (given: Given) => string) =>
  (given: Given): string =>
    given.rest === '' ? write(given) : `${write(given)} ${given.rest}`

const hasZone = ({ raw }: Given): boolean => /tz|with time zone/i.test(raw)

/** The types that Liquibase knows (`liquibase.datatype.core`), with `java.sql.Types.` and the like left out of their names. */
const TYPES: readonly Known[] = [
  { names: 'int integer serial int4 serial4', kind: 'number', write: bare('INTEGER') },
  { names: 'bigint biginteger long integer8 bigserial serial8 int8', kind: 'number', write: followed(bare('BIGINT')) },
  { names: 'smallint int2 smallserial', kind: 'number', write: bare('SMALLINT') },
  { names: 'tinyint', kind: 'number', write: bare('SMALLINT') },
  { names: 'mediumint', kind: 'number', write: plain('MEDIUMINT') },
  {
    names: 'number numeric',
    kind: 'verbatim',
    write: (given) => (Number(given.parameters[0]) > 1000 ? 'numeric' : plain('numeric')(given)),
  },
  { names: 'decimal bigdecimal', kind: 'verbatim', write: followed(plain('DECIMAL')) },
  { names: 'currency money smallmoney', kind: 'verbatim', write: bare('DECIMAL') },
  {
    names: 'float real',
    kind: 'verbatim',
    write: (given) => (/^real$/i.test(given.raw) ? 'REAL' : plain('FLOAT')(given)),
  },
  { names: 'double', kind: 'verbatim', write: bare('DOUBLE PRECISION') },
  {
    names: 'boolean bit bool',
    kind: 'boolean',
    write: (given) =>
      /^bit varying/i.test(given.raw)
        ? plain('BIT VARYING')(given)
        : /^bit/i.test(given.raw)
          ? followed(plain('BIT'))(given)
          : followed(bare('BOOLEAN'))(given),
  },
  {
    names: 'blob longblob longvarbinary varbinary binary image tinyblob mediumblob bytea',
    kind: 'quoted',
    write: ({ raw }) => (/^(blob|java\.sql\.types\.blob)/i.test(raw) ? 'OID' : 'BYTEA'),
  },
  {
    names: 'clob longvarchar text longtext nclob longnvarchar ntext tinytext mediumtext',
    kind: 'clob',
    write: bare('TEXT'),
  },
  {
    names: 'varchar varchar2',
    kind: 'text',
    write: (given) => {
      const [length, second] = given.parameters
      if (length === undefined || second !== undefined) return followed(plain('VARCHAR'))(given)
      const size = length.replace(/(?<=\d)\s*char$/i, '')
      return size === '2147483647' ? 'CHARACTER VARYING' : followed(bare(`VARCHAR(${size})`))(given)
    },
  },
  { names: 'nvarchar nvarchar2 national', kind: 'text', write: plain('VARCHAR') },
  { names: 'char bpchar character', kind: 'text', write: followed(plain('CHAR')) },
  { names: 'nchar nchar2', kind: 'text', write: plain('NCHAR') },
  { names: 'date', kind: 'time', write: bare('date') },
  {
    names: 'time timetz',
    kind: 'time',
    write: (given) => `${plain('time')(given)} ${hasZone(given) ? 'WITH' : 'WITHOUT'} TIME ZONE`,
  },
  {
    names: 'timestamp timestamptz timestamp_with_timezone',
    kind: 'timestamp',
    write: (given) => {
      if (/timestamp_with_timezone/i.test(given.raw)) return `${plain('TIMESTAMP')(given)} WITH TIME ZONE`
      if (given.rest !== '') return `${plain('TIMESTAMP')(given)} ${given.rest.replace(/timezone/i, 'TIME ZONE')}`
      return `${plain('TIMESTAMP')(given)} ${hasZone(given) ? 'WITH' : 'WITHOUT'} TIME ZONE`
    },
  },
  {
    names: 'datetime smalldatetime datetime2 utildate',
    kind: 'timestamp',
    write: (given) => `${plain('TIMESTAMP')(given)} ${hasZone(given) ? 'WITH' : 'WITHOUT'} TIME ZONE`,
  },
  { names: 'uuid uniqueidentifier', kind: 'verbatim', write: bare('UUID') },
  { names: 'xml xmltype sqlxml', kind: 'xml', write: bare('XML') },
  { names: 'function', kind: 'function', write: ({ raw }) => raw },
]
const BY_NAME = new Map(TYPES.flatMap((known) => known.names.split(' ').map((name) => [name, known] as const)))

/** Known by the names of Java's classes, and not by these. */
const OWN_NAMES = /^(biginteger|bigdecimal|long)$/i

/** The type of a column (`liquibase.datatype.DataTypeFactory#fromDescription`). */
export function typeOf(description: string): Type {
  const given = parsed(description)
  const known = OWN_NAMES.test(given.raw) ? undefined : BY_NAME.get(keyOf(given))
  if (known !== undefined) return { sql: known.write(given), kind: known.kind }
  return { sql: unknownType(given), kind: 'quoted' }
}

function parsed(description: string): Given {
  const raw = description.trim()
  const brackets = /\(([^()]*)\)/.exec(raw)
  const parameters =
    brackets?.[1] === undefined || brackets[1].trim() === '' ? [] : brackets[1].split(',').map((part) => part.trim())
  const before = (brackets === null ? raw : raw.slice(0, brackets.index)).trim()
  const tail = brackets === null ? '' : raw.slice(brackets.index + brackets[0].length)
  const after = tail.trim()
  // `varchar(20)[]` is a type `VARCHAR[](20)` to Liquibase; with a space it is not.
  const isArray = tail.startsWith('[')
  const two = /^(long|double|character)\s+(\S+)(.*)$/i.exec(before)
  const name = two === null ? (/^\S+/.exec(before)?.[0] ?? '') : `${two[1]} ${two[2]}`
  const words = two === null ? before.slice(name.length).trim() : (two[3] ?? '').trim()
  return {
    raw,
    name: `${name.toLowerCase()}${isArray ? after : ''}`,
    parameters,
    rest: [words, isArray ? '' : after].filter((part) => part !== '').join(' '),
  }
}

/** The name by which a type is looked up. */
function keyOf({ name }: Given): string {
  if (name === 'character varying' || name === 'java.lang.string') return 'varchar'
  if (name === 'double precision' || name === 'double precision[]') return 'double'
  if (/^long (varchar|nvarchar)$/.test(name)) return 'clob'
  if (/^long (binary|varbinary)$/.test(name)) return 'longblob'
  if (name === 'java.util.date') return 'utildate'
  if (name === 'java.sql.types.bit' || name === 'java.sql.types.other') return name
  return name.replace(/^(java\.sql\.types|java\.sql|java\.lang|java\.math|java\.util)\./, '')
}

/** One that Liquibase does not know is left as it is, in capitals. */
function unknownType({ name, parameters, rest, raw }: Given): string {
  const tail = rest === '' ? '' : ` ${rest}`
  // Liquibase says the whole of it, and the end of it again.
  if (name === 'interval') {
    return `${raw.toUpperCase()}${parameters.length === 0 ? '' : `(${parameters.join(', ')})`}${tail}`
  }
  const bareName = raw.startsWith('"') ? name.replaceAll('"', '') : name
  return `${bareName.toUpperCase()}${parameters.length === 0 ? '' : `(${parameters.join(', ')})`}${tail}`
}
