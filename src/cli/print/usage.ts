/** What a person typed wrongly; the message says what would be right. */
export class UsageError extends Error {}

export const usage = `claimsmith: login rules, sandboxed

  claimsmith run <file|folder>   run rules over one login and show what they did
    --user f.json                the user; otherwise ada@example.com, verified, without metadata
    --context f.json             laid over a login of demo-app by password, protocol oidc-basic-profile
    --configuration f.json       what rules find in \`configuration\`
    --secrets f.json             what actions find in \`event.secrets\`, besides their own
    --modules folder             look for packages there, too
    --allow-network host[:port]  let rules reach a private address (localhost:8080, 10.0.0.0/8);
                                 may be repeated
    --inspect[=port]             wait for a debugger (chrome://inspect, VS Code), and stop at the first
                                 line of the first rule; default 9229, on 127.0.0.1; deadlines are off
    --json                       print the outcome as one JSON document

  claimsmith check <file|folder> say of each rule whether it will run here, and what would help; nothing is run
    --modules folder             look for packages there, too
    --configuration f.json       what rules will find in \`configuration\`
    --secrets f.json             what actions will find in \`event.secrets\`
    --json                       print the report as one JSON document

  claimsmith import <folder|tenant.yaml>
                                 make a folder of rules of what auth0-deploy-cli deploys
    --to folder                  default claimsmith-rules; it must be empty, or not be there
    --mappings f.json            values of the keywords @@KEY@@ and ##KEY##
    --store url                  put rules and configuration into this store, too; it must have none yet

  claimsmith convert <file|folder>
                                 rewrite rules as actions, and run both over the same logins
    --to folder                  default claimsmith-actions; it must be empty, or not be there
    --user f.json, --context f.json
                                 one more login, besides those built in

  claimsmith dev <file|folder>   run rules again whenever they are saved, show what changed, and serve a playground
    --user f.json, --context f.json
                                 over these logins instead of those built in; may be repeated
    --configuration f.json, --secrets f.json, --modules folder, --allow-network host[:port]
                                 as with run
    --port n                     of the playground; default: the PORT variable, or 3000

  claimsmith coverage [<file|folder>…] -- <command>
                                 run tests (vitest, jest, node --test, …) and say which code of the rules ran;
                                 the rules named here are reported even where nothing ran them
    --reporter text,lcov         and text-summary, lcovonly, html, json, json-summary, cobertura
    --to folder                  default coverage/rules
    --threshold n                fail where less than n percent of statements, branches, functions or lines ran

  claimsmith serve               serve logins: /oauth/token, /userinfo, /tokeninfo
    --rules folder               rules to run before those in the store
    --modules folder             where stored rules find the packages that they require
    --store url                  memory: (default), sqlite:file.db or postgres://…
    --port n                     default: the PORT variable, or 3000
    --host name                  default 127.0.0.1; 0.0.0.0 answers other machines, too
    --https                      with a certificate made for this run
    --allow-network host[:port]  as above
    --hooks                      serve /hooks/<vendor> to the auth servers whose secret is in
                                 CLAIMSMITH_<VENDOR>_SECRET: hydra, zitadel, okta, supabase, logto
    --record folder              write each login to a file there, without passwords, tokens and configuration
    --playground                 the page /playground, for clients of the Management API
    --demo                       demo users, clients and rules, in memory, and the playground for everybody

  claimsmith replay <folder|file>
                                 run recorded logins again, answered from their recordings, and show
                                 what is different
    --rules <file|folder>        with these rules; by default with those that were recorded
    --modules folder             look for packages there, too
    --configuration f.json, --secrets f.json
                                 values that the recordings do not hold; rules see a word in the place
                                 of each other one
    --json                       print the differences as one JSON document
    --junit file                 write them as JUnit XML

  claimsmith explain <recording> say of each attribute of the profile and each claim where it came from,
                                 and which rules set it, from what
    --user id|email --store url  instead of a recording: the rules run over this user, and nothing comes of it
    --rules file|folder          rules to run before those in the store
    --modules folder             where stored rules find the packages that they require
    --json                       print it as one JSON document

  claimsmith users import <file> import users: a JSON array in Auth0's import schema, or one user a line
    --store url                  sqlite:file.db or postgres://…
    --connection name            the database connection that they log in with
    --upsert                     update those who are there; otherwise they are left as they are
    --errors file                where those go that failed; default <file>.errors.ndjson

  claimsmith --help | --version

Exit status: 0 the rules ran to an outcome, a refusal included, or will run, the server was told to stop, all users were
imported, or all recordings came to the same again; 1 a rule failed or will not run, the server could not start, a user
failed, or a recording came to something else; 2 wrong usage.
`

/** The part of it that is about one command; where there is no such command, the commands. */
export function formatUsage(command: string | undefined): string {
  const parts = usage.split('\n\n').filter((part) => /^ {2}claimsmith \w/.test(part))
  const commandUsage = parts.find((part) => part.startsWith(`  claimsmith ${command} `))
  const names = parts.map((part) => /claimsmith (\w+)/.exec(part)?.[1])
  return `${commandUsage ?? `The commands: ${names.join(', ')}.`}\n\nclaimsmith --help says all.\n`
}
