// The result of a run as a file.
import { Field, Float, ObjectType, registerEnumType } from 'type-graphql'
import { DownloadFormat } from '../../../schema/terms/run.ts'
import { DateTime } from '../../shared/types.ts'

registerEnumType(DownloadFormat, {
  name: 'DownloadFormat',
  description:
    'Form of a result as a file. Lanes: a row for each time and lane, a column per output. Ensembles: a row for each output and time, a column per statistic.',
  valuesConfig: {
    ARROW: { description: 'Arrow IPC stream: exact to the bit, units in the metadata of its fields.' },
    CSV: { description: 'Text with a header line; numbers in the shortest form that reads back the same.' },
    RAW: { description: 'The bytes that are stored, whose SHA-256 is the resultHash of the run.' },
  },
})

@ObjectType({ description: 'A file that is ready to be fetched from the gateway by GET.' })
export class RunDownload {
  @Field(() => String, {
    description: "Path and query below the gateway's address. Whoever has it may fetch the file.",
  })
  url: string

  @Field(() => DateTime, { description: 'Until when; ask again for another link.' })
  expiresAt: Date

  @Field(() => Float, { description: 'Length of the file in bytes.' })
  bytes: number

  @Field(() => String, { description: 'SHA-256 of the file.' })
  sha256: string
}
