import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'default-partition',
    code: 'I47',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A DEFAULT partition is made',
    why: 'Rows that fit nowhere else gather in it without a word. To make the partition that they belong to, PostgreSQL then reads all of the DEFAULT partition under a lock, and refuses while it holds one of them.',
    instead: 'Make the partitions ahead of time, and watch that there is always a next one.',
    messages: { catches: '{{table}} takes every row of {{parent}} for which there is no partition' },
  },
  check: {
    'create-table'({ table, partitionOf, span }) {
      if (partitionOf?.isDefault !== true) return
      return { message: 'catches', at: span, data: { table: show(table), parent: show(partitionOf.parent) } }
    },
  },
})
