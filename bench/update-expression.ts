/** An attribute in DynamoDB's JSON: `{"S": "text"}`, `{"N": "1"}`, `{"M": {…}}` and so on. */
export type Value = { S?: string; N?: string; M?: Attributes }
export type Attributes = Record<string, Value>
export type Update = {
  UpdateExpression?: string
  ExpressionAttributeNames?: Record<string, string>
  ExpressionAttributeValues?: Attributes
}

/**
 * Applies an update expression to a row: SET with `+`, `-` and `if_not_exists`, REMOVE, and ADD of numbers.
 * As in DynamoDB, every value is read from the row as it was before the update.
 * @throws Error for anything else, so that a measurement never runs on a wrong row.
 */
export function applyUpdate(row: Attributes, update: Update): Attributes {
  const tokens = update.UpdateExpression?.match(/[#:]?\w+|[^\s\w]/g) ?? []
  const after = structuredClone(row)

  const fail = (what: string): never => {
    throw new Error(`${what} in ${update.UpdateExpression}`)
  }
  const take = (expected?: string): string => {
    const token = tokens.shift() ?? fail('An early end')
    return expected === undefined || token === expected
      ? token
      : fail(`${token} instead of ${expected}`)
  }
  const skip = (token: string): boolean => tokens[0] === token && tokens.shift() !== undefined

  function path(): string[] {
    const names: string[] = []
    do {
      const name = take()
      if (!/^#?\w+$/.test(name)) fail(`The wrong path ${name}`)
      names.push(
        name.startsWith('#') ? (update.ExpressionAttributeNames?.[name] ?? fail(name)) : name,
      )
    } while (skip('.'))
    return names
  }

  function operand(): Value | undefined {
    if (tokens[0]?.startsWith(':')) {
      const name = take()
      return update.ExpressionAttributeValues?.[name] ?? fail(name)
    }
    if (tokens[1] !== '(') return read(row, path())
    take('if_not_exists')
    take('(')
    const present = read(row, path())
    take(',')
    const otherwise = operand()
    take(')')
    return present ?? otherwise
  }

  function sum(): Value | undefined {
    const left = operand()
    if (skip('+')) return number(left, operand(), 1)
    if (skip('-')) return number(left, operand(), -1)
    return left
  }

  function clause(verb: string): void {
    const names = path()
    if (verb === 'SET') {
      take('=')
      write(after, names, sum() ?? fail(`No value for ${names.join('.')}`))
    } else if (verb === 'REMOVE') write(after, names, undefined)
    else if (verb === 'ADD') write(after, names, number(read(row, names) ?? ZERO, operand(), 1))
    else fail(`The unknown verb ${verb}`)
  }

  while (tokens.length > 0) {
    const verb = take()
    do clause(verb)
    while (skip(','))
  }
  return after
}

const ZERO = { N: '0' }

function number(left: Value | undefined, right: Value | undefined, sign: 1 | -1): Value {
  const result = Number(left?.N) + sign * Number(right?.N)
  if (Number.isNaN(result)) throw new Error('Only numbers can be added')
  return { N: String(result) }
}

const read = (row: Attributes, [name = '', ...rest]: string[]): Value | undefined =>
  rest.length === 0 ? row[name] : read(row[name]?.M ?? {}, rest)

function write(row: Attributes, [name = '', ...rest]: string[], value: Value | undefined): void {
  if (rest.length > 0) {
    const map = row[name]?.M
    if (map === undefined) throw new Error(`${name} is not a map`)
    write(map, rest, value)
  } else if (value === undefined) delete row[name]
  else row[name] = value
}
