/** Types of columns as authors write them, one for each spelling that Liquibase 4 treats in a way of its own. */
export const TYPES: readonly string[] = [
  // Whole numbers.
  ...'int integer int4 serial serial4 bigint biginteger long int8 bigserial serial8 smallint int2 smallserial tinyint tinyint(1)'.split(
    ' ',
  ),
  ...'mediumint int(11) integer(10) bigint(20) smallint(5) INT BIGINT java.sql.Types.INTEGER java.sql.Types.BIGINT'.split(
    ' ',
  ),
  ...'java.sql.Types.SMALLINT java.sql.Types.TINYINT java.math.BigInteger int4multirange'.split(' '),
  // Other numbers.
  ...'number number(10) number(10,2) number(38,0) numeric numeric(10) numeric(10,2) numeric(2000,2) decimal decimal(10)'.split(
    ' ',
  ),
  ...'decimal(10,2) bigdecimal currency money smallmoney java.sql.Types.DECIMAL java.sql.Types.DECIMAL(10,2)'.split(
    ' ',
  ),
  ...'java.sql.Types.NUMERIC(8,3) java.math.BigDecimal float float(8) float(24) float4 float8 real double'.split(' '),
  ...'java.sql.Types.FLOAT java.sql.Types.DOUBLE java.sql.Types.REAL'.split(' '),
  'double precision',
  'numeric(10, 2)',
  // Truth and bits.
  ...'boolean bool Boolean bit bit(1) bit(8) java.sql.Types.BOOLEAN java.sql.Types.BIT varbit varbit(5)'.split(' '),
  'bit varying(5)',
  // Bytes.
  ...'blob longblob tinyblob mediumblob bytea binary binary(16) varbinary varbinary(255) longvarbinary image'.split(
    ' ',
  ),
  ...'java.sql.Types.BLOB java.sql.Types.BINARY java.sql.Types.VARBINARY java.sql.Types.LONGVARBINARY'.split(' '),
  'long binary',
  // Texts.
  ...'clob text TEXT longtext mediumtext tinytext nclob ntext longvarchar longnvarchar clob(1000) text(255)'.split(' '),
  ...'java.sql.Types.CLOB java.sql.Types.NCLOB java.sql.Types.LONGVARCHAR varchar varchar(255) Varchar(20) varchar2(10)'.split(
    ' ',
  ),
  ...'varchar(2147483647) nvarchar(50) nvarchar2(50) java.sql.Types.VARCHAR(50) java.sql.Types.NVARCHAR(50)'.split(' '),
  ...'java.lang.String(20) char char(3) bpchar character(5) nchar(3) java.sql.Types.CHAR(3) java.sql.Types.NCHAR(3)'.split(
    ' ',
  ),
  ...'citext name'.split(' '),
  'character varying',
  'character varying(20)',
  'varchar2(10 char)',
  'long varchar',
  'varchar(255) collate "C"',
  // Times.
  ...'date time time(3) timetz timestamp timestamp(3) timestamp(6) timestamptz timestamptz(3) datetime datetime(6)'.split(
    ' ',
  ),
  ...'datetime2 smalldatetime java.sql.Types.DATE java.sql.Types.TIME java.sql.Types.TIMESTAMP java.sql.Types.TIMESTAMP(3)'.split(
    ' ',
  ),
  ...'java.sql.Timestamp java.util.Date java.sql.Types.TIMESTAMP_WITH_TIMEZONE interval interval(3)'.split(' '),
  'timestamp with time zone',
  'timestamp without time zone',
  'timestamp(3) with time zone',
  'timestamp(6) without time zone',
  'time with time zone',
  'time(3) with time zone',
  'interval day to second',
  'TIMESTAMP WITH TIMEZONE',
  // All others.
  ...'uuid uniqueidentifier java.util.UUID xml xmltype java.sql.Types.SQLXML json jsonb inet cidr macaddr macaddr8 point'.split(
    ' ',
  ),
  ...'line lseg box path polygon circle tsvector tsquery int4range numrange tsrange tstzrange daterange pg_lsn oid'.split(
    ' ',
  ),
  ...'regclass hstore ltree vector(3) geometry geometry(Point,4326) geography(Point,4326) int[] integer[] bigint[] text[]'.split(
    ' ',
  ),
  ...'varchar[] varchar(20)[] uuid[] jsonb[] numeric(10,2)[] timestamp[] timestamptz[] boolean[] int[][] my_enum'.split(
    ' ',
  ),
  ...'app.my_enum MyEnum "MyEnum"'.split(' '),
  'text []',
]

/** Types with a default that says how Liquibase writes it, as attributes of a column. */
export const DEFAULTS: readonly string[] = [
  ...['int', 'bigint', 'numeric(10,2)', 'double', 'varchar(9)', 'text'].flatMap((type) => [
    `type="${type}" defaultValueNumeric="1"`,
    `type="${type}" defaultValueNumeric="-1.50"`,
    `type="${type}" defaultValueNumeric="1.0"`,
    `type="${type}" defaultValueNumeric="1e3"`,
    `type="${type}" defaultValueNumeric="12345678901234567890"`,
    `type="${type}" defaultValue="7"`,
  ]),
  'type="varchar(9)" defaultValue="it\'s"',
  'type="varchar(9)" defaultValue="NULL"',
  'type="varchar(9)" defaultValue=""',
  'type="text" defaultValue="a &amp; b"',
  ...['boolean', 'bit', 'bit(1)'].flatMap((type) => [
    `type="${type}" defaultValueBoolean="true"`,
    `type="${type}" defaultValueBoolean="false"`,
    `type="${type}" defaultValue="1"`,
    `type="${type}" defaultValue="false"`,
  ]),
  ...['timestamp', 'timestamptz'].flatMap((type) => [
    `type="${type}" defaultValueDate="2024-01-02T03:04:05"`,
    `type="${type}" defaultValueDate="2024-01-02 03:04:05"`,
    `type="${type}" defaultValueDate="2024-01-02T03:04:05.120"`,
    `type="${type}" defaultValueDate="2024-01-02T03:04:05Z"`,
    `type="${type}" defaultValueDate="2024-01-02T03:04:05+02:00"`,
    `type="${type}" defaultValueDate="now()"`,
    `type="${type}" defaultValueComputed="CURRENT_TIMESTAMP"`,
    `type="${type}" defaultValue="2024-01-02"`,
  ]),
  'type="timestamp" defaultValueComputed="now() + interval \'1 day\'"',
  'type="uuid" defaultValueComputed="gen_random_uuid()"',
  'type="uuid" defaultValue="00000000-0000-0000-0000-000000000000"',
  'type="jsonb" defaultValue="{}"',
  'type="text[]" defaultValue="{}"',
  'type="bigint" defaultValueSequenceNext="seq"',
  'type="bigint" defaultValueSequenceNext="Seq"',
]

/** Values of rows, as attributes of a column. */
export const VALUES: readonly string[] = [
  'value="a"',
  'value="it\'s"',
  'value="NULL"',
  'value=""',
  'value=" a "',
  'value="a\\b"',
  'valueNumeric="1"',
  'valueNumeric="1.50"',
  'valueNumeric="1.0"',
  'valueNumeric="-3"',
  'valueNumeric="1e3"',
  'valueNumeric="12345678901234567890"',
  'valueNumeric="NULL"',
  'valueBoolean="true"',
  'valueBoolean="false"',
  'valueBoolean="TRUE"',
  'valueDate="2024-01-02"',
  'valueDate="2024-01-02T03:04:05"',
  'valueDate="2024-01-02T03:04:05.120"',
  'valueDate="2024-01-02T03:04:05Z"',
  'valueDate="2024-01-02T03:04:05+02:00"',
  'valueDate="03:04:05"',
  'valueDate="now()"',
  'valueComputed="CURRENT_TIMESTAMP"',
  'valueComputed="now()"',
  'valueComputed="lower(\'A\')"',
  'valueComputed="(SELECT 1)"',
  'valueSequenceNext="seq"',
  'valueSequenceCurrent="seq"',
]
