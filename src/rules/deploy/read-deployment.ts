import { basename, dirname, join } from 'node:path'
import { isFile, isFolder } from '../folder/folder-files.ts'
import { rulesetError } from '../ruleset/refusal.ts'
import { deployFiles } from './deploy-files.ts'
import { readDirectory } from './directory.ts'
import type { Mappings } from './keywords.ts'
import { readTenantYaml } from './tenant-yaml.ts'
import type { Tenant } from './tenant.ts'

const right = 'expected a folder of auth0-deploy-cli, which holds rules/ or actions/, or its tenant.yaml'

/**
 * Reads what auth0-deploy-cli deploys, in any of its layouts: a folder of JSON files, the older one whose rules go by their
 * files' names, or a `tenant.yaml`. Nothing but `mappings` gives keywords a value.
 *
 * @throws {ClaimsmithError} INVALID_RULESET
 */
export function readDeployment(path: string, mappings: Mappings = {}): Tenant {
  const yaml = yamlAt(path)
  const root = yaml === undefined ? path : dirname(yaml)
  if (yaml === undefined && !['rules', 'actions'].some((name) => isFolder(join(path, name)))) {
    throw rulesetError(`There is no deployment at "${path}": ${right}.`, { path })
  }
  const files = deployFiles(root, mappings)
  const tenant = yaml === undefined ? readDirectory(files) : readTenantYaml(files, basename(yaml), mappings)
  if (tenant.rules.length + tenant.actions.length > 0) return { ...tenant, unresolved: files.unresolved }
  throw rulesetError(`The deployment at "${path}" has no rule and no action that runs at a login.`, { path })
}

function yamlAt(path: string): string | undefined {
  if (isFile(path)) return /\.ya?ml$/.test(path) ? path : undefined
  return ['tenant.yaml', 'tenant.yml'].map((name) => join(path, name)).find(isFile)
}
