import { afterAll, afterEach, beforeEach, expect, test } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { openDatabase, type Database } from '../../src/server/database.js'
import { embeddedPrograms } from '../../src/server/embedded-programs.js'
import { ownDatabase, type OwnDatabase } from '../../src/server/own-database.js'
import { upgrade } from '../../src/server/schema.js'
import { appProcess, type AppProcess } from '../support/app-process.js'
import { testLog, until } from '../support/app-database.js'
import { withPostgres } from '../support/postgres-binaries.js'
import { ends } from '../support/process.js'

await withPostgres(18, (programs) => {
  // One database for all: making one takes longest, and each test leaves it whole.
  const home = mkdtempSync(join(tmpdir(), 'dba-own-'))
  chmodSync(home, 0o711)
  let folder: string
  const opened: (OwnDatabase | Database | AppProcess)[] = []
  beforeEach(() => void (folder = join(home, 'data')))
  afterEach(async () => {
    for (const each of opened.splice(0)) await ('close' in each ? each.close() : each.stop())
  })
  afterAll(() => rmSync(home, { recursive: true, force: true }))
  const { log, lines } = testLog()
  const start = async (at = folder): Promise<OwnDatabase> => {
    const own = await ownDatabase({ folder: at, programs: [programs], path: '', log })
    opened.unshift(own)
    return own
  }
  const connect = (url: string): Database => {
    const database = openDatabase({ url, name: 'test' })
    opened.unshift(database)
    return database
  }
  const postmaster = (): number =>
    Number(readFileSync(join(folder, 'postgres/data/postmaster.pid'), 'utf8').split('\n')[0])

  test('data survive a restart, and nothing of it listens but a socket that is ours', async () => {
    const first = await start()
    const database = connect(first.url)
    await upgrade(database)
    await database.query("INSERT INTO dba.watermarks (name, value) VALUES ('a', 'b')")
    expect(
      await database.query(
        `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
           current_setting('listen_addresses') AS addresses`,
      ),
    ).toEqual([{ fsync: 'on', commit: 'on', addresses: '' }])
    expect(statSync(join(folder, 'password')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'postgres')).mode & 0o777).toBe(0o700)
    await database.close()
    opened.splice(opened.indexOf(database), 1)
    const pid = postmaster()
    await first.stop()
    expect(await ends(pid)).toBe(true)
    const second = await start()
    expect(await connect(second.url).query('SELECT name, value FROM dba.watermarks')).toEqual([
      { name: 'a', value: 'b' },
    ])
  })

  test('its folder may be named as seen from here', async () => {
    const { url } = await start(relative(process.cwd(), folder))
    expect(await connect(url).query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('the password is asked for', async () => {
    const { url, password } = await start()
    const stranger = connect(url.replace(password, 'guessed'))
    await expect(stranger.query('SELECT 1')).rejects.toThrow(/password authentication failed/)
  })

  test('a second process is refused while the first lives; when that is killed the running server is taken over', async () => {
    const child = appProcess('own-database', { folder, programs })
    opened.unshift(child)
    await child.said('ready')
    await expect(start()).rejects.toThrow(`another process is using the database in ${folder}`)
    const pid = postmaster()
    await child.kill('SIGKILL')
    const own = await start()
    expect(postmaster()).toBe(pid)
    expect(await connect(own.url).query('SELECT value FROM public.kept')).toEqual([{ value: 'by the child' }])
  })

  test('a server that was killed with everything it held is started again', async () => {
    const child = appProcess('own-database', { folder, programs })
    opened.unshift(child)
    await child.said('ready')
    const pid = postmaster()
    await child.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
    expect(await ends(pid)).toBe(true)
    const own = await start()
    expect(await connect(own.url).query('SELECT value FROM public.kept')).toEqual([{ value: 'by the child' }])
  })

  test('a server that goes down while we live comes up again', async () => {
    const own = await start()
    const database = connect(own.url)
    await database.query('DROP TABLE IF EXISTS kept')
    await database.query('CREATE TABLE kept AS SELECT 7 AS value')
    const pid = postmaster()
    process.kill(pid, 'SIGQUIT')
    await ends(pid)
    await until(
      () =>
        database.query('SELECT value FROM kept').then(
          () => true,
          () => false,
        ),
      20_000,
    )
    expect(postmaster()).not.toBe(pid)
    await until(() => lines.join('').includes('the database is up again'))
  })

  test('a process number that another process bears does not keep it from starting', async () => {
    await (await start()).stop()
    writeFileSync(
      join(folder, 'postgres/data/postmaster.pid'),
      `${process.pid}\n${join(folder, 'postgres/data')}\n1\n5432\n`,
    )
    writeFileSync(join(folder, 'postgres/.s.PGSQL.5432.lock'), `${process.pid}\n`)
    const own = await start()
    expect(await connect(own.url).query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('what is left of a creation that was broken off is no database', async () => {
    const draft = join(folder, 'postgres', 'draft-0123')
    execFileSync('mkdir', ['-p', join(draft, 'data')])
    writeFileSync(join(draft, 'data', 'PG_VERSION'), '18\n')
    await start()
    expect(readdirSync(join(folder, 'postgres')).filter((name) => name.startsWith('draft'))).toEqual([])
  })

  test('programs that npm has installed are found, and used', async () => {
    const entry = join(home, 'app.mjs')
    writeFileSync(entry, '')
    symlinkSync(join(programs, '../../../../../node_modules'), join(home, 'node_modules'))
    const found = embeddedPrograms(entry)
    expect(found.map((each) => realpathSync(each))).toEqual([realpathSync(programs)])
    expect(embeddedPrograms('/nowhere/app.mjs')).toEqual([])
    const own = await ownDatabase({ folder, programs: found, path: '', log })
    opened.unshift(own)
    expect(own.version).toMatch(/^18\./)
  })

  test.each([
    [
      'of another version',
      'were written by PostgreSQL 9',
      () => {
        folder = join(home, 'old')
        execFileSync('mkdir', ['-p', join(folder, 'postgres', 'data')])
        writeFileSync(join(folder, 'postgres/data/PG_VERSION'), '9\n')
      },
    ],
    [
      'into which others may write',
      'others may write',
      () => {
        folder = join(home, 'open')
        execFileSync('mkdir', ['-p', folder])
        chmodSync(folder, 0o777)
      },
    ],
    [
      'whose path is too long',
      'too long for a socket',
      () => {
        folder = join(folder, 'x'.repeat(100))
      },
    ],
  ])('a folder %s is refused', async (_what, reason, make) => {
    make()
    await expect(start()).rejects.toThrow(reason)
  })
})
