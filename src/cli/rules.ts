import { rules } from '../rules/index.js'
import { EXIT, type Io } from './io.js'

/** `dba rules`: every rule with its code, default weight and what it is about. */
export function rulesVerb(options: { readonly format: 'terminal' | 'json' }, io: Io): number {
  const metas = rules.map(({ meta, defaults }) => ({ ...meta, options: defaults }))
  if (options.format === 'json') {
    io.out(`${JSON.stringify(metas, null, 2)}\n`)
    return EXIT.pass
  }
  const width = Math.max(...metas.map(({ id }) => id.length))
  for (const { code, id, weight, summary } of metas) {
    io.out(`${code.padEnd(4)} ${id.padEnd(width)}  ${weight.padEnd(7)}  ${summary}\n`)
  }
  io.out(`\n${metas.length} rules. \`dba explain RULE\` says why, and what to do instead.\n`)
  return EXIT.pass
}
