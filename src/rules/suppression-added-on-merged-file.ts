import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'suppression-added-on-merged-file',
    code: 'L6',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A comment that allows a finding is written into an applied migration',
    why:
      'The file has been reviewed, merged and run. An exception that is added afterwards changes what was agreed to, and where the ' +
      'tool hashes its files, every database that ran the old bytes refuses the next run.',
    instead:
      'Restore the file. Set the rule in the configuration, or have `dba baseline` write down what is known of merged migrations.',
    messages: { late: 'This comment is written into applied migration {{path}}, and is not heeded' },
  },
  check: {
    suppression({ at, late }) {
      return late ? { message: 'late', at, data: { path: at.path } } : undefined
    },
  },
})
