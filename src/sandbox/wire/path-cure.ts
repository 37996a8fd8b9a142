/** What helps a rule that requires a file by its path. */
export const pathCure = 'put what the file holds into the rule, or make it a package in node_modules beside the rules'
