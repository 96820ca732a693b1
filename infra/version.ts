// The version of the package, as it stands in package.json.
import { readFileSync } from 'node:fs'
import { packageFile } from './paths.ts'

export const packageVersion = (JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { version: string })
  .version
