/** Whether what is meant for these databases is meant for PostgreSQL (`liquibase.database.DatabaseList#definitionMatches`). */
export function isForPostgres(dbms: string | null): boolean {
  const names = (dbms ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  if (names.length === 0 || names.includes('all')) return true
  if (names.includes('none') || names.includes('!postgresql')) return false
  return names.includes('postgresql') || names.every((name) => name.startsWith('!'))
}
