import type { AnyNode } from 'acorn'
import { simple } from 'acorn-walk'
import { reservedClaims } from '../../profile/context/reserved-claims.ts'
import { callbackFaultsOf } from '../../rules/analysis/callback.ts'
import { type ClaimWrite } from '../../rules/analysis/claims.ts'
import type { ConfigurationKey } from '../../rules/analysis/configuration-keys.ts'
import { deprecatedOf } from '../../rules/analysis/deprecated.ts'
import { membersOf } from '../../rules/analysis/members.ts'
import type { Tree } from '../../rules/source/tree.ts'
import { moduleGlobals } from '../../sandbox/modules/offers.ts'
import type { Reading } from './readings.ts'
import { realmNames } from './realm-names.ts'
import type { Finding } from './report.ts'

const auth0Members: ReadonlySet<string | undefined> = new Set(['users', 'domain', 'baseUrl', 'accessToken'])
const auth0Calls: ReadonlySet<string | undefined> = new Set(['updateUserMetadata', 'updateAppMetadata'])

/** What a rule's text alone tells. */
export function textFindings({ tree, needs, dialect }: Reading, claims: readonly ClaimWrite[]): readonly Finding[] {
  return [
    ...(dialect === 'rule' ? callbackFindings(tree) : []),
    ...unknownNames(tree),
    ...auth0Findings(tree),
    ...claims.filter(isReserved).map(({ token, name, place }): Finding => {
      const message = `the claim ${name} of the ${token === 'idToken' ? 'ID token' : 'access token'} is reserved, so it is dropped`
      return { level: 'warning', kind: 'reserved-claim', message, cure: 'give the claim a name of its own', ...place }
    }),
    ...needs.builtinWrites.map((place): Finding => ({ ...builtinWrite, ...place })),
    ...needs.moduleWrites
      .filter(({ name }) => name === undefined || Object.hasOwn(moduleGlobals, name))
      .map(({ place }): Finding => ({ ...moduleWrite, ...place })),
    ...deprecatedOf(tree).map(({ what, cure, place }): Finding => {
      return { level: 'note', kind: 'deprecated', message: what, cure, ...place }
    }),
  ]
}

/** A value that a rule reads, and that nothing sets. */
export function missingKey({ key, place }: ConfigurationKey, dialect: 'rule' | 'action'): Finding {
  const [where, file] =
    dialect === 'rule' ? ['configuration', 'configuration.json'] : ['event.secrets', 'the secrets of its JSON file']
  return {
    level: 'warning',
    kind: 'configuration',
    message: `${where}.${key} has no value`,
    cure: `add "${key}" to ${file}`,
    ...place,
  }
}

const ownRealm = 'nothing to do: every login gets builtins and modules of its own, which takes longer'
const builtinWrite = {
  level: 'note',
  kind: 'builtin-writes',
  message: 'it changes a builtin',
  cure: `${ownRealm}; a function of the rule's own does not`,
} as const
const moduleWrite = {
  level: 'note',
  kind: 'module-writes',
  message: 'it changes what a module exports',
  cure: `${ownRealm}; an instance of the rule's own does not`,
} as const

function callbackFindings(tree: Tree): readonly Finding[] {
  return callbackFaultsOf(tree).map(({ kind, place }) =>
    kind === 'never'
      ? {
          level: 'error',
          kind: 'callback',
          message: 'it never calls back',
          cure: 'end every path with callback(null, user, context), in async rules too',
          ...place,
        }
      : {
          level: 'warning',
          kind: 'callback',
          message: 'it returns here without having called back',
          cure: 'return callback(null, user, context)',
          ...place,
        },
  )
}

function unknownNames(tree: Tree): readonly Finding[] {
  const tested = new Set<AnyNode>()
  simple(tree.program, {
    UnaryExpression({ operator, argument }) {
      if (operator === 'typeof') tested.add(argument)
    },
  })
  const guarded = new Set([...tested].flatMap((node) => (node.type === 'Identifier' ? [node.name] : [])))
  const first = new Map<string, AnyNode>()
  for (const node of tree.free) if (node.type === 'Identifier' && !first.has(node.name)) first.set(node.name, node)
  return [...first]
    .filter(([name]) => !realmNames.has(name) && !Object.hasOwn(moduleGlobals, name))
    .filter(([name]) => !tree.assigned.has(name) && !guarded.has(name))
    .map(([name, node]) => ({
      level: 'warning',
      kind: 'unknown-name',
      message: `there is no ${name} here`,
      cure: `declare ${name}, or require what it stands for`,
      ...tree.placeOf(node),
    }))
}

/** Auth0 gave rules two methods of the Management API, and nothing else. */
function auth0Findings(tree: Tree): readonly Finding[] {
  const isAuth0 = (node: AnyNode): boolean => node.type === 'Identifier' && node.name === 'auth0' && tree.free.has(node)
  const isUsers = (node: AnyNode): boolean =>
    node.type === 'MemberExpression' &&
    isAuth0(node.object) &&
    'name' in node.property &&
    node.property.name === 'users'
  const others = [
    ...membersOf(tree, isAuth0).filter(({ name }) => !auth0Members.has(name)),
    ...membersOf(tree, isUsers).filter(({ name }) => !auth0Calls.has(name)),
  ]
  return others.map(({ name = '…', node }) => ({
    level: 'warning',
    kind: 'auth0',
    message: `the auth0 of rules has no ${name}`,
    cure: "use auth0.users.updateUserMetadata or updateAppMetadata, or require('auth0')",
    ...tree.placeOf(node),
  }))
}

function isReserved({ token, name }: ClaimWrite): boolean {
  // `context.accessToken.scope` is how a rule changes the scopes that are granted.
  if (token === 'accessToken' && name === 'scope') return false
  return (reservedClaims as readonly string[]).includes(name)
}
