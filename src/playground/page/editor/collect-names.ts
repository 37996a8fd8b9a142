import { loginContextSchema } from '../../../profile/context/context.ts'
import { attributeRows } from '../../../profile/attributes/attributes.ts'
import { userSchema } from '../../../profile/user/user.ts'
import type { ApiShape, ApiShapes } from '../../http/api-types.ts'

/** A name that can be completed, and its members. */
export interface NameInfo {
  readonly detail: string
  readonly info?: string
  readonly members: Readonly<Record<string, NameInfo>>
}

interface Schema {
  readonly type?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
}

const descriptions = new Map<string, string>(attributeRows.map(([name, { description }]) => [name, description]))

function describeSchema({ type, properties = {} }: Schema, info?: string): NameInfo {
  const members = Object.entries(properties).map(([name, schema]) => [name, describeSchema(schema)] as const)
  return { detail: typeof type === 'string' ? type : '', members: Object.fromEntries(members), ...(info && { info }) }
}

/** Describes a value of the edited login: it may have members that its schema lacks. */
function describeValue(value: unknown): NameInfo {
  const detail = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
  const members = detail === 'object' ? Object.entries(value as object) : []
  return { detail, members: Object.fromEntries(members.map(([name, member]) => [name, describeValue(member)])) }
}

function describeShape(shape: ApiShape): NameInfo {
  if (typeof shape === 'string') return { detail: shape === 'function' ? 'function' : '', members: {} }
  const members = Object.entries(shape).map(([name, member]) => [name, describeShape(member)])
  return { detail: 'object', members: Object.fromEntries(members) }
}

function mergeNames(one: NameInfo, other: NameInfo | undefined): NameInfo {
  if (other === undefined) return one
  const names = new Set([...Object.keys(one.members), ...Object.keys(other.members)])
  const members = [...names].map((name) => {
    const [first, second] = [one.members[name], other.members[name]]
    return [name, first === undefined ? second : mergeNames(first, second)]
  })
  return { ...one, detail: one.detail || other.detail, members: Object.fromEntries(members) }
}

const addDescriptions = (schema: NameInfo): NameInfo => ({
  ...schema,
  members: Object.fromEntries(
    Object.entries(schema.members).map(([name, entry]) => {
      const info = descriptions.get(name)
      return [name, info === undefined ? entry : { ...entry, info }]
    }),
  ),
})

const user = addDescriptions(describeSchema(userSchema as Schema, 'who logs in'))
const context = describeSchema(loginContextSchema, 'how they log in')
const callback: NameInfo = { detail: '(error, user, context)', info: 'ends the rule', members: {} }

/** The login in the tabs. A part that is not valid JSON is undefined. */
export interface EditedLogin {
  readonly user?: unknown
  readonly context?: unknown
  readonly configurationKeys: readonly string[]
}

/** Collects the names that rules and actions can use: from the schemas, the login in the tabs, and the sandbox. */
export function collectNames(login: EditedLogin, shapes: ApiShapes | undefined): Readonly<Record<string, NameInfo>> {
  const keys = Object.fromEntries(login.configurationKeys.map((key) => [key, { detail: 'string', members: {} }]))
  return {
    user: mergeNames(user, describeValue(login.user)),
    context: mergeNames(context, describeValue(login.context)),
    callback,
    configuration: { detail: 'object', info: 'what rules were configured with', members: keys },
    ...(shapes === undefined
      ? {}
      : Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, describeShape(shape)]))),
  }
}
