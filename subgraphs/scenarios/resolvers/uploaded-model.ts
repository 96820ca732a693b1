// Models of a person's own: uploaded, and shown again.
import { Arg, Ctx, Directive, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql'
import { writeXmile } from '../../../compute/model/xmile/write-xmile.ts'
import { needsScope, needsTier } from '../../shared/access.ts'
import { changing } from '../../shared/changes.ts'
import { keyOfCursor, type Page, pageOf, pageSize } from '../../shared/connection.ts'
import { readSource, readUpload } from '../rules/read-upload.ts'
import type { ScenarioRow } from '../store/rows.ts'
import { UploadModelInput, UploadModelPayload } from '../types/upload.ts'
import { ModelVariable, ModelVariableConnection, UploadedModel } from '../types/uploaded-model.ts'
import { type Context, viewScenario } from './context.ts'

const encode = (text: string) => new TextEncoder().encode(text)

@Resolver(() => UploadedModel)
export class UploadedModelResolver {
  @Directive('@dispatches(seconds: 0.001, per: ["input.draws"])')
  @Directive(needsScope('scenarios:write'))
  @Directive(needsTier('enterprise'))
  @Directive(changing('Scenario', 'UploadedModel'))
  @Mutation(() => UploadModelPayload, {
    description:
      'Reads a model file (XMILE, Vensim, YAML) and makes a scenario that simulates it. A file with a fault changes nothing; ' +
      'the same upload under the same id is no error.',
  })
  async uploadModel(
    @Arg('input', () => UploadModelInput, { description: 'The file, and what to change in it.' })
    input: UploadModelInput,
    @Ctx() context: Context,
  ): Promise<UploadModelPayload> {
    const { uploaded, modelJson, draws, findings } = readUpload(input)
    const model = { ...uploaded, given: input.text }
    if (input.dryRun) return { scenario: null, model, findings }
    await context.dispatch.saveBlob(context.tenant, encode(input.text))
    await context.dispatch.saveBlob(context.tenant, encode(modelJson))
    const { row, existed } = await context.store.insert(rowOf(input, uploaded, draws, context))
    if (existed)
      findings.push({ severity: 'INFO', code: 'EXISTED', path: 'input.id', message: 'this scenario stood already' })
    return { scenario: viewScenario(row), model, findings }
  }

  @FieldResolver(() => String, { description: 'The text of the file as it was uploaded.' })
  text(@Root() model: UploadedModel, @Ctx() context: Context): Promise<string> {
    return textOf(model, context)
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The model, changes included, as XMILE 1.0; null, with an error, where XMILE cannot say it.',
  })
  async xmile(@Root() model: UploadedModel, @Ctx() context: Context): Promise<string> {
    return writeXmile(readSource(await textOf(model, context), model).source)
  }

  @FieldResolver(() => ModelVariableConnection, { description: 'Its variables, in the order of the file.' })
  async variables(
    @Root() model: UploadedModel,
    @Arg('first', () => Int, { nullable: true, description: 'How many, at most 500; 50 where absent.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor to go on from.' }) after: string,
    @Ctx() context: Context,
  ): Promise<Page<ModelVariable>> {
    const size = pageSize(first)
    const { source } = readSource(await textOf(model, context), model)
    const all = source.variables.map(
      ({ name, kind, unit = null, doc = null, dimensions = [] }): ModelVariable => ({
        name,
        kind: kind.toUpperCase() as ModelVariable['kind'],
        unit,
        doc,
        dimensions,
      }),
    )
    const start = all.findIndex(({ name }) => name === keyOfCursor(after)) + 1
    return pageOf(all.slice(start, start + size + 1), size, all.length, ({ name }) => name)
  }
}

async function textOf({ given, sourceHash }: UploadedModel, { dispatch, tenant }: Context): Promise<string> {
  return given ?? new TextDecoder().decode(await dispatch.loadBlob(tenant, sourceHash))
}

function rowOf(input: UploadModelInput, uploaded: UploadedModel, draws: number, context: Context): ScenarioRow {
  return {
    tenant: context.tenant,
    id: input.id ?? context.clock.id().toLowerCase(),
    title: (input.title ?? uploaded.name).trim().slice(0, 200) || 'Model',
    description: input.description ?? null,
    economyId: null,
    reformId: null,
    bankId: null,
    portfolioId: null,
    year: null,
    horizonYears: null,
    draws,
    seed: input.seed,
    stepsPerYear: null,
    savesPerYear: null,
    shocks: [],
    uploadedModel: uploaded,
    createdAt: new Date(context.clock.now()),
  }
}
