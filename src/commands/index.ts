import { approve } from './approve.js'
import type { Command } from './command.js'
import { diff } from './diff.js'
import { erd } from './erd.js'
import { explain } from './explain.js'
import { helpOn } from './help.js'
import { locks } from './locks.js'
import { plan } from './plan.js'
import { rerun } from './rerun.js'
import { revoke } from './revoke.js'
import { status } from './status.js'

/** Everything that can be asked for, in the order of the help. */
export const commands: readonly Command[] = [
  helpOn(() => commands),
  explain,
  status,
  locks,
  diff,
  erd,
  plan,
  rerun,
  approve,
  revoke,
]
