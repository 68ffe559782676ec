/** A possibly schema-qualified name, unquoted and case-folded as PostgreSQL stores it; `schema` is '' when not written. */
export interface QualifiedName {
  readonly schema: string
  readonly name: string
}

/** The name as a person reads it, without quotes. */
export function show(name: QualifiedName): string {
  return name.schema === '' ? name.name : `${name.schema}.${name.name}`
}

/** A key under which two spellings of one object meet; an unqualified name is taken to live in `public`. */
export function keyOf(name: QualifiedName): string {
  return name.schema === '' || name.schema === 'public' ? name.name : `${name.schema}.${name.name}`
}

/** The name as SQL needs it, quoted where PostgreSQL would. */
export function quote(name: QualifiedName | string): string {
  if (typeof name === 'string') return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
  return name.schema === '' ? quote(name.name) : `${quote(name.schema)}.${quote(name.name)}`
}
