// The result of a run as a file to be fetched.
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql'
import { DownloadFormat } from '../../../schema/terms/run.ts'
import { RunDownload } from '../types/download.ts'
import { Run } from '../types/run.ts'
import type { Context } from './context.ts'

@Resolver(() => Run)
export class DownloadResolver {
  @FieldResolver(() => RunDownload, {
    nullable: true,
    description:
      'The whole result as a file of any length, made when it is first asked for; null before the run has succeeded.',
  })
  async download(
    @Root() run: Run,
    @Arg('format', () => DownloadFormat, { description: 'Form of the file.' }) format: DownloadFormat,
    @Ctx() context: Context,
  ): Promise<RunDownload | null> {
    return run.status === 'SUCCEEDED' ? context.dispatch.download(context.tenant, run.id, format) : null
  }
}
