import { call } from './call.js'
import { evaluate } from './evaluate.js'
import { run } from './execute.js'
import { type Host, type Machine } from './machine.js'
import { Exhausted } from './fuel.js'

/** More than anybody's migration takes, and well below what anybody notices. */
const MOST_STEPS = 400_000
/** Calls within calls. */
const DEEPEST = 40

/** A machine that follows the file at `home`. */
export function createMachine(host: Host, home: string): Machine {
  let steps = 0
  let depth = 0
  const machine: Machine = {
    host,
    home,
    here: home,
    site: { from: 0, to: 0 },
    evaluate: (expression, scope) => evaluate(expression, scope, machine),
    run: (block, scope) => run(block, scope, machine),
    call: (callee, given, written) => call(callee, given, written, machine),
    spend(count = 1) {
      steps += count
      if (steps > MOST_STEPS) throw new Exhausted('following it takes too many steps')
    },
    deeper(work) {
      if (depth >= DEEPEST) throw new Exhausted('its calls go too deep')
      depth += 1
      try {
        return work()
      } finally {
        depth -= 1
      }
    },
  }
  return machine
}
