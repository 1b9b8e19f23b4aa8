import { StripeProblem, wrongParameter } from './problem.ts'

/** Parameters as the SDK sends them: `metadata[paymentId]=…&expand[0]=…`, as a tree of texts. */
export interface Params {
  [name: string]: string | Params | undefined
}

export function parseForm(text: string): Params {
  const tree = Object.create(null) as Params
  for (const [name, value] of new URLSearchParams(text)) {
    const path = [...name.matchAll(/[^[\]]+/g)].map(([part]) => part)
    put(tree, path, value)
  }
  return tree
}

function put(tree: Params, path: readonly string[], value: string): void {
  const [first, ...rest] = path
  if (first === undefined) return
  if (rest.length === 0) {
    tree[first] = value
    return
  }
  const inner = tree[first]
  const branch = typeof inner === 'object' ? inner : (Object.create(null) as Params)
  tree[first] = branch
  put(branch, rest, value)
}

/** Reads the parameters of one request; what is wrong with them is told as Stripe tells it. */
export class Form {
  readonly #params: Params

  constructor(params: Params) {
    this.#params = params
  }

  /** Everything that may be sent; anything else is unknown to this version of Stripe. */
  only(...names: readonly string[]): this {
    const strange = Object.keys(this.#params).find((name) => name !== 'expand' && !names.includes(name))
    if (strange)
      throw new StripeProblem(
        400,
        {
          type: 'invalid_request_error',
          code: 'parameter_unknown',
          param: strange,
          message: `Received unknown parameter: ${strange}`,
        },
        true,
      )
    return this
  }

  text(name: string): string | undefined {
    const value = this.#params[name]
    if (typeof value === 'object') throw wrongParameter(name, `Invalid string: ${name}`)
    return value === '' ? undefined : value
  }

  required(name: string): string {
    const value = this.text(name)
    if (value === undefined) throw wrongParameter(name, `Missing required param: ${name}.`, 'parameter_missing')
    return value
  }

  whole(name: string): number | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    if (!/^-?\d{1,12}$/.test(value))
      throw wrongParameter(name, `Invalid integer: ${value}`, 'parameter_invalid_integer')
    return Number(value)
  }

  /** A positive amount in the smallest unit of its currency. */
  amount(name = 'amount'): number | undefined {
    const value = this.whole(name)
    if (value !== undefined && value < 1)
      throw wrongParameter(name, 'This value must be greater than or equal to 1.', 'parameter_invalid_integer')
    return value
  }

  flag(name: string): boolean {
    return this.text(name) === 'true'
  }

  branch(name: string): Params {
    const value = this.#params[name]
    return typeof value === 'object' ? value : {}
  }

  metadata(): Record<string, string> {
    const given = Object.entries(this.branch('metadata'))
    return Object.fromEntries(given.filter((one): one is [string, string] => typeof one[1] === 'string'))
  }

  /** A list that the SDK writes as `expand[0]`, `expand[1]`. */
  list(name: string): string[] {
    return Object.values(this.branch(name)).filter((one) => typeof one === 'string')
  }
}
