/** Wrong usage of the command line. The message says what would be right. */
export class UsageError extends Error {}

export const usage = `claimsmith: login rules, sandboxed

  claimsmith run <file|folder>   run rules over one login and show what they did
    --user f.json                the user; default: ada@example.com, verified, without metadata
    --context f.json             properties of the context; the others are those of a login to demo-app
                                 with a password and the protocol oidc-basic-profile
    --configuration f.json       what rules find in \`configuration\`
    --secrets f.json             what actions find in \`event.secrets\`, besides their own
    --modules folder             also look for packages there
    --allow-network host[:port]  let rules reach a private address (localhost:8080, 10.0.0.0/8);
                                 may be repeated
    --inspect[=port]             wait for a debugger (chrome://inspect, VS Code), and stop at the first
                                 line of the first rule; default 9229, on 127.0.0.1; deadlines are off
    --json                       print the outcome as one JSON document

  claimsmith check <file|folder> report whether each rule will run here, and what to do if not; runs nothing
    --modules folder             also look for packages there
    --configuration f.json       what rules will find in \`configuration\`
    --secrets f.json             what actions will find in \`event.secrets\`
    --json                       print the report as one JSON document

  claimsmith import <folder|tenant.yaml>
                                 write the rules of an auth0-deploy-cli folder into a folder of rules
    --to folder                  default claimsmith-rules; it must be empty or missing
    --mappings f.json            values of the keywords @@KEY@@ and ##KEY##
    --store url                  also write rules and configuration into this store; it must have none yet

  claimsmith convert <file|folder>
                                 rewrite rules as actions, and compare both over the same logins
    --to folder                  default claimsmith-actions; it must be empty or missing
    --user f.json, --context f.json
                                 one more login, besides the built-in ones

  claimsmith dev <file|folder>   run rules again after each save, show what changed, and serve a playground
    --user f.json, --context f.json
                                 use these logins instead of the built-in ones; may be repeated
    --configuration f.json, --secrets f.json, --modules folder, --allow-network host[:port]
                                 as for run
    --port n                     of the playground; default: the PORT variable, or 3000

  claimsmith coverage [<file|folder>…] -- <command>
                                 run tests (vitest, jest, node --test, …), and report which code of the rules
                                 ran; the rules named here are reported even if no test ran them
    --reporter text,lcov         and text-summary, lcovonly, html, json, json-summary, cobertura
    --to folder                  default coverage/rules
    --threshold n                fail if less than n percent of statements, branches, functions or lines ran

  claimsmith serve               serve logins: /oauth/token, /userinfo, /tokeninfo
    --rules folder               rules to run before those in the store
    --modules folder             where stored rules find the packages that they require
    --store url                  memory: (default), sqlite:file.db or postgres://…
    --port n                     default: the PORT variable, or 3000
    --host name                  default 127.0.0.1; 0.0.0.0 also answers other machines
    --https                      with a certificate made for this run
    --allow-network host[:port]  as above
    --hooks                      serve /hooks/<vendor> to the auth servers whose secret is in
                                 CLAIMSMITH_<VENDOR>_SECRET: hydra, zitadel, okta, supabase, logto
    --record folder              write each login to a file there, without passwords, tokens and configuration
    --playground                 serve the page /playground to clients of the Management API
    --demo                       demo users, clients and rules, in memory, and the playground without sign-in

  claimsmith replay <folder|file>
                                 run recorded logins again, answered from their recordings, and show
                                 what is different
    --rules <file|folder>        run these rules; default: the recorded ones
    --modules folder             also look for packages there
    --configuration f.json, --secrets f.json
                                 values that the recordings do not hold; rules see a placeholder
                                 instead of every other one
    --json                       print the differences as one JSON document
    --junit file                 write them as JUnit XML

  claimsmith explain <recording> show where each attribute of the profile and each claim came from,
                                 which rules set it, and from which values
    --user id|email --store url  instead of a recording: run the rules over this user; nothing is saved
    --rules file|folder          rules to run before those in the store
    --modules folder             where stored rules find the packages that they require
    --json                       print this as one JSON document

  claimsmith users import <file> import users: a JSON array in Auth0's import schema, or one user per line
    --store url                  sqlite:file.db or postgres://…
    --connection name            the database connection that they log in with
    --upsert                     update users that are already there; default: leave them as they are
    --errors file                file for the users that failed; default <file>.errors.ndjson

  claimsmith --help | --version

Exit status:
  0  success: the rules ran to an outcome (a denial is one) or will run, the server was stopped by a signal,
     all users were imported, or all recordings had the same outcome again
  1  a rule failed or will not run, the server could not start, a user was not imported, or a recording had
     another outcome
  2  wrong usage
`

/** The usage of one command; the names of all commands if there is no such command. */
export function formatUsage(command: string | undefined): string {
  const parts = usage.split('\n\n').filter((part) => /^ {2}claimsmith \w/.test(part))
  const commandUsage = parts.find((part) => part.startsWith(`  claimsmith ${command} `))
  const names = parts.map((part) => /claimsmith (\w+)/.exec(part)?.[1])
  return `${commandUsage ?? `The commands: ${names.join(', ')}.`}\n\nclaimsmith --help shows all commands and flags.\n`
}
