// An intake in a process of its own. `dieBefore`/`dieAfter`: kills itself when a body holds that word, before or after it was kept.
import { openDatabase } from '../../../dist/server/database.js'
import { intake } from '../../../dist/server/intake.js'
import { listen } from '../../../dist/server/web-server.js'

const { url, secret } = JSON.parse(process.argv[2])
const log = { info() {}, warn() {}, error() {}, with: () => log }
const real = openDatabase({ url, name: 'intake', statementMilliseconds: 6_000, connectMilliseconds: 1_500 })
const die = () => process.kill(process.pid, 'SIGKILL')
const database = {
  ...real,
  query: async (text, values) => {
    const body = values?.find(Buffer.isBuffer)?.toString() ?? ''
    if (body.includes('die before')) {
      die()
      await new Promise(() => undefined)
    }
    const rows = await real.query(text, values)
    if (body.includes('die after')) {
      die()
      await new Promise(() => undefined)
    }
    return rows
  },
}
const now = () => performance.now()
const web = await listen(
  { '/webhook': { POST: intake({ database, secrets: [secret], log, now }) } },
  { host: '127.0.0.1', port: 0 },
)
process.stdout.write(`port ${web.port}\n`)
