import { resolve } from 'node:path'
import { assertionGrant, demoPassword, demoRules } from './demo.ts'

interface Demo {
  readonly issuer: string
  readonly assertion: string
  /** The path of the rules that the server runs. */
  readonly rules: string
}

/** A title, and the commands below it. */
type Step = readonly [title: string, ...commands: string[]]

const client = '-d client_id=demo-app -d client_secret=demo-app-secret'

/**
 * Formats commands to paste: for the enriched and the raw profile, and for the Management API.
 *
 * With the demo's own rules, also for what only they do: a denied login, and a login by assertion.
 */
export function formatDemoCommands({ issuer, assertion, rules }: Demo): string {
  const steps = [
    ...listProfileSteps(issuer),
    ...(resolve(rules) === demoRules ? listRuleSteps(issuer, assertion) : []),
    [
      'The Management API in a browser; authorize as demo-management, whose secret is demo-management-secret:',
      `${issuer}/api/v2/explorer`,
    ],
  ] satisfies Step[]
  const blocks = steps.map(([title, ...commands], index) => [`${index + 1}. ${title}`, ...commands.map(indent)])
  return [
    '',
    'Log in as grace, and keep the answer:',
    '',
    indent(`TOKENS=$(${formatTokenRequest(issuer, 'grace@example.com')})`),
    '',
    ...blocks.flat().flatMap((text) => [text, '']),
    `The rules are in ${rules}. Try \`claimsmith run\` on them.`,
    '',
  ].join('\n')
}

function listProfileSteps(issuer: string): Step[] {
  return [
    [
      'Her profile as the rules enriched it:',
      `curl -s ${issuer}/userinfo \\\n    -H "Authorization: Bearer ${formatTokenLookup('access_token', 'TOKENS')}"`,
    ],
    [
      "The raw claims of the same login's ID token:",
      `curl -s ${issuer}/tokeninfo \\\n    -d "id_token=${formatTokenLookup('id_token', 'TOKENS')}"`,
    ],
  ]
}

function listRuleSteps(issuer: string, assertion: string): Step[] {
  return [
    ['A login that a rule denies:', formatTokenRequest(issuer, 'mallory@evil.example')],
    [
      'A login of lin, who comes from facebook; its assertion about her is valid for 12 hours:',
      `ASSERTION=${assertion}`,
      `LIN=$(curl -s ${issuer}/oauth/token \\\n    -d grant_type=${assertionGrant} ${client} \\\n` +
        `    -d "assertion=$ASSERTION" -d 'scope=openid profile email')`,
    ],
    [
      'Her picture comes from facebook, and the one she set in user_metadata wins:',
      `curl -s ${issuer}/userinfo \\\n    -H "Authorization: Bearer ${formatTokenLookup('access_token', 'LIN')}"`,
    ],
  ]
}

function formatTokenRequest(issuer: string, user: string): string {
  return (
    `curl -s ${issuer}/oauth/token \\\n    -d grant_type=password ${client} \\\n` +
    `    -d username=${user} -d 'password=${demoPassword}' -d 'scope=openid profile email'`
  )
}

/** Formats the expansion that takes a token out of an answer, which a variable of the shell holds. */
function formatTokenLookup(token: string, variable: string): string {
  return `$(echo "$${variable}" | sed 's/.*"${token}":"\\([^"]*\\)".*/\\1/')`
}

const indent = (command: string): string => `  ${command}`
