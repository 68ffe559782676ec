/** A file of Java properties as its names and values, in order: `#` and `!` begin comments, a backslash at the end of a line goes on. */
export function readProperties(text: string): readonly (readonly [string, string])[] {
  const entries: (readonly [string, string])[] = []
  let open = ''
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.trimStart()
    if (open === '' && /^([#!]|$)/.test(line)) continue
    const whole = open + line
    if (/(?<!\\)(\\\\)*\\$/.test(whole)) {
      open = whole.slice(0, -1)
      continue
    }
    open = ''
    const [, name, value = ''] = /^((?:[^\s=:\\]|\\.)+)\s*[=:]?\s*(.*)$/s.exec(whole) ?? []
    if (name !== undefined) entries.push([unescaped(name), unescaped(value).trim()])
  }
  return entries
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, code: string | undefined, sign = '') =>
    code !== undefined ? String.fromCharCode(parseInt(code, 16)) : (CONTROLS[sign as string] ?? (sign as string)),
  )
}

const CONTROLS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f' }
