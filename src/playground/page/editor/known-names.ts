import { loginContextSchema } from '../../../profile/context/context.ts'
import { attributeRows } from '../../../profile/attributes/attributes.ts'
import { userSchema } from '../../../profile/user/user.ts'
import type { Shape, Shapes } from '../../http/answers.ts'

/** A name that can be completed, and what is below it. */
export interface Known {
  readonly detail: string
  readonly info?: string
  readonly members: Readonly<Record<string, Known>>
}

interface Schema {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
}

const descriptions = new Map<string, string>(attributeRows.map(([name, { description }]) => [name, description]))

/** What a schema says of a value. */
function ofSchema({ type, properties = {} }: Schema, info?: string): Known {
  const members = Object.entries(properties).map(([name, schema]) => [name, ofSchema(schema)] as const)
  return { detail: typeof type === 'string' ? type : '', members: Object.fromEntries(members), ...(info && { info }) }
}

/** What a value of the moment shows, which may be more than its schema says. */
function ofValue(value: unknown): Known {
  const detail = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  const members = detail === 'object' ? Object.entries(value as object) : []
  return { detail, members: Object.fromEntries(members.map(([name, member]) => [name, ofValue(member)])) }
}

function ofShape(shape: Shape): Known {
  if (typeof shape === 'string') return { detail: shape === 'function' ? 'function' : '', members: {} }
  const members = Object.entries(shape).map(([name, member]) => [name, ofShape(member)])
  return { detail: 'object', members: Object.fromEntries(members) }
}

function together(one: Known, other: Known | undefined): Known {
  if (other === undefined) return one
  const names = new Set([...Object.keys(one.members), ...Object.keys(other.members)])
  const members = [...names].map((name) => {
    const [first, second] = [one.members[name], other.members[name]]
    return [name, first === undefined ? second : together(first, second)]
  })
  return { ...one, detail: one.detail || other.detail, members: Object.fromEntries(members) }
}

const described = (schema: Known): Known => ({
  ...schema,
  members: Object.fromEntries(
    Object.entries(schema.members).map(([name, known]) => {
      const info = descriptions.get(name)
      return [name, info === undefined ? known : { ...known, info }]
    }),
  ),
})

const user = described(ofSchema(userSchema as Schema, 'who logs in'))
const context = ofSchema(loginContextSchema, 'how they log in')
const callback: Known = { detail: '(error, user, context)', info: 'ends the rule', members: {} }

/** The login in the tabs, as far as it is JSON at the moment. */
export interface LoginOfTabs {
  readonly user?: unknown
  readonly context?: unknown
  readonly configurationKeys: readonly string[]
}

/** Every name that a rule or an action has: from the schemas, the login in the tabs, and the sandbox itself. */
export function knownNames(login: LoginOfTabs, shapes: Shapes | undefined): Readonly<Record<string, Known>> {
  const keys = Object.fromEntries(login.configurationKeys.map((key) => [key, { detail: 'string', members: {} }]))
  return {
    user: together(user, ofValue(login.user)),
    context: together(context, ofValue(login.context)),
    callback,
    configuration: { detail: 'object', info: 'what rules were configured with', members: keys },
    ...(shapes === undefined
      ? {}
      : Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, ofShape(shape)]))),
  }
}
