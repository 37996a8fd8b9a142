import type { AnyNode } from 'acorn'
import { simple } from 'acorn-walk'
import { reservedClaims } from '../../profile/context/reserved-claims.ts'
import { findCallbackFaults } from '../../rules/analysis/callback-faults.ts'
import { type ClaimWrite } from '../../rules/analysis/claim-writes.ts'
import type { ConfigurationKey } from '../../rules/analysis/configuration-keys.ts'
import { findDeprecatedUses } from '../../rules/analysis/deprecated-uses.ts'
import { findMemberUses } from '../../rules/analysis/member-uses.ts'
import type { ParsedScript } from '../../rules/source/parsed-script.ts'
import { moduleGlobals } from '../../sandbox/modules/module-catalogue.ts'
import type { AnalyzedRule } from './analyze-rules.ts'
import { realmNames } from './realm-names.ts'
import type { Finding } from './report.ts'

const auth0Members: ReadonlySet<string | undefined> = new Set(['users', 'domain', 'baseUrl', 'accessToken'])
const auth0Calls: ReadonlySet<string | undefined> = new Set(['updateUserMetadata', 'updateAppMetadata'])

/** Finds what a rule's text alone shows. */
export function checkText(
  { parsedScript, dependencies, dialect }: AnalyzedRule,
  claims: readonly ClaimWrite[],
): readonly Finding[] {
  return [
    ...(dialect === 'rule' ? checkCallbacks(parsedScript) : []),
    ...checkNames(parsedScript),
    ...checkAuth0(parsedScript),
    ...claims.filter(isReserved).map(({ token, name, location }): Finding => {
      const message = `the claim ${name} of the ${token === 'idToken' ? 'ID token' : 'access token'} is reserved, so it is dropped`
      return {
        level: 'warning',
        kind: 'reserved-claim',
        message,
        cure: 'give the claim a name of its own',
        ...location,
      }
    }),
    ...dependencies.builtinWrites.map((location): Finding => ({ ...builtinWrite, ...location })),
    ...dependencies.moduleWrites
      .filter(({ name }) => name === undefined || Object.hasOwn(moduleGlobals, name))
      .map(({ location }): Finding => ({ ...moduleWrite, ...location })),
    ...findDeprecatedUses(parsedScript).map(({ what, cure, location }): Finding => {
      return { level: 'note', kind: 'deprecated', message: what, cure, ...location }
    }),
  ]
}

/** Creates the finding of a value that a rule reads and nothing sets. */
export function createMissingKeyFinding({ key, location }: ConfigurationKey, dialect: 'rule' | 'action'): Finding {
  const [objectName, file] =
    dialect === 'rule' ? ['configuration', 'configuration.json'] : ['event.secrets', 'the secrets of its JSON file']
  return {
    level: 'warning',
    kind: 'configuration',
    message: `${objectName}.${key} has no value`,
    cure: `add "${key}" to ${file}`,
    ...location,
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

function checkCallbacks(parsedScript: ParsedScript): readonly Finding[] {
  return findCallbackFaults(parsedScript).map(({ kind, location }) =>
    kind === 'never'
      ? {
          level: 'error',
          kind: 'callback',
          message: 'it never calls back',
          cure: 'end every path with callback(null, user, context), in async rules too',
          ...location,
        }
      : {
          level: 'warning',
          kind: 'callback',
          message: 'it returns here without having called back',
          cure: 'return callback(null, user, context)',
          ...location,
        },
  )
}

function checkNames(parsedScript: ParsedScript): readonly Finding[] {
  const testedNodes = new Set<AnyNode>()
  simple(parsedScript.program, {
    UnaryExpression({ operator, argument }) {
      if (operator === 'typeof') testedNodes.add(argument)
    },
  })
  const guardedNames = new Set([...testedNodes].flatMap((node) => (node.type === 'Identifier' ? [node.name] : [])))
  const firstUses = new Map<string, AnyNode>()
  for (const node of parsedScript.freeNodes)
    if (node.type === 'Identifier' && !firstUses.has(node.name)) firstUses.set(node.name, node)
  return [...firstUses]
    .filter(([name]) => !realmNames.has(name) && !Object.hasOwn(moduleGlobals, name))
    .filter(([name]) => !parsedScript.assignedNames.has(name) && !guardedNames.has(name))
    .map(([name, node]) => ({
      level: 'warning',
      kind: 'unknown-name',
      message: `there is no ${name} here`,
      cure: `declare ${name}, or require what it stands for`,
      ...parsedScript.locate(node),
    }))
}

/** Auth0's rules had two methods of the Management API only. */
function checkAuth0(parsedScript: ParsedScript): readonly Finding[] {
  const isAuth0 = (node: AnyNode): boolean =>
    node.type === 'Identifier' && node.name === 'auth0' && parsedScript.freeNodes.has(node)
  const isUsers = (node: AnyNode): boolean =>
    node.type === 'MemberExpression' &&
    isAuth0(node.object) &&
    'name' in node.property &&
    node.property.name === 'users'
  const others = [
    ...findMemberUses(parsedScript, isAuth0).filter(({ name }) => !auth0Members.has(name)),
    ...findMemberUses(parsedScript, isUsers).filter(({ name }) => !auth0Calls.has(name)),
  ]
  return others.map(({ name = '…', node }) => ({
    level: 'warning',
    kind: 'auth0',
    message: `the auth0 of rules has no ${name}`,
    cure: "use auth0.users.updateUserMetadata or updateAppMetadata, or require('auth0')",
    ...parsedScript.locate(node),
  }))
}

function isReserved({ token, name }: ClaimWrite): boolean {
  // `context.accessToken.scope` is how a rule changes the scopes that are granted.
  if (token === 'accessToken' && name === 'scope') return false
  return (reservedClaims as readonly string[]).includes(name)
}
