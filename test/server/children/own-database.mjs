// A process that owns a database, and waits to be killed.
import { openDatabase } from '../../../dist/server/database.js'
import { ownDatabase } from '../../../dist/server/own-database.js'

const { folder, programs } = JSON.parse(process.argv[2])
const log = { info() {}, warn() {}, error() {}, with: () => log }
const own = await ownDatabase({ folder, programs: [programs], path: '', log })
const database = openDatabase({ url: own.url, name: 'child' })
await database.query('DROP TABLE IF EXISTS public.kept')
await database.query("CREATE TABLE public.kept AS SELECT 'by the child' AS value")
process.stdout.write('ready\n')
setInterval(() => undefined, 1000)
