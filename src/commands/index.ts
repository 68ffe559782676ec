import { approve } from './approve.js'
import type { Command } from './command.js'
import { config } from './config.js'
import { conflicts } from './conflicts.js'
import { describe } from './describe.js'
import { diff } from './diff.js'
import { erd } from './erd.js'
import { explain } from './explain.js'
import { helpOn } from './help.js'
import { ignore } from './ignore.js'
import { locks } from './locks.js'
import { plan } from './plan.js'
import { rerun } from './rerun.js'
import { revoke } from './revoke.js'
import { status } from './status.js'
import { suggest } from './suggest.js'

/** Everything that can be asked for, in the order of the help. */
export const commands: readonly Command[] = [
  helpOn(() => commands),
  explain,
  status,
  describe,
  locks,
  diff,
  erd,
  plan,
  suggest,
  conflicts,
  config,
  rerun,
  ignore,
  approve,
  revoke,
]
