import { environmentOf } from '../model/block.js'
import { remarksOf } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'feature-flag-in-migration',
    code: 'L10',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A migration asks for a feature flag',
    why:
      'A flag is on in one environment and off in the next, and is another one tomorrow. A migration that asks for it leaves ' +
      'other schemas behind under the same version, which no later run repairs.',
    instead: 'Change the schema in every environment, and ask the flag in the code that uses it.',
    messages: { flag: '{{what}} is a feature flag: what this migration does differs from one environment to the next' },
  },
  check: {
    script(script) {
      const found = remarksOf(script).find(({ what, kind }) => kind !== 'always-fails' && FLAGS.test(what))
      return found === undefined ? undefined : { message: 'flag', at: found.at, data: { what: found.what } }
    },
    do(block) {
      const environment = environmentOf(block)
      if (environment?.kind !== 'data' || !FLAGS.test(environment.what)) return
      return { message: 'flag', at: block.span, data: { what: environment.what } }
    },
  },
})

/** Services for flags by the names of their libraries, and what teams call their own. */
const FLAGS =
  /(^|[._])(feature_?(flags?|toggles?|switch(es)?)|ldclient|launchdarkly|unleash(client)?|waffle|flagsmith|growthbook|statsig|splitio|gargoyle|flipper|configcat\w*|openfeature)([._]|$)/i
