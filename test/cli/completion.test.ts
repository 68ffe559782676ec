import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { rules } from '../../src/rules/index.js'
import { dba } from '../support/dba.js'
import { scratch, type Scratch } from '../support/scratch.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const
const HOSTILE = 'feature/$(touch${IFS}executed)'

let repository: Scratch
beforeAll(async () => {
  repository = scratch()
  repository.write('migrations/0001 first.sql', 'SELECT 1;\n')
  repository.git('add', '-A')
  repository.git('commit', '-qm', 'first')
  repository.git('branch', HOSTILE)
  repository.git('branch', 'feature/orders')
  for (const shell of SHELLS) {
    const { code, out, err } = await dba(repository.folder, ['completion', shell])
    expect([code, err]).toEqual([0, ''])
    writeFileSync(join(repository.folder, `.dba.${shell}`), out)
  }
})
afterAll(() => repository.dispose())

/** What a shell offers in place of the last word. */
type Complete = (...words: readonly string[]) => readonly string[]

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

const inBash: Complete = (...words) => {
  const script = `source .dba.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dba; printf '%s\\n' "\${COMPREPLY[@]}"`
  const options = { cwd: repository.folder, encoding: 'utf8' } as const
  return linesOf(execFileSync('bash', ['--norc', '-uc', script, 'bash', ...words], options))
}

const inFish: Complete = (...words) => {
  const script = 'source .dba.fish; complete --do-complete $argv[1]'
  const environment = { PATH: process.env['PATH'], HOME: repository.folder, LC_ALL: 'C.UTF-8' }
  const options = { cwd: repository.folder, encoding: 'utf8', env: environment } as const
  return linesOf(execFileSync('fish', ['--no-config', '-c', script, words.join(' ')], options)).map(
    (line) => line.split('\t')[0] ?? '',
  )
}

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined
const installed = [
  { shell: 'bash', complete: inBash },
  { shell: 'fish', complete: inFish },
].filter(({ shell }) => has(shell))

describe.each(installed)('$shell', ({ shell, complete }) => {
  test.each<readonly [readonly string[], readonly string[]]>([
    [
      ['dba', 're'],
      ['review', 'rehearse'],
    ],
    [['dba-bot', 'expl'], ['explain']],
    [['dba', 'review', '--fo'], ['--format']],
    [
      ['dba', 'review', '--format', ''],
      ['terminal', 'markdown', 'json', 'sarif'],
    ],
    [['dba', 'review', '--sandbox', 'p'], ['pglite']],
    [['dba', 'rules', '--format', 'j'], ['json']],
    [['dba', 'rehearse', '--native-'], ['--native-command']],
    [['dba', 'review', '--base', 'feature/or'], ['feature/orders']],
    [['dba', 'explain', 'create-index-n'], ['create-index-non-concurrently']],
    [
      ['dba', 'completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['dba', 'help', 'doc'], ['doctor']],
    [['dba', 'rules', 'x'], []],
  ])('%j', (words, expected) => {
    expect([...complete(...words)].sort()).toEqual([...expected].sort())
  })

  test('files and folders', () => {
    expect(complete('dba', 'lint', 'mig').join()).toMatch(/^migrations\/?$/)
    expect(complete('dba', 'review', '--repo', 'mig').join()).toMatch(/^migrations\/?$/)
    expect(complete('dba', 'explain', 'migrations').join()).toMatch(/^migrations\/?$/)
  })

  test('every rule', () => {
    const offered = new Set(complete('dba', 'explain', ''))
    expect(rules.map(({ meta }) => meta.id).filter((id) => !offered.has(id))).toEqual([])
  })

  test('the name of a branch is not executed', () => {
    const offered = complete('dba', 'review', '--base', 'feature/')
    expect(offered).toHaveLength(2)
    expect(existsSync(join(repository.folder, 'executed'))).toBe(false)
    if (shell !== 'bash') return
    // What bash puts onto the line is read by bash: it has to stand for the name, and for nothing else.
    const words = execFileSync('bash', ['-c', `printf '%s\\n' ${offered.join(' ')}`], { cwd: repository.folder })
    expect([...linesOf(words.toString())].sort()).toEqual([HOSTILE, 'feature/orders'])
    expect(existsSync(join(repository.folder, 'executed'))).toBe(false)
  })
})

test('bash takes an option apart at its sign', () => {
  expect(inBash('dba', 'review', '--format', '=', 'ma')).toEqual(['markdown'])
  expect(inBash('dba', 'review', '--format', '=')).toEqual(['terminal', 'markdown', 'json', 'sarif'])
})

const zsh = has('zsh') ? test : test.skip
zsh('zsh reads its script, and registers both names', () => {
  const script = `autoload -U compinit; compinit -u -D; source .dba.zsh; print -l $_comps[dba] $_comps[dba-bot] $+functions[_dba_refs]`
  const environment = { PATH: process.env['PATH'], HOME: repository.folder }
  const options = { cwd: repository.folder, encoding: 'utf8', env: environment } as const
  expect(linesOf(execFileSync('zsh', ['-f', '-c', script], options))).toEqual(['_dba', '_dba', '1'])
})

test.each(SHELLS.filter(has))('%s finds no fault in the script', (shell) => {
  expect(spawnSync(shell, ['-n', join(repository.folder, `.dba.${shell}`)], { encoding: 'utf8' }).stderr).toBe('')
})

test('another shell is no shell', async () => {
  const { code, err } = await dba(repository.folder, ['completion', 'tcsh'])
  expect(code).toBe(2)
  expect(err).toContain('bash, zsh, fish')
})
