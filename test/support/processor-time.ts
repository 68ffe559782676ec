/**
 * The milliseconds that this process has had of a processor. For how long a computation takes: a clock also counts what the
 * processor does for others meanwhile, such as for the suites beside.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
