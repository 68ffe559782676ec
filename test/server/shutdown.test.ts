import { describe, expect, test } from '@jest/globals'
import { EventEmitter } from 'node:events'
import { endOn, shutdown, type Ending } from '../../src/server/shutdown.js'
import { testLog, until } from '../support/app-database.js'

describe('the end', () => {
  const { log, lines } = testLog()
  const said: string[] = []
  const ending = (name: string, end: Ending['end'], milliseconds = 50): Ending => ({ name, milliseconds, end })
  const usual = (name: string): Ending =>
    ending(name, async (milliseconds) => void said.push(`${name} ${milliseconds}`))
  const stuck = ending('stuck', () => new Promise(() => undefined), 10)
  const failing = ending('failing', () => Promise.reject(new Error('no')))
  const setUp = (endings: readonly Ending[]) => {
    said.length = 0
    lines.length = 0
    const signals = new EventEmitter()
    const codes: number[] = []
    const down = shutdown(endings, log)
    endOn(signals, down, log, (code) => void codes.push(code))
    return { signals, codes, down }
  }

  test('is one thing after the other', async () => {
    const { signals, codes, down } = setUp([usual('a'), usual('b')])
    expect(down.begun()).toBe(false)
    signals.emit('SIGTERM')
    expect(down.begun()).toBe(true)
    await until(() => codes.length > 0)
    expect(said).toEqual(['a 50', 'b 50'])
    expect(codes).toEqual([0])
  })

  test('goes on when something fails, and says so', async () => {
    const { signals, codes } = setUp([failing, usual('b')])
    signals.emit('SIGINT')
    await until(() => codes.length > 0)
    expect(said).toEqual(['b 50'])
    expect(codes).toEqual([1])
    expect(lines.join('')).toContain('it could not be ended')
  })

  test('goes on when something does not end', async () => {
    const { signals, codes } = setUp([stuck, usual('b')])
    signals.emit('SIGTERM')
    await until(() => codes.length > 0)
    expect(said).toEqual(['b 50'])
    expect(codes).toEqual([0])
  })

  test('comes at once at the second signal', async () => {
    const { signals, codes } = setUp([ending('slow', () => new Promise(() => undefined), 10)])
    signals.emit('SIGTERM')
    signals.emit('SIGTERM')
    expect(codes).toEqual([1])
  })

  test.each(['uncaughtException', 'unhandledRejection'])('comes after an %s, in order', async (event) => {
    const { signals, codes } = setUp([usual('a')])
    signals.emit(event, new Error('nobody caught this'))
    await until(() => codes.length > 0)
    expect(said).toEqual(['a 50'])
    expect(codes).toEqual([1])
    expect(lines.join('')).toContain('nobody caught this')
  })
})
