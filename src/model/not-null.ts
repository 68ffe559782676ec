/** Whether a CHECK, or one of the parts it joins by AND, says that the column is not null. */
export function demandsValue(check: string, column: string): boolean {
  return check.split(/\band\b/i).some((part) => {
    const [, name] = /^[\s(]*(?:[\w$]+\.)?"?([^"()\s]+|[^"]+)"?\s+is\s+not\s+null[\s)]*$/i.exec(part) ?? []
    return name === column && !/\bor\b/i.test(check)
  })
}
