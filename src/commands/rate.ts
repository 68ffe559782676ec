/** So many commands of one pull request are run in so many minutes. */
export const RATE = { commands: 20, minutes: 10 } as const

/**
 * How many more commands a pull request may run now, given when its earlier ones were taken, in ISO 8601. What has no readable
 * time counts: somebody who floods a pull request gains nothing by confusing the clock.
 */
export function allowance(
  earlier: readonly string[],
  now: string,
  { commands, minutes }: { readonly commands: number; readonly minutes: number } = RATE,
): number {
  const since = Date.parse(now) - minutes * 60_000
  const recent = earlier.filter((at) => !(Date.parse(at) <= since)).length
  return Math.max(0, commands - recent)
}
