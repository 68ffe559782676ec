/** The rows of a file of values, as OpenCSV reads them; lines that begin with `comment` are left out, and so are empty ones. */
export function readCsv(
  text: string,
  separator: string,
  quote: string,
  comment: string,
): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  let touched = false
  const end = (): void => {
    row.push(cell)
    if (touched || row.length > 1) rows.push(row)
    row = []
    cell = ''
    touched = false
  }
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? ''
    if (quoted) {
      if (sign === quote && text[at + 1] === quote) cell += text[++at] ?? ''
      else if (sign === quote) quoted = false
      else if (sign === '\\' && at + 1 < text.length) cell += text[++at] ?? ''
      else cell += sign
      continue
    }
    if (!touched && row.length === 0 && cell === '' && comment !== '' && text.startsWith(comment, at)) {
      while (at < text.length && text[at] !== '\n') at++
      continue
    }
    if (sign === quote) {
      quoted = true
      touched = true
    } else if (sign === separator) {
      row.push(cell)
      cell = ''
      touched = true
    } else if (sign === '\n') end()
    else if (sign !== '\r') {
      cell += sign
      touched = true
    }
  }
  if (touched || row.length > 0) end()
  return rows
}
