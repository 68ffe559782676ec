/** An operator as SQLAlchemy knows it: it decides where parentheses stand. */
export interface Operator {
  readonly sql: string
  /** https://github.com/sqlalchemy/sqlalchemy/blob/main/lib/sqlalchemy/sql/operators.py, `_PRECEDENCE`. */
  readonly precedence: number
  /** Whether it may follow itself without parentheses. */
  readonly natural: boolean
  /** Whether its result is true or false. */
  readonly compares: boolean
}

function operator(sql: string, precedence: number, more: Partial<Operator> = {}): Operator {
  return { sql, precedence, natural: false, compares: false, ...more }
}

const natural = { natural: true }
const compares = { compares: true }

export const MULTIPLY = operator(' * ', 8, natural)
export const DIVIDE = operator(' / ', 8)
export const MODULO = operator(' % ', 8)
export const MINUS = operator('-', 8)
export const ADD = operator(' + ', 7, natural)
export const SUBTRACT = operator(' - ', 7)
export const BIT_XOR = operator(' # ', 7)
export const BIT_OR = operator(' | ', 7)
export const BIT_AND = operator(' & ', 7)
export const SHIFT_LEFT = operator(' << ', 7)
export const SHIFT_RIGHT = operator(' >> ', 7)
export const CONCAT = operator(' || ', 5, natural)
export const EQUAL = operator(' = ', 5, compares)
export const UNEQUAL = operator(' != ', 5, compares)
export const LESS = operator(' < ', 5, compares)
export const GREATER = operator(' > ', 5, compares)
export const AT_MOST = operator(' <= ', 5, compares)
export const AT_LEAST = operator(' >= ', 5, compares)
export const IS = operator(' IS ', 5, compares)
export const IS_NOT = operator(' IS NOT ', 5, compares)
export const DISTINCT_FROM = operator(' IS DISTINCT FROM ', 5, compares)
export const NOT_DISTINCT_FROM = operator(' IS NOT DISTINCT FROM ', 5, compares)
export const LIKE = operator(' LIKE ', 5, compares)
export const NOT_LIKE = operator(' NOT LIKE ', 5, compares)
export const ILIKE = operator(' ILIKE ', 5, compares)
export const NOT_ILIKE = operator(' NOT ILIKE ', 5, compares)
export const IN = operator(' IN ', 5, compares)
export const NOT_IN = operator(' NOT IN ', 5, compares)
export const BETWEEN = operator(' BETWEEN ', 5, compares)
export const NOT_BETWEEN = operator(' NOT BETWEEN ', 5, compares)
export const MATCHES = operator(' ~ ', 5, compares)
export const MATCHES_ANY_CASE = operator(' ~* ', 5, compares)
export const NOT_MATCHES = operator(' !~ ', 5, compares)
export const NOT_MATCHES_ANY_CASE = operator(' !~* ', 5, compares)
export const TEXT_SEARCH = operator(' @@ ', 5, compares)
export const DISTINCT = operator('DISTINCT ', 5)
export const NOT = operator('NOT ', 5)
export const COLLATE = operator(' COLLATE ', 4)
export const AND = operator(' AND ', 3, { natural: true, compares: true })
export const OR = operator(' OR ', 2, { natural: true, compares: true })
export const EXISTS = operator('EXISTS ', 0, compares)
export const COMMA = operator(', ', -1)
/** The arrows of JSON: in parentheses wherever something stands beside them. */
export const ARROW = operator(' -> ', -50)

/** The operator for sides that change places. */
export function mirrored(of: Operator): Operator {
  switch (of) {
    case LESS:
      return GREATER
    case GREATER:
      return LESS
    case AT_MOST:
      return AT_LEAST
    case AT_LEAST:
      return AT_MOST
    default:
      return of
  }
}

/** `column.op('…')`, and the operators of PostgreSQL's own types. */
export function custom(sql: string, precedence = 0, compares = false): Operator {
  return operator(` ${sql} `, precedence, { compares })
}

/** Whether an expression of one operator needs parentheses beside another; null stands for an expression that is alone. */
export function isWrapped(inner: Operator, beside: Operator | null): boolean {
  if (inner === beside && inner.natural) return false
  return inner.precedence <= (beside?.precedence ?? 100)
}
