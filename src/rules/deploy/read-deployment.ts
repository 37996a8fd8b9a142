import { basename, dirname, join } from 'node:path'
import { isFile, isFolder } from '../folder/folder-files.ts'
import { createRulesetError } from '../ruleset/rule-errors.ts'
import { createDeployFiles } from './deploy-files.ts'
import { readDirectory } from './read-directory.ts'
import type { Mappings } from './keywords.ts'
import { readTenantYaml } from './read-tenant-yaml.ts'
import type { Tenant } from './tenant.ts'

const expectedContent = 'expected a folder of auth0-deploy-cli, which holds rules/ or actions/, or its tenant.yaml'

/**
 * Reads a deployment of auth0-deploy-cli.
 *
 * It has one of three layouts: a folder of JSON files, the older folder whose file names are the rules' names, or a
 * `tenant.yaml`. Only `mappings` gives keywords a value.
 *
 * @throws {ClaimsmithError} INVALID_RULESET if there is no deployment, a file is not valid, or no rule or action is in it
 */
export function readDeployment(path: string, mappings: Mappings = {}): Tenant {
  const yamlFile = findTenantYaml(path)
  const root = yamlFile === undefined ? path : dirname(yamlFile)
  if (yamlFile === undefined && !['rules', 'actions'].some((name) => isFolder(join(path, name)))) {
    throw createRulesetError(`There is no deployment at "${path}": ${expectedContent}.`, { path })
  }
  const files = createDeployFiles(root, mappings)
  const tenant = yamlFile === undefined ? readDirectory(files) : readTenantYaml(files, basename(yamlFile), mappings)
  if (tenant.rules.length + tenant.actions.length > 0)
    return { ...tenant, unresolvedKeywords: files.unresolvedKeywords }
  throw createRulesetError(`The deployment at "${path}" has no rule and no action that runs at a login.`, { path })
}

function findTenantYaml(path: string): string | undefined {
  if (isFile(path)) return /\.ya?ml$/.test(path) ? path : undefined
  return ['tenant.yaml', 'tenant.yml'].map((name) => join(path, name)).find(isFile)
}
