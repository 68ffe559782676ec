/** Tables in which the two databases do not hold as many rows, `{ table, ours, theirs }`; those that one of them lacks count for nothing. */
export async function rowsIn(ours, theirs) {
  const [mine, its] = [await counted(ours), await counted(theirs)]
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

async function counted(session) {
  const [answer] = await session.read([COUNTS])
  if ('error' in answer) throw new Error(`the rows of tables could not be counted: ${answer.error}`)
  return new Map(answer.rows)
}
