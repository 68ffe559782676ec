import type { DefElem, Node } from '@pgsql/types'
import { literal } from '../expression.js'
import { all, as } from './tree.js'

/** The option of a name in a list of options, or undefined. */
export function option(options: readonly Node[] | undefined, name: string): DefElem | undefined {
  return all('DefElem', options).find(({ defname }) => defname === name)
}

/** Whether an option such as `FULL` or `FULL true` is on; PostgreSQL takes `true`, `on` and 1, and the bare name. */
export function isOn(options: readonly Node[] | undefined, name: string): boolean {
  const found = option(options, name)
  if (found === undefined) return false
  return found.arg === undefined || /^(true|on|1)$/i.test(optionText(found) ?? '')
}

/** An option's value as text, whatever node holds it; null when it has none or is not there. */
export function optionText(found: DefElem | undefined): string | null {
  const arg = found?.arg
  const number = as('Integer', arg)
  const truth = as('Boolean', arg)
  if (number !== undefined) return String(number.ival ?? 0)
  if (truth !== undefined) return String(truth.boolval ?? false)
  return as('String', arg)?.sval ?? as('Float', arg)?.fval ?? literal(arg)
}
