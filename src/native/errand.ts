import type { Gate } from './gate.js'

/** What a launcher is told, on one line. */
export interface Errand {
  readonly command: readonly string[]
  readonly folder: string
  /** All of it: the tool inherits nothing else. */
  readonly environment: Readonly<Record<string, string>>
  /** Of its own; gone when the errand is done. */
  readonly directory: string
  /** A file to write into the directory first. */
  readonly config: { readonly name: string; readonly text: string } | null
  /** null: the tool is not to reach any database. */
  readonly gate: Gate | null
}

/** The descriptors of a launcher on which the tool writes. */
export const STREAMS = { output: 3, errors: 4 } as const

/** A file in the directory of an errand, once somebody was let through to the sandbox. */
export const ARRIVED = 'arrived'

/** Stands for the port of the gate, which is not known before it is open. */
export const PORT = '@dba-port@'
