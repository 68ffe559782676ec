import type { Expression } from './operations/shared.js'

/**
 * Whether an expression certainly tells something else at another time, to another role or at random. Of functions that are
 * stable for some types of argument and immutable for others, such as `date_trunc`, the text does not tell which is meant.
 */
export function asksTheMoment({ volatility, text }: Expression): boolean {
  return volatility === 'volatile' || CLOCKS.test(text)
}

/** What tells the time or who asks (https://www.postgresql.org/docs/current/functions-datetime.html). */
const CLOCKS =
  /\b(now\s*\(|current_(date|time|timestamp|user|role)\b|localtime\b|localtimestamp\b|(statement|transaction|clock)_timestamp\s*\(|session_user\b|current_setting\s*\()/i
