/**
 * SQL or a name without the schema `public`, which everybody takes for granted. Quoted names and literals are left as they
 * are.
 */
export function bare(sql: string): string {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bpublic\.(?=["a-z_])/g, (piece) =>
    piece === 'public.' ? '' : piece,
  )
}

/** A qualified name as PostgreSQL writes it, without quotes and without the schema `public`. */
export function unquoted(name: string): string {
  return bare(name).replace(/"((?:[^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"'))
}
