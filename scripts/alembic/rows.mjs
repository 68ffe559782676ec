/** Tables in which two databases do not hold as many rows: see `unequal`. */
export async function rowsIn(ours, theirs) {
  return unequal(await counted(ours), await counted(theirs))
}

/** Of rows by table, those that are not as many, `{ table, ours, theirs }`; tables that one side lacks count for nothing. */
export function unequal(mine, its) {
  return [...mine].flatMap(([table, rows]) => {
    const other = its.get(table)
    return other === undefined || other === rows ? [] : [{ table, ours: Number(rows), theirs: Number(other) }]
  })
}

const COUNTS = `SELECT c.oid::regclass::text, (xpath('/row/n/text()',
    query_to_xml('SELECT count(*) AS n FROM ' || c.oid::regclass::text, false, true, '')))[1]::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND has_table_privilege(c.oid, 'SELECT')`

/** How many rows each table has, as text by its name. */
export async function counted(session) {
  const [answer] = await session.read([COUNTS])
  if ('error' in answer) throw new Error(`the rows of tables could not be counted: ${answer.error}`)
  return new Map(answer.rows)
}
