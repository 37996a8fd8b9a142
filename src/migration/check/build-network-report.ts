import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import type { HostUse } from '../../rules/analysis/find-hosts.ts'
import { parseHostPattern } from '../../sandbox/net/host-pattern.ts'
import type { CheckReport } from './report.ts'

/** A host that a rule calls, and the rule's file. */
export interface RuleHostUse extends HostUse {
  readonly file: string
}

type Configuration = Readonly<Record<string, ConfiguredValue>>

/** Builds the list for `network.hosts` from the rules' texts and from recordings. Configured values fill the texts. */
export function buildNetworkReport(
  uses: readonly RuleHostUse[],
  recordedUrls: readonly string[],
  configuration: Configuration,
): CheckReport['network'] {
  const found = uses.map(({ host, file, location: { line, column } }) => ({
    text: host,
    hosts: resolveHosts(host, configuration),
    place: { file, line, column },
  }))
  const recorded = [...new Set(recordedUrls)].map((url) => {
    const text = /^(?:[\w+]+:\/\/|dns:)([^/?#]*)/.exec(url)?.[1] ?? url
    return { text, hosts: resolveHosts(text, configuration), place: {} }
  })
  const all = [...found, ...recorded]
  return {
    hosts: [...new Set(all.flatMap(({ hosts }) => hosts ?? []))].toSorted(),
    unresolved: all.filter(({ hosts }) => hosts === undefined).map(({ text, place }) => ({ text, ...place })),
  }
}

/** A value of the configuration in a text of `findHosts`, or in a recording. */
const placeholder = /\$\{(?:configuration|event\.secrets)\.(\w+)\}|\[redacted:configuration\.([\w-]+)\]/g

/** Resolves a text to entries of a list of hosts; undefined if a part is not known. A connection string may have several. */
function resolveHosts(text: string, configuration: Configuration): readonly string[] | undefined {
  const filled = text.replaceAll(placeholder, (code, key?: string, redactedKey?: string) => {
    const value = configuration[key ?? redactedKey ?? '']
    return typeof value === 'string' ? value : code
  })
  const authority = /^[\w+]+:\/\/(?:[^@/]*@)?([^/?#]*)/.exec(filled)?.[1] ?? filled.replace(/[/?#].*$/, '')
  const hosts = authority.split(',').map((host) => host.toLowerCase())
  return hosts.every((host) => parseHostPattern(host) !== undefined) ? hosts : undefined
}
