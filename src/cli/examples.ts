import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RuleExamples } from '../report/rule-page.js'

const FIXTURES = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url))

/** The examples of a rule, which are its fixtures; of one that takes whole repositories, what is found there alone. */
export function examplesOf(id: string): RuleExamples {
  const example = (name: string): string | null => {
    const file = `${FIXTURES}${id}/${name}`
    return existsSync(file) ? readFileSync(file, 'utf8') : null
  }
  const inPython = example('bad.py')
  const [bad, good] = inPython === null ? [example('bad.sql'), example('good.sql')] : [inPython, example('good.py')]
  return { bad, underlined: example('bad.txt'), good, mark: inPython === null ? '--' : '#' }
}
