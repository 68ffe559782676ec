import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { RuleMeasured } from '../report/measured.js'
import type { RuleExamples } from '../report/rule-page.js'

const FIXTURES = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url))

const MEASURED = fileURLToPath(new URL('../../fixtures/claims/locks.json', import.meta.url))

/** The examples of a rule, which are its fixtures; of one that takes whole repositories, what is found there alone. */
export function examplesOf(id: string): RuleExamples {
  const example = (name: string): string | null => {
    const file = `${FIXTURES}${id}/${name}`
    return existsSync(file) ? readFileSync(file, 'utf8') : null
  }
  const inPython = example('bad.py')
  const [bad, good] = inPython === null ? [example('bad.sql'), example('good.sql')] : [inPython, example('good.py')]
  const measured = measuredOf(id)
  return {
    ...{ bad, underlined: example('bad.txt'), good, mark: inPython === null ? '--' : '#' },
    ...(measured === undefined ? {} : { measured }),
  }
}

/** What the rule's example was seen to do, as the tests have written it down. */
function measuredOf(id: string): RuleMeasured | undefined {
  if (!existsSync(MEASURED)) return undefined
  return (JSON.parse(readFileSync(MEASURED, 'utf8')) as Readonly<Record<string, RuleMeasured>>)[id]
}
