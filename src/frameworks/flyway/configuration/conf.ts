import type { ConfigurationReader } from './told.js'
import { toldOf } from './told.js'
import { readProperties } from './properties.js'

/** `flyway.conf`: Java properties that begin with `flyway.`. */
export const readConf: ConfigurationReader = ({ text }) =>
  toldOf(
    readProperties(text).flatMap(([name, value]) =>
      name.startsWith('flyway.') ? [[name.slice('flyway.'.length), value] as const] : [],
    ),
  )
