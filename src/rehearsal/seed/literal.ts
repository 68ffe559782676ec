/** A text as an SQL literal, the same whatever `standard_conforming_strings` says. */
export function literal(text: string): string {
  const quoted = text.replaceAll("'", "''")
  return text.includes('\\') ? `E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`
}

/** A text as a value of a type. */
export function cast(text: string, typeName: string): string {
  return `${literal(text)}::${typeName}`
}
